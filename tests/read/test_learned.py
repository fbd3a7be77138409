"""Lines that recur in a source, learned from records and marked from then on."""

from __future__ import annotations

import pytest

from tasks import read
from tasks.read import learned
from worker.errors import SettingsError
from worker.settings import Settings

SIGN_OFF = "Reporting from the harbour office of the Ostravik Courier."
LEADS = [
    "The harbour master of Ostravik opened the second basin on Monday morning, he said.",
    "Nine boats came back to the old quay after the long storm of the past week.",
    "A crane fell over at the northern pier, and two workers were taken to hospital.",
    "The council will vote on the price of berths for small boats in the coming month.",
    "Fishermen in the village of Lomm have asked the ministry for help with their nets.",
    "A ferry of the island line stood still for three hours because of a broken pump.",
]


def text_of(number: int, *, last: str = SIGN_OFF) -> str:
    more = f"It was the {number + 3} time this year that such a thing was told to this newspaper by them."
    return f"{LEADS[number]}\n\n{more}\n\n{last}\n"


def records(texts: list[str], collection: str = "wire") -> list[str]:
    settings = Settings()
    made = [read.read(text.encode(), collection=collection, settings=settings) for text in texts]
    return [part.model_dump_json()[:-1] + f', "collection": "{collection}"}}' for part in made]


@pytest.fixture
def snapshot(tmp_path):
    found = learned.count_records(records([text_of(number) for number in range(6)]), 1)
    path = tmp_path / "lines-0001.json"
    path.write_text(learned.as_json(found), encoding="utf-8")
    return path


def blocks(text: str, collection: str = "wire", **settings) -> list[tuple[str, str]]:
    part = read.read(text.encode(), collection=collection, settings=Settings(**settings))
    return [(block.kind, block.rule) for block in part.blocks]


def test_a_line_that_recurs_is_boilerplate_with_the_evidence(snapshot) -> None:
    new = "A new light stands on the mole since Tuesday, and sailors like it, the pilot said.\n\n" + SIGN_OFF
    assert blocks(new)[-1][0] == "paragraph"
    assert blocks(new, learned_lines=snapshot)[-1] == ("boilerplate", "learned:6 of 6 articles, snapshot 1")
    assert blocks(new, learned_lines=snapshot)[0][0] == "paragraph"


def test_another_source_is_left_alone(snapshot) -> None:
    assert blocks(text_of(0), "other", learned_lines=snapshot) == blocks(text_of(0), "other")


def test_copies_of_one_article_count_once() -> None:
    copies = [text_of(0, last=SIGN_OFF)] * 9 + [text_of(1), text_of(2)]
    assert learned.count_records(records(copies), 1).sources == {}


def test_long_paragraphs_are_never_learned() -> None:
    long = " ".join(["The statement of the port was read out in full by the clerk."] * 4)
    texts = [text_of(number, last=long) for number in range(6)]
    assert learned.count_records(records(texts), 1).sources == {}


def test_a_long_line_on_top_of_every_article_is_learned() -> None:
    notice = "We use small files and like techniques so that these pages work as you want."
    texts = [f"{notice}\n\n{text_of(number)}" for number in range(6)]
    assert notice.lower().rstrip(".") in str(learned.count_records(records(texts), 1).sources).lower()


def test_the_order_of_articles_does_not_matter() -> None:
    bodies = records([text_of(number) for number in range(6)])
    assert learned.count_records(bodies, 2) == learned.count_records(reversed(bodies), 2)


def test_what_was_learned_is_found_again_after_it_was_marked(snapshot) -> None:
    settings = Settings(learned_lines=snapshot)
    parts = [read.read(text_of(n).encode(), collection="wire", settings=settings) for n in range(6)]
    bodies = [part.model_dump_json()[:-1] + ', "collection": "wire"}' for part in parts]
    assert learned.count_records(bodies, 1) == learned.load(snapshot).snapshot


def test_the_snapshot_is_part_of_the_fingerprint_and_of_the_provenance(snapshot) -> None:
    settings = Settings(learned_lines=snapshot)
    assert read.fingerprint(settings) != read.fingerprint(Settings())
    part = read.read(text_of(0).encode(), collection="wire", settings=settings)
    [component] = [c for c in part.components if c.name == learned.COMPONENT]
    assert component.model == f"snapshot 1 {learned.load(snapshot).digest}"


@pytest.mark.parametrize(("content", "said"), [(None, "cannot be read"), ("{}", "no snapshot")])
def test_a_file_that_cannot_be_used_is_named(tmp_path, content: str | None, said: str) -> None:
    path = tmp_path / "lines-0007.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=said):
        read.read(b"A text of some words.", collection="wire", settings=Settings(learned_lines=path))


@pytest.mark.parametrize(
    ("url", "source"),
    [
        (None, "wire"),
        ("https://www.courier.example/a?b", "wire courier.example"),
        ("http://[broken", "wire"),
    ],
)
def test_sources(url: str | None, source: str) -> None:
    assert learned.source_of("wire", url) == source


def test_numbers_of_snapshots() -> None:
    assert learned.next_number([]) == 1
    assert learned.next_number(["lines-0003.json", "lines-0010.json", "lines-x.json", "notes.txt"]) == 11
