"""Draw how far the probabilities of topics can be trusted: `docs/topics-reliability.svg`.

The answered texts of the corpora of the kind `topics` (see `benchmarks/quality/topics.py`) in ten groups by
the probability of the most probable top level: for each group the share that is right, over the mean
probability, and how many texts are in it. On the dotted line a probability means what it says.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.quality import corpora, predict, topics

if TYPE_CHECKING:
    from collections.abc import Iterable

SIDE, MARGIN, BARS = 360, 48, 70
"""Pixels: the square, the space around it, and the height of the bars with the counts."""


class Group(NamedTuple):
    """Texts with probabilities of one tenth: mean probability, share that is right, how many."""

    probability: float
    right: float
    texts: int


def groups(answers: Iterable[tuple[float, bool]]) -> list[Group]:
    """Return the groups that have texts, by probability."""
    tenths: list[list[tuple[float, bool]]] = [[] for _ in range(topics.GROUPS)]
    for probability, is_right in answers:
        tenths[min(int(probability * topics.GROUPS), topics.GROUPS - 1)].append((probability, is_right))
    return [
        Group(sum(p for p, _ in each) / len(each), sum(r for _, r in each) / len(each), len(each))
        for each in tenths
        if each
    ]


def answers_of(data: Path) -> list[tuple[float, bool]]:
    """Return probability and whether it was right, for every answered text."""
    classify = predict.classifier("copydesk.topics")
    found = []
    for corpus in corpora.find(corpora.Options(data), "topics"):
        for row in corpus.rows():
            accepted = [code for code in row["iptc"] if topics.TOP.fullmatch(code)]
            answer = topics.top_of(classify(row["text"])._.topics or []) if accepted else None
            if answer:
                found.append((answer[1], answer[0] in accepted))
    return found


def picture(found: list[Group], error: float) -> str:
    """Return the diagram as SVG."""
    width, height = SIDE + 2 * MARGIN, SIDE + 2 * MARGIN + BARS
    most = max(group.texts for group in found)
    shapes = [
        f'<rect x="{MARGIN}" y="{MARGIN}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#888"/>',
        _line((0, 0), (1, 1), 'stroke="#888" stroke-dasharray="3 4"'),
    ]
    for tenth in range(0, 11, 2):
        x, y = _place(tenth / 10, tenth / 10)
        shapes.append(_text(x, MARGIN + SIDE + 16, f"{tenth / 10:.1f}"))
        shapes.append(_text(MARGIN - 16, y + 4, f"{tenth / 10:.1f}"))
    points = [_place(group.probability, group.right) for group in found]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    shapes.append(f'<polyline points="{path}" fill="none" stroke="#1f5fa8" stroke-width="2"/>')
    for (x, y), group in zip(points, found, strict=True):
        size = BARS * 0.6 * group.texts / most
        bottom = MARGIN + SIDE + 24 + BARS * 0.75
        shapes.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#1f5fa8"/>')
        shapes.append(
            f'<rect x="{x - 9:.1f}" y="{bottom - size:.1f}" width="18" height="{size:.1f}" fill="#9dbbdd"/>'
        )
        shapes.append(_text(x, bottom + 12, str(group.texts)))
    total = sum(group.texts for group in found)
    shapes.append(_text(MARGIN + SIDE / 2, 20, "Topics: share that is right, by probability"))
    shapes.append(
        _text(MARGIN + SIDE / 2, 38, f"{total} answered texts; calibration error {100 * error:.1f} %")
    )
    inner = "\n".join(shapes)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif"'
    return f'{head} font-size="12">\n<rect width="{width}" height="{height}" fill="#fff"/>\n{inner}\n</svg>\n'


def _place(x: float, y: float) -> tuple[float, float]:
    return MARGIN + SIDE * x, MARGIN + SIDE * (1 - y)


def _line(one: tuple[float, float], two: tuple[float, float], style: str) -> str:
    (x1, y1), (x2, y2) = _place(*one), _place(*two)
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" {style}/>'


def _text(x: float, y: float, words: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{words}</text>'


def main() -> None:
    """Measure and draw."""
    parser = argparse.ArgumentParser(description="Draw the reliability of the topics' probabilities.")
    parser.add_argument("--data", type=Path, required=True, help="folder of corpora")
    parser.add_argument("--out", type=Path, default=Path("docs/topics-reliability.svg"))
    given = parser.parse_args()
    answers = answers_of(given.data)
    error = topics.calibration_error(answers) or 0.0
    given.out.write_text(picture(groups(answers), error / 100), encoding="utf-8")
    print(f"{len(answers)} answered texts, calibration error {error:.1f} %: {given.out}")


if __name__ == "__main__":
    main()
