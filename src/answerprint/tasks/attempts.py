"""Attempts: every try at something in a clip, between "action" and "cut" or its own edges, and what slate and recorder call it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from answerprint.model.attempts import Attempt, Heard, Reading
from answerprint.model.charter import Execution
from answerprint.model.extend import Input, Task, Work
from answerprint.model.records import Fact, MediaInfo, from_plain, to_plain

if TYPE_CHECKING:
    from answerprint.script.slating import Slate

What = Literal["scene", "take", "circled", "comment"]
_RATE_HZ = 16_000
_METHOD = "calls, slates and claps in what was heard; in and out at the edges of the calls"


def run(work: Work) -> Iterable[Fact]:
    """Facts about one clip: `attempts`, plain Attempts in order; `slate.readings`, plain Readings that belong to no one attempt; `slate.names`,
    what each spoken slate may be: [{"at_s", "span_s", "tail", "clear", "names": [[scene or slate, take, logarithm of how well it fits]]}].

    A clip without sound is one attempt of the kind MOS, within black and boards where the picture shows them. A clip in which nobody
    calls or speaks is one attempt from its clap, its board or its beginning to its end.
    """
    clip = work.subject
    assert clip is not None
    info = from_plain(MediaInfo, clip.facts["ingest"].value("media.info"))
    sounds = _heard_sounds(clip, work.sounds)
    samples = _samples(clip)
    boards = clip.facts["slate"].value("slate.seen", []) if "slate" in clip.facts else []
    left: list[Reading] = []
    slated: list[Slate] = []
    if samples is None:
        attempts = [_silent(clip, info, boards)]
    else:
        attempts, left, slated = _from_sound(clip, samples, _lines(work.params.get("script")), str(work.params.get("speech_model") or ""), boards, _written(sounds, boards))
    attempts = _shown(attempts, boards)
    if samples is not None:
        attempts = [_recorded(one, attempts, sounds) for one in attempts]
    yield Fact(about=clip.digest, name="attempts", value=to_plain(attempts), method=_METHOD)
    yield Fact(about=clip.digest, name="slate.readings", value=to_plain(left), method="spoken slates that no attempt stands by")
    yield Fact(about=clip.digest, name="slate.names", value=[_weighed(one) for one in slated], method="proposed by a led listener, laid whole against the sound")


def _weighed(slate: Slate) -> dict[str, Any]:
    clear = bool(slate.scene or slate.slate) and slate.take is not None and "not clear" not in slate.measure
    return {"at_s": round(slate.in_s, 3), "span_s": [round(at, 3) for at in slate.span_s], "tail": slate.tail, "clear": clear, "names": [list(one) for one in slate.names]}


def _samples(clip: Input) -> Any:
    """float, 16 kHz, full scale 1.0; None for a clip without sound."""
    import numpy as np

    path = clip.artefacts.get("synced/heard.npy")
    heard = np.load(path, mmap_mode="r") if path is not None else np.zeros(0, np.int16)
    return heard.astype(np.float32) / np.float32(32768) if len(heard) else None


def _lines(path: Any) -> list[str]:
    if not path:
        return []
    from answerprint.script import ScriptError, read

    try:
        return [item.text for item in read(Path(path).name, Path(path).read_bytes()).items if item.spoken]
    except ScriptError:
        return []  # the script's own task says so; attempts are found without it


# ---- from sound


def _from_sound(
    clip: Input, samples: Any, lines: Sequence[str], model: str, boards: Sequence[dict[str, Any]], known: Sequence[str]
) -> tuple[list[Attempt], list[Reading], list[Slate]]:
    from answerprint.script import attempting, calling, slating
    from answerprint.signal.claps import claps
    from answerprint.tasks import second_hearing, slate_hearing

    facts = clip.facts["transcript"]
    words = [Heard(in_s=in_s, out_s=out_s, text=text, probability=chance) for in_s, out_s, text, chance in facts.value("transcript.words", [])]
    voice = [(float(in_s), float(out_s)) for in_s, out_s in facts.value("transcript.voice", [])]
    clapped = [one.at_s for one in claps(samples, rate_hz=_RATE_HZ)]
    ask = second_hearing.asker(samples, model)
    said = second_hearing.calls_again(calling.phrases(words, voice), ask)
    hear = second_hearing.hearer(samples, model)
    said = second_hearing.pickups_again(said, calling.calls(said, lines), hear)
    said_words = [word for phrase in said for word in phrase.words]
    slated = second_hearing.slates_again(slating.slates(said_words, clapped), said, clapped, hear)
    called = calling.calls(said, lines)
    ears = (slate_hearing.guesser(samples, model), slate_hearing.layer(samples, model))
    slated = [slate_hearing.named_again(one, said, clapped, ears, known) for one in slated]
    slated += slate_hearing.lost_slates(said, slated, called, clapped, ears)
    slated = slate_hearing.in_one_clip(sorted(slated, key=lambda one: one.in_s), ears[1])
    slated = [second_hearing.suffix_again(one, ask) for one in slated]
    duration_s = len(samples) / _RATE_HZ
    found = attempting.stretches(said, called, slated, duration_s)
    used = {id(one.slate) for one in found if one.slate}
    left = [reading for slate in slated if not any(slate == one.slate for one in found) for reading in _slate_readings(slate)]
    if not found:
        whole, more = _whole(clip, slated, clapped, duration_s)
        return [_between_boards(whole, boards)], [] if used or more else left, slated
    return [_attempt(number, one) for number, one in enumerate(found, 1)], left, slated


def _attempt(number: int, one: Any) -> Attempt:
    from answerprint.script.settling import settle

    slate = one.slate
    made = Attempt(
        number=number, in_s=one.in_s, out_s=one.out_s, kind=one.kind, series=one.series,
        slate_at=None if slate is None else "tail" if slate.tail else "head",
    )  # fmt: skip
    readings = list(_slate_readings(slate)) if slate is not None else []
    for call in one.calls:
        if call.kind == "pickup" or (call.kind == "again" and call.rolling):
            what: Literal["pickup", "series"] = "pickup" if call.kind == "pickup" else "series"
            readings.append(Reading(what=what, value=call.text, source="spoken slate", at_s=round(call.in_s, 3), measure=call.measure))
    if made.kind != "take" or one.series:
        readings = [reading for reading in readings if reading.what != "pickup" or made.kind == "pickup"]
    if made.kind == "take" and slate is not None and slate.suffix == "MOS":
        made = replace(made, kind="MOS")
    return settle(made, [reading for reading in readings if not (reading.what == "pickup" and made.kind != "pickup")])


def _slate_readings(slate: Any) -> Iterable[Reading]:
    common: dict[str, Any] = {"source": "spoken slate", "at_s": round(slate.in_s, 3), "measure": slate.measure}
    if slate.scene:
        yield Reading(what="scene", value=slate.scene, **common)
    if slate.slate:
        yield Reading(what="slate", value=slate.slate, **common)
    if slate.take is not None:
        yield Reading(what="take", value=str(slate.take), **common)
    if slate.tail:
        yield Reading(what="tail slate", value="yes", **common)
    if slate.suffix and slate.suffix != "wild":
        yield Reading(what=slate.suffix, value="yes", **common)


def _whole(clip: Input, slated: Sequence[Any], clapped: Sequence[float], duration_s: float) -> tuple[Attempt, bool]:
    """Nobody calls and nobody speaks: one attempt, after a head slate or a first clap, before a tail slate."""
    from answerprint.script.settling import settle

    in_s, out_s = 0.0, duration_s
    head = next((one for one in slated if not one.tail), None)
    tail = next((one for one in reversed(slated) if one.tail), None)
    if head is not None:
        in_s = head.out_s
    elif tail is None and clapped and clapped[0] < duration_s / 3:
        in_s = clapped[0]
    if tail is not None and tail.in_s > in_s:
        out_s = tail.in_s
    slate = head or tail
    made = Attempt(number=1, in_s=round(in_s, 3), out_s=round(out_s, 3), slate_at=None if slate is None else "tail" if slate is tail else "head")
    return settle(made, _slate_readings(slate) if slate is not None else ()), slate is not None


# ---- from the board in the picture


def _shown(attempts: Sequence[Attempt], boards: Sequence[dict[str, Any]]) -> list[Attempt]:
    """The attempts with what the boards in the picture say. A head board names what comes after it, up to the next one; a tail board
    what came before it and has no head board of its own. A board between two attempts that names neither is the later one's."""
    from answerprint.script.settling import settle

    heads = [one for one in boards if not one["tail"]]
    made = []
    for attempt in attempts:
        middle_s = (attempt.in_s + attempt.out_s) / 2
        own = next((one for one in reversed(heads) if one["at_s"] < middle_s), None)
        if own is None:
            own = next((one for one in boards if one["tail"] and one["at_s"] > middle_s), None)
        readings = [from_plain(Reading, plain) for plain in own["readings"]] if own else []
        first = own is not None and own["tail"] is False and not any(own["at_s"] < other.in_s < attempt.in_s for other in attempts)
        readings = [one for one in readings if first or one.what not in ("pickup", "series")]  # what follows on one board is another attempt
        if attempt.kind == "take" and any(one.what == "MOS" for one in readings):
            attempt = replace(attempt, kind="MOS")
        if own is not None and attempt.slate_at is None:
            attempt = replace(attempt, slate_at="tail" if own["tail"] else "head")
        made.append(settle(attempt, readings))
    return made


