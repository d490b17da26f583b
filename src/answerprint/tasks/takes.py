"""Takes: what the whole shoot says together about every attempt - slates, recorder, file names, running order, the day's paper."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.model.attempts import Attempt, Reading
from answerprint.model.charter import Execution
from answerprint.model.extend import Input, Task, Work
from answerprint.model.records import Fact, MediaInfo, from_plain, to_plain

if TYPE_CHECKING:
    from answerprint.script.daypaper import Paper, Row

_METHOD = "slate, recorder, file name, running order and the day's paper: agreement decides, what disagrees is a conflict"


@dataclass
class _Clip:
    """One clip while its attempts are being named."""

    input: Input
    camera: str
    began: str
    attempts: list[Attempt]

    @property
    def stem(self) -> str:
        return self.input.file.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def run(work: Work) -> Iterable[Fact]:
    """Facts about the shoot. `takes`: [{"clip", "file", "attempts": [plain Attempt]}] in shooting order of each camera;
    `takes.angles`: [{"scene", "slate", "take", "clips": [digest], "cameras": [letter]}], takes that lie on several cameras;
    `takes.unmatched`: sentences, lines of the paper that fit no clip; `takes.notes`: sentences about what was read how; `takes.order`: slates that
    were settled by shooting order, [{"clip", "file", "at_s", "name", "take", "was", "says", "ahead"}]. Lists may be empty.
    """
    from answerprint.script import filenames

    clips = sorted((_clip(one) for one in work.clips if "attempts" in one.facts), key=lambda one: (one.camera, _natural(one.stem)))
    notes: list[str] = []
    _rolled_on(clips, notes)
    for clip in clips:
        _filed(clip, list(filenames.named(clip.input.file)))
    unmatched: list[str] = []
    paper = _paper(work.params.get("notes"), unmatched)
    if paper is not None:
        notes += paper.notes
        spoken_of = {clip.input.digest: _by_clip(clip, paper.rows) for clip in clips}
        for row in paper.rows:
            if not _noted(clips, row, spoken_of):
                here = any(row.line in spoken_of[clip.input.digest] for clip in clips)
                unmatched.append(f"{paper.name}, {row.name}: {'the clip has no slate left for it' if here else 'no clip of this shoot fits'}")
    _by_number(clips)
    order = _in_order(clips, str(work.params.get("speech_model") or ""), notes)
    _running_order(clips)
    _unread(clips, notes)
    about = min((one.digest for one in (*work.clips, *work.sounds)), default="")
    values: dict[str, Any] = {
        "takes": [{"clip": clip.input.digest, "file": clip.input.file, "attempts": to_plain(clip.attempts)} for clip in clips],
        "takes.angles": _angles(clips, notes),
        "takes.unmatched": unmatched,
        "takes.notes": notes,
        "takes.order": order,
    }
    for name, value in values.items():
        yield Fact(about=about, name=name, value=value, method=_METHOD)


def _clip(one: Input) -> _Clip:
    info = from_plain(MediaInfo, one.facts["ingest"].value("media.info"))
    attempts = [from_plain(Attempt, plain) for plain in one.facts["attempts"].value("attempts", [])]
    stem = one.file.rsplit("/", 1)[-1]
    letter = info.camera or (stem[0].upper() if re.match(r"^[A-Za-z]\d{3}", stem) else "")
    return _Clip(input=one, camera=letter, began=info.timecode or "", attempts=attempts)


def _natural(text: str) -> list[tuple[int, str]]:
    """Names in the order in which people count: C9 before C10."""
    return [(int(part), "") if part.isdigit() else (-1, part.lower()) for part in re.findall(r"\d+|\D+", text)]


def _add(clip: _Clip, readings: Sequence[Reading], only: set[int] | None = None) -> None:
    from answerprint.script.settling import settle

    clip.attempts = [settle(one, readings) if only is None or one.number in only else one for one in clip.attempts]


def _filed(clip: _Clip, readings: Sequence[Reading]) -> None:
    """What the file's name says: its take is that of the clip's first slate."""
    from answerprint.script.settling import by_slate

    first = {one.number for group in by_slate(clip.attempts)[:1] for one in group}
    _add(clip, [one for one in readings if one.what != "take"])
    _add(clip, [one for one in readings if one.what == "take"], first)


# ---- the recorder


def _rolled_on(clips: Sequence[_Clip], notes: list[str]) -> None:
    """A recorder file that rolled on through several clips names the first of them only: its take is no reading of the others."""
    from answerprint.script.settling import settle

    by_sound: dict[str, list[tuple[_Clip, Attempt]]] = defaultdict(list)
    for clip in clips:
        for one in clip.attempts:
            for sound in {reading.measure for reading in one.readings if reading.source == "iXML" and reading.what == "take" and reading.measure}:
                by_sound[sound].append((clip, one))
    for sound, held in sorted(by_sound.items()):
        if len({id(clip) for clip, _ in held}) < 2:
            continue
        for clip, one in held:
            written = [reading for reading in one.readings if reading.source == "iXML" and reading.measure == sound]
            take = next(reading.value for reading in written if reading.what == "take")
            own = [reading for reading in one.readings if reading.what == "take" and reading.source != "iXML"]
            before = next((other for other, _ in held if other is not clip and other.camera == clip.camera), None)
            if not own and before is not None and clips.index(before) < clips.index(clip):
                kept = tuple(reading for reading in one.readings if reading not in written or reading.what == "scene")
                clip.attempts = [settle(replace(one, readings=kept)) if two.number == one.number else two for two in clip.attempts]
                sentence = f"{sound} names {before.stem} and rolled on through {clip.stem}, which has no slate of its own: it is left without a take"
                if sentence not in notes:
                    notes.append(sentence)
                continue
            agrees = any(other is not clip and any(r.what == "take" and r.source != "iXML" and r.value == take for r in two.readings) for other, two in held)
            if own and agrees and all(reading.value != take for reading in own):
                kept = tuple(reading for reading in one.readings if reading not in written or reading.what == "scene")
                bare = replace(one, readings=kept)
                clip.attempts = [settle(bare) if two.number == one.number else two for two in clip.attempts]
                sentence = f"{sound} says take {take} and rolled on through {clip.stem}, whose slate says take {own[0].value}"
                if sentence not in notes:
                    notes.append(sentence)


# ---- the day's paper


def _paper(path: Any, unmatched: list[str]) -> Paper | None:
    if not path:
        return None
    from answerprint.script import ScriptError
    from answerprint.script.daypaper import read

    try:
        return read(Path(path).name, Path(path).read_bytes())
    except ScriptError as cause:
        unmatched.append(str(cause))
        return None


def _noted(clips: Sequence[_Clip], row: Row, spoken_of: Mapping[str, Mapping[int, set[int]]]) -> bool:
    """Put a line of the paper to the attempts it speaks of; False where there are none. A take that no slate is left for stands against the last one."""
    from answerprint.script.settling import by_slate

    found = False
    for clip in clips:
        numbers = spoken_of[clip.input.digest].get(row.line, set()) if row.clip else _meant(clip, row)
        if numbers:
            _add(clip, row.readings, numbers)
            found = True
        elif row.line in spoken_of[clip.input.digest] and clip.attempts:
            _add(clip, [one for one in row.readings if one.what == "take"], {one.number for one in by_slate(clip.attempts)[-1]})
    return found


def _by_clip(clip: _Clip, rows: Sequence[Row]) -> dict[int, set[int]]:
    """The attempts that each line with this clip's name speaks of, by line.

    A line without a take speaks of the whole clip. The others go to the clip's slates: first where the slate says the same, what is left in order.
    A take that no slate is left for speaks of none.
    """
    from answerprint.script.settling import by_slate

    own = [row for row in rows if row.clip and _same_clip(clip, row)]
    free = list(by_slate(clip.attempts))
    scenes = {row.take: row.scene or row.slate for row in reversed(own) if row.scene or row.slate}
    called = {row.line: (row.scene or row.slate or scenes.get(row.take), row.take) for row in own if row.take is not None}
    wanted = list(dict.fromkeys(called.values()))
    meant: dict[tuple[str | None, int | None], set[int]] = {}
    for same in (_same_name, _same_take, _any_slate):
        for name in wanted:
            group = next((group for group in free if name not in meant and same(group[0], name)), None)
            if group is not None:
                meant[name] = {one.number for one in group}
                free.remove(group)
    everything = {one.number for one in clip.attempts}
    return {row.line: meant.get(called[row.line], set()) if row.line in called else everything for row in own}


def _same_name(one: Attempt, name: tuple[str | None, int | None]) -> bool:
    return one.take == name[1] and name[0] in (one.scene, one.slate)


def _same_take(one: Attempt, name: tuple[str | None, int | None]) -> bool:
    return one.take == name[1]


def _any_slate(one: Attempt, name: tuple[str | None, int | None]) -> bool:
    return True


def _meant(clip: _Clip, row: Row) -> set[int]:
    """The attempts of a clip that a line without a clip's name speaks of: by scene or slate, and take."""
    if row.camera and clip.camera and row.camera.strip().upper()[:1] != clip.camera.upper():
        return set()
    return {one.number for one in clip.attempts if row.take is not None and one.take == row.take and _same_slate(one, row)}


