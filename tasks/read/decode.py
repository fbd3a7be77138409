"""Bytes to text: the encoding is found, never guessed silently, and noise is refused."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from worker.errors import RejectArticle

_BOMS = (
    # UTF-32 first: its little-endian mark begins with the one of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x89PNG", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x7fELF", "a program"),
)
_DECLARABLE = re.compile(
    r"utf-?(8|16|32)|iso8859-\d+|latin-?1|ascii|cp(125\d|866|932|949|950)|koi8-[rut]|"
    r"shift_jis\w*|euc_(jp|kr)\w*|gb(2312|k|18030)|big5\w*|mac-(roman|cyrillic)|tis-620",
)
# What a web browser takes these names for (WHATWG Encoding Standard): the wider set that contains them.
_WIDER = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_NEWLINES = re.compile("\r\n?|[\x85\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# UTF-8 read as Windows-1252: a lead byte shown as a letter, then a continuation byte shown as a sign.
_MOJIBAKE = re.compile(
    "[\u00c2-\u00c3\u00d0\u00d1][\u0080-\u00bf]|\u00e2\u20ac[\u0080-\u00bf\u0152-\u0192\u02c6-\u2122]"
)

_SAMPLE = 4096
_MOST_CONTROL = 0.01
_LEAST_UTF16_ZEROS = 0.3
_MOST_STRAY_ZEROS = 0.02
_VALID_PER_BROKEN = 10
_FEW_BROKEN = 0.001
_MOST_ACCENTED = 0.3


@dataclass(frozen=True, slots=True)
class Decoded:
    """Decoded text with newlines normalised, how it was decoded, and what is odd about it."""

    text: str
    encoding: str
    warnings: list[str]


def decode(data: bytes, *, declared: str | None = None) -> Decoded:
    r"""Return the text of `data`, read as its byte order mark says, else in the first encoding that fits.

    These are UTF-16 by its pattern, UTF-8, `declared`, Windows-1252. Newlines become `\n` and a byte order
    mark goes; nothing else is touched. What is no certain encoding is named in `warnings`. Raises
    RejectArticle: `not_text` for binary data, `undecodable`.
    """
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise RejectArticle("not_text", f"The file is {what}, not text.")
    text, encoding, warnings = _decode(data, declared)
    text = _NEWLINES.sub("\n", text.removeprefix("\ufeff"))
    text, more = check(text)
    return Decoded(text, encoding, warnings + more)


def check(text: str) -> tuple[str, list[str]]:
    """Return the text without lone surrogates, and warnings about what is odd in it.

    Raises RejectArticle `not_text` when it has NUL or too many control characters.
    """
    warnings: list[str] = []
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        text = text.removeprefix("\ufeff")
        warnings.append("lone surrogates stand as U+FFFD")
    if "\x00" in text:
        raise RejectArticle("not_text", "The text contains NUL characters: this is binary data.")
    control = len(_CONTROL.findall(text))
    if control > _MOST_CONTROL * len(text):
        raise RejectArticle("not_text", f"{control} of {len(text)} characters are control characters.")
    if control:
        warnings.append(f"{control} control characters in the text")
    broken = len(_MOJIBAKE.findall(text))
    if broken:
        warnings.append(f"mojibake: {broken} places look like UTF-8 that was read as Windows-1252")
    return text, warnings


def head(data: bytes) -> str:
    """Return the first characters of `data` for sniffing, without byte order mark and white space before."""
    sample = data[:_SAMPLE]
    for bom, encoding in _BOMS:
        if sample.startswith(bom):
            return sample.decode(encoding, "ignore").lstrip("\ufeff \t\r\n\f")
    encoding = _utf16_pattern(sample[: len(sample) // 2 * 2]) or "latin-1"
    return sample.decode(encoding, "ignore").lstrip(" \t\r\n\f")


def _decode(data: bytes, declared: str | None) -> tuple[str, str, list[str]]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding, "its byte order mark"), encoding, []
    pattern = _utf16_pattern(data)
    if pattern:
        return _strict(data, pattern, "its pattern of zero bytes"), pattern, []
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError:
        return _decode_legacy(data, declared)


def _strict(data: bytes, encoding: str, because: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise RejectArticle(
            "undecodable",
            f"The file is {encoding.upper()} by {because}, but byte {error.start} does not fit.",
        ) from None


def _decode_legacy(data: bytes, declared: str | None) -> tuple[str, str, list[str]]:
    warnings: list[str] = []
    codec = _known_codec(declared)
    if codec and codec != "utf-8":
        try:
            return data.decode(codec), codec, []
        except UnicodeDecodeError:
            warnings.append(f"declared as {codec}, but the bytes do not fit")
    repaired = data.decode("utf-8", "replace")
    broken = repaired.count("\ufffd")
    # Every character beyond ASCII in the repaired text was a valid sequence, apart from the broken ones.
    valid = len(repaired) - len(repaired.encode("ascii", "ignore")) - broken
    if valid >= _VALID_PER_BROKEN * broken:
        warnings.append(f"{broken} places are no valid UTF-8 and stand as U+FFFD")
        return repaired, "utf-8", warnings
    text = _western(data)
    if text is not None:
        warnings.append("no valid UTF-8 and no encoding declared: read as Windows-1252, a guess")
        return text, "cp1252", warnings
    if broken <= _FEW_BROKEN * len(repaired):
        warnings.append(f"{broken} places are no valid UTF-8 and stand as U+FFFD")
        return repaired, "utf-8", warnings
    raise RejectArticle(
        "not_text" if _looks_binary(data) else "undecodable",
        "The bytes are neither UTF-8 nor UTF-16 nor Western text, and no encoding that fits is declared.",
    )


def _western(data: bytes) -> str | None:
    """Return the text as Windows-1252 has it, None where that cannot be: bytes it lacks, too many accents."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    letters = sum(c.isalpha() for c in text)
    accented = sum(c.isalpha() and not c.isascii() for c in text)
    return text if accented <= _MOST_ACCENTED * letters else None


def _known_codec(declared: str | None) -> str | None:
    """Return Python's name of a declared text encoding; None for what is unknown or no text encoding."""
    if not declared:
        return None
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        return None
    return _WIDER.get(name, name) if _DECLARABLE.fullmatch(name) else None


def _utf16_pattern(data: bytes) -> str | None:
    """Tell UTF-16 without a mark by its zero bytes: many on one side of the pairs, few on the other."""
    sample = data[:_SAMPLE]
    if len(data) % 2 or len(sample) < 4 or b"\x00" not in sample:  # noqa: PLR2004 - two characters
        return None
    half = len(sample) / 2
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd >= _LEAST_UTF16_ZEROS and even <= _MOST_STRAY_ZEROS:
        return "utf-16-le"
    if even >= _LEAST_UTF16_ZEROS and odd <= _MOST_STRAY_ZEROS:
        return "utf-16-be"
    return None


def _looks_binary(data: bytes) -> bool:
    control = len(_CONTROL.findall(data.decode("latin-1")))
    return control > _MOST_CONTROL * len(data)
