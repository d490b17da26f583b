"""Sync: where one clip lies in every recorder file of the shoot, with a certificate for each pair, or the reason why there is none."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from answerprint.model.charter import Execution
from answerprint.model.extend import Input, Task, Work
from answerprint.model.records import Fact, MediaInfo, Trust, from_plain
from answerprint.model.time import Timecode, TimecodeError, rate_name

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from answerprint.signal.align import Clip, Match, Roll

AGREES_S = 1.0  # timecode and sound say the same place: a free-running clock is off by frames, a wrong one by minutes
_AROUND_S = 5.0  # searched each side of where timecode points
_BESIDE_S = 20.0  # of each recorder before and after the clip, to hear whether two of them ran together
_CLEAR = 1.5
_KEPT_BYTES = 300_000_000  # of transformed rolls, a worker: three and a half hours
_METHOD = "phase-transform correlation over the whole roll, then in windows; three windows on one line"

_rolls: OrderedDict[str, Roll] = OrderedDict()


@dataclass
class _Pair:
    """One recorder file against the clip, while it is being settled."""

    sound: Input
    info: MediaInfo
    match: Match | None
    method: str
    pointed_s: float | None  # where timecode alone would put the clip
    abstained: str | None
    notes: list[str]

    @property
    def offset_s(self) -> float:
        assert self.match is not None
        assert self.match.found is not None
        return self.match.found.seconds

    @property
    def strength(self) -> float:
        return self.match.strength if self.match else 0.0


def run(work: Work) -> Iterable[Fact]:
    """Facts: one `sync.pair` for each recorder file (or one for the clip, with no sound, where nothing can be synced)."""
    clip = work.subject
    assert clip is not None
    info = _info(clip)
    if not work.sounds or info.kind != "clip":
        return []
    starts_s = start_of_day_s(clip, info)
    sounds = [(sound, _info(sound)) for sound in sorted(work.sounds, key=lambda one: (one.file, one.digest))]
    refused = _refusal(clip, info)
    if refused is not None:
        return list(_refused(clip, info, starts_s, sounds, refused))

    from answerprint.signal.align import Clip

    samples = _samples(clip, "picture")
    if samples is None:
        return [_fact(clip, None, abstained="the camera's sound could not be read")]
    ear = Clip(sound=samples)
    pairs = []
    for index, (sound, about) in enumerate(sounds):
        pairs.append(_pair(ear, sound, about, starts_s))
        work.progress((index + 1) / len(sounds))
    _settle(pairs, len(samples) / 48000, starts_s is not None)
    return [_certified(clip, pair) for pair in pairs]


def _info(one: Input) -> MediaInfo:
    return from_plain(MediaInfo, one.facts["ingest"].value("media.info"))


def _samples(one: Input, task: str) -> NDArray[np.int16] | None:
    import numpy as np

    path = one.artefacts.get(f"{task}/sound.npy")
    return None if path is None else np.load(path, mmap_mode="r")


def _roll(sound: Input, samples: NDArray[np.int16]) -> Roll:
    """The transformed roll, kept for the next clips of this worker. The digest names the content, so nothing goes stale."""
    from answerprint.signal.align import Roll

    if sound.digest not in _rolls:
        _rolls[sound.digest] = Roll(sound=samples)
        while len(_rolls) > 1 and sum(roll.spectra.nbytes for roll in _rolls.values()) > _KEPT_BYTES:
            _rolls.popitem(last=False)
    _rolls.move_to_end(sound.digest)
    return _rolls[sound.digest]


def _refusal(clip: Input, info: MediaInfo) -> str | None:
    """Why this clip is never synced, whatever the sound says."""
    heard = clip.facts.get("picture")
    video = info.video
    if video is not None and video.fps_shot and abs(video.fps_shot / video.rate - 1) > Fraction(1, 500):
        return f"off-speed clip (shot at {rate_name(video.fps_shot)}, plays at {rate_name(video.rate)}): never synced"
    if not info.audio or (heard is not None and heard.value("sound.mos") is True):
        return "MOS: the clip has no sound"
    if heard is not None and heard.value("sound.silent") is True:
        return "the camera's sound is silent"
    return None


def _refused(clip: Input, info: MediaInfo, starts_s: float | None, sounds: list[tuple[Input, MediaInfo]], why: str) -> Iterable[Fact]:
    pointed = 0
    if not why.startswith("off-speed"):
        for sound, about in sounds:
            at_s = _pointed_s(starts_s, start_of_day_s(sound, about))
            if at_s is not None and -float(info.duration_s) < at_s < float(about.duration_s):
                pointed += 1
                yield _fact(clip, sound, abstained=f"{why}; timecode alone would put it {_at(at_s)}")
    if not pointed:
        yield _fact(clip, None, abstained=why)


def start_of_day_s(one: Input, info: MediaInfo) -> float | None:
    """Real seconds after midnight at which a medium begins, by its own clock; None where it carries none that can be read."""
    if info.bext is not None and info.bext.time_reference is not None and info.audio:
        return info.bext.time_reference / info.audio[0].rate_hz
    if info.timecode is not None:
        rate = info.timecode_rate or (info.video.rate if info.video else None)
        if rate is not None:
            try:
                return float(Timecode.parse(info.timecode, rate=rate).seconds)
            except TimecodeError:
                return None
    for task in ("picture", "listen"):
        found = one.facts[task].value("timecode.ltc") if task in one.facts else None
        if found:
            try:
                label = Timecode.parse(found["label"], rate=Fraction(found["rate"]), drop=bool(found["drop"]))
            except TimecodeError:
                return None
            return float(label.seconds - Fraction(found["at_s"]))
    return None


def _pointed_s(clip_s: float | None, sound_s: float | None) -> float | None:
    """Where in the sound timecode puts the clip's start; the nearer way round midnight."""
    if clip_s is None or sound_s is None:
        return None
    return (clip_s - sound_s + 43200) % 86400 - 43200


