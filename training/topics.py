"""Make the topic vectors anew: `python -m training.topics --data CORPORA --start MINILM --work WORK`.

Static word vectors are distilled from the sentence encoder, and a head over the 17 top levels of the IPTC
Media Topics is fitted on them. Topics that no corpus is labelled with learn from their definitions, and from
plain passages that the word list `config/classify/topic_terms.toml` is sure of. What the encoder says is kept
in WORK, so that a second run takes a minute. README.md in this folder says where the corpora are had.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from tasks.classify.topic_lexicon import TopicLexicon, topic_lexicon
from training import topics_student as student
from training import topics_texts as texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

DIMENSIONS = 128
TAUGHT = 14_000
"""Plain passages that the encoder reads; the others only get topics from the word list."""
LEAST_SEEN = 3
ENCODER = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the encoder's weights."""
_WORD = re.compile(r"[a-z][a-z'’.-]*[a-z]\.?")
_PIECE = re.compile(r"[a-z]{2,}")
BACKGROUND = 20.0
"""Mass of what the word list does not know, next to e to the power of a topic's sum."""
SURE = 0.6
LEXICON_WEIGHT = 0.5
"""Of the word list's sum beside the head's logit, chosen on dev and on whole articles of our own."""
MOST_SUM = 8.0
PENALTY = 0.3
WEIGHTS = {"sure": 0.5, "definition": 0.3, "only definition": 3.0, "no term": 0.1, "fiction": 0.8}
MOST_BOOST = 8.0
"""What the weight of a sure passage is multiplied with at most, where its topic is rare among them."""
ENVIRONMENT = "medtop:06000000"
"""The events never tell it from health."""
HELD_OUT = 0.1
"""Of the events, the last by date: for the temperature."""


