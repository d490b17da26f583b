"""What an attempt is called, and what is known about it, in a bin: slate name, keywords, note."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Protocol

from answerprint.model.attempts import Attempt, Covered
from answerprint.model.time import Span
from answerprint.timeline.cut import ClipInfo, Keyword, Sync, start_and_length
from answerprint.timeline.laying import SyncedClip, stretch

__all__ = ["Strung", "Wanted", "about", "exact", "keywords", "lasts", "note", "slate_name", "with_attempts"]


class Wanted(Protocol):
    """An item of the script, as far as a timeline needs to know it: `answerprint.script.Item` is one."""

    @property
    def number(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def flat(self) -> str: ...
    @property
    def seconds(self) -> Fraction | None: ...
    @property
    def stock(self) -> str | None: ...
    @property
    def card(self) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Strung:
    """One attempt in one clip, with what it covers of the script."""

    clip: SyncedClip
    attempt: Attempt
    covered: Sequence[Covered] = ()  #: in the order in which it was said or shown

    def of(self, item: int) -> Covered | None:
        """How it covers an item, None where it does not; of several stretches the last complete one, else the last."""
        found = [one for one in self.covered if one.item == item]
        return next((one for one in reversed(found) if one.complete), found[-1] if found else None)


def exact(moment_s: float) -> Fraction:
    """A time that was measured to a millisecond, as it was written."""
    return Fraction(str(moment_s))


def lasts(strung: Strung, rate: Fraction) -> Span:
    """The attempt from "action" to "cut" in whole frames, outward; seconds from the clip's first frame."""
    return stretch(strung.clip, exact(strung.attempt.in_s), exact(strung.attempt.out_s), rate)


def slate_name(strung: Strung) -> str:
    """As a crew would say it: "1A-3 A", "47-2 pickup", "1A-3 series 2"; the second attempt in a clip and later ones say so.

    Without a slate it is the clip's name and the attempt's number. The letter at the end is the camera's.
    """
    attempt = strung.attempt
    number = attempt.scene or attempt.slate
    words = [number or PurePosixPath(strung.clip.file).stem]
    if number and attempt.take is not None:
        words[0] += f"-{attempt.take}"
    if number and strung.clip.media.camera:
        words.append(strung.clip.media.camera)
    if attempt.kind in ("pickup", "restart", "false start"):
        words.append(attempt.kind)
    if attempt.series:
        words.append(f"series {attempt.number}")
    elif attempt.number > 1 or not number:
        words.append(f"attempt {attempt.number}")
    return " ".join(words)


def keywords(strung: Strung) -> tuple[str, ...]:
    """Words to find an attempt by. A circle shows whose it is; where no person's name came with it, where it was read."""
    attempt = strung.attempt
    words = [
        attempt.scene and f"scene {attempt.scene}",
        attempt.slate and f"slate {attempt.slate}",
        attempt.take is not None and f"take {attempt.take}",
        f"attempt {attempt.number}",
        attempt.kind != "take" and attempt.kind,
        attempt.series and "series",
        attempt.slate_at == "tail" and "tail slate",
        _circle(attempt),
        *(f"item {one.item}" for one in strung.covered),
    ]
    return tuple(dict.fromkeys(word for word in words if word))


def _circle(attempt: Attempt) -> str:
    if not attempt.circled:
        return ""
    source = next((reading.source for reading in attempt.readings if reading.what == "circled"), None)
    return f"circled by {attempt.circled_by}" if attempt.circled_by else f"circled ({source})" if source else "circled"


def note(attempt: Attempt) -> str | None:
    """What was written about it on the day, as a quotation with its name; and where the sources of its slate disagree."""
    words = [f"“{attempt.comment}”" + (f" ({attempt.comment_by})" if attempt.comment_by else "")] if attempt.comment else []
    return " ".join([*words, *attempt.conflicts]) or None


def about(strung: Strung) -> ClipInfo:
    """What an item of a string carries."""
    attempt, clip = strung.attempt, strung.clip
    return ClipInfo(
        keywords=tuple(Keyword(text=word) for word in keywords(strung)),
        scene=attempt.scene or attempt.slate,
        take=str(attempt.take) if attempt.take is not None else None,
        note=note(attempt),
        abstained=clip.abstained,
        sync=tuple(Sync(digest=sound.digest, file=sound.file, offset_s=sound.offset_s, drift_ppm=sound.drift_ppm) for sound in clip.sounds),
    )


def with_attempts(clip: SyncedClip, strung: Iterable[Strung], rate: Fraction) -> SyncedClip:
    """A clip for a bin, its attempts as keywords on their stretches. The slate and note of the clip itself stay where it has them."""
    start = start_and_length(clip.media).start_s
    marks, notes, scenes, takes = [], [], [], []
    for one in strung:
        used = lasts(one, rate)
        name, says = slate_name(one), note(one.attempt)
        marks.append(Keyword(text=name, start_s=start + used.start_s, duration_s=used.duration_s, note=says or ""))
        marks += [Keyword(text=word, start_s=start + used.start_s, duration_s=used.duration_s) for word in keywords(one)]
        notes += [f"{name}: {says}"] if says else []
        scenes += [one.attempt.scene or one.attempt.slate]
        takes += [one.attempt.take]
    scene, take = (found[0] if found and len(set(found)) == 1 else None for found in (scenes, takes))
    return replace(
        clip, marks=(*clip.marks, *marks), note=" ".join(filter(None, (clip.note, *notes))) or None,
        scene=clip.scene or (str(scene) if scene else None), take=clip.take or (str(take) if take is not None else None),
    )  # fmt: skip