def _at(offset_s: float) -> str:
    return f"{offset_s:.3f} s into the sound" if offset_s >= 0 else f"{-offset_s:.3f} s before the sound begins"


def _pair(ear: Clip, sound: Input, info: MediaInfo, starts_s: float | None) -> _Pair:
    from answerprint.signal.align import Roll, locate

    pointed = _pointed_s(starts_s, start_of_day_s(sound, info))
    pair = _Pair(sound=sound, info=info, match=None, method="waveform", pointed_s=pointed, abstained=None, notes=[])
    heard = sound.facts.get("listen")
    if heard is not None and heard.value("sound.silent") is True:
        pair.abstained = "the sound file is silent"
        return pair
    samples = _samples(sound, "listen")
    if samples is None:
        pair.abstained = "the sound file could not be read"
        return pair
    long_s, clip_s = len(samples) / 48000, len(ear.sound) / 48000
    if pointed is not None and -clip_s < pointed < long_s:
        low = int(max(0.0, pointed - _AROUND_S) * 48000)
        high = int(min(long_s, pointed + clip_s + _AROUND_S) * 48000)
        there = locate(ear, Roll(sound=samples[low:high]), from_s=low / 48000)
        if there.found is not None and abs(there.found.seconds - pointed) <= AGREES_S:
            pair.match, pair.method = there, "timecode+waveform"
            if abs(there.found.seconds - pointed) > 0.04:
                pair.notes.append(f"timecode is {abs(there.found.seconds - pointed):.3f} s off; the offset is the sound's")
            return pair
    pair.match = match = locate(ear, _roll(sound, samples))
    if match.found is None:
        pair.abstained = match.abstained
        if pointed is not None and -clip_s < pointed < long_s:
            pair.abstained = f"{match.abstained}; timecode alone would put it {_at(pointed)}"
    elif pointed is not None and starts_s is not None:
        label = _clock(starts_s)
        pair.notes.append(f"timecode says {label}, the sound says otherwise by {abs(match.found.seconds - pointed):.1f} s")
    return pair


