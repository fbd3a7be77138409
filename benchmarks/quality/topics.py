"""IPTC Media Topics at the top level (17 codes `medtop:NN000000`).

Texts go through `read` and `copydesk.topics`; the answer is the most probable top-level topic of the
record.

- Right is an answer among the gold's acceptable codes. A text without an answer is wrong in `accuracy`.
- `macro_f1`: F1 of each top-level code that the gold has, averaged. A text with several acceptable codes
  counts for the one that was answered, if it is among them, else for the first. `covers` says how many of
  the 17 the gold has.
- `answered`: share of texts with an answer; `answered_accuracy`: right of the answered. `accuracy_at_80`:
  right of the most confident 80 % of all texts, None where fewer are answered.
- `calibration_error`: the answered texts in ten groups by probability (0 to 0.1, ...): difference of mean
  probability and share of right answers, weighted by the size of the group.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from benchmarks.quality import corpora, predict
from benchmarks.quality.matching import Counts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from benchmarks.quality.report import Figures
    from worker.record import Topic

TOP = re.compile(r"medtop:(?:0[1-9]|1[0-7])000000")
COVERAGE = 0.8
GROUPS = 10

Answer = tuple[str, float]
"""Code and probability."""


def measure(options: corpora.Options) -> Figures:
    """Return the figures of every corpus of the kind `topics`."""
    classify = predict.classifier(options.pipeline or "copydesk.topics")
    return {
        corpus.name: score(corpus, lambda text: top_of(classify(text)._.topics or []))
        for corpus in corpora.find(options, "topics")
    }


def top_of(topics: Iterable[Topic]) -> Answer | None:
    """Return the most probable top-level topic."""
    found = [(topic.code, topic.probability) for topic in topics if TOP.fullmatch(topic.code)]
    return max(found, key=lambda answer: (answer[1], answer[0]), default=None)


def score(corpus: corpora.Corpus, answer_of: Callable[[str], Answer | None]) -> Figures:
    """Return the figures of one corpus; rows without a top-level code are left out."""
    by_code: defaultdict[str, Counts] = defaultdict(Counts)
    answers: list[tuple[float, bool]] = []
    texts = 0
    for row in corpus.rows():
        accepted = [code for code in row["iptc"] if TOP.fullmatch(code)]
        if not accepted:
            continue
        texts += 1
        answer = answer_of(row["text"])
        code = answer[0] if answer else None
        gold = code if code in accepted else accepted[0]
        by_code[str(gold)] += Counts(int(gold == code), 0, 1)
        if answer:
            by_code[answer[0]] += Counts(0, 1, 0)
            answers.append((answer[1], code in accepted))
    right = sum(is_right for _, is_right in answers)
    wanted = {code: counts for code, counts in sorted(by_code.items()) if counts.gold}
    return {
        "texts": texts,
        "covers": len(wanted),
        "accuracy": _share(right, texts),
        "macro_f1": sum(counts.f1 for counts in wanted.values()) / len(wanted) if wanted else None,
        "answered": _share(len(answers), texts),
        "answered_accuracy": _share(right, len(answers)),
        "accuracy_at_80": at_coverage(answers, texts),
        "calibration_error": calibration_error(answers),
        "topics": {code: counts.figures() for code, counts in wanted.items()},
    }


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def at_coverage(answers: Iterable[tuple[float, bool]], texts: int) -> float | None:
    """Return the accuracy of the most confident 80 % of all texts; None where fewer are answered."""
    best = sorted(answers, key=lambda answer: -answer[0])
    wanted = math_ceil(COVERAGE * texts)
    if not wanted or len(best) < wanted:
        return None
    return _share(sum(is_right for _, is_right in best[:wanted]), wanted)


def math_ceil(number: float) -> int:
    """Round up, forgiving the last digits of a float."""
    return -int(-(number - 1e-9) // 1)


def calibration_error(answers: list[tuple[float, bool]]) -> float | None:
    """Return the expected calibration error in per cent."""
    groups: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for probability, is_right in answers:
        groups[min(int(probability * GROUPS), GROUPS - 1)].append((probability, is_right))
    if not answers:
        return None
    off = sum(
        abs(sum(p for p, _ in group) - sum(is_right for _, is_right in group)) for group in groups.values()
    )
    return 100 * off / len(answers)
