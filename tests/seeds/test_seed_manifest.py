"""The sample files are those of the manifest, and every article has its expectation."""

from __future__ import annotations

import json

import pytest
from seed_cases import EXPECTED, cases, seed_manifest


def test_files_agree_with_manifest_and_sources() -> None:
    assert seed_manifest.problems() == []


def test_every_article_has_an_expectation_and_every_expectation_an_article() -> None:
    assert {case.id for case in cases()} == {path.stem for path in EXPECTED.glob("*.json")}


@pytest.mark.parametrize("change", ["bytes", "missing", "extra", "source"])
def test_a_change_is_seen(
    change: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    copy = tmp_path_factory.mktemp("seeds")
    for path in seed_manifest.seed_files():
        (copy / path.name).write_bytes(path.read_bytes())
    (copy / "manifest.json").write_text(json.dumps({"files": seed_manifest.entries()}), encoding="utf-8")
    monkeypatch.setattr(seed_manifest, "SEEDS", copy)
    monkeypatch.setattr(seed_manifest, "MANIFEST", copy / "manifest.json")
    assert seed_manifest.problems() == []
    victim = copy / "001_dock_strike.txt"
    if change == "bytes":
        victim.write_bytes(victim.read_bytes().replace(b"June 14", b"June 15", 1))
    elif change == "missing":
        victim.unlink()
    elif change == "extra":
        (copy / "099_new.txt").write_text("New.", encoding="utf-8")
    else:
        monkeypatch.setattr(seed_manifest, "built", lambda: {victim.name: b"other"})
    found = seed_manifest.problems()
    assert found
    assert all(("099_new" if change == "extra" else victim.name) in line for line in found)
