"""Offices bound to people by the tree of the sentence, where `copydesk.syntax` has made one.

For what stands too far from the name for `role_binder`: `Berg, who has worked there since 1990, director of
Acme`. Labels are those of Universal Dependencies; another pipeline's have `appos` and `nsubj` as well.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from spacy.attrs import IDX

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Doc, Token

    from tasks.extract.lexer import Words
    from tasks.extract.name.roles import RolePhrase
    from tasks.extract.name.runs import Name

APPOSITION = ("apposition_by_syntax", 0.75)
COPULA = ("copula_by_syntax", 0.65)


def roles_by_syntax(
    doc: Doc, words: Words, names: Iterable[Name], phrases: Iterable[RolePhrase]
) -> Iterator[tuple[Name, RolePhrase, str, float]]:
    """Yield (name, office, rule, confidence) for the offices that the tree hangs on a name. O(tokens)."""
    if not doc.has_annotation("DEP"):
        return
    starts: list[Any] = doc.to_array([IDX]).reshape(-1).tolist()
    owners = {_head(doc, _tokens(starts, words, name)): name for name in names if name.type == "PERSON"}
    offices = {bisect_right(starts, words.start[phrase.head]) - 1: phrase for phrase in phrases}
    for at, name in owners.items():
        phrase = offices.get(doc[at].head.i)
        if phrase is not None and words.sentence[name.first] == words.sentence[phrase.head]:
            if doc[at].dep_ == "appos":
                yield name, phrase, *APPOSITION
            elif doc[at].dep_ == "nsubj" and _has_copula(doc[at].head):
                yield name, phrase, *COPULA
    for at, phrase in offices.items():
        owner = owners.get(doc[at].head.i)
        if owner is not None and doc[at].dep_ == "appos":
            yield owner, phrase, *APPOSITION


def _tokens(starts: list[int], words: Words, name: Name) -> range:
    """Return the tokens of a name."""
    last = words.start[name.last - 1]
    return range(bisect_right(starts, words.start[name.first]) - 1, bisect_right(starts, last))


def _head(doc: Doc, tokens: range) -> int:
    """Return the token of a name that hangs from a token outside it."""
    return next((i for i in tokens if doc[i].head.i not in tokens), tokens[0])


def _has_copula(token: Token) -> bool:
    return any(child.dep_ == "cop" for child in token.lefts)
