"""Render: a film, planned frame by frame, into the file that a spec asks for.

The picture is made in segments, side by side; each lies in the scratch folder under a key of everything that it is made of. A render that was
killed finds the finished ones again, and a cut that changed in one place renders that place. The file appears whole, by rename.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import av

from answerprint.delivery import DeliveryError, layback, parts
from answerprint.delivery.cards import Cards
from answerprint.delivery.encoding import CONTAINERS, Track, count, durable, join, late, on_disk, picture
from answerprint.delivery.essence import essence
from answerprint.delivery.fitting import unconverted
from answerprint.delivery.levelling import Levelled
from answerprint.delivery.mixing import Sound
from answerprint.delivery.originals import Seals
from answerprint.delivery.plan import RATE_HZ, Medium, Mix, Plan, stamp
from answerprint.delivery.planes import lettered
from answerprint.delivery.projecting import Looks, Projector
from answerprint.delivery.specs import other_rate
from answerprint.delivery.stems import MixMinus, Stems, known, voiced
from answerprint.media.container import reading
from answerprint.media.lettering import watermark
from answerprint.media.look import Look
from answerprint.model.delivery import Rendered, Spec
from answerprint.model.records import canonical, to_plain
from answerprint.model.time import Timecode, round_half_up

__all__ = ["render"]

_VERSION = 3  #: raised when the same plan gives other pictures; segments made before are then not used
_MARGIN = 24  #: lines of the raster for one of the watermark's


def render(
    plan: Plan, spec: Spec, out: Path, *, scratch: Path, mark: str | None = None, look: Look | Mapping[str, Look] | None = None, version: str = "",
    slate: Sequence[str] = (), workers: int | None = None, progress: Callable[[float], None] = lambda done: None, reseal: Seals | None = None,
) -> Rendered:  # fmt: skip
    """Render a film.

    Args:    out: the file, whose folder is there.  scratch: a folder for segments; what is in it is found again and may be deleted.
             mark: a watermark over every frame.  look: one for all media, or by the plan's key of a medium.
             version: the cut's name, for the record.  slate: lines of the clock or slate card.  workers: segments at a time; as many as
             there are processors.  progress: called with 0..1 from the working threads, one at a time; what it raises stops the render.
             reseal: every original is held against its seal before the first frame: read whole, unless `reseal` has read it for another film.
    Sound that the machine assembled is levelled where the spec asks for a loudness; a person's mix is not touched.
    Returns: what was made, with its essence digest. Warnings are the plan's and what the sound showed.
    Raises:  DeliveryError: what the spec and the plan do not agree on, a full disk, an original that is another one by now;
             MediaError: an original that went away.
    """
    work = _Work(plan, spec, scratch, mark, look, slate)
    work.unchanged()
    if reseal is not None:
        work.inputs(reseal)  # nothing that rotted goes into a segment that is kept
    with on_disk(scratch, "The segments that are finished are kept."):
        scratch.mkdir(parents=True, exist_ok=True)
        parts.sweep(scratch)
        segments = _segments(work, workers or os.cpu_count() or 1, progress)
    with on_disk(out.parent, "All segments are kept in the scratch folder."):
        parts.sweep(out.parent)
        part = parts.beside(out)
        try:
            sound, levelled = _joined(work, segments, part)
            found = essence(part, edit=plan.edit)
            inputs = work.inputs(reseal)
            work.unchanged()
            part.chmod(0o644)
            durable(part, out)
        finally:
            part.unlink(missing_ok=True)
    progress(1.0)
    warnings = (*plan.warnings, *work.warnings, *(_heard(sound, plan, spec) if sound is not None else ()), *([levelled.says] if levelled and levelled.says else []))
    return Rendered(
        path=str(out), spec=spec.name, version=version, frames=work.total, film_first=work.cards.head, film_frames=len(plan.frames), rate=plan.rate,
        samples=work.samples if sound is not None else 0, essence=found, inputs=inputs, warnings=tuple(dict.fromkeys(warnings)),
        mix=plan.mix and sound is not None, levelled_db=_gain(plan, levelled),
    )  # fmt: skip


def _joined(work: _Work, segments: list[Path], part: Path) -> tuple[layback.Showed | None, Levelled | None]:
    """Write the finished file; again with another gain until what the machine assembled lies where the spec asks for it."""
    late_by = late(segments[0], work.plan.rate)
    with on_disk(work.scratch, "The segments that are finished are kept."):
        levelled = work.levelled(late_by)
    while True:
        with on_disk(work.scratch, "The segments that are finished are kept."):
            track = work.laid(levelled.gain_db if levelled is not None else 0.0)
        frames = join(segments, part, work.spec.container, rate=work.plan.rate, label=work.label, track=track)
        if frames != work.total:
            raise DeliveryError(f"{frames} frames were written of {work.total}. Delete the scratch folder and deliver again.")
        if levelled is None or not levelled.again(part, from_s=work.cards.head / work.plan.rate):
            break
    if levelled is not None:
        with on_disk(work.scratch, "All segments are kept."):
            levelled.keep(work.level(late_by))
    return track.showed if track is not None else None, levelled


def _gain(plan: Plan, levelled: Levelled | None) -> float | None:
    """The one gain that lies over the sound: the machine's own levelling, or what a person took of an offer."""
    if plan.mix:
        return next((piece.gains[0].gain_db for piece in plan.pieces if piece.gains), None)
    return levelled.gain_db or None if levelled is not None else None