def _same_clip(clip: _Clip, row: Row) -> bool:
    wanted = (row.clip or "").strip().rsplit("/", 1)[-1].lower()
    have = clip.stem.lower()
    short = wanted.rsplit(".", 1)[0] if re.search(r"\.[a-z0-9]{2,4}$", wanted) else wanted
    return have == short or have.startswith((short + "_", short + ".")) or (short.startswith(have + "_") and len(have) > 5)


def _same_slate(one: Attempt, row: Row) -> bool:
    wanted = {value for value in (row.scene, row.slate) if value}
    return bool(wanted & {value for value in (one.scene, one.slate) if value})


# ---- how this shoot slates


def _by_number(clips: Sequence[_Clip]) -> None:
    """In a shoot that slates by running number, a bare number in a recorder's or a file's one field is the slate, not a scene.

    A shoot slates so where somebody said or wrote a slate number, no scene has a letter, and nobody names scene and slate both.
    """
    from answerprint.script.settling import settle

    attempts = [one for clip in clips for one in clip.attempts]
    named = [one for one in attempts if one.scene or one.slate]
    if not any(one.slate for one in named) or any(one.scene and (one.slate or not one.scene.isdigit()) for one in named):
        return
    for clip in clips:
        clip.attempts = [settle(replace(one, readings=tuple(_one_field(reading) for reading in one.readings))) if one.scene else one for one in clip.attempts]


