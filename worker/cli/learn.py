"""`copydesk learn`: lines that recur in a source, counted over the articles in the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.cli.common import examples, existing_desk, note, settings_for

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "learned"


@examples(
    "copydesk learn",
    "COPYDESK_LEARNED_LINES=desk/learned/lines-0001.json copydesk run inbox/",
)
def learn() -> None:
    """Count the lines that recur in a source, and write them as a new numbered snapshot.

    The snapshot is a file in `learned/` in the desk's folder, and changes nothing by itself: name it in the
    setting `learned_lines`, and the lines in it are boilerplate in every article read from then on.
    """
    from tasks.read.learned import as_json, count_records, next_number
    from worker.desk.bodies import current_bodies

    settings = settings_for()
    folder = settings.desk_dir / FOLDER
    with existing_desk(settings) as desk:
        folder.mkdir(parents=True, exist_ok=True)
        number = next_number([path.name for path in folder.iterdir()])
        snapshot = count_records(current_bodies(desk), number)
    if not snapshot.sources:
        note("No line recurs often enough in any source; no snapshot was written.")
        return
    path = folder / f"lines-{number:04d}.json"
    _write(path, as_json(snapshot))
    lines = sum(len(source.lines) for source in snapshot.sources.values())
    note(f"{lines} lines of {len(snapshot.sources)} sources in {path}.")
    note(f"To use them: learned_lines = '{path}'.")


def _write(path: Path, content: str) -> None:
    scratch = path.with_suffix(".part")
    scratch.write_text(content, encoding="utf-8")
    scratch.replace(path)
