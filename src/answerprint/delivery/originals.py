"""The originals behind a cut: found by digest first, then by the name the cut knows; all that are missing are named at once."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from answerprint.delivery import DeliveryError
from answerprint.delivery.plan import Medium, stamp
from answerprint.delivery.sources import see_through
from answerprint.media import MediaError, digests
from answerprint.media.container import reading
from answerprint.media.probe import probe
from answerprint.model.records import Digest
from answerprint.timeline.cut import Media, media_of, seconds, start_and_length
from answerprint.timeline.edit import stem

__all__ = ["Originals", "Seals"]

_LETTERED = "cuts/supers/"  #: where supers lie that were drawn here
_NAMED = 5  #: missing media in one sentence
_STILLS = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp")


class Originals:
    """Every medium that the cut uses, probed once, in the order of its first use.

    Args: media: paths by digest, by the production's file name or by name.  channels: by the same names.
    """

    def __init__(self, media: Mapping[str, Path], channels: Mapping[str, Sequence[int]]) -> None:
        self._media, self._channels = media, channels
        self._by_stem: dict[str, list[str]] = {}
        for key in media:
            self._by_stem.setdefault(stem(key), []).append(key)
        self.used: dict[str, Medium] = {}
        self._says: dict[int, tuple[Any, Media]] = {}
        self._of: dict[int, tuple[Any, Medium | None]] = {}
        self._missing: dict[str, str] = {}

    def of(self, clip: Any) -> Medium | None:
        """The original of a clip; None where it is missing, which `check` then says."""
        known = self._of.get(id(clip))
        if known is None:
            known = self._of[id(clip)] = clip, self._found(self.media(clip), clip)
        return known[1]

    def _found(self, media: Media, clip: Any) -> Medium | None:
        name = media.name or clip.name or "a clip"
        key = next((one for one in (media.digest, media.file, media.name) if one and one in self._media), None)
        if key is None:
            alike = self._by_stem.get(stem(name), [])
            key = alike[0] if len({self._media[one] for one in alike}) == 1 else None
        if key is None:
            self._missing.setdefault(name, f"{name}{f' (seal {media.digest[:15]})' if media.digest else ''}")
            return None
        path = Path(self._media[key])
        own = media.digest or str(path)
        if own not in self.used:
            try:
                info = None if media.still or path.suffix.lower() in _STILLS else probe(path)
                if not path.is_file():
                    raise MediaError(f"{path.name} is not there (any more). Is its disk still connected?")
                if media.digest and key != media.digest and (now := digests.read(path, also=()).blake3) != media.digest:
                    raise MediaError(f"{path.name} is another file than the one in the cut (seal {now[:15]}, and {media.digest[:15]} in the cut)")
            except MediaError as error:
                self._missing.setdefault(name, str(error).rstrip("."))
                return None
            if info is not None and info.kind == "camera original":
                self._missing.setdefault(name, f"{name} is camera raw, which does not open here: bring the DIT's proxies or a graded master")
                return None
            self.used[own] = Medium(key=own, name=name, path=path, info=info, digest=media.digest, see_through=see_through(path, info), stamp=stamp(path), lettering=media.file.startswith(_LETTERED))
        return self.used[own]

    def media(self, clip: Any) -> Media:
        """What the cut itself says about a clip's medium."""
        known = self._says.get(id(clip))
        if known is None:
            known = self._says[id(clip)] = clip, media_of(clip)
        return known[1]

    def is_named(self, clip: Any, file: str) -> bool:
        """Whether a clip is the one that goes by this file name in the production."""
        media = self.media(clip)
        return file in (media.file, media.digest, media.name) or (bool(media.file) and os.path.basename(media.file) == file)

    def start_of(self, clip: Any, medium: Medium) -> Fraction:
        """Where the medium's own clock begins, as the cut counts it: its timecode."""
        available = getattr(clip.media_reference, "available_range", None)
        if available is not None:
            return seconds(available.start_time)
        return start_and_length(medium.info).start_s if medium.info is not None else Fraction(0)

    def heard(self, clip: Any) -> tuple[int, ...] | None:
        """Which channels of a clip are heard, where somebody says so."""
        media = self.media(clip)
        found = next((self._channels[one] for one in (media.digest, media.file, media.name) if one and one in self._channels), None)
        return tuple(found) if found is not None else None

    def check(self) -> None:
        """Raises: DeliveryError naming every medium that is missing."""
        if not self._missing:
            return
        said = list(self._missing.values())
        more = f", and {len(said) - _NAMED} more" if len(said) > _NAMED else ""
        raise DeliveryError(f"{len(said)} of the media in this cut {'is' if len(said) == 1 else 'are'} not to be had: {'; '.join(said[:_NAMED])}{more}. Connect their disks, or relink the cut; `answerprint prep` reads in what is new.")


class Seals:
    """Originals that were read whole, each once for as long as this is kept: a run that renders many films out of them reads each one time.

    One that was written to, exchanged or set back in time since is read again: its place on the disk and its time of change say so.
    """

    def __init__(self) -> None:
        self._read: dict[tuple[int, ...], Digest] = {}

    def of(self, path: Path) -> Digest:
        """The seal of a file. Raises: MediaError: it cannot be read, or changes while it is read."""
        before = _state(path)
        if before not in self._read:
            found = digests.read(path, also=()).blake3
            if _state(path) != before:
                return found
            self._read[before] = found
        return self._read[before]


def _state(path: Path) -> tuple[int, ...]:
    with reading(path):
        found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
