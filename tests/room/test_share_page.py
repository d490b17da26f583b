"""The machine's share in the room: the sentence, the list behind it, and a drawing; nothing there marks anything."""

from __future__ import annotations

import json
import re

import pytest

from answerprint import cli, sharing
from answerprint.desk import Desk
from answerprint.room.app import Room
from tests.deciding import MARA, Crewed
from tests.room.conftest import ORIGIN, Opened, Signer
from tests.test_sharing import laid, spot

__all__ = ["spot"]


def room_of(spot: Crewed) -> Opened:
    room = Room(spot.production.path, origins=(ORIGIN,))
    return Opened(room=room, path=spot.production.path, ana=Signer(room, MARA))  # type: ignore[arg-type]


def test_the_page_is_what_the_terminal_says_and_each_cut_point_opens_the_cut_there(spot: Crewed, capsys: pytest.CaptureFixture[str]) -> None:
    laid(spot, "en")
    spot.cut("en", trim={3: 10})
    mara = room_of(spot).ana
    head = spot.desk.book.head.n  # type: ignore[union-attr]
    said = mara.get("/api/report/share").json()
    capsys.readouterr()
    assert cli.main(["share", str(spot.production.path), "--json"]) == 0
    assert said["share"] == json.loads(capsys.readouterr().out)
    page = mara.get("/report/share").text
    assert page.count(sharing.shared(spot.desk, "master").says(False)) == 1
    assert "Keeping a cut is also a decision." in page
    assert "looked at by nobody" in page
    assert "%" not in re.sub(r"<[^>]*>", "", page.split("<article")[1].split("</article")[0])
    points = said["share"]["picture"]["points"]
    assert re.findall(r'href="/cut/en\.otio#(\d+)"', page.split('id="picture"')[1].split('id="sound"')[0]) == [str(one["frame"]) for machine in (True, False) for one in points if one["machine"] is machine]
    assert not re.search(r"\sstyle=|<style|<form", page.split("<article")[1])
    assert spot.desk.book.head.n == head  # type: ignore[union-attr]  # looked at, and nothing was written


def test_where_no_rough_cut_was_made_the_page_says_it_and_draws_nothing(spot: Crewed) -> None:
    page = room_of(spot).ana.get("/report/share").text
    assert sharing.NONE_MADE in page
    assert 'class="kept"' not in page


def test_the_sentence_stands_before_whoever_signs(spot: Crewed) -> None:
    laid(spot, "en")
    mara = room_of(spot).ana
    says = sharing.shared(Desk(spot.production), "master").says(False)
    assert says in mara.get("/api/sign").json()["question"]["notes"]
    assert says in mara.get("/sign").text


def test_what_was_kept_is_drawn_from_where_the_rough_cut_has_it(spot: Crewed) -> None:
    laid(spot, "en")
    spot.cut("en", trim={3: 10})
    side = sharing.shared(spot.desk, "master").share.picture  # type: ignore[union-attr]
    kept = [one for one in side.stretches if one.there is not None]
    assert [one.machine for one in kept] == [True] * len(kept)
    assert {one.start - one.there for one in kept} == {0, -10}  # type: ignore[operator]  # what only travelled lies ten frames on
    assert side.laid[-1].end == side.takes[-1].end + 10