def _clock(seconds: float) -> str:
    whole = round(seconds) % 86400
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _settle(pairs: list[_Pair], clip_s: float, has_timecode: bool) -> None:
    """Two recorders may have run together, or the same playback was heard twice: only one of these is a second certificate."""
    held = sorted((pair for pair in pairs if pair.match and pair.match.found), key=_rank, reverse=True)
    kept: list[_Pair] = []
    for pair in held:
        rival = next((other for other in kept if _contradicts(pair, other, clip_s)), None)
        if rival is None:
            kept.append(pair)
            continue
        both = f"{_name(rival.sound)} at {_at(rival.offset_s)} and {_name(pair.sound)} at {_at(pair.offset_s)}"
        pair.abstained = f"two places fit: {both}, which did not run together: music or playback"
        equal = pair.strength * _CLEAR > rival.strength
        if equal and (rival.method == pair.method or not has_timecode):
            rival.abstained = f"two places fit equally: {both}: music or playback; timecode or a clap would tell them apart"


def _rank(pair: _Pair) -> tuple[bool, float]:
    return (pair.method != "waveform", pair.strength)


def _name(sound: Input) -> str:
    return sound.file.rsplit("/", 1)[-1]


def _contradicts(pair: _Pair, other: _Pair, clip_s: float) -> bool:
    """Do these two say that the same stretch of the clip was heard at two different times?"""
    from answerprint.signal.resample import decimated
    from answerprint.signal.windows import closely

    here_s, there_s = pair.offset_s, other.offset_s
    ours, theirs = _samples(pair.sound, "listen"), _samples(other.sound, "listen")
    if ours is None or theirs is None:
        return False
    low_s = max(0.0, -here_s, -there_s)
    high_s = min(clip_s, len(ours) / 48000 - here_s, len(theirs) / 48000 - there_s)
    if high_s - low_s < 1.0:
        return False  # one recorder stopped and started again: each holds its part
    here_day, there_day = start_of_day_s(pair.sound, pair.info), start_of_day_s(other.sound, other.info)
    if here_day is not None and there_day is not None and abs(here_day + here_s - there_day - there_s) < AGREES_S:
        return False
    heard = agreed = 0
    for from_s, to_s in ((low_s - _BESIDE_S, low_s), (high_s, high_s + _BESIDE_S)):
        begin = max(from_s, -here_s, -there_s)
        end = min(to_s, len(ours) / 48000 - here_s, len(theirs) / 48000 - there_s)
        if end - begin < 3.0:
            continue
        part = decimated(ours[int((here_s + begin) * 48000) : int((here_s + end) * 48000)], 3)
        found = closely(part, theirs, there_s + begin)
        heard += 1
        agreed += found is not None and found.agreeing >= 3
    return heard > 0 and agreed == 0


def _fact(clip: Input, sound: Input | None, *, abstained: str) -> Fact:
    value: dict[str, Any] = {"sound": sound.digest if sound else None, "method": None, "abstained": abstained, "notes": []}
    return Fact(about=clip.digest, name="sync.pair", value=value, method=_METHOD)


def _certified(clip: Input, pair: _Pair) -> Fact:
    found = pair.match.found if pair.match else None
    if pair.abstained is not None or found is None or pair.match is None:
        fact = _fact(clip, pair.sound, abstained=pair.abstained or "nothing in common")
        fact.value["notes"] = pair.notes if found is not None else []
        return fact
    value: dict[str, Any] = {
        "sound": pair.sound.digest,
        "method": pair.method,
        "offset_s": round(found.seconds, 6),
        "drift_ppm": round(found.drift_ppm, 3),
        "drift_se_ppm": round(found.drift_se_ppm, 3),
        "residual_ms": round(found.residual_ms, 4),
        "runner_up": round(found.runner_up, 2),
        "strength": round(pair.match.strength, 1),
        "windows": [
            {"at_s": round(one.at_s, 3), "lag_s": round(one.lag_s, 7), "peak": round(one.peak, 1), "agrees": one.agrees} for one in found.windows
        ],
        "overlap_s": round(found.overlap_s, 3),
        "clap": None,
        "abstained": None,
        "notes": pair.notes,
    }
    trust = Trust(measure="best place over the next best", value=round(found.runner_up, 2), better="higher")
    return Fact(about=clip.digest, name="sync.pair", value=value, method=_METHOD, trust=trust)


task = Task(
    name="sync",
    execution=Execution.SYNC,
    version=1,
    run=run,
    each="clip with sounds",
    after=("ingest", "picture", "listen"),
    says="syncing",
)
