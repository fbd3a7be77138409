"""The vote of the rules and the news model: who decides what of a quote, and how sure that is.

Rules are the master of direct speech: its span is what stands between the repaired marks. Of indirect and
mixed speech both find boundaries equally well, so the one that is surer has its way. Cues and sources are the
model's where both name the same clause. What only one of them finds stays, less sure, or is given up.
The name of the rule says who decided: `quote_subject_verb` rules alone, `quote_subject_verb+model` both,
`model` the model alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from tasks.extract.quote.assembly import assemble
from tasks.extract.quote.clauses import bare, before_chain, inside, same_cue
from tasks.extract.quote.page import Draft
from tasks.extract.quote.segments import Segments
from tasks.extract.quote.silence import confidence
from tasks.extract.quote.sources import Sources
from tasks.extract.quote.subjects import Subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.quote.assembly import Attribution
    from tasks.extract.quote.learned import Learned, Piece
    from tasks.extract.quote.marks import QuoteSpan
    from tasks.extract.quote.page import Page

HALF = 0.5
MOST = 0.8
SURE = 0.6
"""Probability of the tags from which the model's boundaries go before those of a rule that is not weak."""
LEAST = 0.5
"""What one of them finds alone and with less than this is left out, and named among the abstentions."""
_WEAK = ("_to", "_quoted", "_named", "trailing_clause", "announced_this")
"""Rules that find a content, and less surely where it begins and ends."""
_OWN_SOURCE = ("according_to", "name_colon", "interview_turn")
"""Rules that know the words for the source better."""
_POINTERS = frozenset({"this", "that", "it", "these", "so", "which"})
_FEW = 2
"""Words outside the marks that do not make mixed speech of direct speech."""


class Vote(NamedTuple):
    """The quotes of both, in order, and the contents (offsets) that were too unsure to keep."""

    drafts: list[Draft]
    left: list[tuple[int, int]]


def vote(page: Page, drafts: list[Draft], learned: Learned) -> Vote:
    """Return the quotes that rules and model find together. O(words)."""
    found, loose = assemble(page.words, learned)
    ballot = _Ballot(page, drafts, learned.inside.get("content", []))
    for attribution in found:
        ballot.add(attribution)
    for content in loose:
        ballot.add_loose(content)
    ballot.rules_alone(learned.end)
    ballot.made.sort(key=lambda draft: (draft.segments[0], draft.rule))
    return Vote(ballot.made, sorted(ballot.left))


