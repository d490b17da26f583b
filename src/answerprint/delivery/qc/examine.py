"""One decode pass over a file, then every family of checks over what it found."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
from av.stream import Discard

from answerprint.delivery import DeliveryError
from answerprint.delivery.qc import captions, carrier, flash, layout, picture, sound
from answerprint.delivery.qc.ears import Ears, Hearings, same
from answerprint.delivery.qc.eyes import Eyes
from answerprint.delivery.qc.records import Film, Pass, Report
from answerprint.delivery.tracks import Tracks, zero_of
from answerprint.media.container import opened, reading, shown
from answerprint.media.probe import probe
from answerprint.model.delivery import Finding, Rendered, Spec
from answerprint.model.records import MediaInfo
from answerprint.model.time import rate_name

__all__ = ["check", "examine"]

_FAMILIES = (carrier, layout, picture, flash, sound, captions)
_ORDER = {"FAIL": 0, "WARN": 1, "note": 2}


def _told(share: float) -> None:
    """For who wants no progress."""


def check(
    path: Path, spec: Spec | None, *, expected: Rendered | None = None, progress: Callable[[float], None] = _told, hearings: Hearings | None = None
) -> tuple[Finding, ...]:
    """What is wrong with a finished file. Empty: nothing wrong found.

    Args:   spec: what it was made for; None for what is wrong with any file.   expected: what the render says it made.
            hearings: what was heard in other files: the very same sound is then not listened to again. This file's is added.
    Raises: MediaError where the file cannot be opened; DeliveryError where it has no picture.
    """
    return examine(path, spec, expected=expected, progress=progress, hearings=hearings).findings


def examine(
    path: Path, spec: Spec | None, *, expected: Rendered | None = None, progress: Callable[[float], None] = _told, hearings: Hearings | None = None
) -> Report:
    """The findings of `check`, FAIL first, with everything that was measured."""
    info = probe(path)
    if info.video is None or info.kind != "clip":
        raise DeliveryError(f"{shown(path)} has no picture that can be read. QC is for finished films; for a mix alone, measure its loudness in the mix.")
    passed = _read(path, info, spec, expected, progress, {} if hearings is None else hearings)
    findings = [finding for family in _FAMILIES for finding in family.check(passed)]
    findings.sort(key=lambda one: _ORDER[one.weight])
    return Report(
        file=shown(path), spec=spec, findings=tuple(findings), facts=_facts(passed), unchecked=_unchecked(passed), passed=passed
    )


def _read(path: Path, info: MediaInfo, spec: Spec | None, expected: Rendered | None, progress: Callable[[float], None], hearings: Hearings) -> Pass:
    """Decode everything once; but sound that was heard already."""
    assert info.video is not None
    eyes, tracks = Eyes(), Tracks(info.audio, zero_s=zero_of(info))
    toned = spec is not None and any(card.sound == "tone" for card in spec.head)
    head = sum(card.frames for card in spec.head) if spec is not None and toned else 0
    stems, from_s = bool(spec and spec.stems), head / info.video.rate
    which = same(path, info, stems=stems, from_s=from_s) if info.audio else None
    heard = hearings.get(which) if which is not None else None
    ears = Ears(info.audio, tracks, stems=stems, from_s=from_s) if info.audio and heard is None else None
    damaged, lost, broken_off, told = 0, 0, "", 0.0
    with opened(path) as container, reading(path):
        wanted = {info.video.index, *(one.index for one in info.audio if ears is not None)}
        for stream in container.streams:
            if stream.index not in wanted:
                stream.discard = Discard.all
        container.streams[info.video.index].thread_type = "AUTO"  # type: ignore[attr-defined]
        packets = container.demux([stream for stream in container.streams if stream.index in wanted])
        while True:
            try:
                packet = next(packets, None)
            except (av.FFmpegError, OSError) as cause:
                broken_off = str(getattr(cause, "strerror", None) or cause)
                break
            if packet is None:
                break
            is_picture = packet.stream.index == info.video.index
            try:
                frames = packet.decode()
            except av.FFmpegError:
                lost, damaged = lost + is_picture, damaged + (not is_picture)
                continue
            for frame in frames:
                if isinstance(frame, av.VideoFrame):
                    eyes.see(frame)
                elif isinstance(frame, av.AudioFrame) and ears is not None:
                    for block in tracks.push(packet.stream.index, frame):
                        ears.hear(block)
            if is_picture and packet.pts is not None and info.duration_s:
                share = float((packet.pts * (packet.time_base or Fraction(1)) - info.video.start_s) / info.duration_s)
                if share - told >= 0.01:
                    told = min(1.0, share)
                    progress(told)
    if not eyes.frames:
        raise DeliveryError(f"{shown(path)}: not one picture of it decodes. Render it again.")
    if broken_off and heard is not None:  # how much of its sound is there to be heard is this file's own
        return _read(path, info, spec, expected, progress, {})
    if ears is not None:
        for block in tracks.flush():
            ears.hear(block)
        heard = ears.finish(damaged)
        if which is not None and not broken_off:
            hearings[which] = heard
    film = _film(eyes.frames, spec, expected)
    progress(1.0)
    lost_text = f"{lost} packets of picture do not decode" if lost else ""
    seen = eyes.finish(film)
    return Pass(
        path=path, info=info, spec=spec, expected=expected, film=film, seen=seen, heard=heard, times=seen.times(info.video.rate), broken_off=broken_off or lost_text
    )


def _film(frames: int, spec: Spec | None, expected: Rendered | None) -> Film:
    """Where the film lies: as the render says, else between the spec's head and tail, else everywhere."""
    if expected is not None:
        first = min(expected.film_first, frames - 1)
        return Film(first=first, end=max(first + 1, min(frames, expected.film_first + expected.film_frames)))
    head, tail = (sum(card.frames for card in cards) for cards in ((spec.head, spec.tail) if spec else ((), ())))
    return Film(first=head, end=frames - tail) if head + tail < frames else Film(first=0, end=frames)


