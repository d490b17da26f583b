"""Laws of the sound a clip is heard with, and of what lies under no clip."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from answerprint.model.extend import Input, Work
from answerprint.model.records import Fact, Facts, MediaInfo, to_plain
from answerprint.tasks import synced, wild
from tests import made


def facts(task: str, digest: str, values: list[tuple[str, Any]]) -> Facts:
    return Facts(task=task, version=1, inputs=(digest,), facts=tuple(Fact(about=digest, name=name, value=value, method="made") for name, value in values))


def medium(tmp_path: Path, name: str, samples: np.ndarray, task: str, pairs: list[dict[str, Any]] | None = None) -> Input:
    path = tmp_path / f"{name}.npy"
    np.save(path, (samples * 32767).astype(np.int16))
    info = MediaInfo(kind="sound" if task == "listen" else "clip", container="made", duration_s=Fraction(len(samples), 48000))
    about = {"ingest": facts("ingest", name, [("media.info", to_plain(info))]), task: facts(task, name, [("sound.silent", False)])}
    if pairs is not None:
        about["sync"] = facts("sync", name, [("sync.pair", pair) for pair in pairs])
    return Input(path=path, file=name, digest=name, facts=about, artefacts={f"{task}/sound.npy": path})


def pair(sound: str, offset_s: float, drift_ppm: float = 0.0, abstained: str | None = None) -> dict[str, Any]:
    return {"sound": sound, "offset_s": offset_s, "drift_ppm": drift_ppm, "abstained": abstained, "overlap_s": 5.0}


def heard(tmp_path: Path, clip: Input, sounds: list[Input]) -> tuple[np.ndarray, list[Any]]:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    found = list(synced.run(Work(subject=clip, clips=[], sounds=sounds, params={}, scratch=scratch)))
    return np.load(scratch / "heard.npy"), found[0].value


@pytest.mark.parametrize("block", [960_000, 7_001])
@pytest.mark.parametrize(("offset_s", "drift_ppm"), [(3.25, 0.0), (3.2501, 120.0), (-1.5, 0.0), (18.0, -80.0)])
def test_a_synced_clip_is_heard_through_the_recorder_where_it_ran(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, offset_s: float, drift_ppm: float, block: int
) -> None:
    monkeypatch.setattr(synced, "_BLOCK", block)
    at_s = np.arange(5 * 16000) / 16000
    roll = 0.3 * np.sin(2 * np.pi * (200 * np.arange(20 * 48000) / 48000 + 6 * (np.arange(20 * 48000) / 48000) ** 2))
    clip = medium(tmp_path, "clip", np.zeros(5 * 48000), "picture", [pair("roll", offset_s, drift_ppm)])
    sound, used = heard(tmp_path, clip, [medium(tmp_path, "roll", roll, "listen")])
    where = offset_s + at_s * (1 + drift_ppm * 1e-6)
    inside = (where > 0.01) & (where < 19.99)
    expected = 0.3 * np.sin(2 * np.pi * (200 * where + 6 * where**2))
    assert np.abs(sound / 32767 - expected)[inside].max() < 0.01
    assert not sound[(where < -0.01) | (where > 20.01)].any(), "where the recorder did not run the camera's own sound stays"
    assert used == [{"sound": "roll", "offset_s": offset_s, "drift_ppm": drift_ppm}]


def test_a_clip_that_abstained_is_heard_through_its_own_microphone(tmp_path: Path) -> None:
    own = made.voice(5, seed=3)
    clip = medium(tmp_path, "clip", own, "picture", [pair("roll", 1.0, abstained="nothing in common")])
    sound, used = heard(tmp_path, clip, [medium(tmp_path, "roll", made.voice(20, seed=4), "listen")])
    assert used == []
    assert len(sound) == 5 * 16000
    assert np.corrcoef(sound, own[::3])[0, 1] > 0.5


def wild_of(sound: Input, clips: list[Input], tmp_path: Path) -> list[list[float]]:
    (fact,) = wild.run(Work(subject=sound, clips=clips, sounds=[], params={}, scratch=tmp_path))
    return fact.value  # type: ignore[no-any-return]


def test_what_lies_under_no_clip_is_wild(tmp_path: Path) -> None:
    sound = medium(tmp_path, "roll", made.voice(20, seed=1), "listen")
    clips = [
        medium(tmp_path, "one", np.zeros(4 * 48000), "picture", [pair("roll", 3.0)]),
        medium(tmp_path, "two", np.zeros(4 * 48000), "picture", [pair("roll", 7.5)]),
        medium(tmp_path, "other", np.zeros(4 * 48000), "picture", [pair("roll", 14.0, abstained="thin")]),
    ]
    assert wild_of(sound, clips, tmp_path) == [[0.0, 3.0], [11.5, 20.0]], "half a second between two clips is no wild sound"


def test_a_file_without_clips_is_wild_from_end_to_end_and_a_covered_one_not_at_all(tmp_path: Path) -> None:
    sound = medium(tmp_path, "roll", made.voice(6, seed=1), "listen")
    assert wild_of(sound, [], tmp_path) == [[0.0, 6.0]]
    assert wild_of(sound, [medium(tmp_path, "all", np.zeros(9 * 48000), "picture", [pair("roll", -1.0)])], tmp_path) == []
