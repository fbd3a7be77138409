# ruff: noqa: RUF001 - typographic marks as they stand in news
"""The names of an article by rules and model together; `votes` counts, here stands what is put to the vote.

Two rounds: first what rules and model read by themselves; then also what follows from the names that were
elected: their repeats, surnames of people, initials in brackets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.lexicon import lexicon
from tasks.extract.name.learned import family
from tasks.extract.name.role_bounds import POSSESSIVES, may_be_noun
from tasks.extract.name.runs import Name, function_words
from tasks.extract.name.signs import thing_before, thing_behind
from tasks.extract.name.votes import NO_SAY, Poll, Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tasks.extract.lexer import Words
    from tasks.extract.name.entity_types import Typer
    from tasks.extract.name.learned import Learned, LearnedSpan
    from tasks.extract.name.votes import Spot
    from worker.record import EntityType

MODEL = "news_model"
_BESIDE = frozenset("“”\"'‘’«»„,.;:()[]-–—") | {"the", "a", "an"} | POSSESSIVES
"""Words that no name starts or ends with."""
_LISTED = frozenset({"country", "demonym"})
_OPENERS = frozenset("“\"‘'«„:;([–—-•*|…")
_CURRENCIES = frozenset("$€£¥₹₽₺₦₩₴")
SURE_PERSON = 0.7
"""Confidence from which a person's surname and given name count for the same words elsewhere."""
NO_PERSON = 3.0
"""What speaks, as log-likelihood, against a person behind `the`."""
EVERYDAY = 2.5
"""What speaks, in log-odds, against an everyday word that opens a sentence and that the model alone has."""
NOUN_INSIDE = 1.5
"""What speaks, in log-odds, against a name of the model's with a common noun in it."""
_SHORTEST_PART = 3
_LONGEST_REPEAT = 8
"""Words; longer names are not looked for again."""


