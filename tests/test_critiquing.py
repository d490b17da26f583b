"""Critics are asked about a person's own cut; what they say stands in the record once, blocks nothing, and is theirs who take it up."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from answerprint import arguments, cli, critiquing
from answerprint.book import Book
from answerprint.critiquing import CritiquingError, working
from answerprint.critiquing.drawing import drawn
from answerprint.desk import Desk
from answerprint.media import faces, origin
from answerprint.media.faces import Face
from answerprint.model.attempts import Heard
from answerprint.model.records import to_plain
from answerprint.spot import Spot
from answerprint.spot import open as opened
from tests.critics.composed import Film
from tests.ledger.signing import Hand
from tests.test_reframing import write_cut

VERSIONS = "version,of,differs,cut\nmaster,,,cuts/master.otio\n"
#: Attempts that go on after the cut leaves them.
SHOTS = (("A001_C001", 0, 60), ("A001_C002", 10, 70), ("A001_C003", 0, 50))


@pytest.fixture(scope="module")
def asked(small_spot: Spot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A spot with a person's cut, about which every critic was asked once: copy it, never write into it."""
    home = tmp_path_factory.mktemp("asked") / "spot"
    shutil.copytree(small_spot.path, home)
    spot = opened(home)
    (home / "versions.csv").write_text(VERSIONS, encoding="utf-8")
    write_cut(spot, "master", SHOTS)
    face = Face(left=0.4, top=0.2, width=0.15, height=0.3, score=0.9, looks=0.0)  # nobody can be composed here whom the detector would take for a person
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(faces, "faces", lambda picture: [face])
        assert critiquing.critique(Desk(spot), "master").new > 0
    return home


