"""Copies and stories, found through a desk as `copydesk show` finds them.

Two measures:

- `dup/`: `{"id", "title", "date", "text", "cluster"}`, where a cluster is one event told by several outlets.
  Stories are scored by pairs (precision, recall, F1 over all pairs of articles) and by purity (share of
  articles that belong to the commonest gold cluster of their story).
- `raw/`: `{"title", "date", "text"}`. Copies are made of each text (at least 100 words): 5, 20 and 40 % of
  the sentences dropped (at random, with a fixed seed), paragraphs (or runs of three sentences) in another
  order, a new lead of two sentences from elsewhere, and the text within a longer one between the halves of
  another article. All lie in one desk. A copy counts as found when it and its original are near or in one
  cluster; `cluster_recall` counts the second alone (40 % dropped from a text and a text within a longer one
  are the same thing to a pair: a cluster wants more than half of the longer one). A pair that is reported is
  right when both have the text of one original in them, or when at least half of the shorter one's runs of
  five words, all of them compared here, stand in the longer one. `told_apart`: of copies with one number
  changed, the share that is no copy, but `figures_differ`.

Only `read` and the signature run; no part of the measure needs entities. `--limit` is the number of texts of
each corpus (100 unless said otherwise).
"""

from __future__ import annotations

import gzip
import json
import random
import re
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from benchmarks.quality.corpora import DataError
from tasks import classify, publish, read
from tasks.classify.sentences import sentence_spans
from worker.desk.engine import open_desk
from worker.desk.prints import write
from worker.desk.relations import Index
from worker.desk.tables import articles
from worker.errors import RejectArticle
from worker.identity import article_id, digest_of
from worker.record import Coverage, Extraction
from worker.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from benchmarks.quality.corpora import Options
    from benchmarks.quality.report import Figures

    Related = dict[str, dict[str, Any]]

TEXTS = 100
LEAST_WORDS = 100
DROPPED = (5, 20, 40)
HALF = 0.5
SIGNATURE_ONLY = ["copydesk.shingles"]


@dataclass
class Copies:
    """Made articles: which original each comes from and how, and its words."""

    original: dict[str, str] = field(default_factory=dict)
    kind: dict[str, str] = field(default_factory=dict)
    text: dict[str, str] = field(default_factory=dict)


def measure(options: Options) -> Figures:
    """Return the figures of both measures, as far as there is data."""
    figures: Figures = {}
    for path in _files(options.data, "dup", "dev"):
        figures[path.parent.name] = _stories(list(_rows(path, options.limit)))
    made = [
        row
        for path in _files(options.data, "raw", "train")
        for row in _rows(path, options.limit or TEXTS)
        if len(row["text"].split()) >= LEAST_WORDS
    ]
    if made:
        figures["made copies"] = _copies(made, random.Random(options.seed))
    if not figures:
        raise DataError(
            f"--data {options.data}: neither dup/*/dev.jsonl.gz nor raw/*/train.jsonl.gz is there."
        )
    return figures


def _files(data: Path, kind: str, name: str) -> list[Path]:
    base = data / kind if (data / kind).is_dir() else data
    found = [*base.glob(f"*/{name}.jsonl*"), *base.glob(f"{name}.jsonl*")]
    return sorted(path for path in found if kind in path.parts)


def _rows(path: Path, limit: int | None) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open() as file:
        for number, line in enumerate(file):
            if limit is not None and number >= limit:
                return
            yield json.loads(line)


