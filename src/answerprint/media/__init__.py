"""Files to records and arrays, and back: probing, sound, timecode, digests. Imports model; may use av, numpy, blake3, xxhash, lxml."""

from answerprint.model.records import AnswerprintError

__all__ = ["MediaError"]


class MediaError(AnswerprintError):
    """A medium that cannot be read: which file, what was found, what to do."""