def _facts(passed: Pass) -> tuple[tuple[str, str], ...]:
    info, video = passed.info, passed.info.video
    assert video is not None
    rate, varies = carrier.judged(passed)
    facts = [
        ("Container", carrier.container(passed)),
        ("Picture", f"{video.codec}, {video.width} x {video.height}, {video.pixel_format}"),
        ("Rate", f"{rate_name(rate)} frames a second{', varying' if varies else ''}"),
        ("Length", f"{passed.seen.frames} frames, {passed.length_s:.2f} s" + (f"; the film {passed.film.frames}" if passed.film.frames != passed.seen.frames else "")),
        ("Colour", ", ".join(str(one or "not said") for one in (video.colour.primaries, video.colour.transfer, video.colour.matrix))),
        ("Timecode", info.timecode or "none"),
    ]
    for number, stream in enumerate(info.audio, 1):
        name = "Sound" if len(info.audio) == 1 else f"Sound {number}"
        facts.append((name, f"{stream.codec}, {stream.rate_hz} Hz, {stream.layout or f'{stream.channels} channels'}"))
    if passed.heard is not None:
        found = passed.heard.measure
        facts += [
            ("Loudness", f"{found.integrated_lufs:.1f} LUFS, range {found.range_lu:.1f} LU"),
            ("Loudest 3 s", f"{found.short_term_max_lufs:.1f} LUFS"),
            ("True peak", f"{found.true_peak_dbtp:.1f} dBTP"),
        ]
    return tuple(facts)


def _unchecked(passed: Pass) -> tuple[str, ...]:
    """What a person still has to look at: no measurement here stands for it."""
    lines = [
        "Safe areas: where lettering lies is not measured, nor what an app lays over the picture. Only black bars are.",
        "Lip sync: the streams' time stamps are compared, not lips with words.",
        "What the clock or slate says, and spelling anywhere.",
        "Patterns that strain the eye (BT.1702 speaks of stripes): flashes of brightness and of red are measured, stripes are not.",
        "Combing of fields inside pictures that call themselves progressive.",
    ]
    if passed.heard is None:
        lines.append("Sound: there is none.")
    elif passed.heard.channels > len(passed.heard.programme) and not (passed.spec and passed.spec.stems):
        lines.append(f"Loudness of channels beyond the programme's {len(passed.heard.programme)}; they are only looked at for silence.")
    if passed.spec is None:
        lines.append("Whether a platform or a broadcaster takes it: no spec was named.")
    return tuple(lines)