def _heard(sound: layback.Showed, plan: Plan, spec: Spec) -> Iterator[str]:
    """What showed while the sound went by."""
    if sound.clipped:
        at = plan.start.plus(int(Fraction(sound.first_clipped or 0, RATE_HZ) * plan.rate))
        yield f"the sound goes over full scale in {sound.clipped} samples, first at {at}; they are cut off there. Bring its level down, or have it mixed."
    if sound.silenced:
        yield f"the film's first and last {spec.edge_silence_frames} frames are silent, as {spec.title} asks; the cutting room's sound was heard there and is faded."


@dataclass(frozen=True)
class _Segment:
    """A stretch of the file: a card, or frames [first, end) of the film."""

    frames: tuple[Mix, ...]
    card: int | None  #: which of the spec's cards, counted over head and tail
    at: int  #: frame of the file


class _Work:
    """What is rendered, with everything that does not change while it is."""

    def __init__(self, plan: Plan, spec: Spec, scratch: Path, mark: str | None, look: Look | Mapping[str, Look] | None, slate: Sequence[str]) -> None:
        _agree(plan, spec)
        plan, says = known(plan) if (spec.stems or spec.without_voice) and spec.sound is not None else (plan, ())
        if spec.without_voice:
            voiced(plan)
        self.plan, self.spec, self.scratch, self.mark = plan, spec, scratch, mark
        self.cards = Cards(plan, spec, slate)
        self.total = self.cards.head + len(plan.frames) + self.cards.tail
        self.samples = round_half_up(self.total / plan.rate * RATE_HZ)
        self.silent = round_half_up(spec.edge_silence_frames / plan.rate * RATE_HZ)
        self.label = self._label()
        self._seals: dict[str, str] = {}
        self.looks = Looks(plan, look)
        self.warnings = (*self._warn(), *says)
        self.track()  # what its sound cannot be is said before the first frame is rendered

    def _label(self) -> Timecode:
        film = self.plan.start if self.spec.film_at is None else Timecode.parse(self.spec.film_at, rate=self.plan.rate)
        return film.plus(-self.cards.head)

    def _warn(self) -> Iterator[str]:
        if self.spec.durations_frames and len(self.plan.frames) not in self.spec.durations_frames:
            allowed = ", ".join(str(count) for count in self.spec.durations_frames)
            yield f"the film has {len(self.plan.frames)} frames; {self.spec.title} takes {allowed}."
        for key, seen in {(still.medium, self.looks.seals(still) != ()): None for mix in self.plan.frames for _, still in mix if still.medium}:
            info = self.plan.media[key].info
            if info is not None and info.video is not None and (says := unconverted(info.video.colour, self.spec.picture, look=seen)):
                yield f"{self.plan.media[key].name} {says}."

    def segments(self) -> list[_Segment]:
        found = [_Segment((), number, at) for number, at in self.cards.places(before=True)]
        found += [_Segment(self.plan.frames[first:end], None, self.cards.head + first) for first, end in self.plan.segments]
        return found + [_Segment((), number, at) for number, at in self.cards.places(before=False)]

    def length(self, segment: _Segment) -> int:
        return len(segment.frames) if segment.card is None else self.cards.cards[segment.card].frames

    def key(self, segment: _Segment) -> str:
        """Of everything that a segment's packets depend on."""
        frames = segment.frames if segment.card is None else self.cards.mixes(segment.card)
        used = {still.medium for mix in frames for _, still in mix if still.medium}
        looks: dict[tuple[str, ...], int] = {}
        body: dict[str, Any] = {
            "version": _VERSION, "libraries": [av.__version__, *(f"{name} {'.'.join(map(str, number))}" for name, number in sorted(av.library_versions.items()))],
            "picture": repr(replace(self.spec.picture, width=None, height=None, rates=())), "size": list(self.plan.size), "rate": str(self.plan.rate), "mark": self.mark or "",
            "frames": [[[str(weight), still.medium, still.frame, repr(still.box), still.layer, looks.setdefault(self.looks.seals(still), len(looks))] for weight, still in mix] for mix in frames],
            "media": {hashlib.sha256(key.encode()).hexdigest(): self._identity(self.plan.media[key]) for key in used},
            "looks": [list(seals) for seals in looks],
            "card": self.cards.identity(segment.card) if segment.card is not None else "",
            "label": str(self.label.plus(segment.at)) if self.spec.picture.codec == "mpeg2video" else "",
        }  # fmt: skip
        return hashlib.sha256(canonical(to_plain(body))).hexdigest()[:32]

    def _identity(self, medium: Medium) -> str:
        with reading(medium.path):
            found = medium.path.stat()
        return f"{medium.digest or medium.path} {found.st_size} {'' if medium.digest else found.st_mtime_ns}"

    def levelled(self, late_by: int) -> Levelled | None:
        """What finds the gain of sound that the machine assembled; None where nobody asks for a level, a person mixed it, or there is none.

        Args: late_by: as `encoding.late` counts it.
        """
        spec = self.spec.sound
        if spec is None or spec.loudness is None or self.spec.stems or self.spec.without_voice or self.plan.mix or not self.plan.pieces:
            return None
        known = Levelled.kept(self.level(late_by), spec.loudness)
        return known or Levelled.of(Sound(self.plan, spec.layout, silent=self.silent), self.plan.samples, spec.loudness)

    def level(self, late_by: int) -> Path:
        """Where the level is written down that a player hears in a file with this sound: its stamps, which its picture has a part in, are its own."""
        picture = self.spec.picture
        return self.scratch / f"{layback.key({'sound': self._sound, 'asked': repr(self.spec.sound), 'picture': [picture.codec, str(picture.interlaced), str(late_by)]})}.level"

    def laid(self, gain_db: float) -> layback.Layback | None:
        """The film's sound, encoded with a gain. Raises: DeliveryError, MediaError, OSError."""
        track = self.track(gain_db)
        if track is None:
            return None
        path = self.scratch / f"{layback.key({'sound': self._sound, 'gain_db': repr(gain_db)})}.sound"
        return layback.laid(track, path, container=self.spec.container, rate=self.plan.rate, frames=self.total)

    @cached_property
    def _sound(self) -> dict[str, Any]:
        """Everything that the packets of its sound depend on, but for the gain over all of it."""
        spec = self.spec
        used = {piece.medium for piece in self.plan.pieces}
        return {
            "pieces": [repr(piece) for piece in self.plan.pieces],
            "media": {hashlib.sha256(key.encode()).hexdigest(): self._identity(self.plan.media[key]) for key in used},
            "spec": repr(replace(spec.sound, loudness=None) if spec.sound is not None else None), "container": spec.container,
            "parts": [str(spec.stems), str(spec.without_voice)], "edge": str(spec.edge_silence_frames), "rate": str(self.plan.rate), "frames": str(len(self.plan.frames)),
            "cards": [[str(one.frames), one.sound] for one in self.cards.cards], "head": str(self.cards.head),
        }  # fmt: skip

    def track(self, gain_db: float = 0.0) -> Track | None:
        spec = self.spec.sound
        if spec is None:
            return None
        parts = Stems if self.spec.stems else MixMinus if self.spec.without_voice else None
        sound = parts(self.plan, spec.layout, silent=self.silent) if parts else Sound(self.plan, spec.layout, gain_db=gain_db, silent=self.silent)
        first = round_half_up(self.cards.head / self.plan.rate * RATE_HZ)
        return Track(sound, spec, first=first, end=first + self.plan.samples, samples=self.samples, head_tail=self.cards.sound(sound.channels))

    def used(self) -> list[Medium]:
        """All media that are in the file, in the order of their first use."""
        seen = (still.medium for mix in self.plan.frames for _, still in mix if still.medium)
        return [self.plan.media[key] for key in dict.fromkeys([*seen, *(piece.medium for piece in self.plan.pieces)])]

    def inputs(self, reseal: Seals | None) -> tuple[str, ...]:
        """Seals of all media that are in the file. Raises: DeliveryError: one is not what its seal says."""
        seals, read = [], reseal or Seals()
        for medium in self.used():
            found = medium.digest if medium.digest and reseal is None else read.of(medium.path)
            if medium.digest and found != medium.digest:
                raise DeliveryError(f"{medium.name} is no longer the file that was sealed (it was {medium.digest[:15]}, it is {found[:15]}). Copy it again from the card.")
            seals.append(found)
        return tuple(dict.fromkeys(seals))

    def unchanged(self) -> None:
        """Raises: DeliveryError: an original is not as it was when the film was worked out."""
        for medium in self.used():
            with reading(medium.path):
                now = stamp(medium.path)
            if medium.stamp is not None and now != medium.stamp:
                raise DeliveryError(f"{medium.name} was changed after the film was worked out from it. See that nothing writes to it, and deliver again.")


