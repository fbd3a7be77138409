"""Words become pieces of a vocabulary, and features of letter case and gap."""

from __future__ import annotations

import pytest

from tasks.extract.encoder.pieces import (
    FEATURES,
    GAPS,
    MARK_FEATURE,
    SHAPES,
    WordPieces,
    features_of,
    gap_of,
    shape_of,
)

VOCABULARY = "[PAD] [UNK] [CLS] [SEP] play ##ing ##ed un ##do - kyiv 中 e ' s".split()  # noqa: SIM905
PIECES = WordPieces(VOCABULARY)


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("playing", ["play", "##ing"]),
        ("PLAYED", ["play", "##ed"]),
        ("undo", ["un", "##do"]),
        ("un-play", ["un", "-", "play"]),
        ("Kyiv's", ["kyiv", "'", "s"]),
        ("é", ["e"]),
        ("中中", ["中", "中"]),
        ("pl\u00aday", ["play"]),
        ("zebra", ["[UNK]"]),
        ("un-zebra", ["un", "-", "[UNK]"]),
        ("\u200b", ["[UNK]"]),
        ("", ["[UNK]"]),
        ("p" * 101, ["[UNK]"]),
    ],
)
def test_longest_pieces_first(word: str, pieces: list[str]) -> None:
    assert [VOCABULARY[number] for number in PIECES.split(word)] == pieces
    assert PIECES.split(word) == PIECES.split(word)


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("talks", "lower"),
        ("Talks", "title"),
        ("NATO", "upper"),
        ("A", "single_capital"),
        ("iPhone", "mixed"),
        ("McCain", "mixed"),
        ("2021", "digit"),
        ("F16", "digit"),
        ("5th", "digit"),
        ("“", "other"),
        ("中国", "lower"),
        ("O'Neil", "mixed"),
        ("Al-", "title"),
    ],
)
def test_shapes(word: str, shape: str) -> None:
    assert SHAPES[shape_of(word)] == shape


@pytest.mark.parametrize(
    ("before", "gap"),
    [("", "none"), (" ", "space"), ("\u00a0", "space"), ("\n", "line"), (" \n ", "line"),
     ("\n\n", "paragraph"),
     ("\n \n\n", "paragraph"), ("\u2028", "line")],
)  # fmt: skip
def test_gaps(before: str, gap: str) -> None:
    assert GAPS[gap_of(before)] == gap
    assert GAPS[gap_of(before, first=True)] == "paragraph"


def test_features_stay_in_their_table() -> None:
    seen = {
        feature
        for word in ("a", "Aa", "AA", "A", "aA", "1", "-")
        for gap in range(1, len(GAPS))
        for feature in features_of(word, gap, 3)
    }
    assert seen == set(range(FEATURES))
    assert features_of("Talks", 2, 2) == [1 * len(GAPS) + 2, 1 * len(GAPS)]
    assert features_of("-", 1, 2)[1] == MARK_FEATURE
