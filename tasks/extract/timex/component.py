"""The component `copydesk.timexes`: TIMEX3 expressions of an article, resolved against its own date.

Only title, headings, paragraphs and the dateline are read. What cannot be resolved keeps its span, with
`unresolved` saying why, and an abstention. Both ends of a range carry the interval of the whole range; any
other interval is the stretch of a value coarser than a day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from spacy.language import Language

from tasks.extract.timex.anchor import Anchor, dateline_anchor, day_order, published_anchor
from tasks.extract.timex.expressions import scan
from tasks.extract.timex.resolve import OF_A_DAY, Context, Resolved, resolve
from tasks.extract.timex.tense import tense
from tasks.extract.timex.time_ranges import times_between
from tasks.extract.timex.tokens import Tok, lex
from worker.record import Abstention, Interval, Timex

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tasks.extract.timex.calendar import Point
    from tasks.extract.timex.forms import Match
    from tasks.extract.timex.tense import Tense
    from worker.record import Article, Block

NAME = "copydesk.timexes"
READ = frozenset({"title", "heading", "paragraph", "dateline"})
HISTORIC_YEARS = 2
"""An article that names more years before its own than its own (and at least this many) tells history."""

SAME_STORY_TOKENS = 40
"""Behind a date of an earlier year, a date without a year so close is taken to be of that year."""


@dataclass(slots=True)
class _Story:
    """What has been told so far: the last date, and in which block."""

    anchor: Anchor | None
    day_first: bool | None
    historic: bool
    told: Point | None = None
    told_block: int = -1
    told_token: int = 0
    year: int | None = None
    timexes: list[Timex] = field(default_factory=list)
    abstentions: list[Abstention] = field(default_factory=list)


class Timexes:
    """Fills `doc._.timexes`. `day_first` is the order of `3/4/2021` where the article shows none."""

    version = "2"
    languages = ("en",)

    def __init__(self, *, day_first: bool | None = None) -> None:
        self.day_first = day_first

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one article."""
        article: Article = doc._.article
        setting = doc._.day_first if doc._.day_first is not None else self.day_first
        timexes, abstentions = annotate(article, day_first=setting)
        doc._.timexes = timexes
        doc._.abstentions = [*(doc._.abstentions or []), *abstentions]
        return doc


@Language.factory(
    NAME.replace(".", "_"),
    requires=["doc._.article"],
    assigns=["doc._.timexes"],
    default_config={"day_first": None},
)
def make_timexes(nlp: Language, name: str, day_first: bool | None) -> Timexes:  # noqa: ARG001, FBT001 - spaCy's call
    """Return the component."""
    return Timexes(day_first=day_first)


def annotate(article: Article, *, day_first: bool | None = None) -> tuple[list[Timex], list[Abstention]]:
    """Return the timexes of an article in the order of the text, and what was left undecided."""
    blocks = [block for block in article.blocks if block.kind in READ]
    read = [(block, tokens := lex(article.text, block.start, block.end), scan(tokens)) for block in blocks]
    anchor = published_anchor(article)
    order = day_order((article.text[block.start : block.end] for block in blocks), day_first)
    dateline = _dateline_point(read, anchor, order)
    anchor = dateline_anchor(anchor, dateline)
    story = _Story(anchor, order, _is_historic(read, anchor))
    for number, read_block in enumerate(read):
        _tell(article.text, number, read_block, story)
    return story.timexes, story.abstentions


_ReadBlock = tuple["Block", list[Tok], list["Match"]]


def _dateline_point(read: list[_ReadBlock], anchor: Anchor | None, order: bool | None) -> Point | None:  # noqa: FBT001
    for block, _, matches in read:
        if block.kind != "dateline":
            continue
        for match in matches:
            if match.form.grain == "day" and match.form.type in {"DATE", "TIME"}:
                context = Context(anchor, None, "", order, historic=False)
                return resolve(match.form, context).point
    return None


def _is_historic(read: list[_ReadBlock], anchor: Anchor | None) -> bool:
    years = [
        m.form.year for _, _, matches in read for m in matches if m.form.base == "explicit" and m.form.year
    ]
    if anchor is None:
        return True
    own = anchor.point.first.year
    earlier = sum(year < own for year in years)
    return earlier >= HISTORIC_YEARS and earlier > len(years) - earlier


