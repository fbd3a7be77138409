from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worker.record import Article


def check_invariants(article: Article) -> None:
    text = article.text
    assert article.blocks[0].start == 0
    assert article.blocks[-1].end == len(text)
    for one, following in zip(article.blocks, article.blocks[1:], strict=False):
        assert one.end == following.start
    assert all(b.start < b.end for b in article.blocks)
    for note in article.notes:
        assert text[note.start : note.end] == note.text
    for stamp in (article.published, article.modified):
        if stamp is not None and stamp.start is not None:
            assert stamp.end is not None
            assert 0 <= stamp.start < stamp.end <= len(text)
    for sign in article.translation.signs:
        assert 0 <= sign.start < sign.end <= len(text)
    assert article.coverage.characters_read == len(text)
    assert "\r" not in text
    assert "\x00" not in text
    text.encode()  # no lone surrogates


def kinds(article: Article) -> list[tuple[str, str]]:
    """The blocks as (kind, text without white space around it)."""
    return [(b.kind, article.text[b.start : b.end].strip()) for b in article.blocks]
