"""The one place where the benchmarks call the product.

`settings.extract_components` is the whole of `extract`; areas that measure the model alone name the few
components that they need. Whoever measures something else names it with `--pipeline`.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

import spacy

from tasks import pipeline
from tasks.read import read
from worker.errors import RejectArticle, SettingsError
from worker.record import Article, Block, Coverage, Stamp, Translation
from worker.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from spacy.language import Language
    from spacy.tokens import Doc

ENTITIES = ("copydesk.encoder", "copydesk.entities")
ATTRIBUTION = ("copydesk.encoder", "copydesk.attribution")
SYNTAX = ("copydesk.encoder", "copydesk.syntax")
FOREIGN = "spacy:"

_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")


def build(named: str | None, default: Sequence[str]) -> Language:
    """Return the pipeline that `--pipeline` names, else one of the components in `default`.

    Raises SettingsError when a component is unknown, OSError when spaCy knows no such pipeline.
    """
    import tasks.extract  # noqa: F401, PLC0415 - registers the components; late, since it loads the models

    if named and named.startswith(FOREIGN):
        pipeline.register_attributes()
        return spacy.load(named.removeprefix(FOREIGN))
    settings = load_settings()
    if named == "settings":
        return pipeline.build(settings.extract_components, plugins=settings.plugins)
    names = [name.strip() for name in named.split(",")] if named else list(default)
    return pipeline.build(names, plugins=settings.plugins)


def available(components: Sequence[str]) -> bool:
    """Say whether every one of the components is registered."""
    try:
        build(",".join(components), ())
    except SettingsError:
        return False
    return True


def article_of(text: str) -> Article:
    """Return a plain English article: paragraphs between blank lines, nothing read off the text."""
    ends = [match.end() for match in _BLANK_LINE.finditer(text)] + [len(text)]
    bounds = [(start, end) for start, end in zip([0, *ends], ends, strict=False) if start < end]
    return Article(
        coverage=Coverage(characters_read=len(text)),
        media_type="text/plain",
        text=text,
        language="en",
        blocks=[Block(start=start, end=end, kind="paragraph", rule="plain") for start, end in bounds],
        translation=Translation(score=0.0, verdict="unlikely", signs=[]),
    )


def annotator(nlp: Language) -> Callable[[str | Doc], Doc]:
    """Return a function that annotates a text, or a Doc that was made from somebody else's tokens."""

    def annotate(given: str | Doc) -> Doc:
        doc = nlp.make_doc(given) if isinstance(given, str) else given
        doc._.article = article_of(doc.text)
        doc._.abstentions = []
        for _, component in nlp.pipeline:
            doc = component(doc)
        return doc

    return annotate


def reader(named: str | None = None, *, as_it_is: bool = False) -> Callable[[str, str | None], Doc]:
    """Return a function that takes a text and its date through `read` and `extract`, as the product does.

    Without `named`, the components are those of the settings. Where `read` would change the text (it looks
    like another format) or refuses it, the text stands as a plain article, so that offsets hold; with
    `as_it_is` it always does.
    """
    settings = load_settings()
    nlp = build(named or "settings", ())

    def annotate(text: str, date: str | None) -> Doc:
        article = article_of(text)
        if not as_it_is:
            with contextlib.suppress(RejectArticle):
                reading = read(text.encode(), collection="benchmark", settings=settings)
                article = reading if reading.text == text else article
        article = article.model_copy(update={"language": "en"})
        if date:
            article = article.model_copy(update={"published": stamp(date)})
        doc, _ = pipeline.run(nlp, article)
        return doc

    return annotate


def stamp(date: str) -> Stamp:
    """Return the publication date that a corpus gives: `2016-09-12`, `1989-10`, `2016-11-07T16:12:00`."""
    time = len(date) > len("2016-09-12")
    return Stamp(
        value=date,
        precision="minute" if time else {4: "year", 7: "month"}.get(len(date), "day"),
        evidence="field",
        component="benchmark",
        rule="date",
        confidence=1.0,
    )


def classifier(named: str | None = None) -> Callable[[str], Doc]:
    """Return a function that takes a text as a plain article through components of `classify`."""
    import tasks.classify  # noqa: F401, PLC0415 - registers the components

    settings = load_settings()
    components = named.split(",") if named else settings.classify_components
    return annotator(pipeline.build(components, plugins=settings.plugins))


def publication_date(page: str) -> str | None:
    """Return the publication date that `read` finds on a page; None also where it refuses the page."""
    try:
        published = read(page.encode(), collection="benchmark", settings=load_settings()).published
    except RejectArticle:
        return None
    return published.value if published else None


def has_tone_head() -> bool:
    """Say whether the news model is there and has a head for the tone towards an entity."""
    if not available(ENTITIES):
        return False
    return "tone" in annotator(build(None, ENTITIES))("Nobody came.")._.encoded.scored


def target_tone() -> Callable[[str, int, int], str]:
    """Return a function that takes a text and a target's start and end and gives the model's tone."""
    annotate = annotator(build(None, ("copydesk.encoder",)))
    labels = ("negative", "neutral", "positive")

    def judge(text: str, start: int, end: int) -> str:
        doc = annotate(text)
        encoded = doc._.encoded
        words = [
            word
            for word, token in enumerate(encoded.tokens.tolist())
            if doc[token].idx < end and start < doc[token].idx + len(doc[token])
        ]
        if not words:
            return "neutral"
        tones = list(encoded.tone(words[0], words[-1] + 1))
        return labels[max(range(3), key=tones.__getitem__)]

    return judge
