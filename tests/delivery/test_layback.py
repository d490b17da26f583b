"""Films that sound alike share their sound, byte for byte as if each had its own; sound that differs in anything is never taken for it."""

from __future__ import annotations

import dataclasses
import os
import signal
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from answerprint.delivery import DeliveryError, layback, originals
from answerprint.delivery.conform import conform, mixed
from answerprint.delivery.encoding import Track
from answerprint.delivery.originals import Seals
from answerprint.delivery.plan import Gain, Plan
from answerprint.delivery.qc import check
from answerprint.delivery.qc.ears import Ears
from answerprint.delivery.qc.records import Heard
from answerprint.delivery.render import render
from answerprint.media import digests
from answerprint.model.delivery import Card, Loudness, PictureSpec, Rendered, SoundSpec, Spec
from answerprint.timeline.cut import attach, media_of
from tests.delivery.rushes import RATE_HZ, clip, cut, roll, rush
from tests.delivery.test_levelling import asked, wave

R, SIZE, FRAMES = Fraction(25), (64, 48), 25
LOUD = Loudness(target_lufs=-20.0, tolerance_lu=1.0, true_peak_dbtp=-1.0)
WEB, HOUSE = asked("aac", LOUD), asked("pcm", LOUD)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("rushes")
    for number, name in enumerate(("A.mov", "B.mov"), 1):
        rush(home / name, number, frames=FRAMES, rate=R, size=SIZE, sound=False)
    for number, name in enumerate(("T1.wav", "T2.wav"), 1):
        wave(home / name, 0.1 * np.random.default_rng(number).standard_normal((2, FRAMES * RATE_HZ // 25)))
    return home


def plan(home: Path, picture: str = "A.mov", heard: str = "T1.wav", *, size: tuple[int, int] = SIZE) -> Plan:
    media = {name: home / name for name in (picture, heard)}
    tracks = [[clip(path, Fraction(0), FRAMES / R, R)] for path in media.values()]
    return conform(cut(R, tracks[:1], tracks[1:]), media, rate=R, size=size)


def made(film: Plan, spec: Spec, folder: Path, scratch: str = "s") -> tuple[Rendered, bytes]:
    out = folder / f"film.{spec.container}"
    return render(film, spec, out, scratch=folder / scratch, version="v1"), out.read_bytes()


def kept(folder: Path, scratch: str = "s") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / scratch).iterdir() if path.suffix in (".sound", ".level")}


class Straight:
    """Sound as it goes into a file straight from its encoder."""

    def __init__(self, track: Track) -> None:
        self._track, self.open, self.until, self.close = track, track.open, track.until, track.close

    @property
    def showed(self) -> Any:
        return self._track.sound


def straight(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(layback, "laid", lambda track, path, **given: Straight(track))


def no_encoder(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(layback, "_encode", lambda *given: pytest.fail("it was encoded again"))


HEAD = (Card(what="bars", frames=10, sound="tone"),)
SPECS = {"aac": WEB, "24 bits behind a tone": dataclasses.replace(HOUSE, head=HEAD), "mxf": asked("mxf", LOUD), "silent edges": dataclasses.replace(HOUSE, edge_silence_frames=3)}


@pytest.mark.parametrize("name", SPECS)
def test_a_film_is_the_same_byte_for_byte_with_sound_straight_from_the_encoder_kept_and_found_again(name: str, home: Path, tmp_path: Path) -> None:
    film, spec = plan(home), SPECS[name]
    with pytest.MonkeyPatch.context() as patch:
        straight(patch)
        wanted, wanted_file = made(film, spec, tmp_path, "straight")
    fresh, fresh_file = made(film, spec, tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        no_encoder(patch)
        found, found_file = made(film, spec, tmp_path)
    assert fresh == found == wanted
    assert wanted.levelled_db
    if spec.container != "mxf":  # which gives every file a number of its own
        assert fresh_file == found_file == wanted_file


def test_another_picture_and_another_shape_take_it_and_are_as_if_they_had_their_own(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    films = [plan(home, "B.mov"), plan(home, size=(48, 64))]
    alone = [made(film, WEB, tmp_path, f"alone{n}") for n, film in enumerate(films)]
    made(plan(home), WEB, tmp_path)
    no_encoder(monkeypatch)
    assert [made(film, WEB, tmp_path) for film in films] == alone


def gained(film: Plan) -> Plan:
    return dataclasses.replace(film, pieces=tuple(dataclasses.replace(piece, gains=(Gain(at=0, gain_db=-3.0),)) for piece in film.pieces))


def sounding(spec: Spec, **given: Any) -> Spec:
    return dataclasses.replace(spec, sound=dataclasses.replace(spec.sound or SoundSpec(codec="aac"), **given))


OTHERS: dict[str, Callable[[Path], tuple[Plan, Spec]]] = {
    "a mix": lambda home: (mixed(plan(home), home / "T1.wav"), HOUSE),
    "another sound": lambda home: (plan(home, heard="T2.wav"), HOUSE),
    "a gain in the cut": lambda home: (gained(plan(home)), HOUSE),
    "another level": lambda home: (plan(home), sounding(HOUSE, loudness=dataclasses.replace(LOUD, target_lufs=-26.0))),
    "no level": lambda home: (plan(home), sounding(HOUSE, loudness=None)),
    "other bits": lambda home: (plan(home), sounding(HOUSE, codec="pcm_s16le")),
    "one channel": lambda home: (plan(home), sounding(HOUSE, layout="mono")),
    "silent edges": lambda home: (plan(home), dataclasses.replace(HOUSE, edge_silence_frames=3)),
    "a tone before it": lambda home: (plan(home), dataclasses.replace(HOUSE, head=HEAD)),
}


@pytest.mark.parametrize("what", OTHERS)
def test_sound_that_differs_in_anything_is_its_own(what: str, home: Path, tmp_path: Path) -> None:
    made(plan(home), HOUSE, tmp_path)
    before = kept(tmp_path)
    film, spec = OTHERS[what](home)
    found = made(film, spec, tmp_path)
    assert set(kept(tmp_path)) > set(before)
    assert before.items() <= kept(tmp_path).items()
    assert found == made(film, spec, tmp_path, "alone")


def test_a_medium_that_is_another_file_by_now_gives_another_sound(home: Path, tmp_path: Path) -> None:
    for name in ("A.mov", "T1.wav"):
        (tmp_path / name).write_bytes((home / name).read_bytes())
    made(plan(tmp_path), HOUSE, tmp_path)
    (tmp_path / "T1.wav").write_bytes((home / "T2.wav").read_bytes())
    other = made(plan(home, heard="T2.wav"), HOUSE, tmp_path, "other")[0].essence
    assert made(plan(tmp_path), HOUSE, tmp_path)[0].essence.streams == other.streams


def damaged(data: bytes) -> list[bytes]:
    middle = len(data) // 2
    return [b"", data[:middle], data[:-1], data + b"0", data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :], bytes([data[0] ^ 1]) + data[1:], data[:-1] + bytes([data[-1] ^ 1])]


def test_what_is_kept_and_damaged_is_made_again(home: Path, tmp_path: Path) -> None:
    whole = made(plan(home), HOUSE, tmp_path)
    good = kept(tmp_path)
    assert {Path(name).suffix for name in good} == {".sound", ".level"}
    for wrong in zip(*(damaged(data) for data in good.values()), strict=True):
        for name, data in zip(good, wrong, strict=True):
            (tmp_path / "s" / name).write_bytes(data)
        assert made(plan(home), HOUSE, tmp_path) == whole
        assert kept(tmp_path) == good


@pytest.mark.parametrize("when", [0, 1])
def test_killed_while_sound_or_its_level_is_written_the_next_run_ends_the_same_and_clears_up(when: int, home: Path, tmp_path: Path) -> None:
    film, spec = plan(home), HOUSE
    whole = made(film, spec, tmp_path, "whole")
    child = os.fork()
    if child == 0:
        from answerprint.delivery import levelling

        module: Any = (layback, levelling)[when]
        module.durable = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
        made(film, spec, tmp_path)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert len(list((tmp_path / "s").glob("*.part"))) == 1
    assert made(film, spec, tmp_path) == whole
    assert list((tmp_path / "s").glob("*.part")) == []
    assert kept(tmp_path) == kept(tmp_path, "whole")


# ---- what QC heard


def test_the_very_same_sound_is_listened_to_once_and_another_is_not_taken_for_it(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    films = [(plan(home), WEB), (plan(home, "B.mov"), WEB), (plan(home, heard="T2.wav"), WEB)]
    hearings: dict[str, Heard] = {}
    blocks: list[int] = []
    hear = Ears.hear
    monkeypatch.setattr(Ears, "hear", lambda self, block: blocks.append(1) or hear(self, block))
    heard, quiet = [], dataclasses.replace(LOUD, target_lufs=-30.0)
    for film, spec in films:
        rendered, _ = made(film, dataclasses.replace(spec, picture=PictureSpec(codec="libx264", options={"preset": "ultrafast"})), tmp_path)
        alone = check(Path(rendered.path), sounding(spec, loudness=quiet), expected=rendered)
        blocks.clear()
        assert check(Path(rendered.path), sounding(spec, loudness=quiet), expected=rendered, hearings=hearings) == alone
        heard.append(bool(blocks))
        assert [one.check for one in alone] == ["loudness"]
    assert heard == [True, False, True]
    assert len(hearings) == 2


# ---- originals


def test_each_original_is_read_whole_once_for_all_films_and_again_when_it_was_touched(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    medium = Path(tmp_path / "A.mov")
    medium.write_bytes((home / "A.mov").read_bytes())
    shot = clip(medium, Fraction(0), FRAMES / R, R)
    seal = digests.read(medium).blake3
    attach(shot.media_reference, dataclasses.replace(media_of(shot), digest=seal))
    spec, seals = dataclasses.replace(WEB, sound=None), Seals()
    read: list[Path] = []
    whole = digests.read
    monkeypatch.setattr(originals.digests, "read", lambda path, also: read.append(path) or whole(path, also=also))
    for size in (SIZE, (48, 64)):
        film = conform(cut(R, [[shot]]), {seal: medium}, rate=R, size=size)
        assert render(film, spec, tmp_path / "film.mp4", scratch=tmp_path / "s", reseal=seals).inputs == (seal,)
    assert read == [medium]
    was = medium.stat()
    with open(medium, "r+b") as file:  # one byte is another; its size and time of writing are as they were
        file.seek(was.st_size // 2)
        byte = file.read(1)
        file.seek(was.st_size // 2)
        file.write(bytes([byte[0] ^ 1]))
    os.utime(medium, ns=(was.st_atime_ns, was.st_mtime_ns))
    segments = sorted((tmp_path / "s").iterdir())
    film = conform(cut(R, [[shot]]), {seal: medium}, rate=R, size=(80, 48))
    with pytest.raises(DeliveryError, match="no longer the file that was sealed"):
        render(film, spec, tmp_path / "film.mp4", scratch=tmp_path / "s", reseal=seals)
    assert sorted((tmp_path / "s").iterdir()) == segments  # nothing was made of it
    assert len(read) == 2


def test_sound_that_goes_over_full_scale_is_said_also_where_it_was_found_again(tmp_path: Path) -> None:
    rush(tmp_path / "A.mov", 1, frames=FRAMES, rate=R, size=SIZE, sound=False)
    roll(tmp_path / "T1.wav", 2, samples=FRAMES * RATE_HZ // 25)
    film = plan(tmp_path)
    film = dataclasses.replace(film, pieces=tuple(dataclasses.replace(piece, gains=(Gain(at=0, gain_db=60.0),)) for piece in film.pieces))
    spec = sounding(HOUSE, loudness=None)
    first, again = (made(film, spec, tmp_path)[0] for _ in range(2))
    assert any("goes over full scale" in says for says in first.warnings)
    assert again.warnings == first.warnings