class Election:
    """Rules and model over one article."""

    def __init__(self, text: str, words: Words, learned: Learned, typer: Typer) -> None:
        self._words = words
        self._typer = typer
        self._learned = learned
        self._poll = Poll(learned, text)

    def names(self, by_rules: Sequence[Name]) -> list[Name]:
        """Return the names that stay, in order, each with its type, rule and confidence."""
        for span in self._learned.spans:
            self._propose(span)
        for name in by_rules:
            self._vote_of_rule(name)
        self._vote_of_words_beside()
        self._vote_of_article(self._poll.elect())
        return [self._name(spot) for spot in self._poll.elect()]

    def _vote_of_rule(self, name: Name) -> None:
        where = self._where(name.first, name.last)
        if self._is_money(name.first, name.last):
            return
        self._poll.vote(where, name.type, name.rule, name)
        spot = self._poll.spot(where)
        if name.rule in _LISTED and self._learned.in_sum(where.start, where.end):
            spot.learned = max(spot.learned, NO_SAY)  # it was not asked whether a name stands in a sum
        if (name.rule in _LISTED or name.rule.startswith("head_word:")) and self._doubtful(where):
            spot.learned, spot.against = max(spot.learned, NO_SAY), 0.0

    def _doubtful(self, where: Where) -> bool:
        """Whether the model reads a common noun as part of a name: `Canadian line Fundy Shipping`."""
        return any(self._noun_inside(span) for span in self._learned.touching(where.start, where.end))

    def _noun_inside(self, span: LearnedSpan) -> bool:
        """Whether a small word between two with capitals joins no name, as `of` and `van` do."""
        words = self._words
        inner = range(span.first + 1, span.last - 1)
        small = (words.lower[i] for i in inner if words.text[i].isalpha() and not words.cap[i])
        return any(word not in function_words() and word not in lexicon().particles for word in small)

    def _where(self, first: int, last: int) -> Where:
        return Where(first, last, self._words.start[first], self._words.end[last - 1])

    def _propose(self, span: LearnedSpan) -> None:
        """Propose a span of the model, in two where our words split `Berg-Roth`."""
        at, words = span.first, self._words
        for middle in range(span.first + 1, span.last - 1):
            if words.text[middle] == "-" and words.start[middle] == words.end[middle - 1]:
                self._propose_part(span, at, middle)
                at = middle + 1
        self._propose_part(span, at, span.last)

    def _propose_part(self, span: LearnedSpan, first: int, last: int) -> None:
        """Propose words of a span of the model, without what is no part of a name."""
        words = self._words
        while first < last and self._outside(first):
            first += 1
        while last > first and words.lower[last - 1] in _BESIDE:
            last -= 1
        if first == last or not any(words.cap[first:last]) or self._is_no_name(first, last):
            return
        start, end = max(span.start, words.start[first]), min(span.end, words.end[last - 1])
        spot = self._poll.spot(Where(first, last, start, end), (span.start, span.end))
        spot.learned = max(spot.learned, span.probability)
        spot.against += NOUN_INSIDE * self._noun_inside(span)
        spot.exact.setdefault(family(span.type), span.type)

    def _is_no_name(self, first: int, last: int) -> bool:
        """Whether the words are a date, a note or part of an office: `State` of `Secretary of State`."""
        roles = self._typer.role_at
        office = all(at in roles and at not in self._typer.known for at in range(first, last))
        return office or all(self._typer.blocked[first:last]) or self._is_money(first, last)

    def _is_money(self, first: int, last: int) -> bool:
        """Whether a word is the sign of a currency: `US$ 3`, `QR39,750`, `GHS2.8`."""
        words = self._words
        if last - first > 1 or last + 1 >= len(words) or words.start[last] != words.end[last - 1]:
            return False
        if words.text[last] in _CURRENCIES:
            return True
        return (
            words.text[first][-1].isdigit() and words.text[last] in ",." and words.text[last + 1][0].isdigit()
        )

    def _vote_of_words_beside(self) -> None:
        """`the ferry N` is a thing, `the N said` says that N is nobody, and `Wolves ...` may be wolves."""
        words = self._words
        for spot in list(self._poll.spots.values()):
            first, last = spot.where.first, spot.where.last
            if not spot.rules and last - first == 1 and self._opens(first) and self._typer.common(first):
                spot.against = EVERYDAY
            if thing_before(words, first):
                self._poll.vote(spot.where, "PRODUCT", "kind_of_thing_before")
            elif thing_behind(words, first, last):
                self._poll.vote(spot.where, "PRODUCT", "acts_like_a_vessel")
            high = words.sentences[words.sentence[last - 1]][1]
            if first and words.lower[first - 1] == "the" and not (last < high and may_be_noun(words, last)):
                spot.types["PERSON"] -= NO_PERSON

    def _opens(self, at: int) -> bool:
        words = self._words
        return at == words.sentences[words.sentence[at]][0] or words.text[at - 1] in _OPENERS

    def _outside(self, at: int) -> bool:
        """Whether a word is no part of the name behind it: an article, a mark, `Mr.`."""
        return self._words.lower[at] in _BESIDE or self._words.lower[at].rstrip(".") in lexicon().honorifics

    def _vote_of_article(self, elected: Sequence[Spot]) -> None:
        """Vote for what the elected names make likely elsewhere."""
        known = _Known()
        taken: set[int] = set()
        for spot in elected:
            taken.update(range(spot.where.first, spot.where.last))
            first, last, *offsets = spot.where
            if tuple(offsets) != self._where(first, last)[2:]:
                continue
            forms, kind = tuple(self._words.text[first:last]), spot.type
            if len(forms) <= _LONGEST_REPEAT:
                known.add(forms, kind, "as_elsewhere")
            if kind == "PERSON" and len(forms) > 1 and spot.confidence >= SURE_PERSON:
                for part in (forms[-1], forms[0]):
                    if self._telling(part):
                        known.add((part,), kind, "part_of_a_person")
            initials = self._initials(first, last)
            if initials:
                known.add((initials,), kind, "initials_in_brackets")
        for first, last, kind, rule in known.occurrences(self._words, self._typer.blocked):
            where = self._where(first, last)
            if taken.isdisjoint(range(first, last)) or (
                rule != "as_elsewhere" and where[2:] in self._poll.spots
            ):
                self._poll.vote(where, kind, rule)

    def _telling(self, part: str) -> bool:
        lower = part.lower()
        return len(part) >= _SHORTEST_PART and lower not in function_words() and part[0].isupper()

    def _initials(self, first: int, last: int) -> str | None:
        """Return `ABC` of `Alpha Beta Club (ABC)`, `BoG` of `Bank of Ghana (BoG)`."""
        words = self._words
        if last + 2 >= len(words) or words.text[last] != "(" or words.text[last + 2] not in {")", ",", ";"}:
            return None
        short = words.text[last + 1].replace(".", "")
        every = "".join(word[0] for word in words.lower[first:last])
        capitals = "".join(word[0] for word in words.text[first:last] if word[0].isupper()).lower()
        fits = short.removesuffix("s").lower() in {every, capitals, capitals[1:]}
        acronym = sum(letter.isupper() for letter in short) > 1
        return words.text[last + 1] if fits and acronym and last - first > 1 else None

    def _name(self, spot: Spot) -> Name:
        """Return the elected name: the rule's own where it has the type, else a new one."""
        first, last, start, end = spot.where
        _, rule, name = spot.rules.get(spot.best, (0.0, MODEL, None))
        if name is None:
            name = Name(first, last, spot.type, 0.0, rule)
            self._complete(name)
        name.cut = None if self._where(first, last) == spot.where else (start, end)
        name.learned = spot.learned > NO_SAY and rule != MODEL
        name.confidence = spot.confidence
        return name

    def _complete(self, name: Name) -> None:
        """Add what lists and offices beside the name say about it."""
        match = self._typer.known.get(name.first)
        if match is not None and match.last == name.last and match.entry.type == name.type:
            name.country, name.canonical = match.entry.country, match.entry.canonical
        if name.type == "PERSON":
            name.role = self._typer.role_before.get(name.first)
            given = self._typer.gender(self._words.text[name.first]) if name.last - name.first > 1 else None
            name.gender = self._honoured(name.first) or given or (name.role.gender if name.role else None)

    def _honoured(self, first: int) -> str | None:
        before = self._words.lower[first - 1].rstrip(".") if first else ""
        gender = lexicon().honorifics.get(before)
        return None if gender == "neutral" else gender


class _Known:
    """Names of the article by their first word, longest first."""

    def __init__(self) -> None:
        self._index: dict[str, dict[tuple[str, ...], tuple[EntityType, str]]] = {}

    def add(self, forms: tuple[str, ...], kind: EntityType, rule: str) -> None:
        """Add a name; the first type of it stays."""
        self._index.setdefault(forms[0], {}).setdefault(forms, (kind, rule))

    def occurrences(
        self, words: Words, blocked: Sequence[bool]
    ) -> Iterator[tuple[int, int, EntityType, str]]:
        """Yield (first, last, type, rule) of every place where such a name stands. O(words)."""
        sizes = {
            first: sorted({len(forms) for forms in entries}, reverse=True)
            for first, entries in self._index.items()
        }
        for at, text in enumerate(words.text):
            for size in sizes.get(text, ()):
                if at + size > len(words.text):
                    continue  # a slice past the end is a shorter name
                found = self._index[text].get(tuple(words.text[at : at + size]))
                if found is not None and not blocked[at]:
                    yield at, at + size, *found