def main() -> None:
    """Make the folder."""
    parser = argparse.ArgumentParser(prog="python -m training.topics", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of corpora")
    parser.add_argument("--start", type=Path, required=True, help="folder of MiniLM-L6's files")
    parser.add_argument("--work", type=Path, default=Path("training-work"), help="folder for what is made")
    parser.add_argument("--out", type=Path, default=Path("tasks/models/topics"))
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    events, plain = texts.events(options.data, "train"), texts.plain(options.data, 1 << 30)
    definitions = texts.definitions(options.data)
    tokens = {
        "events": texts.tokens_of(events),
        "definitions": texts.tokens_of(list(definitions.values())),
        "plain": texts.tokens_of(plain),
    }
    words, counts = vocabulary(tokens, options.start)
    print(f"{len(events)} events, {len(plain)} passages, {len(words)} words", flush=True)
    at = {word: number for number, word in enumerate(words)}
    known = {
        name: [[at[token.lower()] for token in each if token.lower() in at] for each in found]
        for name, found in tokens.items()
    }
    encoder = Encoder(options.start, options.work)
    taught = {
        "events": encoder.read("events", [p.text for p in events]),
        "definitions": encoder.read("definitions", [p.text for p in definitions.values()]),
        "plain": encoder.read("plain", [p.text for p in plain[:TAUGHT]]),
    }
    mean, axes = student.axes(np.concatenate([taught["events"], taught["plain"]]), DIMENSIONS)
    passages = known["events"] + known["definitions"] + known["plain"][:TAUGHT]
    targets = student.reduced(np.concatenate(list(taught.values())), mean, axes)
    vectors = student.distil(encoder.read("words", words), counts, passages, targets, axes)
    whole, scales = student.quantized(vectors)
    vectors = whole * scales[:, None]
    lexicon = topic_lexicon()
    rows = Rows(
        lexicon,
        {name: student.sums(vectors, each) for name, each in known.items()},
        {name: sums_of(lexicon, each) for name, each in tokens.items()},
    )
    fitted, labelled = rows.fit(events, list(definitions.values()), plain, upto=1 - HELD_OUT)
    temperature = rows.temperature(fitted, labelled, after=1 - HELD_OUT)
    (matrix, bias), _ = rows.fit(events, list(definitions.values()), plain, upto=1.0)
    in_order = {topic.code: number for number, topic in enumerate(lexicon.topics)}
    prototypes = np.zeros((len(lexicon.topics), DIMENSIONS), np.float32)
    for code, row in zip(definitions, student.reduced(taught["definitions"], mean, axes), strict=True):
        prototypes[in_order[code]] = row
    write(
        options.out,
        words,
        {"words": whole, "scales": scales.astype(np.float16), "matrix": matrix, "bias": bias}
        | dict(zip(("prototypes", "prototype_scales"), student.quantized(prototypes), strict=True)),
        {
            "codes": [lexicon.topics[number].code for number in lexicon.tops()],
            "narrower": [topic.code for topic in lexicon.topics],
            "lexicon_weight": LEXICON_WEIGHT,
            "most_sum": MOST_SUM,
            "temperature": round(temperature, 3),
            "untaught": rows.untaught(events),
            "background": BACKGROUND,
        },
    )


def vocabulary(tokens: dict[str, list[list[str]]], start: Path) -> tuple[list[str], list[int]]:
    """Return the words that get a vector, commonest first, and how often each was seen.

    Words of the encoder's own vocabulary, words seen three times, and every word of a definition.
    """
    counts = Counter(token.lower() for found in tokens.values() for each in found for token in each)
    pieces = (start / "vocab.txt").read_text(encoding="utf-8").split("\n")
    chosen = {piece for piece in pieces if _PIECE.fullmatch(piece)}
    chosen |= {word for word, count in counts.items() if count >= LEAST_SEEN and _WORD.fullmatch(word)}
    defined = {token.lower() for each in tokens["definitions"] for token in each}
    chosen |= {word for word in defined if _WORD.fullmatch(word)}
    words = sorted(chosen, key=lambda word: (-counts[word], word))
    return words, [counts[word] for word in words]


class Encoder:
    """The sentence encoder; what it has said of a list of texts is kept in a file."""

    def __init__(self, start: Path, work: Path) -> None:
        self._start, self._work, self._model = start, work, None

    def read(self, name: str, found: Sequence[str]) -> Floats:
        """Return the vectors [n, 384] of texts, each of length 1."""
        digest = hashlib.sha256("\0".join(found).encode()).hexdigest()[:12]
        path = self._work / f"encoded-{name}-{digest}.npy"
        if not path.exists():
            np.save(path, self._encode(found))
        return np.asarray(np.load(path))

    def _encode(self, found: Sequence[str]) -> Floats:
        from sentence_transformers import SentenceTransformer

        found_digest = hashlib.sha256((self._start / "model.safetensors").read_bytes()).hexdigest()
        if found_digest != ENCODER:
            raise SystemExit(f"{self._start}: other weights than {ENCODER}")
        self._model = self._model or SentenceTransformer(str(self._start), device="cpu")
        return np.asarray(self._model.encode(list(found), batch_size=64, normalize_embeddings=True))


def sums_of(lexicon: TopicLexicon, found: Sequence[Sequence[str]]) -> Floats:
    """Return the sums [n, 17] of the terms of each top level in each passage."""
    tops = lexicon.tops()
    sums = np.zeros((len(found), len(tops)), np.float32)
    for row, tokens in enumerate(found):
        matches = lexicon.phrases.find(tokens, [token.lower() for token in tokens], 0, len(tokens))
        by_topic: Counter[int] = Counter()
        for match in matches:
            for topic, weight in match.value:
                by_topic[topic] += weight  # type: ignore[assignment]  # typeshed's counters count whole things
        sums[row] = [by_topic[top] for top in tops]
    return sums


class Rows:
    """What the head is fitted on: vectors and sums of terms of events, definitions and plain passages."""

    def __init__(self, lexicon: TopicLexicon, vectors: dict[str, Floats], sums: dict[str, Floats]) -> None:
        self._vectors, self._sums = vectors, sums
        self._at = {lexicon.topics[top].code: number for number, top in enumerate(lexicon.tops())}

    def fit(
        self,
        events: list[texts.Passage],
        definitions: list[texts.Passage],
        plain: list[texts.Passage],
        *,
        upto: float,
    ) -> tuple[tuple[Floats, Floats], Floats]:
        """Return weights and bias of the head, and the events' topics [n, 18]."""
        labelled, defined = self._accepted(events), self._accepted(definitions)
        seen = labelled.sum(axis=0)
        per_event = 1 / np.sqrt(np.maximum(seen, 1))[labelled.argmax(axis=1)]
        per_event /= per_event.mean()
        count = int(upto * len(events))
        only = seen[defined.argmax(axis=1)] == 0
        guessed, sure = self._guessed(plain)
        return student.fit_head(
            np.concatenate(
                [self._vectors["events"][:count], self._vectors["definitions"], self._vectors["plain"]]
            ),
            np.concatenate([labelled[:count], defined, guessed]),
            np.concatenate(
                [
                    per_event[:count],
                    np.where(only, WEIGHTS["only definition"], WEIGHTS["definition"]),
                    sure,
                ]
            ),
            accepted=np.concatenate([labelled[:count], defined, np.zeros_like(guessed)]),
            penalty=PENALTY,
        ), labelled

    def _accepted(self, found: list[texts.Passage]) -> Floats:
        rows = np.zeros((len(found), len(self._at) + 1), np.float32)
        for row, passage in zip(rows, found, strict=True):
            row[[self._at[code] for code in passage.codes]] = 1
        return rows

    def _guessed(self, plain: list[texts.Passage]) -> tuple[Floats, Floats]:
        """Return what the word list says of plain passages [n, 18], and the weight of each."""
        masses = np.expm1(np.minimum(self._sums["plain"], 12))
        whole = BACKGROUND + masses.sum(axis=1, keepdims=True)
        guessed = np.hstack([masses / whole, BACKGROUND / whole]).astype(np.float32)
        fiction = np.array([passage.source == texts.FICTION for passage in plain])
        silent = self._sums["plain"].sum(axis=1) == 0
        sure, best = guessed[:, :-1].max(axis=1) >= SURE, guessed[:, :-1].argmax(axis=1)
        seen = np.maximum(np.bincount(best[sure], minlength=len(self._at)), 1)
        boost = np.minimum(np.sqrt(seen.mean() / seen), MOST_BOOST)
        weights = np.where(sure, WEIGHTS["sure"] * boost[best], 0.0)
        weights[silent] = WEIGHTS["no term"]
        weights[fiction] = WEIGHTS["fiction"]
        guessed[silent | fiction] = np.eye(len(self._at) + 1)[-1]
        return guessed, weights.astype(np.float32)

    def untaught(self, events: list[texts.Passage]) -> list[str]:
        """Return the top levels that no event has alone: the word list knows them better than the head."""
        seen = self._accepted(events).sum(axis=0)
        return [code for code, column in self._at.items() if not seen[column] or code == ENVIRONMENT]

    def temperature(self, head: tuple[Floats, Floats], labelled: Floats, *, after: float) -> float:
        """Return what the logits have to be divided by, found on the events that the head has not seen."""
        begin = int(after * len(labelled))
        logits = self._vectors["events"][begin:] @ head[0] + head[1]
        logits[:, :-1] += LEXICON_WEIGHT * np.minimum(self._sums["events"][begin:], MOST_SUM)
        best = min((_loss(logits / t, labelled[begin:]), t) for t in np.arange(0.6, 2.0, 0.02))
        print(f"temperature {best[1]:.2f}, loss {best[0]:.3f}", flush=True)
        return float(best[1])


def _loss(logits: Floats, accepted: Floats) -> float:
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return float(-np.log((shares * accepted).sum(axis=1) + 1e-9).mean())


def write(out: Path, words: list[str], arrays: dict[str, Any], described: dict[str, Any]) -> None:
    """Write words, arrays and the description with their digests."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "words.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    for name in ("words", "scales", "prototypes", "prototype_scales", "matrix", "bias"):
        np.save(out / f"{name}.npy", np.ascontiguousarray(arrays[name]))
    files = sorted([*out.glob("*.npy"), out / "words.txt"])
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    about = {"name": "copydesk-topics", "version": "1.0", **described, "files": digests}
    (out / "model.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    print(f"{sum(path.stat().st_size for path in files) / 1e6:.1f} MB in {out}")


if __name__ == "__main__":
    main()
