"""`copydesk search`: full text and facets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from worker.cli.common import (
    clean_line,
    console,
    examples,
    existing_desk,
    note,
    print_indented,
    print_json,
    settings_for,
)

if TYPE_CHECKING:
    from rich.text import Text

    from worker.desk.search import Hit, Marked


@examples(
    "copydesk search NATO Ukraine",
    "copydesk search '\"defensive alliance\" said-by:blinken'",
    "copydesk search 'person:\"Sergei Lavrov\" place:stockholm date:2021-12'",
    "copydesk search 'topic:politics date:2021-12-01..2021-12-31 lang:en' --sort date --json",
)
def search(
    query: Annotated[
        list[str],
        typer.Argument(
            metavar="QUERY...", help='Words, "phrases", prefixes* and facets.', show_default=False
        ),
    ],
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="Most records.")] = 20,
    sort: Annotated[Literal["rank", "date"], typer.Option("--sort", help="Best or newest first.")] = "rank",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON Lines, one record a line.")] = False,
) -> None:
    """Search the current records by words and facets; all have to match.

    Facets: person:, org:, place: (name or country code), topic: (label or code), said-by:, date: (2021,
    2021-12, 2021-12-06 or a range with ..; either end may be open), lang:, collection:. Case and accents do
    not matter. Without words the newest come first.
    """
    from worker.cli.relatives import remark
    from worker.desk.query_text import parse_query
    from worker.desk.relations import relations_of
    from worker.desk.search import find

    parsed = parse_query(" ".join(query))
    with existing_desk(settings_for()) as desk, desk.reading() as connection:
        hits = find(connection, parsed, limit=limit, sort=sort)
        related = relations_of(connection, [hit.id for hit in hits])
    if as_json:
        for hit in hits:
            print_json(_as_dict(hit) | {"relations": related[hit.id]})
        return
    out = console()
    for hit in hits:
        out.print(_headline(hit) + remark(related[hit.id]))
        if hit.snippet.text:
            print_indented(out, 2, _highlighted(hit.snippet))
    note(
        "Nothing found."
        if not hits
        else f"{len(hits)} shown."
        if len(hits) == limit
        else f"{len(hits)} found."
    )


def _as_dict(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.id,
        "revision": hit.revision,
        "collection": hit.collection,
        "published": hit.published,
        "language": hit.language,
        "headline": hit.headline.text,
        "snippet": hit.snippet.text,
        "hits": [list(span) for span in hit.snippet.hits],
        "score": round(hit.score, 6) if hit.score is not None else None,
    }


def _headline(hit: Hit) -> Text:
    from rich.text import Text

    return Text.assemble(
        (hit.id[:12], "cyan"),
        "  ",
        (clean_line(hit.published or "no date")[:10].ljust(10), "dim"),
        "  ",
        _highlighted(hit.headline, style="bold"),
    )


def _highlighted(marked: Marked, *, style: str = "") -> Text:
    from rich.text import Text

    text = Text(clean_line(marked.text), style=style)
    for start, end in marked.hits:
        text.stylize("bold yellow", start, end)
    return text