class _Ballot:
    """The drafts of the rules by word, and what became of them."""

    def __init__(self, page: Page, drafts: list[Draft], inside: Sequence[float]) -> None:
        self.page = page
        self.inside = inside
        self.segments = Segments(page)
        self.sources = Sources(page)
        self.drafts = drafts
        self.words = [self.segments.words_of(draft.segments) for draft in drafts]
        self.sizes = [sum(last - first for first, last in ranges) for ranges in self.words]
        self.holders: dict[int, list[int]] = {}
        for number, ranges in enumerate(self.words):
            for first, last in ranges:
                for word in range(first, last):
                    self.holders.setdefault(word, []).append(number)
        self.reported = {draft.verb.first: n for n, draft in enumerate(drafts) if draft.verb is not None}
        self.taken: set[int] = set()
        self.joined: dict[int, Draft] = {}
        """Identity of a draft -> the quote that it became part of."""
        self.made: list[Draft] = []
        self.left: list[tuple[int, int]] = []

    def _shared(self, contents: list[Piece]) -> dict[int, int]:
        """Return the drafts that are free and share words with the contents, and how many words."""
        shared: dict[int, int] = {}
        for piece in contents:
            for word in range(piece.first, piece.last):
                for number in self.holders.get(word, ()):
                    if number not in self.taken:
                        shared[number] = shared.get(number, 0) + 1
        return shared

    def _same(self, contents: list[Piece], cue: Piece | None) -> list[int]:
        """Return the drafts that are this content or parts of it: first that of the same cue, then by words.

        Drafts of another clause inside this content are taken out of the vote.
        """
        size = sum(piece.last - piece.first for piece in contents)
        found: list[tuple[bool, int, int]] = []
        for number, count in sorted(self._shared(contents).items()):
            draft, own = self.drafts[number], self.sizes[number]
            of_cue = cue is not None and same_cue(draft, cue)
            alike = count >= HALF * (size + own - count)
            part = draft.kind == "direct" and count >= HALF * own
            if of_cue or alike or part:
                found.append((not of_cue, -count, number))
            elif count >= MOST * own and draft.kind != "direct" and inside(draft, contents):
                self.taken.add(number)
        return [number for *_, number in sorted(found)]

    def add(self, attribution: Attribution) -> None:
        """Vote on one attribution."""
        if self._points_back(attribution):
            return
        attribution = self._without_clauses(attribution)
        if not attribution.contents:
            return
        same = self._same(attribution.contents, attribution.cue)
        if not same:
            self._model_alone(attribution)
            return
        draft = self.drafts[same[0]]
        others = [self.drafts[n] for n in same[1:]] if draft.kind == "direct" else []
        parts = [other for other in others if bare(other) and other.paragraph == draft.paragraph]
        self._words(draft, parts, attribution)
        self._clause(draft, attribution)
        self._agreed(draft, attribution)
        self.taken.add(same[0])
        self.joined |= {id(part): draft for part in parts}
        for n in same[1:]:
            other = self.drafts[n]
            if id(other) in self.joined:
                self.taken.add(n)
            elif other in others and bare(other):  # the next paragraph of the same speech
                other.inherits, other.continues = draft, True
                self._agreed(other, attribution)
                self.taken.add(n)

    def _without_clauses(self, attribution: Attribution) -> Attribution:
        """Return the attribution without what a rule gives a clause of its own: `..., adding that ...`.

        The model links such a content to the clause before, or makes one content of both; that it is
        reported is then known by both.
        """
        kept = []
        for whole in attribution.contents:
            piece = self._before_chain(whole, attribution)
            for number, count in sorted(self._shared([piece]).items()):
                draft, size = self.drafts[number], piece.last - piece.first
                alike = count >= MOST * max(size, self.sizes[number])
                if alike and draft.kind != "direct" and draft.verb and not same_cue(draft, attribution.cue):
                    self._agreed(draft, attribution)
                    self.taken.add(number)
                    break
            else:
                kept.append(piece)
        return replace(attribution, contents=kept)

    def _before_chain(self, piece: Piece, attribution: Attribution) -> Piece:
        """Return a content up to a verb inside it that the same speaker goes on with; keep what follows."""
        for number, count in sorted(self._shared([piece]).items()):
            draft = self.drafts[number]
            if count < MOST * self.sizes[number] or same_cue(draft, attribution.cue):
                continue
            before = before_chain(self.page.words, piece, draft)
            if before is not None:
                self._agreed(draft, attribution)
                self.taken.add(number)
                return before
        return piece

    def _points_back(self, attribution: Attribution) -> bool:
        """`This was announced by S`: the words said are elsewhere, and a rule may know where."""
        first = attribution.contents[0].first
        if len(attribution.contents) > 1 or attribution.contents[0].last - first > 1:
            return False
        if self.page.words.lower[first] not in _POINTERS:
            return False
        for word in range(attribution.cue.first, attribution.cue.last):
            number = self.reported.get(word)
            if number is not None and number not in self.taken:
                self.taken.add(number)
                self._agreed(self.drafts[number], attribution)
        return True

    def _agreed(self, draft: Draft, attribution: Attribution) -> None:
        draft.rule += "+model"
        draft.confidence = round(1 - (1 - draft.confidence) * (1 - attribution.sure), 2)
        self.made.append(draft)

    def add_loose(self, content: Piece) -> None:
        """Strengthen a rule that knows whose this content is."""
        same = self._same([content], None)
        if not same:
            told = sum(word in self.holders for word in range(content.first, content.last))
            if content.probability >= SURE and told < HALF * (content.last - content.first):
                self.left.append((content.start, content.end))
            return
        draft = self.drafts[same[0]]
        sure = content.probability >= HALF
        if sure and draft.rule.endswith(_WEAK) and len(draft.segments) == 1:
            draft.segments = self.segments.of_pieces([content])
        draft.rule += "+model"
        draft.confidence = round(1 - (1 - draft.confidence) * (1 - HALF * content.probability), 2)
        self.made.append(draft)
        self.taken.add(same[0])

    def rules_alone(self, read: int) -> None:
        """Keep what only the rules have found; indirect speech less surely where the model has read."""
        for number, draft in enumerate(self.drafts):
            if number in self.taken:
                continue
            if draft.segments[-1][1] <= read:
                draft.confidence = confidence(draft, self._inside_of(number))
            if draft.kind != "direct" and draft.confidence < LEAST:
                self.left.append((draft.segments[0][0], draft.segments[-1][1]))
                continue
            self.made.append(draft)
        kept = {id(draft) for draft in self.made}
        for draft in self.made:
            before = draft.inherits
            if before is not None:
                before = self.joined.get(id(before), before)
                draft.inherits = before if id(before) in kept and before is not draft else None

    def _inside_of(self, number: int) -> list[float]:
        """Return how probable it is, by the model, that each word of a draft is reported; [] if unknown."""
        words = (word for first, last in self.words[number] for word in range(first, last))
        return [self.inside[word] for word in words] if self.inside else []

    def _words(self, draft: Draft, parts: list[Draft], attribution: Attribution) -> None:
        """Set the segments of a quote that both have found."""
        tagged = self.segments.of_pieces(attribution.contents)
        if draft.kind != "direct":
            if draft.addressee is not None:  # `called on X to C`
                draft.segments = [(draft.segments[0][0], max(draft.segments[-1][1], tagged[-1][1]))]
            elif attribution.tagged >= (HALF if draft.rule.endswith(_WEAK) else SURE):
                draft.segments = tagged
            return
        together = [draft, *parts]
        draft.segments = sorted(segment for part in together for segment in part.segments)
        draft.spans = sorted((span for part in together for span in part.spans), key=lambda span: span.start)
        mine = {word for first, last in self.segments.words_of(draft.segments) for word in range(first, last)}
        own = [
            piece
            for piece in attribution.contents
            if not self._of_others(piece, mine) and self._goes_on(piece, draft.spans)
        ]
        if self.segments.words_outside(own, draft.segments) > _FEW:
            spans = [(span.outer_start, span.outer_end) for span in draft.spans]
            draft.segments = self.segments.joined(sorted([*spans, *self.segments.of_pieces(own)]))
            draft.kind = "mixed"

    def _goes_on(self, piece: Piece, spans: list[QuoteSpan]) -> bool:
        """Whether a piece is one with quoted words: nothing between, or the later goes on in lower case."""
        words = self.page.words
        for span in spans:
            first, last = self.page.words_in(span)
            low, high = min(piece.last, last), max(piece.first, first)
            if not any(words.text[word][0].isalnum() for word in range(low, high)):
                return True
            if words.sentence[low - 1] == words.sentence[high] and words.text[high][0].islower():
                return True
        return False

    def _of_others(self, piece: Piece, mine: set[int]) -> bool:
        """Whether most of a piece is another quote: direct speech, or words with a clause of their own."""
        words = range(piece.first, piece.last)
        others = sum(word not in mine and self._claimed(word) for word in words)
        return others >= HALF * len(words)

    def _claimed(self, word: int) -> bool:
        drafts = (self.drafts[n] for n in self.holders.get(word, ()))
        return any(draft.spans or draft.verb is not None or draft.cue is not None for draft in drafts)

    def _clause(self, draft: Draft, attribution: Attribution) -> None:
        """Set cue and source of a quote that both have found."""
        cue, source = attribution.cue, attribution.source
        if same_cue(draft, cue) or (draft.verb is None and draft.cue is None):
            draft.cue = self._cue(cue)
            if draft.verb is not None and draft.verb.last > cue.last >= draft.verb.first:  # `called on`
                draft.cue = (draft.cue[0], self.page.words.end[draft.verb.last - 1])
        known = draft.subject
        if source is None or attribution.source_link < HALF or (draft.rule.startswith(_OWN_SOURCE) and known):
            return
        said = self.sources.subject(source)
        if known is not None and known.begin < said.last and said.first < known.last:
            if self.sources.empty(said):
                return
            if said.last <= known.first:  # `The owner` of `The owner, Acme Lines,`
                said = Subject(said.first, known.last)
            draft.named = known
        else:
            draft.named = self.sources.apposition(said)
        draft.subject = said
        if draft.inherits is not None and not draft.continues:
            draft.inherits = None

    def _cue(self, cue: Piece) -> tuple[int, int]:
        """Return the offsets of a cue without the punctuation behind its words."""
        last = cue.last
        while last - cue.first > 1 and not self.page.words.text[last - 1][0].isalnum():
            last -= 1
        return (cue.start, cue.end) if last == cue.last else (cue.start, self.page.words.end[last - 1])

    def _model_alone(self, attribution: Attribution) -> None:
        """Add the quote that only the model has found, unless it is too unsure."""
        contents = attribution.contents
        sure = round(attribution.sure, 2)
        if sure < LEAST:
            self.left.append((contents[0].start, contents[-1].end))
            return
        segments, spans, kind = self.segments.read(contents)
        segments = [(s, e) for s, e in segments if any(c.isalnum() for c in self.page.text[s:e])]
        paragraph = self.page.words.paragraph[contents[0].first]
        if not segments:
            return
        cue = self._cue(attribution.cue)
        made = Draft(kind, segments, paragraph, "model", sure, cue=cue, spans=spans)
        if attribution.source is not None:
            made.subject = self.sources.subject(attribution.source)
            made.named = self.sources.apposition(made.subject)
        self.made.append(made)
