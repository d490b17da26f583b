"""Laws of room tone and playback: kept by set-up, matched to its master, and nothing said where nothing tells."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from answerprint import status
from answerprint.model.extend import Input, Work
from answerprint.model.records import AudioStream, Bext, Fact, Facts, MediaInfo, to_plain
from answerprint.tasks import sounds

RATE_HZ = 48_000
LONG_S = 60


def music(seconds: int, seed: int) -> np.ndarray:
    """Notes that never come in the same order twice, float32 of full scale 1.0."""
    draw = np.random.default_rng(seed)
    out = np.zeros(seconds * RATE_HZ, np.float32)
    for start in range(0, len(out) - RATE_HZ, RATE_HZ // 5):
        length = int(RATE_HZ * draw.uniform(0.2, 0.6))
        t = np.arange(length) / RATE_HZ
        pitch = 220 * 2 ** (draw.integers(0, 25) / 12)
        note = sum(np.sin(2 * np.pi * pitch * n * t) / n for n in range(1, 8)) * np.exp(-t * draw.uniform(3, 9))
        out[start : start + length] += (0.12 * note).astype(np.float32)
    return out + draw.normal(0, 0.002, len(out)).astype(np.float32)


def set_sound(seconds: int, seed: int) -> np.ndarray:
    """A set: noise that swells as people move and speak."""
    draw = np.random.default_rng(seed)
    swell = np.repeat(draw.uniform(0.1, 1.0, seconds * 10), RATE_HZ // 10)
    return (0.06 * swell * draw.normal(0, 1, seconds * RATE_HZ)).astype(np.float32)


def facts(task: str, **values: Any) -> Facts:
    return Facts(task=task, version=1, inputs=(), facts=tuple(Fact(about="d", name=name.replace("__", "."), value=value, method="made") for name, value in values.items()))


def sound(folder: Path, name: str, samples: np.ndarray | None = None, *, starts_s: int | None = None, scene: str | None = None, kind: str = "unknown", spans: Any = ()) -> Input:
    stream = AudioStream(index=0, codec="pcm_s24le", rate_hz=RATE_HZ, channels=1, duration_s=Fraction(LONG_S))
    bext = Bext(time_reference=None if starts_s is None else starts_s * RATE_HZ, scene=scene)
    info = MediaInfo(kind="sound", container="wav", duration_s=Fraction(LONG_S), audio=(stream,), bext=bext)
    artefacts = {}
    if samples is not None:
        np.save(folder / f"{name}.npy", np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16))
        artefacts = {"listen/sound.npy": folder / f"{name}.npy"}
    known = {
        "ingest": facts("ingest", media__info=to_plain(info)), "listen": facts("listen", sound__silent=False),
        "lining": facts("lining", sound__kind={"kind": kind, "because": "made"}), "wild": facts("wild", wild__spans=list(spans)),
    }  # fmt: skip
    return Input(path=folder / name, file=f"sound/{name}", digest=f"blake3:{name}", facts=known, artefacts=artefacts)


def clip(name: str, under: str | None, offset_s: float, *, timecode: str | None = None) -> Input:
    info = MediaInfo(kind="clip", container="mov", duration_s=Fraction(10), timecode=timecode, timecode_rate=Fraction(25) if timecode else None)
    pair = {"sound": under, "offset_s": offset_s, "drift_ppm": 0.0, "abstained": None if under else "nothing in common"}
    return Input(path=Path(name), file=f"rushes/{name}.mov", digest=f"blake3:{name}", facts={"ingest": facts("ingest", media__info=to_plain(info)), "sync": facts("sync", sync__pair=pair)})


def ran(folder: Path, clips: list[Input], heard: list[Input], slates: dict[str, tuple[str, int]] | None = None) -> dict[str, Any]:
    takes = [{"clip": f"blake3:{name}", "attempts": [{"scene": scene, "take": take}]} for name, (scene, take) in (slates or {}).items()]
    work = Work(subject=None, clips=clips, sounds=heard, params={}, scratch=folder, shoot={"takes": facts("takes", takes=takes)})
    made = tuple(sounds.task.run(work))
    Facts(task="sounds", version=1, inputs=(), facts=made).to_bytes()
    return {fact.name: fact.value for fact in made}


SLATES = {"A1": ("1A", 1), "A2": ("1A", 2)}


@pytest.fixture
def recorded(tmp_path: Path) -> tuple[np.ndarray, list[Input]]:
    """A recorder's minute over two takes at 8 s and 40 s, and the takes."""
    return set_sound(LONG_S, 1), [clip("A1", "blake3:T1.wav", 8.0), clip("A2", "blake3:T1.wav", 40.0)]


def played(roll: np.ndarray, master: np.ndarray, at_s: float, from_s: float, seconds: float) -> None:
    """The master from a loudspeaker across the room, `at_s` into the roll."""
    part = master[int(from_s * RATE_HZ) : int((from_s + seconds) * RATE_HZ)]
    begin = int(at_s * RATE_HZ)
    roll[begin : begin + len(part)] += 0.4 * part


def test_playback_begun_anew_for_each_take_is_matched_to_its_master_with_its_place(tmp_path: Path, recorded: tuple[np.ndarray, list[Input]]) -> None:
    roll, clips = recorded
    master = music(30, 5)
    played(roll, master, 6.0, 3.0, 14.0)
    played(roll, master, 41.5, 0.0, 14.0)
    heard = [sound(tmp_path, "T1.wav", roll, starts_s=36_000), sound(tmp_path, "bed.wav", master), sound(tmp_path, "other.wav", music(30, 6))]
    found = ran(tmp_path, clips, heard, SLATES)
    (bed,) = found["sounds.playback"]
    assert (bed["file"], bed["because"]) == ("sound/bed.wav", "heard under 1A-1, 1A-2, each time begun anew")
    assert [one["offset_s"] for one in bed["clips"]] == pytest.approx([5.0, -1.5], abs=0.001)
    assert found["sounds.unsure"] == []


