"""Relations to other articles, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from worker.cli.common import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_RULES = {
    "identical_text": "the same words",
    "copy": "a copy",
    "contains": "part of it stands here",
    "contained": "stands in it",
    "figures_differ": "the same but for figures or dates",
    "names_differ": "the same but for names",
}
_REASONS = {"says_so": "says so", "same_address": "same address, later"}
_SHOWN = 12


def named(related: Mapping[str, Any]) -> list[str]:
    """Return the ids of the articles that relations name."""
    ids = [related["corrects"], related["duplicate_of"], *(each["id"] for each in related["near"])]
    return list(dict.fromkeys(id_ for id_ in ids if id_))


def relatives(related: Mapping[str, Any], headlines: Mapping[str, str]) -> list[Text]:
    """Return one line a relation: what it is, the other's id and headline, how much the two share."""
    return list(_lines(related, headlines))


def _lines(related: Mapping[str, Any], headlines: Mapping[str, str]) -> Iterator[Text]:
    def line(what: str, id_: str, facts: str = "") -> Text:
        headline = clean_line(headlines.get(id_, ""))
        return Text.assemble((what, "bold"), "  ", (id_[:_SHOWN], "cyan"), f"  {headline}", (facts, "dim"))

    if related["corrects"]:
        yield line("corrects", related["corrects"], f"  {_REASONS[related['corrects_rule']]}")
    if related["duplicate_of"]:
        yield line("copy of", related["duplicate_of"], "  the earliest")
    for name, what in (("cluster", "copies"), ("story", "articles tell the story")):
        if related[name]:
            size = f"{related[f'{name}_size']} {what}, this one included"
            yield Text.assemble((name, "bold"), "  ", (related[name][:_SHOWN], "cyan"), f"  {size}")
    for each in related["near"]:
        facts = f"  {_RULES[each['rule']]}, {each['similarity']:.2f} alike, {each['containment']:.2f} of this"
        yield line("near", each["id"], facts)


def remark(related: Mapping[str, Any]) -> Text:
    """Return what a line of search results says of relations; often nothing."""
    words = [
        f"corrects {related['corrects'][:_SHOWN]}" if related["corrects"] else "",
        f"copy of {related['duplicate_of'][:_SHOWN]}" if related["duplicate_of"] else "",
        f"{related['cluster_size']} copies" if related["cluster"] and not related["duplicate_of"] else "",
        f"story {related['story'][:_SHOWN]}" if related["story"] else "",
    ]
    said = ", ".join(word for word in words if word)
    return Text(f"  ({said})" if said else "", style="dim")
