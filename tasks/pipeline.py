"""The frame that `extract` and `classify` share: a spaCy pipeline whose components are named in the settings.

A component is a registered spaCy factory that declares `requires` and `assigns`, takes the article from
`doc._.article`, and leaves its results in the `doc._` attributes below. It may have four attributes:
`version` (stands in the record's provenance), `languages` (ISO 639-1 codes it works for; absent: all),
`model_digest` (the digest of its model, or another word that tells for sure which it is) and `reads_tokens`
(False: it looks only at the article; where all components say so, nothing is tokenized).
Somebody else's component is used by naming its module in `plugins` and its factory in the settings.
"""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any

from tasks.lean_spacy import Doc, English, create_tokenizer
from worker.errors import SettingsError
from worker.record import Abstention, Article, Component, Coverage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from spacy.language import Language
    from spacy.tokenizer import Tokenizer
    from spacy.vocab import Vocab

    from worker.settings import CollectionSettings

RESULTS = {
    # extract
    "quote_marks": "the quote marks of the text as they are meant (tasks.extract.quote.marks.QuoteMarks)",
    "entities": "list[Entity]",
    "quotes": "list[Quote]",
    "timexes": "list[Timex]",
    "places": "list[Place]",
    "events": "list[Event]",
    "mention_tones": "list[MentionTone]",
    # classify
    "topics": "list[Topic]",
    "sentence_tones": "list[SentenceTone]",
    "keywords": "list[Keyword]",
    "summary": "list[Span]",
    "shingles": "list[int]",
    # both
    "abstentions": "list[Abstention]",
    "coverage": "Coverage, by a component that does not read the whole text",
    # between components
    "encoded": "what the news model says of the words (tasks.extract.encoder.encoded.Encoded)",
}
"""`doc._` attributes that components fill, each with what is in it."""


LONGEST_WORD = 200
"""Characters without white space that spaCy's tokenizer is given at once: it is quadratic in them."""

_TOO_LONG = re.compile(rf"\S{{{LONGEST_WORD},}}")


class BoundedTokenizer:
    """spaCy's tokenizer in linear time: a run of characters that no word has is cut into tokens as it is.

    `make` is called when the first text comes, or `load`: it takes 0.1 s, and not every pipeline needs it.
    """

    def __init__(self, vocab: Vocab, make: Callable[[], Tokenizer]) -> None:
        self.vocab = vocab
        self._make = make
        self._inner: Tokenizer | None = None

    def load(self) -> Tokenizer:
        """Make it now: within a memory zone of spaCy's what it keeps would not last."""
        if self._inner is None:
            self._inner = self._make()
        return self._inner

    def __call__(self, text: str) -> Doc:
        """Return the tokens of `text`; together they are `text` again."""
        if _TOO_LONG.search(text) is None:
            doc: Doc = self.load()(text)
            return doc
        words: list[str] = []
        spaces: list[bool] = []
        done = 0
        for match in _TOO_LONG.finditer(text):
            self._add(text[done : match.start()], words, spaces)
            run = match.group()
            pieces = [run[at : at + LONGEST_WORD] for at in range(0, len(run), LONGEST_WORD)]
            words += pieces
            spaces += [False] * len(pieces)
            done = match.end()
        self._add(text[done:], words, spaces)
        return Doc(self.vocab, words=words, spaces=spaces)

    def _add(self, text: str, words: list[str], spaces: list[bool]) -> None:
        for token in self.load()(text):
            words.append(token.text)
            spaces.append(bool(token.whitespace_))


def register_attributes() -> None:
    """Declare the `doc._` attributes; harmless when done twice."""
    for name in ("article", "day_first", *RESULTS):
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)


def build(
    names: Sequence[str],
    *,
    plugins: Sequence[str] = (),
    configs: Mapping[str, dict[str, Any]] | None = None,
) -> Language:
    """Return a pipeline of the named components over English tokens; `configs` are their factories' own.

    Raises SettingsError when a plugin cannot be imported or a component is unknown.
    """
    register_attributes()
    for plugin in plugins:
        try:
            importlib.import_module(plugin)
        except ImportError as error:
            raise SettingsError(f"plugins: cannot import {plugin!r}: {error}") from error
    # What `spacy.blank("en")` gives, whose way by a config costs 0.1 s a time.
    nlp: Language = English(create_tokenizer=_tokenizer)
    nlp.max_length = 10**9  # the cap is ours: max_article_characters
    for name in names:
        factory = name.replace(".", "_")  # spaCy allows no dot in the name of a factory
        if not nlp.has_factory(factory):
            known = ", ".join(sorted(n for n in nlp.factory_names if n.startswith("copydesk")))
            raise SettingsError(f"There is no component {name!r}. Known: {known}.")
        nlp.add_pipe(factory, name=name, config=(configs or {}).get(name, {}))
    if isinstance(nlp.tokenizer, BoundedTokenizer) and _read_tokens(nlp.pipeline):
        nlp.tokenizer.load()
    return nlp


def _tokenizer(nlp: Language) -> BoundedTokenizer:
    """Return the English tokenizer, not made yet."""
    make = create_tokenizer()
    return BoundedTokenizer(nlp.vocab, lambda: make(nlp))


def run(
    nlp: Language, article: Article, *, collection: CollectionSettings | None = None
) -> tuple[Doc, dict[str, Any]]:
    """Run every component that works for the article's language.

    Returns the doc, and the fields that every part has: coverage, abstentions, components.
    """
    pipeline = nlp.pipeline
    doc = nlp.make_doc(article.text) if _read_tokens(pipeline) else Doc(nlp.vocab)
    doc._.article = article
    doc._.day_first = collection.day_first if collection else None
    doc._.abstentions = []
    ran: list[Component] = []
    for name, component in pipeline:
        languages = getattr(component, "languages", None)
        if languages and article.language is not None and article.language not in languages:
            why = f"the article's language is {article.language}; this component reads {', '.join(languages)}"
            doc._.abstentions.append(Abstention(component=name, what="the whole article", why=why))
            continue
        doc = component(doc)
        version, digest = _version(component)
        ran.append(Component(name=name, version=version, model=digest))
    part = {
        "coverage": doc._.coverage or _coverage(article, any_ran=bool(ran)),
        "abstentions": doc._.abstentions,
        "components": ran,
    }
    return doc, part


def _read_tokens(pipeline: Sequence[tuple[str, Any]]) -> bool:
    """Say whether a component looks at the doc's tokens; all do that do not say otherwise."""
    return any(getattr(component, "reads_tokens", True) for _, component in pipeline)


def versions(nlp: Language) -> tuple[tuple[str, ...], ...]:
    """Return name, version and, where there is one, model of every component, in order."""
    found = ((name, *_version(component)) for name, component in nlp.pipeline)
    return tuple(tuple(word for word in words if word is not None) for words in found)


def _version(component: Any) -> tuple[str, str | None]:
    return getattr(component, "version", "0"), getattr(component, "model_digest", None)


def _coverage(article: Article, *, any_ran: bool) -> Coverage:
    total = len(article.text)
    if any_ran:
        return Coverage(characters_read=total)
    return Coverage(characters_read=0, characters_skipped=total, why_skipped="no component for its language")
