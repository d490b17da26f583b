"""A production with a crew of three, and somebody at a terminal who types what a test says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import opentimelineio as otio
import pytest

import answerprint
from answerprint import cli
from answerprint.book import Book
from answerprint.cli import signing
from answerprint.ledger import signer as keys
from answerprint.ledger.store import Record
from answerprint.spot import Spot
from tests.ledger.signing import Hand, everything

MARA, JO, ANA = Hand("Mara Lind"), Hand("Jo Abara"), Hand("Ana Reyes")
PASSPHRASE = "salt lamp eleven harbour"
Run = Callable[..., str]


@contextmanager
def crewed(folder: Path) -> Iterator[tuple[Spot, Record]]:
    """Mara produces, directs and holds every judgment; Jo is the DP; Ana is the client's."""
    spot = answerprint.new(folder / "spot", rate="25", title="Salt")
    spot.inside.mkdir()
    with spot.writer() as record:
        record.sign(MARA.enrols("producer", "director"), MARA)
        record.sign(JO.enrols("DP"), MARA)
        record.sign(ANA.enrols("client"), MARA)
        record.sign(everything(MARA), MARA)
        yield spot, record


def now(record: Record) -> Book:
    return Book(record)


def cut(spot: Spot, name: str, *, frames: int = 50) -> Path:
    """A cut of one shot in cuts/."""
    timeline = otio.schema.Timeline(name)
    track = otio.schema.Track(kind="Video")
    timeline.tracks.append(track)
    span = otio.opentime.TimeRange(otio.opentime.RationalTime(0, 25), otio.opentime.RationalTime(frames, 25))
    track.append(otio.schema.Clip("shot", media_reference=otio.schema.ExternalReference("rushes/A001.mov", available_range=span), source_range=span))
    path = spot.path / "cuts" / f"{name}.otio"
    otio.adapters.write_to_file(timeline, str(path))
    return path


@dataclass
class Terminal:
    """Somebody at a terminal. `passphrases` and `answers` are typed in their order; nothing left to type is a failure of the test."""

    passphrases: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def ask(self, prompt: str) -> str:
        self.asked.append(prompt)
        return self.passphrases.pop(0) if self.passphrases else PASSPHRASE

    def answer(self, prompt: str, otherwise: str, *, to_stderr: bool = False) -> str:
        self.asked.append(prompt)
        if not self.answers:
            raise signing.SigningError(f"There is no terminal here to ask: {prompt} {otherwise}")
        return self.answers.pop(0)


def at_terminal(monkeypatch: pytest.MonkeyPatch, home: Path) -> Terminal:
    """A user with a home of their own, no agent, and locks that open quickly."""
    one = Terminal()
    for name, folder in (("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data"), ("HOME", "")):
        monkeypatch.setenv(name, str(home / folder))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setattr(keys, "ROUNDS", 1)
    monkeypatch.setattr(signing, "ask", one.ask)
    monkeypatch.setattr(signing, "answer", one.answer)
    return one


def typed(terminal: Terminal, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command, with "yes" to `Sign?` unless the test types; everything it said."""

    def one(*words: str, code: int = 0, types: list[str] | None = None) -> str:
        terminal.answers, terminal.asked = list(types if types is not None else ["y"]), []
        assert cli.main(list(words)) == code, capsys.readouterr()
        out, err = capsys.readouterr()
        assert "should not have happened" not in err
        return out + err

    return one
