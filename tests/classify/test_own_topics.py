"""Topics of a user's own: a file with example phrases, no training."""

from __future__ import annotations

import pytest
from classify_articles import article

from tasks import classify
from worker.errors import SettingsError
from worker.settings import Settings

TAXONOMY = """
name = "desk"

[[topic]]
code = "harvest"
label = "Harvests"
examples = ["a poor wheat harvest", "farmers bring in the grain", "crops failed in the drought"]

[[topic]]
code = "chess"
label = "Chess"
examples = ["chess grandmaster", "she won the chess tournament", "world chess championship"]

[[topic]]
code = "bridges"
label = "Bridges"
examples = ["the old bridge is closed for repairs", "a new bridge over the river"]
"""
HARVEST = (
    "Growers in the plain have cut a third less barley than last year. Rain came too late for the fields, "
    "and the ears of wheat stayed empty, the chamber of agriculture said. Bread may become dearer in winter."
)
CHESS = (
    "The seventeen-year-old grandmaster from Tarvo took the title with the black pieces. Her opponent "
    "resigned after 41 moves; the rook ending was lost. The world championship match will be played in May."
)
BRIDGE = (
    "The crossing over the river Lomm will be closed to lorries from Monday. Engineers found cracks in two "
    "pillars of the bridge, which was built in 1931. The repairs are to last until autumn."
)
ELSEWHERE = (
    "The parliament passed the budget after a debate of nine hours. The opposition voted against it, and the "
    "finance minister spoke of a good day. The upper house will vote on Thursday."
)


@pytest.fixture
def settings(tmp_path):
    path = tmp_path / "desk.toml"
    path.write_text(TAXONOMY, encoding="utf-8")
    return Settings(taxonomies=[path])


def own(text: str, settings: Settings) -> dict[str, list[str]]:
    part = classify.classify(article(text), settings=settings)
    return {t.code: t.evidence for t in part.topics if not t.code.startswith("medtop:")}


@pytest.mark.parametrize(
    ("text", "code"), [(HARVEST, "desk:harvest"), (CHESS, "desk:chess"), (BRIDGE, "desk:bridges")]
)
def test_finds_what_the_examples_are_about(settings: Settings, text: str, code: str) -> None:
    found = own(text, settings)
    assert list(found) == [code]
    assert found[code]
    assert all(word in text for word in found[code])


def test_abstains_elsewhere(settings: Settings) -> None:
    assert own(ELSEWHERE, settings) == {}


def test_media_topics_stay_as_they_are(settings: Settings) -> None:
    plain = classify.classify(article(HARVEST), settings=Settings())
    both = classify.classify(article(HARVEST), settings=settings)
    assert [t for t in both.topics if t.code.startswith("medtop:")] == plain.topics


def test_the_file_is_part_of_the_fingerprint(settings: Settings) -> None:
    before = classify.fingerprint(settings)
    assert before != classify.fingerprint(Settings())
    path = settings.taxonomies[0].with_name("other.toml")
    path.write_text(TAXONOMY.replace("Harvests", "Crops"), encoding="utf-8")
    assert classify.fingerprint(Settings(taxonomies=[path])) != before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        ("name =", "is no TOML"),
        ('name = "desk"', "topic"),
        ('name = "desk"\n[[topic]]\ncode = "a"\nlabel = "A"\nexamples = []', "examples"),
        ('name = "desk"\n[[topic]]\ncode = "a"\nlabel = "A"\nexamples = ["zqxqz"]', "zqxqz"),
        ('name = "desk"\n[[topic]]\ncode = "a b"\nlabel = "A"\nexamples = ["war"]', "code"),
    ],
)
def test_a_bad_file_is_named(tmp_path, content: str | None, said: str) -> None:
    path = tmp_path / "bad.toml"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=said) as caught:
        classify.load(Settings(taxonomies=[path]))
    assert "bad.toml" in str(caught.value)
