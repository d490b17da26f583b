"""A spot that people decided on, with a rendered film in its record, ready for somebody's answer."""

from __future__ import annotations

import atexit
import functools
import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import answerprint
from answerprint import films
from answerprint.book import Line
from answerprint.delivery.essence import essence
from answerprint.desk import Try
from answerprint.films import Film
from answerprint.model.judgments import CutSeal, FilmSeal, Noted, Release, SignOff
from answerprint.model.records import Fact, Facts
from answerprint.signoff import QUESTION
from tests.deciding import MARA, Composed, Crewed
from tests.delivery.credentials.made import film as filmed
from tests.ledger.signing import Hand

JO = Hand("Jo Abara")
FLASH = "the picture flashes 4 times within a second"
NOTE = "It is the lightning. We looked at it with the broadcaster."
BOARD = "blake3:" + 64 * "7"  #: a file that no prep has read
#: what the machine found in every clip, task by task
CAME: dict[str, tuple[str, Any]] = {
    "sync": ("sync.pair", {"sound": "blake3:" + 64 * "5", "abstained": None}), "transcript": ("transcript.words", [[0.5, 0.9, "salt", 0.9]]),
    "attempts": ("attempts", [{"number": 1}]), "lining": ("lining", [{"item": 1}]),
}  # fmt: skip
ONE = "version,of,differs,cut\nmaster,,,cuts/en.otio\n"


@dataclass
class Told:
    """The spot, and its film as the record has it."""

    spot: Crewed
    film: Film
    made: Path  #: the rendered file
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def desk(self) -> Composed:
        return self.spot.desk

    def seals(self) -> tuple[tuple[CutSeal, ...], tuple[FilmSeal, ...]]:
        cut = self.desk.cuts["master"]
        film = FilmSeal(version="master", spec=self.film.spec, file=self.film.file, essence=self.film.essence, played=True)
        return (CutSeal(version="master", file=cut.file, seal=cut.seal),), (film,)

    def noted(self, note: str = NOTE) -> tuple[Noted, ...]:
        return (Noted(version="master", spec=self.film.spec, check="flash", says=FLASH, note=note),)

    def yes(self, note: str = NOTE, hand: Hand = MARA) -> Line[SignOff]:
        cuts, named = self.seals()
        entry = self.spot.put(SignOff(question=QUESTION, cuts=cuts, not_checked=("easy-choice report", "rights"), films=named, notes=self.noted(note)), hand)
        return self.line(entry.n)

    def release(self, because: str = "It goes on air on Friday.", hand: Hand = MARA) -> Line[Release]:
        cuts, named = self.seals()
        missing = ("Jo Abara: master: the question is not answered.",)
        entry = self.spot.put(Release(cuts=cuts, because=because, missing=missing, not_checked=("rights",), films=named, notes=self.noted()), hand)
        return self.line(entry.n)

    def line(self, n: int) -> Line[Any]:
        book = self.desk.book
        found = book.line(n) if book else None
        assert found is not None
        return found


def task(spot: Crewed, name: str, file: str, digest: str, *facts: Fact) -> None:
    """A finished task, as prep enters it."""
    kept = spot.production.keep.put(Facts(task=name, version=1, inputs=(digest,), facts=facts).to_bytes())
    key = hashlib.sha256(f"{name} {file} {digest}".encode()).hexdigest()
    spot.record.append("task", {"schema": 1, "task": name, "version": 1, "key": key, "inputs": [digest], "facts": kept, "file": file})


def prepared(spot: Crewed) -> list[str]:
    """What the machine did to eleven clips; their seals."""
    seals = []
    for one in spot.tries:
        if one.attempt == 1:
            seals.append(one.clip)
            task(spot, "seal", one.file, one.clip)
            task(spot, "ingest", one.file, one.clip, Fact(about=one.clip, name="media.info", value={"kind": "clip"}, method="as written"))
            task(spot, "picture", one.file, one.clip)
            for name, (fact, value) in CAME.items():
                task(spot, name, one.file, one.clip, Fact(about=one.clip, name=fact, value=value, method="as written"))
    task(spot, "drift", "the shoot", seals[0])
    return seals