def _between_boards(attempt: Attempt, boards: Sequence[dict[str, Any]]) -> Attempt:
    """The attempt from where the head board has left the picture to where the tail board comes into it, with both as readings."""
    from answerprint.script.settling import settle

    in_s, out_s = attempt.in_s, attempt.out_s
    readings = []
    for one in boards:
        left_s, came_s = one["out_s"], one["in_s"]
        if not one["tail"] and left_s is not None and in_s <= left_s < out_s and one["at_s"] < (attempt.in_s + attempt.out_s) / 2:
            in_s = left_s
            readings.append(Reading(what="in", value=f"{left_s:.3f}", source="slate picture", at_s=left_s, measure="the board has left the picture"))
        elif one["tail"] and came_s is not None and in_s < came_s < out_s:
            out_s = came_s
            readings.append(Reading(what="out", value=f"{came_s:.3f}", source="slate picture", at_s=came_s, measure="the tail board comes into the picture"))
    return settle(replace(attempt, in_s=round(in_s, 3), out_s=round(out_s, 3)), readings)


# ---- from the recorder, and from the picture alone


def _heard_sounds(clip: Input, sounds: Sequence[Input]) -> list[Input]:
    used = {one["sound"] for one in clip.facts["synced"].value("synced.from", [])}
    return [one for one in sounds if one.digest in used]