def _agree(plan: Plan, spec: Spec) -> None:
    """Raises: DeliveryError: the plan was not worked out for this spec."""
    picture = spec.picture
    if spec.container not in CONTAINERS:
        raise DeliveryError(f"{spec.name}: the container {spec.container!r} is not built here; there are {', '.join(CONTAINERS)}.")
    if (picture.width or plan.size[0], picture.height or plan.size[1]) != plan.size:
        raise DeliveryError(f"{spec.name} asks for {picture.width} x {picture.height}; the film was worked out for {plan.size[0]} x {plan.size[1]}.")
    if says := other_rate(spec, plan.rate):
        raise DeliveryError(says)
    if spec.textless and not plan.textless:
        raise DeliveryError(f"{spec.name} is the film without lettering; the film was worked out with it. Work it out again without its cards and supers.")
    if spec.sound is not None and spec.sound.rate_hz != RATE_HZ:
        raise DeliveryError(f"{spec.name} asks for sound at {spec.sound.rate_hz} Hz; only {RATE_HZ} is built here.")


class _StoppedError(DeliveryError):
    """Another worker failed first."""


# ---- picture


def _segments(work: _Work, workers: int, progress: Callable[[float], None]) -> list[Path]:
    """Every segment's file, rendered or found, in order."""
    segments = work.segments()
    with tempfile.TemporaryDirectory(dir=work.scratch, prefix=f".looks-{os.getpid()}-") as folder:
        cubes = work.looks.write(Path(folder))
        done = _Progress(work.total, progress)
        keys = [work.key(segment) for segment in segments]
        paths = [work.scratch / f"{key}.{'mkv' if work.spec.picture.codec == 'ffv1' else 'mov'}" for key in keys]
        local = threading.local()
        pools: list[Projector] = []

        def make(segment: _Segment, path: Path) -> None:
            if path.exists() and count(path) == work.length(segment):
                done.add(work.length(segment))
                return
            if done.stopped.is_set():
                return
            if not hasattr(local, "media"):
                local.media = Projector(work.plan, work.spec.picture, work.looks, cubes)
                pools.append(local.media)
            _render(work, segment, path, local.media, done)

        unique = {path: segment for segment, path in zip(segments, paths, strict=True)}
        try:
            with ThreadPoolExecutor(min(workers, len(unique)), thread_name_prefix="render") as pool:
                jobs = [pool.submit(make, segment, path) for path, segment in unique.items()]
                try:
                    wait(jobs, return_when=FIRST_EXCEPTION)
                finally:
                    if not all(job.done() and not job.cancelled() and job.exception() is None for job in jobs):
                        done.stopped.set()
                        pool.shutdown(cancel_futures=True)
            faults = [fault for job in jobs if not job.cancelled() and (fault := job.exception()) is not None]
            for fault in sorted(faults, key=lambda one: isinstance(one, _StoppedError)):
                raise fault  # the one that stopped the others
        finally:
            for media in pools:
                media.close()
    return paths


