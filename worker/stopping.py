"""One byte shared by a Celery parent and its children: has the worker been asked to stop?

A child in the middle of a long batch then hands the rest back instead of making the parent wait.
"""

from __future__ import annotations

import mmap

_flag = mmap.mmap(-1, 1)


def ask() -> None:
    """Ask every child to stop after the article in hand."""
    _flag[0] = 1


def asked() -> bool:
    """Whether this worker has been asked to stop."""
    return _flag[0] == 1
