"""Sounds: which set-up a room tone was recorded for, and in which takes a piece of music or playback was heard, and from where in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from answerprint.model.charter import Execution
from answerprint.model.extend import Input, Task, Work
from answerprint.model.records import Fact, MediaInfo, from_plain
from answerprint.tasks.sync import start_of_day_s

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE_HZ = 48_000
NEAR_S = 1800.0  #: room tone is recorded while the set still stands: half an hour
SAME_S = 5.0  #: a file that lies at one place of the day for every take ran along; two clocks slide 4 s in a day of 8 h at 150 ppm

_SPOKEN_FOR = ("voice-over", "wild lines", "room tone")
_CALLED = r"play ?back|music|song|track|master|instrumental|mix"
_TONE = "wild stretches that are room tone; the recorder's scene, the file's name, or the take before it by time of day"
_HEARD = "phase-transform correlation of the recorder's sound under each clip with the file; three windows on one line"


@dataclass(frozen=True)
class _Named:
    """A clip as it matters here: when it was shot, and what it is called."""

    input: Input
    info: MediaInfo
    scene: str | None
    says: str  # "1A-3", for a sentence
    starts_s: float | None

    @property
    def ends_s(self) -> float:
        return (self.starts_s or 0.0) + float(self.info.duration_s)


@dataclass(frozen=True)
class _Heard:
    """A file heard in the recorder's sound under one clip."""

    clip: _Named
    offset_s: float  # where in the file the clip begins
    began: tuple[str, float]  # by which clock, and when by it, the file would have begun: the day's, else the recorder file's own
    windows: int
    runner_up: float


def run(work: Work) -> Iterable[Fact]:
    """Facts about the shoot. `sounds.room_tone`: [{"sound", "file", "in_s", "out_s", "setup", "because"}], where `setup` is None if nothing tells;
    `sounds.playback`: [{"sound", "file", "because", "clips": [{"clip", "file", "offset_s", "windows", "runner_up"}]}], where `offset_s` is the
    place in the file at the clip's first picture; `sounds.unsure`: [{"sound", "file", "because"}], files that fit and are not called playback. All
    may be empty.
    """
    clips = _named(work)
    tones = [row for sound in work.sounds for row in _tones(sound, clips)]
    playback, unsure = [], []
    found = _played(work, clips)
    for sound in sorted(work.sounds, key=lambda one: one.file):
        heard = found.get(sound.digest, [])
        because, sure = _judged(sound, heard) if heard else ("", False)
        if sure:
            playback.append({"sound": sound.digest, "file": sound.file, "because": because, "clips": [_row(one) for one in heard]})
        elif because:
            unsure.append({"sound": sound.digest, "file": sound.file, "because": because})
    about = min((one.digest for one in (*work.clips, *work.sounds)), default="")
    yield Fact(about=about, name="sounds.room_tone", value=tones, method=_TONE)
    yield Fact(about=about, name="sounds.playback", value=playback, method=_HEARD)
    yield Fact(about=about, name="sounds.unsure", value=unsure, method=_HEARD)


def _info(one: Input) -> MediaInfo:
    return from_plain(MediaInfo, one.facts["ingest"].value("media.info"))


def _named(work: Work) -> list[_Named]:
    rows = {row["clip"]: row["attempts"] for row in (work.shoot["takes"].value("takes", []) if "takes" in work.shoot else [])}
    out = []
    for clip in sorted(work.clips, key=lambda one: one.file):
        first: dict[str, Any] = next(iter(rows.get(clip.digest, [])), {})
        scene = first.get("scene") or first.get("slate")
        says = f"{scene}-{first['take']}" if scene and first.get("take") is not None else scene or clip.file.rsplit("/", 1)[-1]
        info = _info(clip)
        out.append(_Named(clip, info, scene, says, start_of_day_s(clip, info)))
    return out


# ---- room tone


def _tones(sound: Input, clips: Sequence[_Named]) -> Iterable[dict[str, Any]]:
    kind = sound.facts["lining"].value("sound.kind") if "lining" in sound.facts else None
    if not kind or kind["kind"] != "room tone":
        return
    for in_s, out_s in sound.facts["wild"].value("wild.spans", []) if "wild" in sound.facts else []:
        setup, because = _setup(sound, in_s, out_s, clips)
        yield {"sound": sound.digest, "file": sound.file, "in_s": in_s, "out_s": out_s, "setup": setup, "because": because}