def _tell(text: str, number: int, read: _ReadBlock, story: _Story) -> None:
    """Resolve the matches of one block in turn, each knowing what was told before."""
    block, tokens, matches = read
    begin: tuple[int, Resolved] | None = None
    for match in matches:
        near = number - story.told_block <= 1 or story.historic
        told = story.told if near else None
        close = story.told_block == number and match.first - story.told_token <= SAME_STORY_TOKENS
        looks = tense(tokens, match.first, match.end)
        if match.form.rule in OF_A_DAY and not _same_day(looks, number, story):
            told = None
        if not looks and near and _answers(tokens, match.first, story):
            looks = "future"
        historic = story.historic and close
        context = Context(story.anchor, told, looks, story.day_first, historic, story.year)
        if (
            match.part == "end"
            and begin is not None
            and begin[1].point is not None
            and match.form.base == "open"
        ):
            context = Context(
                _begin_anchor(context, begin[1].point), told, "future", story.day_first, historic=False
            )
        resolved = resolve(match.form, context)
        _add(text, tokens, match, resolved, story)
        if resolved.point is not None and match.form.type == "DATE" and not resolved.point.bc:
            story.year = resolved.point.first.year
        if match.part == "begin":
            begin = (len(story.timexes) - 1, resolved)
        elif match.part == "end" and begin is not None:
            _join(story, begin, resolved)
            begin = None
        if (
            resolved.point is not None
            and block.kind != "dateline"
            and _moves_on(tokens, match, resolved.point, story)
        ):
            story.told, story.told_block, story.told_token = resolved.point, number, match.end


def _same_day(looks: Tense, number: int, story: _Story) -> bool:
    """Tell whether a time of day is one of the day told last.

    It is in that day's paragraph, and in the next one where both lie in the past; what lies ahead of a day
    that is over (`He said on Friday that polls would close at 8 p.m.`) is on another day.
    """
    if story.told is None:
        return False
    over = story.anchor is not None and story.told.first <= story.anchor.point.first
    if looks == "future" and over:
        return False
    return story.told_block == number or (over and looks == "past" and number - story.told_block == 1)


def _answers(tokens: list[Tok], first: int, story: _Story) -> bool:
    """Tell whether a sentence begins here that has no verb of its own and follows a date that lies ahead.

    `Will you be back next year? - In April, perhaps.`
    """
    if story.told is None or story.anchor is None or story.told.first <= story.anchor.point.first:
        return False
    k = first - 1
    k -= tokens[k].low in {"in", "on", "by"}
    return not tokens[k].low.isalnum() and tokens[k].low != ","


_LONG = frozenset({"year", "season", "decade", "century"})
_STORY_YEARS = 3


def _moves_on(tokens: list[Tok], match: Match, point: Point, story: _Story) -> bool:
    """Tell whether the story is at this date now. A mere year in passing (`until 1976`) does not move it."""
    if match.form.type not in {"DATE", "TIME"}:
        return False
    if story.told is None or point.grain not in _LONG or story.told.grain in _LONG:
        return True
    before = tokens[match.first - 1]
    if before.low not in {"in", "during"}:
        return False
    ahead = point.first.year - story.told.first.year
    return before.capital or 0 <= ahead <= _STORY_YEARS


def _begin_anchor(context: Context, begin: Point) -> Anchor:
    name = context.anchor.name if context.anchor else f"narrated:{begin.value}"
    return Anchor(begin, name, "range")


def _add(text: str, tokens: list[Tok], match: Match, resolved: Resolved, story: _Story) -> None:
    start, end = tokens[match.first].start, tokens[match.end - 1].end
    form = match.form
    interval = None
    if resolved.point is not None and resolved.point.grain != "day" and resolved.point.interval:
        interval = Interval(begin=resolved.point.interval[0], end=resolved.point.interval[1])
    story.timexes.append(
        Timex(
            start=start,
            end=end,
            text=text[start:end],
            component=NAME,
            rule=form.rule,
            confidence=resolved.confidence,
            type=form.type,
            value=resolved.value,
            mod=form.mod,
            interval=interval,
            anchor=resolved.anchor,
            conflict=resolved.conflict,
            unresolved=resolved.unresolved,
        )
    )
    if resolved.unresolved:
        story.abstentions.append(
            Abstention(component=NAME, what=text[start:end], why=resolved.unresolved, start=start, end=end)
        )


def _join(story: _Story, begin: tuple[int, Resolved], end: Resolved) -> None:
    """Give both ends of a range the interval of the whole."""
    first, last = begin[1].point, end.point
    if story.timexes[-1].type == story.timexes[begin[0]].type == "TIME":
        between = times_between(begin[1].value, end.value)
        if between is not None:
            _give(story, begin[0], Interval(begin=between[0], end=between[1]))
        return
    if first is None or last is None or first.bc or last.bc or "season" in {first.grain, last.grain}:
        return
    if first.first > last.first:
        return
    whole = Interval(begin=first.first.isoformat(), end=last.after.isoformat())
    if story.timexes[-1].type == story.timexes[begin[0]].type == "DATE":
        _give(story, begin[0], whole)


def _give(story: _Story, first: int, interval: Interval) -> None:
    """Give the interval to the timex of this number and to the last one."""
    for index in (first, len(story.timexes) - 1):
        story.timexes[index] = story.timexes[index].model_copy(update={"interval": interval})