def _render(work: _Work, segment: _Segment, path: Path, media: Projector, done: _Progress) -> None:
    part = parts.inside(path.parent, path.stem)
    try:
        media.forget()
        written = picture(
            part, _frames(work, segment, media, done), work.spec.picture, rate=work.plan.rate, size=work.plan.size, label=work.label.plus(segment.at),
        )  # fmt: skip
        if written != work.length(segment) or count(part) != written:
            raise DeliveryError(f"a segment of {work.length(segment)} frames came out with {count(part)}. Deliver again.")
        durable(part, path)
    finally:
        part.unlink(missing_ok=True)


def _frames(work: _Work, segment: _Segment, media: Projector, done: _Progress) -> Iterator[av.VideoFrame]:
    """A segment's finished pictures."""
    drawn = work.cards.frames(segment.card) if segment.card is not None else None
    if drawn is not None:
        made: Iterator[av.VideoFrame] = iter(drawn)
    else:
        made = (media.mixed(mix) for mix in (segment.frames if segment.card is None else work.cards.mixes(segment.card)))
    ink = None
    if work.mark:
        width, height = work.plan.size
        ink = watermark(work.mark, height // 10, widest=width - 4 * (height // _MARGIN))
    for frame in made:
        if done.stopped.is_set():
            raise _StoppedError("the render was stopped; its finished segments are kept.")
        if ink is not None:
            wide, high = ink.size
            frame = lettered(frame, ink, (work.plan.size[0] - wide) // 4 * 2, (work.plan.size[1] - high) // 4 * 2)
        yield frame
        done.add(1)


class _Progress:
    """Frames that are done, told in whole hundredths; and the flag that stops all workers."""

    def __init__(self, total: int, tell: Callable[[float], None]) -> None:
        self._total, self._tell, self._done, self._told = total, tell, 0, -1
        self._lock = threading.Lock()
        self.stopped = threading.Event()

    def add(self, frames: int) -> None:
        with self._lock:
            self._done += frames
            now = 99 * self._done // self._total  # the last hundredth is the finished file
            if now > self._told:
                self._told = now
                self._tell(now / 100)
