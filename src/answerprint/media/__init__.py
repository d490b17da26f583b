"""Files to records and arrays, and back: probing, sound, timecode, digests."""

from answerprint.model.records import AnswerprintError

__all__ = ["MediaError"]


class MediaError(AnswerprintError):
    """A medium that cannot be read: which file, what was found, what to do."""