def _relations(rows: Sequence[dict[str, Any]]) -> tuple[list[str], Related]:
    """Publish the articles' prints in a desk; return their ids in order, and how they are related."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(desk=Path(folder), classify_components=SIGNATURE_ONLY)
        desk = open_desk(settings)
        ids: list[str] = []
        prints = {}
        for row in rows:
            data = json.dumps({name: row.get(name) for name in ("title", "date", "text")}).encode()
            ids.append(article_id("default", data))
            if ids[-1] not in ids[:-1]:
                prints[len(ids)] = _prints(data, settings)
        with desk.writing() as connection:
            connection.execute(insert(articles), [_article(seq, ids[seq - 1]) for seq in prints])
            write(connection, prints)
        with desk.reading() as connection:
            related = Index(connection).relations(ids)
        desk.close()
    return ids, related


def _article(seq: int, id_: str) -> dict[str, Any]:
    nothing = {"collection": "default", "digest": "", "size": 1, "state": "published", "due_at": 0}
    return {"seq": seq, "id": id_, "created_at": 0, **nothing}


def _prints(data: bytes, settings: Settings) -> Any:
    try:
        article = read.read(data, collection="default", settings=settings)
    except RejectArticle:
        return None
    classification = classify.classify(article, settings=settings)
    record = publish.join(
        article,
        Extraction(coverage=Coverage(characters_read=0)),
        classification,
        identity=publish.Identity(article_id("default", data), digest_of(data), "default"),
        fingerprints={},
    )
    return publish.prints_of(record, classification.shingles)


# --- stories ------------------------------------------------------------------------------------------


def _stories(rows: Sequence[dict[str, Any]]) -> Figures:
    ids, related = _relations(rows)
    gold = dict(zip(ids, (row["cluster"] for row in rows), strict=True))
    figures: Figures = {"articles": len(gold), "gold_clusters": len(set(gold.values()))}
    for name in ("story", "cluster"):
        found = {id_: related[id_][name] or id_ for id_ in gold}
        figures[name] = _pairwise(gold, found) | {"purity": 100 * _purity(gold, found)}
    return figures


def _pairwise(gold: dict[str, str], found: dict[str, str]) -> Figures:
    pairs = list(combinations(sorted(gold), 2))
    both = sum(gold[a] == gold[b] and found[a] == found[b] for a, b in pairs)
    return scores(
        both, sum(found[a] == found[b] for a, b in pairs), sum(gold[a] == gold[b] for a, b in pairs)
    )


def scores(right: int, predicted: int, gold: int) -> Figures:
    """Return precision, recall and F1 in per cent, with the counts."""
    precision = 100 * right / predicted if predicted else 0.0
    recall = 100 * right / gold if gold else 0.0
    f1 = 200 * right / (predicted + gold) if predicted + gold else 0.0
    return {"precision": precision, "recall": recall, "f1": f1, "predicted": predicted, "gold": gold}


def _purity(gold: dict[str, str], found: dict[str, str]) -> float:
    groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for id_, cluster in gold.items():
        groups[found[id_]][cluster] += 1
    return sum(max(group.values()) for group in groups.values()) / len(gold)


# --- copies -------------------------------------------------------------------------------------------


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, line by line."""
    found, at = [], 0
    for line in text.splitlines(keepends=True):
        found += [text[start:end] for start, end in sentence_spans(text, at, at + len(line))]
        at += len(line)
    return found


def dropped(text: str, share: float, chance: random.Random) -> str:
    """Return the text without that share of its sentences (at least one), one sentence a line."""
    every = sentences(text)
    gone = set(chance.sample(range(len(every)), max(1, round(share * len(every)))))
    return "\n".join(each for at, each in enumerate(every) if at not in gone)


def reordered(text: str, chance: random.Random) -> str:
    """Return the text with its paragraphs, or runs of three sentences, in another order."""
    pieces = [line for line in text.splitlines() if line.strip()]
    if len(pieces) < 3:
        every = sentences(text)
        pieces = [" ".join(every[at : at + 3]) for at in range(0, len(every), 3)]
    chance.shuffle(pieces)
    return "\n".join(pieces)


def figure_changed(text: str) -> str | None:
    """Return the text with one number of two digits or more changed, in the middle of a sentence."""
    match = re.search(r"(?<=[a-z] [a-z]{2} )\d{2,3}(?= [a-z]+ [a-z]+)", text)
    if match is None:
        return None
    return text[: match.start()] + str(int(match.group()) + 1) + text[match.end() :]


