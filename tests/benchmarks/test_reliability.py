"""The picture of reliability: groups, and a drawing that is well-formed and stays within its frame."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from benchmarks.reliability import Group, groups, picture


def test_groups() -> None:
    found = groups([(0.41, True), (0.49, False), (0.95, True), (1.0, True)])
    assert [(group.right, group.texts) for group in found] == [(0.5, 2), (1.0, 2)]
    assert [group.probability for group in found] == pytest.approx([0.45, 0.975])


def test_picture() -> None:
    drawn = ET.fromstring(picture([Group(0.45, 0.5, 2), Group(0.97, 1.0, 8)], 0.02))
    _, _, width, height = map(float, drawn.attrib["viewBox"].split())
    marks = [each for each in drawn if each.tag.endswith("circle")]
    assert len(marks) == 2
    assert all(0 <= float(each.attrib["cx"]) <= width for each in marks)
    assert all(0 <= float(each.attrib["cy"]) <= height for each in marks)
    words = [each.text for each in drawn if each.tag.endswith("text")]
    assert "10 answered texts; calibration error 2.0 %" in words
