# ruff: noqa: INP001 - a script beside the packages
"""Write `docs/record.md`, the reference of the record, from the models in `worker/record.py`.

    python tools/record_page.py --check    exit 1 when the page is not what the models say
    python tools/record_page.py --write    write the page

What a field means stands at the field (`description`); what the models leave to their names stands in
`record_meanings.toml`. A field without either stops the script.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
import types
import typing
from pathlib import Path
from typing import Any, Literal, Union

from worker import record
from worker.record import Model

PAGE = Path(__file__).resolve().parent.parent / "docs" / "record.md"

ORDER = (
    record.Record,
    record.Headline,
    record.Block,
    record.Note,
    record.Stamp,
    record.Entity,
    record.Mention,
    record.Role,
    record.Quote,
    record.Speaker,
    record.Repair,
    record.Timex,
    record.Interval,
    record.Place,
    record.Event,
    record.About,
    record.Topic,
    record.ToneByVoice,
    record.ToneTowards,
    record.Tone,
    record.Keyword,
    record.Translation,
    record.Sign,
    record.Span,
    record.Coverage,
    record.Abstention,
    record.Provenance,
    record.Component,
)

MEANINGS = tomllib.loads(Path(__file__).with_name("record_meanings.toml").read_text(encoding="utf-8"))

HEAD = f"""# The record

<!-- Generated from worker/record.py by `python tools/record_page.py --write`; do not edit. -->

The record is what copydesk makes of one article. Schema version {record.SCHEMA_VERSION}; within a major
version fields are only added. `copydesk schema` prints the JSON Schema (draft 2020-12),
`copydesk show ID --json` a record.

What always holds:

- **Offsets.** `text[start:end]` is the annotated string. Offsets count Unicode code points, end exclusive:
  Python's `str` slices fit as they are; JavaScript and Java count UTF-16 units and have to convert.
- **The text is not edited.** Boilerplate stays in it, as a block of that kind. Broken quote marks stay
  broken, with a repair beside them. The body is what the blocks `heading` and `paragraph` hold.
- **No invented facts.** A date that cannot be resolved has no value and says why; the file's own time is
  never used. A place without a match stays, unresolved. What a component saw and did not decide is in
  `abstentions`.
- **Every annotation says where it comes from**: `component`, `rule`, `confidence`; versions are in
  `provenance`.
- **The same bytes give the same record** under the same fingerprints: no clock, no host, no other article
  has a part in it. What came from where and when is kept in the ledger, and joined as `arrivals` when a
  record is shown or exported, along with its `revision`; so are its `relations` to other articles
  ([keys](cli.md#keys-of---json)).

`null` means that the article does not say, or that it could not be told; lists are empty then.
"""


def page() -> str:
    """Return the page. Raises KeyError for a field that nobody has explained."""
    pieces = [HEAD]
    for model in ORDER:
        level = "##" if model is record.Record else "###"
        pieces += [f"{level} {model.__name__}", "", _first_paragraph(model), ""]
        pieces += ["| field | type | what it is |", "|---|---|---|"]
        for name, info in model.model_fields.items():
            pieces.append(f"| `{name}` | {_type(info.annotation, info.metadata)} | {_meaning(model, name)} |")
        pieces.append("")
        if model is record.Record:
            pieces += ["## What it is made of", ""]
    return "\n".join(pieces).rstrip() + "\n"


def _first_paragraph(model: type[Model]) -> str:
    return " ".join((model.__doc__ or "").split())


def _meaning(model: type[Model], name: str) -> str:
    described = model.model_fields[name].description
    own = MEANINGS.get(model.__name__, {}).get(name)
    if described and own:
        raise KeyError(f"{model.__name__}.{name} is explained twice: at the field and in the TOML file")
    meaning: str = own or described or MEANINGS["shared"][name]
    return meaning.replace("|", "\\|")


def _type(annotation: Any, metadata: list[Any] | tuple[Any, ...] = ()) -> str:  # noqa: PLR0911 - one a type
    """Return a type as readers of JSON know it."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _type(arguments[0], arguments[1:])
    if origin in (Union, types.UnionType):
        inner = [_type(each, metadata) for each in arguments if each is not type(None)]
        return " or ".join([*inner, "null"] if type(None) in arguments else inner)
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in arguments)
    if origin is list:
        return f"list of {_type(arguments[0])}"
    if origin is dict:
        return f"object: {_type(arguments[0])} -> {_type(arguments[1])}"
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    plain = {str: "text", int: "integer", float: "number", bool: "true or false"}[annotation]
    return plain + _bounds(metadata)


def _bounds(metadata: list[Any] | tuple[Any, ...]) -> str:
    flat = [each for item in metadata for each in (getattr(item, "metadata", None) or [item])]
    low = next((each.ge for each in flat if hasattr(each, "ge")), None)
    high = next((each.le for each in flat if hasattr(each, "le")), None)
    return f" {low:g} to {high:g}" if low is not None and high is not None else ""


def main() -> int:
    """Check or write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true")
    what.add_argument("--write", action="store_true")
    made = page()
    if parser.parse_args().write:
        PAGE.write_text(made, encoding="utf-8")
        return 0
    if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != made:
        sys.stderr.write(f"{PAGE} is not what the models say: python tools/record_page.py --write\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