def _variants(text: str, lead: str, around: str, chance: random.Random) -> Iterator[tuple[str, str | None]]:
    for per_cent in DROPPED:
        yield f"dropped_{per_cent}", dropped(text, per_cent / 100, chance)
    yield "reordered", reordered(text, chance)
    yield "new_lead", " ".join(sentences(lead)[:2]) + "\n" + text
    elsewhere = sentences(around)
    middle = len(elsewhere) // 2
    yield "within", "\n".join([*elsewhere[:middle], text, *elsewhere[middle:]])
    yield "figure_changed", figure_changed(text)


def _copies(rows: Sequence[dict[str, Any]], chance: random.Random) -> Figures:
    made: list[dict[str, Any]] = []
    notes: list[tuple[int, str]] = []
    for number, row in enumerate(rows):
        made.append(row)
        notes.append((number, "original"))
        lead = rows[(number + 1) % len(rows)]["text"]
        around = rows[_elsewhere(number, len(rows))]["text"]
        for kind, text in _variants(row["text"], lead, around, chance):
            if text is not None:
                made.append({"title": None, "date": row["date"], "text": text})
                notes.append((number, kind))
    ids, related = _relations(made)
    originals = {number: id_ for id_, (number, kind) in zip(ids, notes, strict=True) if kind == "original"}
    return _scored(ids, made, notes, originals, related)


def _scored(
    ids: list[str],
    made: list[dict[str, Any]],
    notes: list[tuple[int, str]],
    originals: dict[int, str],
    related: Related,
) -> Figures:
    near = {frozenset((id_, each["id"])) for id_ in related for each in related[id_]["near"]}
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for id_, (number, kind) in zip(ids, notes, strict=True):
        first = originals[number]
        together = (
            related[id_]["cluster"] is not None and related[id_]["cluster"] == related[first]["cluster"]
        )
        counts[kind]["gold"] += 1
        counts[kind]["cluster"] += together
        counts[kind]["found"] += together or frozenset((id_, first)) in near
        rules = {each["rule"] for each in related[id_]["near"] if each["id"] == first}
        counts[kind]["apart"] += rules == {"figures_differ"}
    inside = {
        id_: {number, _elsewhere(number, len(originals))} if kind == "within" else {number}
        for id_, (number, kind) in zip(ids, notes, strict=True)
    }
    text_of = dict(zip(ids, (row["text"] for row in made), strict=True))
    reported = near | _pairs_of_clusters(related)
    wrong = sum(not _right(pair, inside, text_of) for pair in reported)
    figures: Figures = {"texts": len(originals), "articles": len(ids), "reported_pairs": len(reported)}
    figures["near_pairs"] = len(near)
    figures["precision"] = 100 * (1 - wrong / len(reported)) if reported else None
    for kind, count in counts.items():
        if kind == "figure_changed":
            figures[kind] = {"told_apart": 100 * count["apart"] / count["gold"], "gold": count["gold"]}
        elif kind != "original":
            figures[kind] = {
                "recall": 100 * count["found"] / count["gold"],
                "cluster_recall": 100 * count["cluster"] / count["gold"],
                "gold": count["gold"],
            }
    return figures


def _pairs_of_clusters(related: Related) -> set[frozenset[str]]:
    members: defaultdict[str, list[str]] = defaultdict(list)
    for id_, each in related.items():
        if each["cluster"]:
            members[each["cluster"]].append(id_)
    return {frozenset(pair) for group in members.values() for pair in combinations(group, 2)}


def _elsewhere(number: int, count: int) -> int:
    """Return the number of the text that has this one put within it; no two have each other."""
    return (number + count // 3 + 1) % count


def _right(pair: Iterable[str], inside: dict[str, set[int]], text_of: dict[str, str]) -> bool:
    one, two = pair
    if inside[one] & inside[two]:
        return True
    first, second = _runs(text_of[one]), _runs(text_of[two])
    return len(first & second) >= HALF * min(len(first), len(second))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}