def _one_field(reading: Reading) -> Reading:
    return replace(reading, what="slate") if reading.what == "scene" and reading.source in ("iXML", "bext", "file name") else reading


# ---- the running order


def _in_order(clips: Sequence[_Clip], model: str, notes: list[str]) -> list[dict[str, Any]]:
    """Slates that were not heard clearly, settled by their place in each camera's day; a sentence for each clear one that does not stand in the row."""
    from answerprint.tasks import slate_order

    placed: list[dict[str, Any]] = []
    for camera in dict.fromkeys(clip.camera for clip in clips):
        own = [clip for clip in clips if clip.camera == camera]
        for at, row, readings in slate_order.settled([(clip.input, clip.attempts) for clip in own], model):
            placed.append({"clip": own[at].input.digest, "file": own[at].input.file, **row})
            _add(own[at], readings, {one.number for one in own[at].attempts if any(reading.at_s == row["at_s"] for reading in one.readings)})
        notes += slate_order.out_of_row([(clip.input, clip.attempts) for clip in own])
    return placed


def _running_order(clips: Sequence[_Clip]) -> None:
    """A clip that nothing names, between two takes of one slate with one number missing, is that take."""
    for before, clip, after in zip(clips, clips[1:], clips[2:]):
        if not (before.camera == clip.camera == after.camera) or not (before.attempts and clip.attempts and after.attempts):
            continue
        first, last = before.attempts[-1], after.attempts[0]
        if any(one.take is not None for one in clip.attempts) or first.take is None or last.take != first.take + 2:
            continue
        if (first.scene, first.slate) != (last.scene, last.slate) or not (first.scene or first.slate):
            continue
        readings = [Reading(what="take", value=str(first.take + 1), source="running order")]
        readings += [Reading(what="scene", value=first.scene, source="running order")] if first.scene else []
        readings += [Reading(what="slate", value=first.slate, source="running order")] if first.slate else []
        _add(clip, readings)


# ---- what another extra would tell


def _unread(clips: Sequence[_Clip], notes: list[str]) -> None:
    """Where a clip stays without a name and its board was not looked at, one sentence says what would look."""
    unread = [clip for clip in clips if any(one.take is None for one in clip.attempts) and _without(clip)]
    if unread:
        named = ", ".join(clip.stem for clip in unread[:3]) + (f" and {len(unread) - 3} more" if len(unread) > 3 else "")
        notes.append(f"{named}: nothing names the take; {_without(unread[0])}")


def _without(clip: _Clip) -> str | None:
    facts = clip.input.facts.get("slate")
    sentence: str | None = facts.value("slate.unread") if facts is not None else None
    return sentence


# ---- angles


def _angles(clips: Sequence[_Clip], notes: list[str]) -> list[dict[str, Any]]:
    """Takes that several cameras shot. Two clips of one camera with one slate and take are no angles but a mistake worth a sentence."""
    groups: dict[tuple[str | None, str | None, int], list[_Clip]] = defaultdict(list)
    for clip in clips:
        for key in dict.fromkeys((one.scene, one.slate, one.take) for one in clip.attempts if one.take is not None and (one.scene or one.slate)):
            groups[key].append(clip)
    out = []
    for (scene, slate, take), held in groups.items():
        letters = [clip.camera for clip in held]
        for letter in dict.fromkeys(letters):
            same = [clip.stem for clip in held if clip.camera == letter]
            kinds = {one.kind for clip in held if clip.camera == letter for one in clip.attempts}
            if len(same) > 1 and not kinds & {"pickup", "wild"}:
                notes.append(f"{' and '.join(same)} both say {scene or slate} take {take}, on one camera: one of them was slated wrong, or the take was shot again")
        if len(set(letters)) > 1:
            out.append({"scene": scene, "slate": slate, "take": take, "clips": [clip.input.digest for clip in held], "cameras": letters})
    return out


task = Task(
    name="takes",
    execution=Execution.ATTEMPTS,
    version=6,
    run=run,
    each="shoot",
    after=("ingest", "slate", "synced", "attempts"),
    params=("notes", "speech_model"),
    says="settling slates and takes",
)