def _setup(sound: Input, in_s: float, out_s: float, clips: Sequence[_Named]) -> tuple[str | None, str]:
    """The set-up a stretch was recorded for, and what says so."""
    from answerprint.script.filenames import named, stem
    from answerprint.script.settling import clean_scene

    info = _info(sound)
    if info.bext is not None and info.bext.scene and re.search(r"\d", info.bext.scene):
        return clean_scene(info.bext.scene), f"the recorder says scene {info.bext.scene}"
    word = re.search(r"(?<![A-Z0-9])(\d{1,3}[A-Z]{1,2})(?![A-Z0-9])", stem(sound.file).upper())
    called = next((one.value for one in named(sound.file) if one.what in ("scene", "slate")), word[1] if word else None)
    if called is not None:
        return clean_scene(called), f"its name says {called}"
    starts_s = start_of_day_s(sound, info)
    if starts_s is None:
        return None, "it carries no scene and no time of day"
    before = [one for one in clips if one.scene and one.starts_s is not None and -NEAR_S <= one.ends_s - (starts_s + in_s) <= 1.0]
    after = [one for one in clips if one.scene and one.starts_s is not None and -1.0 <= one.starts_s - (starts_s + out_s) <= NEAR_S]
    last, first = max(before, key=lambda one: one.ends_s, default=None), min(after, key=lambda one: one.starts_s or 0.0, default=None)
    if last is not None:
        return last.scene, f"recorded {max(0.0, starts_s + in_s - last.ends_s):.0f} s after {last.says}" + (f", before {first.says}" if first else "")
    if first is not None:
        return first.scene, f"recorded {max(0.0, (first.starts_s or 0.0) - starts_s - out_s):.0f} s before {first.says}, and nothing was shot before it"
    return None, "no take was shot within half an hour of it"


# ---- playback


def _may_be_played(sound: Input) -> bool:
    """Whether a file may be a master: a recorder writes a time of day, or scene and take; nobody speaks the script in it."""
    info = _info(sound)
    if start_of_day_s(sound, info) is not None or (info.bext is not None and (info.bext.scene or info.bext.take)):
        return False
    kind = sound.facts["lining"].value("sound.kind") if "lining" in sound.facts else None
    return "listen" in sound.facts and not sound.facts["listen"].value("sound.silent") and not (kind and kind["kind"] in _SPOKEN_FOR)


def _played(work: Work, clips: Sequence[_Named]) -> dict[str, list[_Heard]]:
    """Every file that may be a master and is heard in the recorder's sound under a clip: by digest, in the order of the clips.

    A file that fits at several places is not taken for heard: a loop does that, and so do two pieces of the same notes.
    """
    from answerprint.signal.align import Clip, Roll, locate

    found: dict[str, list[_Heard]] = defaultdict(list)
    masters = [one for one in work.sounds if _may_be_played(one)]
    days = {one.digest: start_of_day_s(one, _info(one)) for one in work.sounds}
    rolls = {one.digest: samples for one in work.sounds if one not in masters and (samples := _samples(one)) is not None}
    known = {one.digest: Roll(sound=samples) for one in masters if (samples := _samples(one)) is not None}
    for done, clip in enumerate(clips if known else ()):
        work.progress(done / len(clips))
        for pair in (fact.value for fact in clip.input.facts["sync"].find("sync.pair") if "sync" in clip.input.facts):
            if pair["abstained"] is not None or pair["sound"] not in rolls:
                continue
            begin_s = float(pair["offset_s"])
            first, last = (max(0, int(at_s * RATE_HZ)) for at_s in (begin_s, begin_s + float(clip.info.duration_s)))
            under = Clip(sound=rolls[pair["sound"]][first:last])
            for digest, master in known.items():
                match = locate(under, master)
                if match.found is not None:
                    late_s = begin_s - first / RATE_HZ  # the recorder may begin after the clip
                    agreeing = sum(window.agrees for window in match.found.windows)
                    began_s, day_s = first / RATE_HZ - match.found.seconds, days[pair["sound"]]
                    began = (pair["sound"], began_s) if day_s is None else ("day", day_s + began_s)
                    found[digest].append(_Heard(clip, match.found.seconds + late_s, began, agreeing, match.found.runner_up))
            break
    return found


def _samples(one: Input) -> NDArray[np.int16] | None:
    import numpy as np

    path = one.artefacts.get("listen/sound.npy")
    return None if path is None else np.load(path, mmap_mode="r")


def _judged(sound: Input, heard: Sequence[_Heard]) -> tuple[str, bool]:
    """A sentence, and whether the file was played back. A second recorder lies at one place of the first; what is played lies anew for each take."""
    name = sound.file.rsplit("/", 1)[-1]
    takes = ", ".join(one.clip.says for one in heard)
    places = sorted(one.began for one in heard)
    if any(one[0] == other[0] and other[1] - one[1] > SAME_S for one, other in pairwise(places)):
        return f"heard under {takes}, each time begun anew", True
    if len(heard) > 1 and len({clock for clock, _ in places}) < len(places):
        return "", False  # it ran along: a second recorder without a clock, and sync says where
    if re.search(_CALLED, name, re.IGNORECASE):
        return f"heard under {takes}, and its name says what it is", True
    return f"{name} fits {takes}: played on set, or a second recorder that ran along; another take under the same recorder file would tell", False


def _row(one: _Heard) -> dict[str, Any]:
    return {
        "clip": one.clip.input.digest, "file": one.clip.input.file, "offset_s": round(one.offset_s, 6), "windows": one.windows, "runner_up": round(one.runner_up, 2),
    }  # fmt: skip


task = Task(
    name="sounds",
    execution=Execution.SYNC,
    version=1,
    run=run,
    each="shoot",
    after=("ingest", "listen", "sync", "wild", "lining", "takes"),
    says="placing room tone and playback",
)