def decide(spot: Crewed) -> None:
    """Mara decides everything, in three gestures."""
    spot.choose_everything(shapes=False)
    for gesture in ("selects", "lock", "finish"):
        spot.sign(gesture)


def report(**more: Any) -> dict[str, Any]:
    """A QC report as it is kept."""
    finding = {"check": "flash", "weight": "WARN", "says": FLASH, "measured": "4 in 1 s", "allowed": "3", "source": "ITU-R BT.1702-3",
               "where": [{"first": 10, "end": 30, "timecode": "01:00:00:10"}]}  # fmt: skip
    return {
        "form": 1, "file": "Salt.mp4", "spec": {"name": "youtube", "title": "YouTube, 16:9", "dated": "2026-11-22", "source": "YouTube Help."}, "verdict": "1 WARN", "rate": "25",
        "frames": 25, "film": {"first": 0, "end": 25}, "loudness": None, "findings": [finding], "facts": {"picture": "h264, 64 x 48"}, "unchecked": ["what is said"], **more,
    }  # fmt: skip


def rendered(spot: Crewed, made: Path, inputs: list[str], *, qc: Mapping[str, Any] | None = None, **more: Any) -> Told:
    """Enter a film, as the machine does when it has rendered and checked one."""
    desk = spot.desk
    cut, mix = desk.cuts["master"], desk.now["file:assets/mix.wav"]
    found = essence(made, edit=cut.seal)
    body = {
        "schema": 1, "what": "film", "version": "master", "spec": "youtube", "file": "Salt.mp4", "cut": cut.seal, "edit": cut.seal, "essence": found.digest,
        "streams": list(found.streams), "frames": 25, "film_first": 0, "film_frames": 25, "rate": "25/1", "samples": 48_000, "inputs": [*inputs, mix, BOARD],
        "sources": {"mix": {"file": "assets/mix.wav", "digest": mix}, "grade": {"file": "assets/grade.cdl", "digest": spot.desk.now["file:assets/grade.cdl"]}}, "levelled": None, "qc": spot.production.keep.put(json.dumps(qc or report()).encode()),
        "findings": [{"check": "flash", "weight": "WARN", "says": FLASH}], "warnings": ["the wipe at 01:00:02:00 is a dissolve"], "made_of": {}, "own": {}, **more,
    }  # fmt: skip
    spot.record.append("proposal", body)
    waits = films.films(spot.desk)[-1].path
    waits.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made, waits)
    return Told(spot=spot, film=films.films(spot.desk)[-1], made=made)


@functools.cache
def decided() -> tuple[Path, tuple[str, ...], Path]:
    """A spot on which everything is decided, once for all tests: its folder, the seals of its clips, a film of a second."""
    home = Path(tempfile.mkdtemp(prefix="papers-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    spot = Crewed.compose(home, versions=ONE)
    spot.record.sign(MARA.enrols("DP", other=JO), MARA)
    inputs = prepared(spot)
    decide(spot)
    spot.record.close()
    return home / "spot", tuple(inputs), filmed(home / "film.mp4")


def copied(folder: Path) -> Crewed:
    """That spot for one test to write into."""
    source, _, _ = decided()
    shutil.copytree(source, folder / "spot")
    production = answerprint.open(folder / "spot")
    tries = tuple(
        Try(name=f"A001_C{n:03d}#{number}", slate=f"{n}-{number} A", file=f"rushes/A001_C{n:03d}.mp4", clip=f"blake3:{n:064x}", attempt=number,
            in_s=str(20.0 * (number - 1)), out_s=str(20.0 * number), items=(n,), picture=True)
        for n in range(1, 12) for number in (1, 2)
    )  # fmt: skip
    return Crewed(production=production, record=production.writer(), tries=tries)


def told(folder: Path, spot: Crewed | None = None, **more: Any) -> Told:
    """All of it, with a film that waits for an answer."""
    _, inputs, made = decided()
    return rendered(spot or copied(folder), made, list(inputs), **more)
