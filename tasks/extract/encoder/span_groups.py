"""How spans with probabilities and links lie in `doc.spans`: the attributes of a group are lists beside it.

`doc.spans[key].attrs["probability"][i]` belongs to `doc.spans[key][i]`. A group of contents also has, for
`source` and for `cue`, the number of the span in `doc.spans["source"]` (-1: none) and its probability.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from spacy.tokens import Span, SpanGroup

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc

    from tasks.extract.encoder.encoded import Encoded
    from tasks.extract.encoder.links import Link
    from tasks.extract.encoder.spans import Found

LINKED = ("source", "cue")


class Attribution(NamedTuple):
    """A reported content with its source and cue; the probabilities of these two are those of the links."""

    content: Span
    probability: float
    source: Span | None
    source_probability: float
    cue: Span | None
    cue_probability: float


def spans_of(doc: Doc, encoded: Encoded, found: Sequence[Found], label: str = "") -> list[Span]:
    """Return spans of tokens for spans of words; `label` where the words' spans have none."""
    tokens = encoded.tokens.tolist()
    return [Span(doc, tokens[one.first], tokens[one.last - 1] + 1, label=one.label or label) for one in found]


def set_spans(doc: Doc, key: str, spans: Sequence[Span], **beside: Sequence[Any]) -> None:
    """Write `doc.spans[key]`; `beside` are lists as long as `spans`."""
    attrs = {name: list(values) for name, values in beside.items()}
    doc.spans[key] = SpanGroup(doc, name=key, spans=list(spans), attrs=attrs)


def beside(links: Sequence[Link], kind: str) -> dict[str, list[Any]]:
    """Return links as the lists that `set_spans` takes."""
    return {
        kind: [-1 if link.to is None else link.to for link in links],
        f"{kind}_probability": [link.probability for link in links],
    }


def attributions_of(doc: Doc) -> Iterator[Attribution]:
    """Yield what `copydesk.attribution` found, in order of the contents; nothing when it did not run."""
    contents = doc.spans.get("content")
    if contents is None:
        return
    source, cue = (_linked(doc, contents, kind) for kind in LINKED)
    for content, probability, by, said in zip(
        contents, contents.attrs["probability"], source, cue, strict=True
    ):
        yield Attribution(content, probability, *by, *said)


def _linked(doc: Doc, contents: SpanGroup, kind: str) -> Iterator[tuple[Span | None, float]]:
    spans = list(doc.spans[kind])
    for number, probability in zip(contents.attrs[kind], contents.attrs[f"{kind}_probability"], strict=True):
        yield (spans[number] if number >= 0 else None), probability
