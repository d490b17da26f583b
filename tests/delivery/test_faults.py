"""What goes wrong while a film is made: one sentence each, and never a half-written file under the film's name."""

from __future__ import annotations

import dataclasses
import errno
import os
import re
import shutil
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from answerprint.delivery.conform import conform, graded, mixed
from answerprint.delivery.originals import Seals
from answerprint.delivery.plan import Plan
from answerprint.delivery.render import render
from answerprint.delivery.specs import read
from answerprint.media import cube, digests
from answerprint.model.delivery import PictureSpec, Rendered, SoundSpec, Spec
from answerprint.model.records import AnswerprintError
from answerprint.timeline.cut import attach, media_of
from tests.delivery.exact import FFV1, SIZE
from tests.delivery.rushes import RATE_HZ, clip, cut, roll, rush

R = Fraction(25)
FRAMES = 120
HOUSE = 'title = "A house"\nsource = "its own page"\ndated = "2026-11-22"\ncontainer = "mov"\n[picture]\ncodec = "prores_ks"\n'


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rush(tmp_path_factory.mktemp("card") / "A.mov", 1, frames=FRAMES, rate=R, size=SIZE)


@dataclass
class Table:
    """A cut on the table: its one medium, and folders for the film and for segments."""

    home: Path
    medium: Path

    @property
    def out(self) -> Path:
        return self.home / "out" / "film.mkv"

    @property
    def scratch(self) -> Path:
        return self.home / "scratch"

    def plan(self, *, sealed: bool = False) -> Plan:
        shot = clip(self.medium, Fraction(0), FRAMES / R, R)
        if not sealed:
            return conform(cut(R, [[shot]]), {"A.mov": self.medium}, rate=R, size=SIZE)
        seal = digests.read(self.medium).blake3
        attach(shot.media_reference, dataclasses.replace(media_of(shot), digest=seal))
        return conform(cut(R, [[shot]]), {seal: self.medium, "A.mov": self.medium}, rate=R, size=SIZE)

    def render(self, plan: Plan | None = None, spec: Spec = FFV1, **given: Any) -> Rendered:
        return render(plan or self.plan(), spec, self.out, scratch=self.scratch, **given)

    def left(self) -> list[str]:
        """What lies about, but for whole segments and whole sounds."""
        return sorted(str(path.relative_to(self.home)) for path in (*self.out.parent.iterdir(), *self.scratch.glob("*")) if not re.fullmatch(r"[0-9a-f]{32}\.(mov|mkv|sound|level)", path.name))


@pytest.fixture
def table(card: Path, tmp_path: Path) -> Table:
    (tmp_path / "out").mkdir()
    return Table(tmp_path, Path(shutil.copy(card, tmp_path / "A.mov")))


# ---- one sentence each


def _gone_before(table: Table) -> None:
    shot = clip(table.medium, Fraction(0), FRAMES / R, R)
    table.medium.unlink()
    table.render(conform(cut(R, [[shot]]), {"A.mov": table.medium}, rate=R, size=SIZE))


def _gone_since(table: Table) -> None:
    plan = table.plan()
    table.medium.unlink()
    table.render(plan)


def _unknown(table: Table) -> None:
    table.render(conform(cut(R, [[clip(table.medium, Fraction(0), 1 / R, R)]]), {}, rate=R, size=SIZE))


def _changed_since(table: Table) -> None:
    plan = table.plan()
    os.utime(table.medium, ns=(1, 1))
    table.render(plan)


def _changed_while(table: Table) -> None:
    table.render(progress=lambda done: os.utime(table.medium, ns=(1, 1)) if done > 0.5 else None)


def _other_bytes(table: Table) -> None:
    """One byte in the middle is another; size and time are as they were."""
    plan, before = table.plan(sealed=True), table.medium.stat()
    with open(table.medium, "r+b") as file:
        file.seek(before.st_size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))
    os.utime(table.medium, ns=(before.st_atime_ns, before.st_mtime_ns))
    table.render(plan, reseal=Seals())


def _same_name(table: Table) -> None:
    shot = clip(table.medium, Fraction(0), FRAMES / R, R)
    attach(shot.media_reference, dataclasses.replace(media_of(shot), digest="blake3:" + "0" * 64))
    table.render(conform(cut(R, [[shot]]), {"A.mov": table.medium}, rate=R, size=SIZE))


def _lut(text: str) -> Callable[[Table], None]:
    def read_it(table: Table) -> None:
        path = table.home / "show.cube"
        path.write_text(text)
        cube.read(path)

    return read_it


def _cdl(text: str) -> Callable[[Table], None]:
    def read_it(table: Table) -> None:
        path = table.home / "grade.cdl"
        path.write_text(text)
        cube.read(path)

    return read_it


