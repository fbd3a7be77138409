"""Plain text: decoded, and nothing else; the finishing code finds what is a heading and what a date line."""

from __future__ import annotations

import re

from tasks.read.decode import decode, head
from tasks.read.draft import Context, Draft
from worker.errors import RejectArticle

_OTHER_MARKUP = re.compile(
    r"<\?xml|<(?:rss|feed|rdf:RDF|nitf|newsItem|newsMessage|NewsML|svg|urlset)\b|%!PS|From \S+@\S+ ",
    re.IGNORECASE,
)


class PlainTextReader:
    """Reads whatever no other reader wants and is text."""

    name = "text"
    version = "1.0"
    media_type = "text/plain"
    priority = 0

    def matches(self, data: bytes) -> bool:  # noqa: ARG002 - the interface is every reader's
        """Say yes: this reader comes last, and refuses what is no text when it reads."""
        return True

    def read(self, data: bytes, context: Context) -> Draft:  # noqa: ARG002 - as above
        """Return the text as it is. Raises RejectArticle: `not_text`, `undecodable`, `unknown_format`."""
        start = head(data)
        markup = _OTHER_MARKUP.match(start)
        if markup:
            raise RejectArticle(
                "unknown_format",
                f"The file begins with {markup.group()!r}: no reader for this format is installed.",
            )
        decoded = decode(data)
        return Draft(text=decoded.text, encoding=decoded.encoding, warnings=decoded.warnings)
