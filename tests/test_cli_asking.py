"""Asking a service at the terminal: the price and the words before, a yes, and what had left when it was stopped. The same for every command that asks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from answerprint import calling, cli
from answerprint.book import Book
from answerprint.spot import Spot
from tests.crewed import MARA, crewed
from tests.drafting.briefs import BEER
from tests.providers.serving import Local, set_up

FILMS = ("A nurse drives home through rain and opens one can at every red light.", "The ferry captain pours for two hundred strangers and keeps the last glass dry.")
GRID = ("--words", "A grey pan on a stove", "--grid", "lens=35,85", "--with", "stills")


@dataclass
class Asked:
    """A production with a brief, a writer and a service that makes pictures, both let; and whoever answers at its terminal."""

    path: Path
    server: Local
    answers: list[str]

    def run(self, command: str, *words: str) -> int:
        return cli.main([command, str(self.path), *words])


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    with set_up(tmp_path, monkeypatch, "writer", "stills") as (server, _), crewed(tmp_path) as (spot, record):
        (spot.path / "brief.md").write_text(BEER, encoding="utf-8")
        now = Book(record).charter
        assert now is not None
        ready = calling.openable(Spot(spot.path).settings)
        record.sign(calling.granted(now.content, now.n, lets=["writer=words of the brief", "stills=nothing of the shoot"], spends=["20 USD"], providers=ready), MARA)
        answers: list[str] = []

        def answer(prompt: str, otherwise: str, **_: Any) -> str:
            return answers.pop(0)

        monkeypatch.setattr("answerprint.cli.signing.answer", answer)
        yield Asked(path=spot.path, server=server, answers=answers)


def test_a_draft_tells_its_price_and_every_word_before_it_is_asked_and_a_no_sends_nothing(asked: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    asked.answers += ["n", "y"]
    assert asked.run("draft", "concept", "--count", "2", "--with", "writer") == 1
    said = capsys.readouterr().out
    assert f"writer, {asked.server.address}/v1, would be asked for 2 concepts." in said
    assert "At most: " in said
    assert "6 questions at most" in said, "each may be thrown back twice"
    assert said.count("The brief for a commercial says:") == 1, "what the questions have in common stands there once"
    assert said.count("lines as above, and then:") == 5
    assert said.rstrip().endswith("Nothing was asked, and nothing left.")
    assert not asked.server.asked
    asked.server.acts += [_says(film) for film in FILMS]
    assert asked.run("draft", "concept", "--count", "2", "--with", "writer") == 0
    out, err = capsys.readouterr()
    assert len(asked.server.asked) == 2
    assert "drafts/concept 2.md" in out
    assert "writer: concept 1 of 2: " in err
    assert "writer: concept 2 of 2: " in err


def test_frames_tell_their_price_before_they_are_asked_and_nothing_is_brought_with_a_no(asked: Asked, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pan.png").write_bytes(b"no picture, and not looked at")
    asked.answers += ["", "y"]
    assert asked.run("frames", *GRID, "--from", str(tmp_path / "pan.png")) == 1
    said = capsys.readouterr().out
    assert "would be asked for 2 reference frames for the film." in said
    assert "At most: 0.08 USD (2 questions at most: " in said
    assert "Nothing of the shoot." in said
    assert not asked.server.asked
    assert asked.run("frames", *GRID, "--who", "mara lind") == 0
    assert "stills: frame 2 of 2: lens 85" in capsys.readouterr().err
    assert len(asked.server.asked) == 2
    with Spot(asked.path).reader() as record:  # type: ignore[union-attr]
        assert {body["by"] for entry in record.entries(kind="proposal") if (body := entry.read() or {}).get("what") == "question"} == {"Mara Lind"}
    assert asked.run("frames", *GRID) == 0, "what is answered already asks nobody, and needs no yes"
    assert len(asked.server.asked) == 2


def test_frames_come_in_the_size_that_is_asked_for_and_a_size_that_is_none_is_a_sentence(asked: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked.run("frames", *GRID, "--size", "wide", "--yes") == 2
    assert "'wide' is no size. A size is width x height in pixels: 1344x768" in capsys.readouterr().err
    assert asked.run("frames", *GRID, "--yes") == 0
    capsys.readouterr()
    assert asked.run("frames", *GRID, "--size", "768x1344", "--yes", "--json") == 0
    assert [json.loads(body)["size"] for _, _, _, body in asked.server.asked] == ["1344x768"] * 2 + ["768x1344"] * 2
    assert json.loads(capsys.readouterr().out)["notes"] == []


def test_without_a_terminal_only_yes_asks(asked: Asked, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.undo()  # the terminal, too
    monkeypatch.setenv("LOCAL_KEY", "sk-local-0123456789abcdef")
    monkeypatch.setattr("answerprint.config.user_file", lambda: asked.path.parent / "own" / "config.toml")
    assert asked.run("draft", "treatment", "--with", "writer") == 2
    assert "With --yes it is asked without a question." in capsys.readouterr().err
    assert not asked.server.asked
    assert asked.run("draft", "treatment", "--with", "writer", "--yes") == 0
    assert len(asked.server.asked) == 1


def test_what_stands_against_it_is_said_before_anybody_is_asked(asked: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked.run("draft", "concept", "--count", "12", "--with", "writer") == 2
    err = capsys.readouterr().err
    assert err.count("budget of 20 USD") == 1, "for all of its questions together, once"
    assert "(36 questions at most: " in err
    assert asked.run("frames", "--words", "Mara Lind at a stove", *GRID[2:]) == 2
    assert "names Mara Lind, who is on the crew" in capsys.readouterr().err
    assert not asked.server.asked


def test_ctrl_c_says_what_had_left(asked: Asked, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from answerprint.providers import openai_images

    really, calls = openai_images.Images.call, []

    def stopped(self: Any, *words: Any, **more: Any) -> Any:
        calls.append(words)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return really(self, *words, **more)

    monkeypatch.setattr(openai_images.Images, "call", stopped)
    assert asked.run("frames", *GRID, "--yes") == 130
    err = capsys.readouterr().err
    assert f" bytes had left for {asked.server.address.removeprefix('http://')}." in err
    assert "may have been charged" in err
    calls.append(())
    assert asked.run("frames", *GRID, "--yes") == 0
    assert len(asked.server.asked) == 2, "what had come was not asked again"


def _says(film: str) -> Any:
    def act(handler: Any) -> bool:
        handler.local.says = film
        return False

    return act


def test_a_yes_beforehand_pays_for_nothing_a_second_time(asked: Asked, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(calling.asking, "_failed", lambda *_, **__: None)  # it died before it could write that down
        asked.server.acts.append(lambda to: (to.connection.close(), True)[1])
        assert asked.run("frames", *GRID, "--yes") == 2
    lost = len(asked.server.asked)
    capsys.readouterr()
    assert asked.run("frames", *GRID, "--yes") == 2
    assert "With --yes --again it is asked all the same." in capsys.readouterr().err
    assert len(asked.server.asked) == lost
    assert asked.run("frames", *GRID, "--yes", "--again") == 0
    assert len(asked.server.asked) == lost + 2