@pytest.fixture
def spot(asked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spot:
    """It, with critics that speak in this process: the way through a worker was gone once."""
    shutil.copytree(asked, tmp_path / "spot")
    monkeypatch.setattr(working, "ask", lambda case, names: working.speak(json.dumps(to_plain(case)).encode(), tuple(names), False))
    return opened(tmp_path / "spot")


def test_an_idea_is_entered_once_with_its_facts_in_keep_and_its_offer_in_the_folder(spot: Spot) -> None:
    first = critiquing.said(Desk(spot), "master")
    for one in first:
        for fact in one.facts:
            assert spot.keep.facts(fact["digest"]).value(fact["name"]) == fact["value"]
    held = next(one for one in first if one.critic == "editor")
    assert held.offer == "cuts/ideas/master held.otio"
    assert Desk(spot).read(held.offer, "master").cut.seal != held.seal
    told = critiquing.asked(Desk(spot), "master")
    assert told is not None
    assert set(told.critics) == set(critiquing.seats())
    again = critiquing.critique(Desk(spot), "master")
    assert (again.new, again.ideas) == (0, first)
    assert (spot.path / "cuts/ideas").is_dir()
    assert "cuts/ideas/master held.otio" not in Desk(spot).cut_files()


def test_the_picture_of_an_idea_says_that_something_in_it_is_generated_and_one_of_camera_clips_says_nothing(spot: Spot) -> None:
    desk = Desk(spot)
    (held, *_) = critiquing.critique(desk, "master", ["editor"]).ideas
    made = critiquing.picture(desk, held)
    assert made is not None
    assert set(made[1]) <= {unit.file for unit in desk.shoot.clips}
    assert made[1]
    place = drawn(desk, held)
    assert place is not None
    assert origin.said(place.read_bytes()) == ""
    (spot.path / "rights.csv").write_text("item,what,holder,applies to\n" + "".join(f"Clip,generated,Salt,{file}\n" for file in made[1]), encoding="utf-8")
    try:
        again = drawn(Desk(spot), held)
        assert again is not None
        assert origin.said(again.read_bytes()) == origin.COMPOSITE
    finally:
        (spot.path / "rights.csv").unlink()


def test_ideas_about_another_cut_are_not_ideas_about_this_one(spot: Spot) -> None:
    assert critiquing.said(Desk(spot), "master")
    write_cut(spot, "master", tuple(reversed(SHOTS)))
    assert critiquing.said(Desk(spot), "master") == ()


def test_the_machines_rough_cut_is_spoken_of_only_when_asked(spot: Spot) -> None:
    from answerprint import turnover

    raw = (spot.path / "cuts/master.otio").read_bytes()
    turnover.enter(spot, "export", raw, [], {"format": "otio", "what": "rough", "file": "cuts/master.otio"}, [])
    with pytest.raises(CritiquingError, match="nobody has cut it yet"):
        critiquing.critique(Desk(spot), "master", ["editor"])
    assert critiquing.critique(Desk(spot), "master", ["editor"], assembly=True).ideas


def test_the_terminal_lists_them_without_an_order_and_json_holds_the_same(spot: Spot, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["critics", str(spot.path), "--critic", "editor", "--pictures"]) == 0
    text = capsys.readouterr().out
    assert "block nothing" in text
    assert "Gives up: " in text
    assert (spot.path / "cuts/ideas/master held.png").read_bytes()[:4] == b"\x89PNG"
    assert cli.main(["critics", str(spot.path), "--critic", "editor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["new"] == 0
    assert [one["critic"] for one in found["ideas"]] == ["editor"]
    assert not {"score", "rank", "order"} & set(found["ideas"][0])
    assert cli.main(["critics", str(spot.path), "--critic", "edditor"]) == 2
    assert "editor" in capsys.readouterr().err


def test_an_idea_is_taken_up_as_an_objection_in_a_persons_name(spot: Spot) -> None:
    one = critiquing.said(Desk(spot), "master")[0]
    with spot.writer() as record:
        taken = arguments.second(Book(record), arguments.idea(record, one.n))
    assert (taken.on, taken.text, taken.idea) == (one.on, one.text, one.n)


def test_a_critic_that_cites_what_is_no_fact_of_the_cut_is_not_heard() -> None:
    from dataclasses import replace

    from answerprint.model.extend import Critic

    case = Film().set("runs on s", 2.0).set("face height", 0.4).case
    (true,) = working.known()["editor"].run(case)
    liar = Critic(name="editor", version=1, run=lambda _case: [replace(true, facts=tuple(replace(one, value="9.9") for one in true.facts))])
    assert working._one(liar, case) == (b"[]", "the critic 'editor' cites 'cut:1 uses', which is no fact of this cut.")
    broken = Critic(name="editor", version=1, run=lambda _case: [1 / 0])  # type: ignore[list-item]
    assert working._one(broken, case) == (b"[]", "unexpected ZeroDivisionError: division by zero")


def test_beside_an_empty_chair_ideas_are_unopened_until_somebody_of_the_crew_opens_them(spot: Spot) -> None:
    mara = Hand("Mara Lind")
    with spot.writer() as record:
        record.sign(mara.enrols("producer", "director"), mara)
    desk = Desk(spot)
    speaks = {one.critic for one in critiquing.said(desk, "master")}
    assert set(critiquing.unopened(desk, "master")) == speaks
    assert cli.main(["critics", str(spot.path), "--critic", "editor"]) == 0  # read by nobody that is known
    assert set(critiquing.unopened(desk, "master")) == speaks
    assert cli.main(["critics", str(spot.path), "--critic", "editor", "--who", "Mara Lind", "--json"]) == 0  # read as data, by a program
    assert set(critiquing.unopened(desk, "master")) == speaks
    assert cli.main(["critics", str(spot.path), "--critic", "editor", "--who", "Mara Lind"]) == 0
    assert set(critiquing.unopened(desk, "master")) == speaks - {"editor"}
    with spot.writer() as record:
        for role in ("DP", "editor", "gaffer", "sound mixer"):
            hand = Hand(f"The {role}")
            record.sign(hand.enrols(role), mara)
    assert critiquing.unopened(Desk(spot), "master") == ()  # no chair is empty


# ---- what is measured


@pytest.mark.parametrize(("gain", "stops"), [(2.0, 1.0), (0.5, -1.0), (1.0, 0.0)])
def test_a_face_is_keyed_from_the_side_that_is_brighter(gain: float, stops: float) -> None:
    from answerprint.critiquing.looking import _key
    from answerprint.signal.colour import coded

    picture = np.full((54, 96, 3), 255 * coded(np.array(0.2)))
    picture[:, :48] = 255 * coded(np.array(0.2 * gain))
    assert _key(picture.astype(np.uint8), (0.3, 0.2, 0.4, 0.6, 0.0)) == pytest.approx(stops, abs=0.05)
    assert _key(picture.astype(np.uint8), (0.48, 0.2, 0.04, 0.05, 0.0)) is None  # too small to tell


def test_there_is_a_subject_where_what_there_is_to_see_is_gathered_and_none_where_it_is_all_over() -> None:
    from answerprint.critiquing.looking import _place

    heap = np.zeros(96)
    heap[60:72] = 1
    assert _place(heap) == pytest.approx(66 / 96, abs=0.02)
    assert _place(np.ones(96)) is None


def test_what_stands_still_under_what_moves_reaches_to_its_foot_and_a_contour_that_runs_on_to_the_edge() -> None:
    from answerprint.critiquing.looking import _upright_of

    cup = np.full((9, 54, 96, 3), 120, np.uint8)
    cup[:, 24:46, 36:60] = 40  # it stands on row 46, and is poured into at row 22
    cup[:, 33:35, 36:60] = 120  # a light that hides its sides for two rows
    head, foot = _upright_of(cup, 0.5, 23 / 54)
    assert (head * 54, foot * 54) == pytest.approx((23, 47), abs=1)
    cup[:, 46:, 36:60] = 40
    assert _upright_of(cup, 0.5, 23 / 54)[1] == 1.0
    assert _upright_of(np.full((3, 54, 96, 3), 90, np.uint8), 0.5, 0.5) == pytest.approx((26 / 54, 29 / 54))


def test_a_breath_is_over_the_room_under_the_voice_and_longer_than_a_click() -> None:
    from answerprint.critiquing.listening import _breath

    levels = np.full(200, -65.0)
    levels[150:] = -20.0  # the word, from 3 s on
    assert _breath(levels, (2.0, 3.0), -65.0, -20.0) is None
    levels[125:128] = -45.0
    assert _breath(levels, (2.0, 3.0), -65.0, -20.0) is None
    levels[125:140] = -45.0
    assert _breath(levels, (2.0, 3.0), -65.0, -20.0) == pytest.approx(2.5)


def test_a_room_is_steady_quiet_and_free_of_words() -> None:
    from answerprint.critiquing.listening import _room

    lot = np.random.default_rng(5)
    room = -62 + lot.normal(0, 0.7, 300)
    heard = [Heard(in_s=1.0, out_s=2.0, text="morning", probability=0.9)]
    room[50:100] = -20
    assert _room(room, heard, (0.0, 6.0)) == pytest.approx(-62.9, abs=0.6)
    assert _room(room, [], (0.0, 6.0)) is None  # somebody speaks, and nobody wrote it down
    assert _room(room + 35, heard, (0.0, 6.0)) is None  # music
    assert _room(np.full(300, -100.0), [], (0.0, 6.0)) is None  # nothing at all
    assert _room(room, heard, (0.8, 1.3)) is None