def _master(name: str, frames: int, rate: Fraction) -> Callable[[Table], None]:
    def lay(table: Table) -> None:
        table.render(graded(table.plan(), rush(table.home / name, 7, frames=frames, rate=rate, size=SIZE, sound=False)))

    return lay


def _no_master(table: Table) -> None:
    table.render(graded(table.plan(), table.home / "master.mov"))


def _no_mix(table: Table) -> None:
    table.render(mixed(table.plan(), table.home / "mix.wav"))


def _mix_at_another_rate(table: Table) -> None:
    import wave

    with wave.open(str(table.home / "mix.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(bytes(4 * 44_100))
    table.render(mixed(table.plan(), table.home / "mix.wav"))


def _mono_mix(table: Table) -> None:
    path = roll(table.home / "mix.wav", 5, samples=FRAMES * RATE_HZ // 25)
    table.render(mixed(table.plan(), path), dataclasses.replace(FFV1, sound=SoundSpec(codec="pcm_s24le", layout="5.1")))


def _spec(text: str) -> Callable[[Table], None]:
    return lambda table: table.render(spec=read(HOUSE.replace("[picture]\n", f"[picture]\n{text}\n"), "house"))


FAULTS: dict[str, tuple[Callable[[Table], None], str]] = {
    "a medium that nobody has": (_unknown, r"1 of the media in this cut is not to be had: A\.mov.* Connect their disks, or relink the cut"),
    "a medium that is gone": (_gone_before, r"A\.mov is not there \(any more\)\. Is its disk still connected\?"),
    "a medium that goes": (_gone_since, r"A\.mov is not there \(any more\)\. Is its disk still connected\?"),
    "a medium that was written to since": (_changed_since, r"A\.mov was changed after the film was worked out from it\..* deliver again"),
    "a medium that is written to meanwhile": (_changed_while, r"A\.mov was changed after the film was worked out from it\..* deliver again"),
    "a medium that rotted": (_other_bytes, r"A\.mov is no longer the file that was sealed \(it was blake3:\w{8}, it is blake3:\w{8}\)\. Copy it again"),
    "another file of that name": (_same_name, r"A\.mov is another file than the one in the cut \(seal blake3:\w{8}, and blake3:0{8} in the cut\)"),
    "a LUT that is a letter": (_lut("Dear colourist,\nplease warmer.\n"), r"show\.cube is broken: line 1 begins with 'Dear', which no \.cube has\. Export it again"),
    "a LUT that is cut off": (_lut("LUT_3D_SIZE 2\n0 0 0\n1 0 0\n"), r"show\.cube is broken: it says 8 entries and has 2"),
    "a LUT with no number": (_lut("LUT_3D_SIZE 2\n" + "0 0 nan\n" * 8), r"show\.cube is broken: line 2 holds a number that is not finite"),
    "a CDL that is a letter": (_cdl("warmer, please"), r"grade\.cdl is broken: it is not whole XML"),
    "a CDL without a correction": (_cdl("<ColorDecisionList/>"), r"grade\.cdl is broken: it holds no ColorCorrection"),
    "a CDL with power nought": (_cdl("<ColorCorrection><SOPNode><Power>0 1 1</Power></SOPNode></ColorCorrection>"), r"power must be above zero"),
    "a graded master that is gone": (_no_master, r"master\.mov is not there \(any more\)"),
    "a graded master that is short": (_master("short.mov", 100, R), r"short\.mov has 100 frames, the film has 120\. Ask for the whole film"),
    "a graded master at another rate": (_master("slow.mov", FRAMES, Fraction(24)), r"slow\.mov runs at 24 frames a second, the film at 25\. Ask for the master at 25"),
    "a mix that is gone": (_no_mix, r"mix\.wav is not there \(any more\)"),
    "a mix at another rate": (_mix_at_another_rate, r"mix\.wav has 44100 samples a second, the film has 48000\. Ask for the mix at 48 kHz"),
    "a mix in another layout": (_mono_mix, r"mix\.wav has 2 channels, the film is 5\.1 with 6\. Ask for a 5\.1 mix"),
    "a spec with an unknown key": (_spec("bitrate = 3"), r"there is no key 'bitrate'"),
    "a spec of another rate": (_spec('rates = ["50"]'), r"house takes 50 frames a second; the film runs at 25"),
    "a spec of another raster": (_spec("width = 1920\nheight = 1080"), r"house asks for 1920 x 1080; the film was worked out for 160 x 96"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_every_fault_is_a_sentence_and_leaves_nothing_lying_about(what: str, table: Table) -> None:
    happens, says = FAULTS[what]
    with pytest.raises(AnswerprintError, match=says) as caught:
        happens(table)
    said = str(caught.value)
    assert "\n" not in said
    assert "Traceback" not in said
    assert said.rstrip().endswith((".", "?"))
    assert table.left() == []


def test_a_length_that_nobody_sells_and_a_mix_of_another_length_are_said_and_the_film_is_made(table: Table) -> None:
    plan = mixed(table.plan(), roll(table.home / "mix.wav", 5, samples=RATE_HZ))
    made = table.render(plan, dataclasses.replace(FFV1, durations_frames=(125, 250)))
    assert "the film has 120 frames; Exact takes 125, 250." in made.warnings
    assert "mix.wav is 3.800 s shorter than the film; it ends in silence." in made.warnings


# ---- a full disk, at every place


@pytest.mark.parametrize(
    ("place", "after"),
    [("tempfile.mkstemp", 0), ("os.fsync", 0), ("os.fsync", 2), ("os.replace", 0), ("os.replace", 1), ("pathlib.Path.mkdir", 0), ("pathlib.Path.chmod", 0)],
)
def test_a_disk_that_is_full_at_any_step_is_a_sentence(place: str, after: int, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """`after`: so often the call still goes well; the file system then says that there is no space left."""
    import pathlib
    import tempfile

    plan = table.plan()
    owner, _, name = place.rpartition(".")
    owned: Any = {"tempfile": tempfile, "os": os, "pathlib.Path": pathlib.Path}[owner]
    real, calls = getattr(owned, name), iter(range(1000))

    def full(*given: Any, **named: Any) -> Any:
        if next(calls) >= after:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*given, **named)

    monkeypatch.setattr(owned, name, full)
    with pytest.raises(AnswerprintError, match=r"the disk of .* is full\. .* kept.* Make room and deliver again\."):
        table.render(plan)
    monkeypatch.undo()
    assert table.left() == []
    assert table.render(plan).frames == FRAMES


# ---- stopped


def _child(table: Table, work: Callable[[], object]) -> int:
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except KeyboardInterrupt:
            os._exit(130)
        finally:
            os._exit(9)
    return child


def test_killed_while_the_finished_file_is_written_the_next_run_ends_the_same_and_clears_up(table: Table) -> None:
    plan = table.plan()
    whole = render(plan, FFV1, table.home / "whole.mkv", scratch=table.home / "s")

    def die() -> None:
        from answerprint.delivery import render as module

        module.essence = lambda *given, **named: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[attr-defined]
        table.render(plan)

    _, status = os.waitpid(_child(table, die), 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    (half,) = table.left()
    assert Path(half).name.startswith(".render-")
    kept = {path: path.stat().st_mtime_ns for path in table.scratch.iterdir()}
    assert table.render(plan).essence == whole.essence
    assert table.left() == ["out/film.mkv"]
    assert {path: path.stat().st_mtime_ns for path in table.scratch.iterdir()} == kept


def test_ctrl_c_leaves_whole_segments_and_nothing_else(table: Table) -> None:
    shots = [clip(table.medium, n / R, 60 / R, R) for n in range(0, 50, 10)]
    plan = conform(cut(R, [shots]), {"A.mov": table.medium}, rate=R, size=SIZE)

    def work() -> None:
        pressed = threading.Event()

        def press(number: int, frame: object) -> None:
            pressed.set()
            raise KeyboardInterrupt

        signal.signal(signal.SIGINT, press)
        table.render(plan, workers=1, progress=lambda done: pressed.wait(60) if done > 0.5 else None)  # half-way it waits for the key

    child = _child(table, work)
    while not list(table.scratch.glob("*.part")) or not list(table.scratch.glob("*.mkv")):
        assert os.waitpid(child, os.WNOHANG) == (0, 0)
        time.sleep(0.005)
    os.kill(child, signal.SIGINT)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 130
    assert table.left() == []
    assert 0 < len(list(table.scratch.iterdir())) < len(plan.segments)


def test_what_another_process_is_writing_is_not_swept_away(table: Table) -> None:
    ours, theirs, dead = (table.out.parent / f".render-{number}-x.mkv" for number in (os.getpid(), 1, 2**22 + 7))
    for path in (ours, theirs, dead, table.out.parent / "film.part"):
        path.write_bytes(b"half")
    table.render()
    assert [path.exists() for path in (ours, theirs, dead, table.out.parent / "film.part")] == [True, True, False, True]


def test_a_film_that_is_there_stays_until_the_new_one_is_whole(table: Table) -> None:
    table.render()
    before = table.out.read_bytes()
    with pytest.raises(AnswerprintError, match="no colour tag"):
        table.render(spec=dataclasses.replace(FFV1, picture=PictureSpec(codec="ffv1", primaries="bt7O9")))
    assert table.out.read_bytes() == before
