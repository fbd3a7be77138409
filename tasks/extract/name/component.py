# ruff: noqa: RUF001 - typographic marks as they stand in news
"""`copydesk.names`: people, organisations, places and other names, with roles, aliases and coreference.

Rules over capitalised sequences with word lists (`config/extract/`), put to one vote with what
`copydesk.entities` found. Without that component the rules decide alone: what they cannot type becomes MISC
with a low confidence; what may be no name at all is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from spacy.language import Language

from tasks.extract.cue_verbs import speech_forms
from tasks.extract.lexer import Words, words_of
from tasks.extract.lexicon import lexicon
from tasks.extract.name import coreference
from tasks.extract.name.clusters import Cluster, cluster
from tasks.extract.name.election import MODEL, Election
from tasks.extract.name.entity_types import Typer
from tasks.extract.name.evidence import decide
from tasks.extract.name.learned import learned_of
from tasks.extract.name.nominals import organization_mentions
from tasks.extract.name.role_binder import RoleBinder
from tasks.extract.name.roles import find_roles
from tasks.extract.name.runs import Name, find_runs, scan_known
from tasks.extract.name.syntax_roles import roles_by_syntax
from worker.record import Entity, Mention

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tasks.extract.name.coreference import Found
    from tasks.extract.name.learned import Learned
    from tasks.extract.name.roles import RolePhrase
    from tasks.extract.quote.marks import QuoteMarks
    from worker.record import Timex

NAME = "copydesk.names"
_LEAD_WEIGHT = 3.0
_PRONOUN_WEIGHT = 0.5


def find_entities(
    doc: Doc, words: Words, timexes: list[Timex], marks: QuoteMarks, learned: Learned | None = None
) -> list[Entity]:
    """Return the entities in order of appearance. Linear in the words.

    `learned` is what the news model says; without it the rules decide alone. The tree of `doc` is used where
    there is one.
    """
    text = doc.text
    blocked = _cover(words, [(t.start, t.end) for t in timexes])
    surnames = _block_dates_and_notes(words, blocked)
    known = scan_known(words, blocked)
    roles = find_roles(words, known)
    typer = Typer(words, known, roles, blocked)
    typer.month_surnames = surnames
    for run in find_runs(words, blocked):
        typer.add(run)
    names = decide(typer.found, words)
    if learned is not None:
        names = Election(text, words, learned, typer).names(names)
    clusters = cluster(names, words)
    people = [entity for entity in clusters if entity.type == "PERSON"]
    binder = RoleBinder(text, words, names, roles)
    binder.attach(people)
    _attach_by_syntax(doc, binder, people, roles)
    numbers = {id(person): number for number, person in enumerate(people)}
    named = [
        coreference.Found(name.first, name.last, numbers[id(person)], "name", name.rule)
        for person in people
        for name in person.names
    ]
    starts = {mention.first for mention in named}
    taken = {i for mention in named for i in range(mention.first, mention.last)}
    before_name = {id(p) for p in roles for end in (p.last, p.reach) if end in starts}
    offices = coreference.role_mentions(words, [p for p in roles if id(p) not in before_name], people, taken)
    known_mentions = sorted(named + offices, key=lambda m: (m.first, m.last))
    quoted = _cover(
        words, [(span.start, span.end) for span in marks.top if _is_speech(text, span.start, span.end)]
    )
    pronouns = coreference.pronoun_mentions(words, people, known_mentions, quoted)
    binder.attach_by_pronoun(people, pronouns)
    extra: dict[int, list[Found]] = {}
    for mention in offices + pronouns:
        extra.setdefault(mention.person, []).append(mention)
    others = {id(p): extra.get(n, []) for n, p in enumerate(people)}
    for mention in organization_mentions(words, clusters):
        others.setdefault(id(clusters[mention.person]), []).append(mention)
    return _entities(text, words, clusters, others)


def _attach_by_syntax(doc: Doc, binder: RoleBinder, people: list[Cluster], roles: list[RolePhrase]) -> None:
    """Give people the offices that are nobody's yet and that the tree hangs on their name."""
    owners = {id(name): person for person in people for name in person.names}
    names = [name for person in people for name in person.names]
    bound = {id(phrase) for person in people for phrase in person.phrases}
    free = [phrase for phrase in roles if id(phrase) not in bound]
    for name, phrase, rule, confidence in roles_by_syntax(doc, binder.words, names, free):
        binder.bind(owners[id(name)], phrase, rule, confidence)


def _block_dates_and_notes(words: Words, blocked: list[bool]) -> frozenset[str]:
    """Months and weekdays are no names, whatever became of the timex; nor is the `Ed.` of a note.

    Returns the months that are a surname here: `Theresa May` behind a given name. Those are free where
    neither a preposition nor a number makes a date of them.
    """
    months = lexicon().months
    surnames = frozenset(
        text
        for i, text in enumerate(words.text)
        if text in months and i and words.text[i - 1] in lexicon().given and not blocked[i - 1]
    )
    for i, text in enumerate(words.text):
        if text in surnames and _no_date(words, i):
            blocked[i] = False
        elif text in months:
            behind = words.text[i + 1] if i + 1 < len(words) else ""
            before = words.lower[i - 1] if i else ""
            sure = text not in {"May", "March", "April", "June", "August", "Jan", "Sun"}
            blocked[i] = (
                blocked[i] or sure or behind[:1].isdigit() or before in {"in", "last", "on", "since", "until"}
            )
        elif text == "Ed" and i and words.text[i - 1] in "–—-":
            blocked[i] = True
    return surnames


