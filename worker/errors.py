"""The tree of errors, named after what the caller does next.

CopydeskError
├── UsageError            tell the person, exit 2
│   ├── SettingsError     a setting is wrong: key, value, remedy
│   ├── DeskError         the desk cannot be opened or used here
│   └── ModelError        a model cannot be loaded: the file, and what to do
├── RejectArticle         quarantine this article now; trying again would change nothing
├── RejectSource          the source is failed; articles already split from it stay
├── RetryLater            nothing is wrong with the article; ring again after a while
└── LostClaim             somebody else owns this work now; write nothing, say nothing
"""

from __future__ import annotations


class CopydeskError(Exception):
    """Base of every error that copydesk raises on purpose."""


class UsageError(CopydeskError):
    """Something the person at the keyboard can put right; the message says how."""


class SettingsError(UsageError):
    """A setting is wrong; the message names key, value and remedy."""


class DeskError(UsageError):
    """The desk cannot be opened or used here; the message says why and what to do."""


class ModelError(UsageError):
    """A model is missing, damaged or cannot be run; the message names the file and the remedy."""


class RejectArticle(CopydeskError):  # noqa: N818 - named after what the caller does
    """This article can never be processed as it is: quarantine it, with its bytes and the reason.

    `code` is a short stable word that groups equal reasons (`empty`, `too_large`, `not_text`, ...);
    `detail` is one sentence for the person who looks into the quarantine.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class RejectSource(CopydeskError):  # noqa: N818 - named after what the caller does
    """This source cannot be read (further); `code` and `detail` as in `RejectArticle`."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class RetryLater(CopydeskError):  # noqa: N818 - named after what the caller does
    """A passing condition (disk full, desk locked, server gone): hand the work back uncharged."""


class LostClaim(CopydeskError):  # noqa: N818 - named after what happened
    """The claim's fencing token is gone: somebody else owns these articles now."""
