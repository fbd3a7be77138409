"""Desks for tests, filled through the functions that intake and workers use."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from worker.desk import arrive, ledger, publishing
from worker.desk.engine import open_desk
from worker.desk.stages import STAGES
from worker.desk.tables import SourceState
from worker.identity import article_id, digest_of
from worker.process import current_worker
from worker.record import (
    About,
    Block,
    Classification,
    Coverage,
    Entity,
    Headline,
    Mention,
    Place,
    Provenance,
    Quote,
    Record,
    Role,
    Span,
    Speaker,
    Stamp,
    Timex,
    Tone,
    ToneByVoice,
    Topic,
    Translation,
)
from worker.settings import Settings
from worker.spool import Spool

if TYPE_CHECKING:
    from pathlib import Path

    from worker.desk.engine import Desk

COMPONENT = {"component": "test", "rule": "by hand", "confidence": 0.9}


@dataclass(frozen=True)
class Story:
    """An article by hand: what it says, and who and what is in it."""

    text: str
    headline: str = "A headline"
    published: str | None = "2021-12-06"
    language: str | None = "en"
    people: tuple[str, ...] = ()
    orgs: tuple[str, ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    topics: tuple[tuple[str, str], ...] = ()
    dates: tuple[tuple[str, str | None], ...] = ()
    warnings: tuple[str, ...] = ()


KELLER = Story(
    text="Mayor Anna Keller said in Lyon on 5 December: “We will wait for the report.” "
    "Keller heads the Harbour Board.",
    headline="Lyon waits for a report",
    published="2021-12-06",
    people=("Anna Keller",),
    orgs=("Harbour Board",),
    said=(("Anna Keller", "We will wait for the report."),),
    places=(("Lyon", "FR"),),
    topics=(("medtop:11000000", "politics"),),
    dates=(("5 December", "2021-12-05"), ("wait", None)),
    warnings=("one warning",),
)
MUELLER = Story(
    text="Jörg Müller spoke of peace in München. The spokeswoman said: “No comment.” Board meetings follow.",
    headline="Müller speaks",
    published="2022-01-15T10:00:00Z",
    language="de",
    people=("Jörg Müller",),
    said=(("The spokeswoman", "No comment."),),
    places=(("München", "DE"),),
    topics=(("medtop:16000000", "conflict, war and peace"),),
)
UNDATED = Story(text="The board said nothing at all about wages.", headline="Nothing said", published=None)


def span(text: str, words: str) -> dict[str, object]:
    start = text.index(words)
    return {"start": start, "end": start + len(words), "text": words}


def record_of(id_: str, digest: str, collection: str, story: Story) -> Record:
    text = story.text
    entities = [
        Entity(
            id=f"e{number}",
            type=type_,
            name=name,
            roles=[Role(title="Minister", country="FR", **span(text, name), **COMPONENT)]
            if number == 1
            else [],
            mentions=[Mention(kind="name", rule="by hand", **span(text, name))],
            salience=0.5,
            **COMPONENT,
        )
        for number, (type_, name) in enumerate(
            [*(("PERSON", name) for name in story.people), *(("ORG", name) for name in story.orgs)], start=1
        )
    ]
    ids = {entity.name: entity.id for entity in entities}
    quotes = [
        Quote(
            id=f"q{number}",
            kind="direct",
            segments=[Span(**span(text, words))],
            speaker=Speaker(**span(text, who), entity=ids.get(who), resolved_by="name", confidence=0.9),
            **COMPONENT,
        )
        for number, (who, words) in enumerate(story.said, start=1)
    ]
    tones = {quote.speaker.entity: Tone(score=0.25, sentences=1) for quote in quotes if quote.speaker.entity}
    return Record(
        id=id_,
        digest=digest,
        collection=collection,
        media_type="text/plain",
        canonical_url=None,
        title=story.headline,
        headline=Headline(text=story.headline, source="title"),
        byline=[],
        agency=None,
        text=text,
        language=story.language,
        language_confidence=0.99 if story.language else None,
        blocks=[Block(start=0, end=len(text), kind="paragraph", rule="by hand")],
        notes=[],
        published=Stamp(value=story.published, precision="day", evidence="meta", **COMPONENT)
        if story.published
        else None,
        modified=None,
        entities=entities,
        quotes=quotes,
        timexes=[
            Timex(
                type="DATE",
                value=value,
                unresolved=None if value else "no anchor",
                **span(text, words),
                **COMPONENT,
            )
            for words, value in story.dates
        ],
        places=[
            Place(name=name, country=country, status="resolved", **span(text, name), **COMPONENT)
            for name, country in story.places
        ],
        events=[],
        about=About(
            topics=[
                Topic(code=code, label=label, probability=0.8, evidence=[], component="test", rule="by hand")
                for code, label in story.topics
            ],
            tone=ToneByVoice(author=Tone(score=-0.5, sentences=2), speakers=tones),
            keywords=[],
            summary=[],
        ),
        translation=Translation(score=0.0, verdict="unlikely", signs=[]),
        coverage={"read": Coverage(characters_read=len(text))},
        abstentions=[],
        warnings=list(story.warnings),
        provenance=Provenance(fingerprints={"read": "0123456789abcdef"}, components=[]),
    )


@dataclass
class DeskForTest:
    """A desk with its spool, and what intake, worker and publisher do to it."""

    settings: Settings
    desk: Desk
    spool: Spool
    clock: float = 1_700_000_000.0
    stories: dict[str, Story] = field(default_factory=dict)

    @classmethod
    def make(cls, folder: Path, **options: object) -> DeskForTest:
        settings = Settings(desk=folder / "desk", inbox=folder / "inbox", **options)
        return cls(settings, open_desk(settings), Spool(settings))

    def drop(
        self,
        path: Path | str,
        *stories: Story,
        collection: str = "default",
        watched: bool = False,
        state: SourceState = SourceState.SPLIT,
    ) -> list[str]:
        """Let a source arrive with these articles in it; return their ids."""
        self.clock += 1
        members = []
        for position, story in enumerate(stories):
            data = story.text.encode()
            digest = digest_of(data)
            self.spool.put(data, digest)
            member = f"{position}.txt" if len(stories) > 1 else None
            members.append(arrive.Member(article_id(collection, data), digest, len(data), position, member))
            self.stories[members[-1].id] = story
        self.spool.flush()
        try:
            stat = path.stat()
            size, mtime_ns = stat.st_size, stat.st_mtime_ns
        except (AttributeError, OSError):
            size, mtime_ns = 1, 1
        found = arrive.Found(str(path), collection, size, mtime_ns)
        with self.desk.writing() as connection:
            source = arrive.open_source(connection, found, watched=watched, run=None, now=self.clock)
            arrive.register(connection, source.id, collection, members, now=self.clock)
            if state != SourceState.SPLITTING:
                code = None if state == SourceState.SPLIT else "damaged"
                arrive.close_source(connection, source.id, state, error_code=code)
        return [member.id for member in members]

    def admit(self) -> None:
        with self.desk.writing() as connection:
            ledger.admit(connection, now=self.clock, settings=self.settings)

    def claim(self, stage: str, ids: list[str]) -> ledger.Claim:
        with self.desk.writing() as connection:
            claim = ledger.claim(
                connection, stage, ids, task_id="t", worker=current_worker(), now=self.clock, lease_s=600
            )
        assert claim is not None
        return claim

    def finish(self, claim: ledger.Claim, outcome: ledger.Outcome) -> None:
        self.clock += 1
        with self.desk.writing() as connection:
            if claim.stage == "publish":
                prepared = [publishing.prepare(self.record(id_)) for id_ in outcome.made]
                publishing.write(connection, prepared, sinks=self.settings.sinks, now=self.clock)
            ledger.finish(
                connection, claim, outcome, fingerprint="f" * 16, now=self.clock, settings=self.settings
            )

    def record(self, id_: str) -> Record:
        with self.desk.reading() as connection:
            row = connection.exec_driver_sql(
                "SELECT digest, collection FROM articles WHERE id = ?", (id_,)
            ).one()
        return record_of(id_, row.digest, row.collection, self.stories[id_])

    def publish(self, ids: list[str]) -> None:
        """Take articles through all stages."""
        self.admit()
        body = zlib.compress(Classification(coverage=Coverage(characters_read=0)).model_dump_json().encode())
        for stage in STAGES:
            outcome = ledger.Outcome(made=dict.fromkeys(ids, body))
            self.finish(self.claim(stage, ids), outcome)

    def fail(
        self,
        id_: str,
        *,
        code: str = "not_text",
        detail: str = "This is no text.",
        traceback: str | None = None,
    ) -> None:
        """Let `read` reject an article."""
        self.admit()
        failure = ledger.Failure(code, detail, final=True, traceback=traceback)
        self.finish(self.claim("read", [id_]), ledger.Outcome(failed={id_: failure}))

    def execute(self, statement: str, *values: object) -> None:
        """Damage something behind everybody's back."""
        with self.desk.writing() as connection:
            connection.exec_driver_sql(statement, values)
