"""Binds the offices that the article states to the people it states them of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.lexicon import lexicon
from worker.record import Role

if TYPE_CHECKING:
    from tasks.extract.lexer import Words
    from tasks.extract.name_runs import Name
    from tasks.extract.name_table import Cluster
    from tasks.extract.roles import RolePhrase

COMPONENT = "copydesk.names"
_COPULA = frozenset({"is", "was", "became", "becomes", "as", "remains"})
_DETERMINERS = frozenset({"the", "a", "an", "his", "her", "its", "their", "our", "new", "current"})


def attach_roles(
    text: str, words: Words, people: list[Cluster], names: list[Name], phrases: list[RolePhrase]
) -> None:
    """Add to each person the offices stated before the name, behind it in apposition, or by `is`."""
    by_reach: dict[int, RolePhrase] = {}
    by_first: dict[int, RolePhrase] = {}
    by_word: dict[int, Name] = {name.first: name for name in names}
    for phrase in phrases:
        by_reach[phrase.last] = phrase
        by_reach.setdefault(phrase.reach, phrase)
        by_first[phrase.first] = by_first[phrase.start] = phrase
    for person in people:
        seen: set[str] = set()
        for name in person.names:
            for phrase, rule, confidence in _stated(words, name, by_reach, by_first):
                role = _role(
                    text, words, phrase, _owner(words, phrase, by_word), rule=rule, confidence=confidence
                )
                person.phrases.append(phrase)
                person.gender = person.gender or phrase.gender
                if role.title.lower() not in seen:
                    seen.add(role.title.lower())
                    person.roles.append(role)


def _stated(
    words: Words, name: Name, by_reach: dict[int, RolePhrase], by_first: dict[int, RolePhrase]
) -> list[tuple[RolePhrase, str, float]]:
    found: list[tuple[RolePhrase, str, float]] = []
    sentence = words.sentence[name.first]
    first, last = words.sentences[sentence]
    before = name.first
    while before > first and words.lower[before - 1].rstrip(".") in lexicon().honorifics:
        before -= 1
    phrase = name.role or by_reach.get(before)
    if phrase is not None:
        found.append((phrase, "office_before_name", 0.95))
    elif before > first and words.text[before - 1] == ",":
        phrase = by_reach.get(before - 1)
        behind = words.text[name.last] if name.last < last else "."
        if phrase is not None and behind in {",", ".", ")"} and _after_article(words, phrase):
            found.append((phrase, "name_in_apposition", 0.85))
    at = name.last
    if at + 1 < last and (words.text[at] in {",", "("} or words.lower[at] in _COPULA):
        rule = "office_in_apposition" if words.text[at] in {",", "("} else "copula"
        inside = at + 1
        while inside < min(last, at + 4) and inside not in by_first and words.lower[inside] in _DETERMINERS:
            inside += 1
        phrase = by_first.get(inside)
        if phrase is not None and not _begins_name(words, phrase, last):
            found.append((phrase, rule, 0.9 if rule != "copula" else 0.7))
    return found


def _after_article(words: Words, phrase: RolePhrase) -> bool:
    return (phrase.first > 0 and words.lower[phrase.first - 1] in _DETERMINERS) or phrase.known is not None


def _begins_name(words: Words, phrase: RolePhrase, last: int) -> bool:
    """`Blinken, US President Joe Biden and ...`: the office is the next person's."""
    return phrase.last < last and words.cap[phrase.last] and phrase.reach == phrase.last


def _role(
    text: str, words: Words, phrase: RolePhrase, owner: Name | None, *, rule: str, confidence: float
) -> Role:
    start, end = words.start[phrase.start], words.end[phrase.last - 1]
    country, organization = phrase.country, phrase.organization
    if owner is not None and phrase.known is None:
        if owner.type == "ORG":
            organization = " ".join(words.text[owner.first : owner.last])
        country = country or owner.country
    title = " ".join(text[start:end].split())
    return Role(
        start=start,
        end=end,
        text=text[start:end],
        title=title,
        organization=organization,
        country=country,
        status=phrase.status,
        component=COMPONENT,
        rule=rule,
        confidence=confidence,
    )


def _owner(words: Words, phrase: RolePhrase, by_word: dict[int, Name]) -> Name | None:
    at = phrase.last
    if at + 1 >= len(words) or words.lower[at] not in {"of", "at", "for"}:
        return None
    return by_word.get(at + 1) or (by_word.get(at + 2) if words.lower[at + 1] == "the" else None)
