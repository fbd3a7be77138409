# ruff: noqa: RUF001 - marks that encodings differ in
from __future__ import annotations

import codecs

import pytest

from tasks.read.decode import check, decode, head
from worker.errors import RejectArticle

NEWS = "Der Minister für Verkehr sagte „Nein“ – und ging."


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (NEWS.encode(), "utf-8"),
        (codecs.BOM_UTF8 + NEWS.encode(), "utf-8"),
        (NEWS.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + NEWS.encode("utf-16-be"), "utf-16"),
        (NEWS.encode("utf-16-le"), "utf-16-le"),
        (NEWS.encode("utf-16-be"), "utf-16-be"),
        (NEWS.encode("utf-32"), "utf-32"),
    ],
)
def test_certain_encodings(data, encoding):
    decoded = decode(data)
    assert (decoded.text, decoded.encoding, decoded.warnings) == (NEWS, encoding, [])


def test_windows_1252_is_a_guess_and_says_so():
    decoded = decode(NEWS.encode("cp1252"))
    assert (decoded.text, decoded.encoding) == (NEWS, "cp1252")
    assert any("Windows-1252" in warning for warning in decoded.warnings)


@pytest.mark.parametrize(
    ("encoding", "declared", "found"),
    [
        ("koi8-r", "KOI8-R", "koi8-r"),
        ("cp1251", "windows-1251", "cp1251"),
        ("shift_jis", "Shift_JIS", "shift_jis"),
        ("gbk", "gb2312", "gb18030"),  # the wider set, as browsers do
    ],
)
def test_declared_encodings(encoding, declared, found):
    text = {
        "koi8-r": "Министр сказал",
        "cp1251": "Министр сказал",
        "shift_jis": "大臣は述べた",
        "gbk": "部长说",
    }[encoding]
    decoded = decode(text.encode(encoding), declared=declared)
    assert (decoded.text, decoded.encoding, decoded.warnings) == (text, found, [])


@pytest.mark.parametrize(
    "declared", ["rot13", "zlib", "base64", "unicode_escape", "idna", "no-such", "\0", ""]
)
def test_what_is_declared_must_be_a_text_encoding(declared):
    assert decode("café".encode("latin-1"), declared=declared).encoding == "cp1252"


def test_a_declaration_that_does_not_fit_is_named():
    decoded = decode("café".encode("latin-1"), declared="shift_jis")
    assert decoded.encoding == "cp1252"
    assert any("declared as shift_jis" in warning for warning in decoded.warnings)


def test_a_few_broken_bytes_do_not_make_all_of_it_windows_1252():
    data = ("Größe, Öl, Maß, für, über " * 10).encode() + b"\xc3"
    decoded = decode(data)
    assert decoded.encoding == "utf-8"
    assert decoded.text.endswith("über \ufffd")
    assert any("U+FFFD" in warning for warning in decoded.warnings)


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 some words",
        b"PK\x03\x04 word/document.xml",
        b"\x89PNG\r\n",
        b"{\\rtf1 Hello}",
        b"text with a \x00 in it",
        bytes(range(1, 32)) * 10 + b"abc",
        bytes(range(128, 160)) * 20,
    ],
)
def test_noise_is_no_text(data):
    with pytest.raises(RejectArticle) as caught:
        decode(data)
    assert caught.value.code == "not_text"


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfea", b"\xff\xfe\x00\xd8a\x00", b"caf\xe9 \x8d " + b"and words " * 15],
)
def test_undecodable(data):
    with pytest.raises(RejectArticle) as caught:
        decode(data)
    assert caught.value.code == "undecodable"


def test_a_few_broken_bytes_in_ascii():
    decoded = decode(b"The council met on Tuesday. " * 100 + b"\x8d")
    assert decoded.encoding == "utf-8"
    assert decoded.text.endswith("\ufffd")
    assert any("U+FFFD" in warning for warning in decoded.warnings)


def test_other_scripts_are_not_read_as_western():
    with pytest.raises(RejectArticle) as caught:
        decode("Министр сказал, что переговоры продолжатся.".encode("cp1251"))
    assert caught.value.code == "undecodable"


def test_newlines_are_normalised_and_nothing_else():
    assert decode(b"a\r\nb\rc\nd\te  f\x0cg ").text == "a\nb\nc\nd\te  f\x0cg "
    assert decode("a\u2028b\u2029c\x85d".encode()).text == "a\nb\nc\nd"


def test_mojibake_is_named_and_kept():
    broken = "Russia’s café".encode().decode("cp1252")
    decoded = decode(broken.encode())
    assert decoded.text == broken
    assert any("mojibake" in warning for warning in decoded.warnings)
    assert decode("Âge, São Paulo, Ñandú, Да Нет".encode()).warnings == []


def test_surrogates_become_replacement_characters():
    text, warnings = check("a\ud800b")
    assert (text, len(warnings)) == ("a\ufffdb", 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_head_sees_through_encodings(encoding):
    assert head(' \n{"title": "x"}'.encode(encoding)).startswith('{"title"')