def _written(sounds: Sequence[Input], boards: Sequence[dict[str, Any]]) -> list[str]:
    """What recorder and board call this clip's scene or slate, each once."""
    from answerprint.script.settling import clean_scene

    said = [reading["value"] for board in boards for reading in board["readings"] if reading["what"] in ("scene", "slate")]
    for sound in sounds:
        bext = from_plain(MediaInfo, sound.facts["ingest"].value("media.info")).bext
        said += [bext.scene] if bext is not None and bext.scene else []
    return [name for name in dict.fromkeys(map(clean_scene, said)) if re.fullmatch(r"\d+[A-Z]{0,2}", name)]


def _recorded(attempt: Attempt, attempts: Sequence[Attempt], sounds: Sequence[Input]) -> Attempt:
    """The attempt with what the recorder wrote. Its take is that of the clip's first slate, and says nothing about a later one."""
    from answerprint.script.settling import by_slate, settle

    readings: list[Reading] = []
    for sound in sounds:
        bext = from_plain(MediaInfo, sound.facts["ingest"].value("media.info")).bext
        if bext is None:
            continue
        same = attempt in by_slate(attempts)[0]
        values: tuple[tuple[What, str | None], ...] = (("scene", bext.scene), ("take", bext.take if same else None), ("circled", "yes" if bext.circled and same else None), ("comment", bext.note if same else None))
        readings += [Reading(what=what, value=value, source="iXML", measure=Path(sound.file).name) for what, value in values if value]
    return settle(attempt, readings)


def _silent(clip: Input, info: MediaInfo, boards: Sequence[dict[str, Any]]) -> Attempt:
    """A clip without sound: one attempt, from the first to the last frame that is not black, and between its boards."""
    facts = clip.facts.get("picture")
    video = info.video
    end_s = float(info.duration_s)
    in_s, out_s = 0.0, end_s
    if facts is not None and video is not None:
        frame_s = float(1 / video.rate)
        for first, last in facts.value("picture.black", []):
            if first * frame_s <= in_s + frame_s:
                in_s = last * frame_s
            elif last * frame_s >= out_s - frame_s:
                out_s = first * frame_s
    if out_s <= in_s:
        in_s, out_s = 0.0, end_s
    return _between_boards(Attempt(number=1, in_s=round(in_s, 3), out_s=round(out_s, 3), kind="MOS"), boards)


task = Task(
    name="attempts",
    execution=Execution.ATTEMPTS,
    version=6,
    run=run,
    each="clip with sounds",
    after=("ingest", "picture", "slate", "listen", "sync", "synced", "transcript"),
    params=("script", "speech_model"),
    says="finding attempts",
)