def test_a_second_recorder_that_ran_along_is_no_playback(tmp_path: Path, recorded: tuple[np.ndarray, list[Input]]) -> None:
    roll, clips = recorded
    along = roll[2 * RATE_HZ :] * 0.5 + np.random.default_rng(9).normal(0, 0.002, len(roll) - 2 * RATE_HZ)
    found = ran(tmp_path, clips, [sound(tmp_path, "T1.wav", roll, starts_s=36_000), sound(tmp_path, "zoom.wav", along)], SLATES)
    assert found["sounds.playback"] == []


@pytest.mark.parametrize(("name", "sure"), [("ZOOM0003.wav", False), ("spot_playback_v2.wav", True)])
def test_one_take_alone_is_no_proof_unless_its_name_says_so(tmp_path: Path, recorded: tuple[np.ndarray, list[Input]], name: str, sure: bool) -> None:
    roll, clips = recorded
    master = music(30, 5)
    played(roll, master, 6.0, 3.0, 14.0)
    found = ran(tmp_path, clips, [sound(tmp_path, "T1.wav", roll, starts_s=36_000), sound(tmp_path, name, master)], SLATES)
    assert len(found["sounds.playback"]) == sure
    assert [row["file"].endswith(name) for row in found["sounds.unsure"]] == ([] if sure else [True])


def test_a_loop_fits_everywhere_and_nothing_is_said(tmp_path: Path, recorded: tuple[np.ndarray, list[Input]]) -> None:
    roll, clips = recorded
    loop = np.tile(music(8, 5), 4)
    played(roll, loop, 6.0, 0.0, 20.0)
    found = ran(tmp_path, clips, [sound(tmp_path, "T1.wav", roll, starts_s=36_000), sound(tmp_path, "loop.wav", loop)], SLATES)
    assert (found["sounds.playback"], found["sounds.unsure"]) == ([], [])


def test_a_file_with_a_time_of_day_is_a_recorder_s_and_is_not_asked(tmp_path: Path, recorded: tuple[np.ndarray, list[Input]]) -> None:
    roll, clips = recorded
    found = ran(tmp_path, clips, [sound(tmp_path, "T1.wav", roll, starts_s=36_000), sound(tmp_path, "T2.wav", roll, starts_s=36_000)], SLATES)
    assert (found["sounds.playback"], found["sounds.unsure"]) == ([], [])


@pytest.mark.parametrize(
    ("name", "more", "setup", "because"),
    [
        ("T9.wav", {"scene": "2A"}, "2A", "the recorder says scene 2A"),
        ("room tone 3b.wav", {}, "3B", "its name says 3B"),
        ("T9.wav", {"starts_s": 10 * 3600 + 30}, "1A", "recorded 20 s after 1A-1, before 1B-1"),
        ("T9.wav", {"starts_s": 9 * 3600 + 3500}, "1A", "recorded 40 s before 1A-1, and nothing was shot before it"),
        ("T9.wav", {"starts_s": 15 * 3600}, None, "no take was shot within half an hour of it"),
        ("T9.wav", {}, None, "it carries no scene and no time of day"),
    ],
)
def test_room_tone_is_kept_by_set_up_with_the_reason(tmp_path: Path, name: str, more: dict[str, Any], setup: str | None, because: str) -> None:
    clips = [clip("A1", None, 0.0, timecode="10:00:00:00"), clip("B1", None, 0.0, timecode="10:02:00:00")]
    tone = sound(tmp_path, name, kind="room tone", spans=[[0.0, 60.0]], **more)
    (row,) = ran(tmp_path, clips, [tone], {"A1": ("1A", 1), "B1": ("1B", 1)})["sounds.room_tone"]
    assert (row["setup"], row["because"], row["in_s"], row["out_s"]) == (setup, because, 0.0, 60.0)


def test_what_is_not_room_tone_is_kept_for_no_set_up(tmp_path: Path) -> None:
    assert ran(tmp_path, [], [sound(tmp_path, "T9.wav", kind="voice-over", spans=[[0.0, 60.0]])])["sounds.room_tone"] == []


def test_a_person_reads_the_playback_with_the_clip_and_the_set_up_with_the_sound() -> None:
    played = [{"sound": "blake3:bed", "file": "sound/bed.wav", "because": "heard under 1A-1, 1A-2, each time begun anew", "clips": [{"clip": "blake3:A1", "offset_s": 5.0}, {"clip": "blake3:A2", "offset_s": -1.5}]}]
    tones = [{"sound": "blake3:T9", "setup": "1A", "because": "recorded 20 s after 1A-1"}]
    known = facts("sounds", sounds__playback=played, sounds__room_tone=tones)
    assert status.playback_notes(known, "blake3:A1") == ["playback: bed.wav, 5.000 s into it at the first picture"]
    assert status.playback_notes(known, "blake3:A2") == ["playback: bed.wav begins 1.500 s after the first picture"]
    assert status.playback_notes(known, "blake3:A3") == status.playback_notes(None, "blake3:A1") == []
    assert status.sound_belongs(known, "blake3:bed")["kind"] == "playback"
    assert status.sound_belongs(known, "blake3:T9") == {"setup": "1A", "because": "recorded 20 s after 1A-1"}
    assert status.sound_belongs(known, "blake3:T1") == {}
