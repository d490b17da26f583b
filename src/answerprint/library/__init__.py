"""The library: what lies on a person's own disks, across productions. Shots, what is seen in them, and how one is found again.

The room is the index and the reading of files; folders, rights and searching are taken together in `shelving`.
"""

from __future__ import annotations

from answerprint.model.records import AnswerprintError

__all__ = ["LibraryError"]


class LibraryError(AnswerprintError):
    """Something of the library that is not there, cannot be read, or does not fit: which, and what to do."""