def _no_date(words: Words, at: int) -> bool:
    before = words.lower[at - 1] if at else "."
    behind = words.text[at + 1] if at + 1 < len(words) else "."
    free = (at and words.text[at - 1] in lexicon().given) or not (before.isalpha() or before[0].isdigit())
    return bool(free or before in speech_forms()) and not behind[0].isdigit()


def _is_speech(text: str, start: int, end: int) -> bool:
    return text.count(" ", start, end) >= 4  # noqa: PLR2004 - shorter ones are scare quotes


def _cover(words: Words, spans: list[tuple[int, int]]) -> list[bool]:
    """Return for each word whether it lies in one of the spans. O(words + spans)."""
    covered = [False] * len(words)
    at = 0
    for start, end in sorted(spans):
        while at < len(words) and words.end[at] <= start:
            at += 1
        i = at
        while i < len(words) and words.start[i] < end:
            covered[i] = True
            i += 1
        at = max(at, i - 1)
    return covered


def _entities(
    text: str, words: Words, clusters: list[Cluster], extra: dict[int, list[Found]]
) -> list[Entity]:
    lead = next((i for i, p in enumerate(words.paragraphs) if p.kind == "paragraph"), -1)
    weights: list[float] = []
    found: list[Entity] = []
    for number, entity in enumerate(clusters, 1):
        mentions = [_named(text, words, n) for n in entity.names]
        weight = sum(_weight(words, name.first, lead) for name in entity.names)
        for other in extra.get(id(entity), []):
            mentions.append(_mention(text, _offsets(words, other), other.kind, other.rule))
            weight += _weight(words, other.first, lead) * (
                _PRONOUN_WEIGHT if other.kind == "pronoun" else 1.0
            )
        mentions.sort(key=lambda mention: mention.start)
        best = max(entity.names, key=lambda name: name.confidence)
        country = next((r.country for r in entity.roles if r.country), None) or entity.country
        found.append(
            Entity(
                id=f"e{number}",
                type=entity.type,
                name=" ".join(entity.name.split()),
                aliases=_aliases(entity.name, mentions),
                country=country,
                roles=entity.roles,
                mentions=mentions,
                component=NAME,
                rule=f"{best.rule}+{MODEL}" if best.learned else best.rule,
                confidence=best.confidence,
            )
        )
        weights.append(weight)
    total = sum(weights) or 1.0
    for entry, weight in zip(found, weights, strict=True):
        entry.salience = round(weight / total, 4)
    return found


def _weight(words: Words, at: int, lead: int) -> float:
    paragraph = words.paragraph[at]
    return _LEAD_WEIGHT if paragraph <= lead or words.paragraphs[paragraph].kind == "title" else 1.0


def _aliases(name: str, mentions: list[Mention]) -> list[str]:
    """Return the other ways the entity is called here, in order, without pronouns."""
    texts = (" ".join(m.text.split()) for m in mentions if m.kind != "pronoun")
    return [alias for alias in dict.fromkeys(texts) if alias != name]


def _named(text: str, words: Words, name: Name) -> Mention:
    rule = f"{name.rule}+{MODEL}" if name.learned else name.rule
    return _mention(text, name.cut or _offsets(words, name), "name", rule)


def _offsets(words: Words, found: Found | Name) -> tuple[int, int]:
    return words.start[found.first], words.end[found.last - 1]


def _mention(text: str, offsets: tuple[int, int], kind: str, rule: str) -> Mention:
    start, end = offsets
    return Mention.model_validate(
        {"start": start, "end": end, "text": text[start:end], "kind": kind, "rule": rule}
    )


class NamesComponent:
    """Fills `doc._.entities`."""

    version: ClassVar[str] = "2"
    languages: ClassVar[tuple[str, ...]] = ("en",)

    def __call__(self, doc: Doc) -> Doc:
        """Find the entities of the article."""
        words = words_of(doc)
        doc._.entities = find_entities(
            doc, words, doc._.timexes or [], doc._.quote_marks, learned_of(doc, words)
        )
        return doc


@Language.factory(
    NAME.replace(".", "_"),
    assigns=["doc._.entities"],
    requires=["doc._.article", "doc._.quote_marks", "token.is_sent_start", "doc._.timexes"],
)
def make_names(nlp: Language, name: str) -> NamesComponent:  # noqa: ARG001 - spaCy's signature
    """Return the component."""
    return NamesComponent()


__all__ = ["NAME", "Name", "NamesComponent", "find_entities"]
