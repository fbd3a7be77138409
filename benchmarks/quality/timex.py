"""Time expressions: where they are, and what they mean.

Texts (`timexes`) go through `read` and the whole of `extract`; the corpus's `dct` is not given, since it is
the day of a download. Single sentences (`expected`) are plain articles published at their `reference`.

- `strict`: the same start and end. `relaxed`: at least one character in common, one to one.
- `value`: relaxed, and the value is right, of all predicted and all gold (so at most the relaxed figure);
  `value.strict`: the same over strict pairs. `accuracy`: right values of the relaxed pairs whose gold has
  one. `type`: relaxed with the right type.
- Texts: values are compared as they are written (TIMEX2 and TIMEX3 agree on dates), seconds of zero and the
  like aside. Extents are those of the corpus; TIMEX2 takes modifying clauses in, and two of the extents in
  WikiWars dev nest.
- Sentences: leading prepositions (`from`, `before`, `in`) belong to no extent, in TIMEX3 they never do, and
  a leading `the` counts on neither side (the corpora have it in some groups and not in others); both ends
  of a range are one expression, as these corpora have it. A resolution may have several readings, and any
  one is right; an interval is right with its last day, month or year counted or not
  (`timex_values`). Sentences whose gold has no resolution (`...Extractor`) are left out of `value`.
  `groups` are groups of specifications; `in_scope` leaves out those named in `OUT_OF_SCOPE`.
- Where the whole text is one expression (duckling, timenorm, ctparse) borders say nothing: `found` is the
  share of texts with any timex, `accuracy` the share in which the longest one has the right value, of those
  with a gold value.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from benchmarks.quality import corpora, predict
from benchmarks.quality.matching import Counts, exact, pairs
from benchmarks.quality.timex_values import Accepted, accepted, joined_ranges, trimmed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.quality.report import Figures
    from worker.record import Timex

    Finder = Callable[[str, str | None], Sequence[Timex]]

OUT_OF_SCOPE = {
    "TimeZone": "a time zone alone is no time expression in TIMEX3",
    "CalendarMode": "a mode for an assistant's calendar, with its own rules for what is no date",
    "TasksMode": "a mode for an assistant's task list",
    "ExtendedTypes": "alternatives offered to an assistant (`Monday 8-9am or 9-10 am`)",
    "SplitDateAndTime": "a mode that gives the day and the time of one expression apart",
    "SkipFromTo": "a mode that gives the two ends of a range apart",
    "ComplexCalendar": "requests to an assistant to find a free slot",
}
"""Part of the name of a specification group, and why it is not judged."""

Gold = tuple[int, int, str | None, Accepted]
Found = tuple[int, int, "Timex"]


def measure(options: corpora.Options) -> Figures:
    """Return the figures of every corpus of the kind `timex`."""
    read, plain = predict.reader(options.pipeline), predict.reader(options.pipeline, as_it_is=True)

    def in_text(text: str, date: str | None) -> Sequence[Timex]:
        return read(text, date)._.timexes or []

    def in_sentence(text: str, date: str | None) -> Sequence[Timex]:
        return plain(text, date)._.timexes or []

    figures = {}
    for corpus in corpora.find(options, "timex"):
        first = next(corpus.rows(), {})
        if "timexes" in first:
            figures[corpus.name] = of_texts(corpus, in_text)
        elif "spec" in first:
            figures[corpus.name] = of_sentences(corpus, in_sentence)
        else:
            figures[corpus.name] = of_expressions(corpus, in_sentence)
    return figures


class Tally:
    """The counts of one corpus or group."""

    def __init__(self) -> None:
        self.strict, self.relaxed, self.value = Counts(), Counts(), Counts()
        self.value_strict, self.type = Counts(), Counts()
        self.asked = self.right = 0

    def add(self, gold: Sequence[Gold], found: Sequence[Found], *, types: bool) -> None:
        """Add one text."""
        self.strict += exact([g[:2] for g in gold], [f[:2] for f in found])
        extents = [[frozenset(range(*span[:2])) for span in side] for side in (gold, found)]
        paired = [(gold[g], found[f]) for g, f, _ in pairs(*extents, at_least=0.0)]
        self.relaxed += Counts(len(paired), len(found), len(gold))
        if types:
            self.type += Counts(sum(g[2] == f[2].type for g, f in paired), len(found), len(gold))
        if gold and not any(g[3] for g in gold):
            return
        right = [(g, f) for g, f in paired if g[3] and g[3].allows(f[2])]
        self.value += Counts(len(right), len(found), len(gold))
        both = sum(g[:2] == f[:2] for g, f in right)
        self.value_strict += Counts(both, len(found), len(gold))
        self.asked += sum(bool(g[3]) for g, _ in paired)
        self.right += len(right)

    def figures(self) -> Figures:
        """Return the figures; those of values and types only where the gold has any."""
        figures: Figures = {"strict": self.strict.figures(), "relaxed": self.relaxed.figures()}
        if self.asked:
            figures["value"] = {**self.value.figures(), "strict": self.value_strict.figures()}
            figures["accuracy"] = 100 * self.right / self.asked
        if self.type.gold:
            figures["type"] = self.type.figures()
        return figures


def of_texts(corpus: corpora.Corpus, find: Finder) -> Figures:
    """Return the figures of a corpus of whole texts."""
    tally = Tally()
    texts = 0
    for row in corpus.rows():
        texts += 1
        gold: list[Gold] = [
            (t["start"], t["end"], t["type"], accepted({"value": t["value"]}, None)) for t in row["timexes"]
        ]
        found = [(t.start, t.end, t) for t in find(row["text"], None)]
        tally.add(gold, found, types=True)
    return {"texts": texts, **tally.figures()}


def of_sentences(corpus: corpora.Corpus, find: Finder) -> Figures:
    """Return the figures of a corpus of sentences in groups of specifications."""
    groups: defaultdict[str, Tally] = defaultdict(Tally)
    everything, in_scope = Tally(), Tally()
    texts = 0
    for row in corpus.rows():
        texts += 1
        text, reference = row["text"], row["reference"]
        gold: list[Gold] = [
            (*trimmed(text, e["start"], e["end"]), None, accepted(e["resolution"], reference))
            for e in row["expected"]
        ]
        ranges = joined_ranges(text, find(text, reference))
        found: list[Found] = [(*trimmed(text, start, end), timex) for start, end, timex in ranges]
        tallies = [everything, groups[row["spec"]]]
        if not any(part in row["spec"] for part in OUT_OF_SCOPE):
            tallies.append(in_scope)
        for tally in tallies:
            tally.add(gold, found, types=False)
    return {
        "texts": texts,
        **everything.figures(),
        "in_scope": in_scope.figures(),
        "groups": {name: _short(tally) for name, tally in sorted(groups.items())},
    }


def _short(tally: Tally) -> Figures:
    figures: Figures = {
        "gold": tally.strict.gold,
        "strict_f1": tally.strict.f1,
        "relaxed_f1": tally.relaxed.f1,
    }
    if tally.asked:
        figures["value_f1"] = tally.value.f1
    return figures


def of_expressions(corpus: corpora.Corpus, find: Finder) -> Figures:
    """Return the figures of a corpus in which every text is one expression."""
    texts = hits = asked = right = 0
    for row in corpus.rows():
        texts += 1
        spans = joined_ranges(row["text"], find(row["text"], row["reference"]))
        longest = max(spans, key=lambda span: (span[1] - span[0], -span[0]), default=None)
        hits += longest is not None
        gold = accepted(row["expected"][0]["resolution"], row["reference"])
        if gold:
            asked += 1
            right += longest is not None and gold.allows(longest[2])
    return {
        "texts": texts,
        "found": 100 * hits / texts if texts else None,
        "accuracy": 100 * right / asked if asked else None,
    }
