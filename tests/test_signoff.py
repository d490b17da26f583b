"""The signatures and the check: what one gesture binds, and the three answers to the question."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import opentimelineio as otio
import pytest

from answerprint import assistant, drafts, gestures, intent, signoff
from answerprint.book import Book
from answerprint.gestures import GestureError
from answerprint.ledger.admit import Refused
from answerprint.model.judgments import Charter, Decided, Decision, Holder, Refusal, Release, SignOff
from answerprint.signoff import QUESTION, SignOffError
from answerprint.timeline.edit import edit_seal
from tests.deciding import FAMILY, MARA, VERSIONS, Crewed
from tests.ledger.signing import Hand, everything

JONAS, KIM = Hand("Jonas Weil"), Hand("Kim Olsen")


@pytest.fixture
def spot(tmp_path: Path) -> Crewed:
    return Crewed.compose(tmp_path)


def done(spot: Crewed) -> Crewed:
    spot.choose_everything()
    for gesture in ("selects", "lock", "finish"):
        spot.sign(gesture)
    spot.look_at_every_sheet()
    return spot


# ---- gestures


def test_one_gesture_is_one_entry_that_lists_what_it_binds_over_what(spot: Crewed) -> None:
    spot.choose_everything()
    made = gestures.gesture(spot.desk, "selects", spot.person())
    assert made.lines[:2] == tuple(f"take of item {n} “Shot number {n} of the kettle”: {n}-1 A (A001_C{n:03d}#1), over {n}-2 A (A001_C{n:03d}#2)" for n in (1, 2))
    entry = spot.sign("selects")
    (line,) = Book(spot.record).of(Decision)
    assert (line.n, line.content.gesture, len(line.content.decisions)) == (entry.n, "selects", 11)
    assert {one.over for one in line.content.decisions if one.about == "item:3"} == {("3-2 A (A001_C003#2)",)}
    assert [about for what, about in spot.desk.drafts if what == "take"] == []


def test_only_what_the_signer_holds_is_bound_and_the_rest_is_listed_as_theirs(spot: Crewed) -> None:
    spot.put(MARA.enrols("colourist", other=JONAS))
    spot.put(Charter(holders=everything(MARA, grade=Holder(person=JONAS.key_id)).holders, replaces=2))
    spot.choose_everything()
    made = gestures.gesture(spot.desk, "finish", spot.person())
    assert "grade" not in {one.judgment for one in made.content.decisions}
    assert made.theirs == ("grade of master: assets/grade.cdl. Jonas Weil holds it.",)
    spot.sign("finish")
    assert [one.judgment for one in spot.desk.drafts.values() if one.judgment in ("grade", "mix")] == ["grade"]
    assert [one.judgment for one in gestures.gesture(spot.desk, "finish", spot.person(JONAS)).content.decisions] == ["grade"]


def test_there_is_nothing_to_sign_and_it_is_said(spot: Crewed) -> None:
    with pytest.raises(GestureError, match="There is nothing in selects \\(take\\) for Mara Lind to sign"):
        spot.sign("selects")
    done(spot)
    spot.choose("grade", "grade.cdl")
    with pytest.raises(GestureError, match="nothing is chosen that is not signed"):
        spot.sign("finish")
    with pytest.raises(GestureError, match="Nothing that Mara Lind signed is stale"):
        spot.sign("again")


def test_a_change_of_mind_replaces_what_was_signed(spot: Crewed) -> None:
    done(spot)
    before = spot.desk.decisions["take", "item:3"]
    spot.choose("item:3", "A001_C003#2", because="She breathes.")
    made = gestures.gesture(spot.desk, "selects", spot.person())
    assert [one.about for one in made.content.decisions] == ["item:3"]
    assert made.content.decisions[0].replaces == before.name
    assert any("instead of 3-1 A (A001_C003#1)" in line for line in made.lines)


def test_again_affirms_all_that_is_stale_in_one_gesture_or_one_thing_alone(spot: Crewed) -> None:
    done(spot)
    spot.cut("en", trim={3: 2})
    assert set(spot.desk.stale) == {("final edit", "film:master"), ("pacing", "film:master"), ("grade", "film:master"), ("mix", "film:master")}
    made = gestures.again(spot.desk, spot.person())
    assert len(made.content.decisions) == 4
    assert any("since then: A001_C003: tail trimmed by 2 frames." in line for line in made.lines)
    alone = gestures.again(spot.desk, spot.person(), only=[("mix", "film:master")])
    assert [one.judgment for one in alone.content.decisions] == ["mix"]
    with pytest.raises(GestureError, match="the take of item 3 is not stale"):
        gestures.again(spot.desk, spot.person(), only=[("take", "item:3")])
    spot.sign("again")
    assert spot.desk.stale == {}


def test_what_is_not_there_any_more_cannot_be_affirmed(spot: Crewed) -> None:
    done(spot)
    (spot.production.path / "assets" / "grade.cdl").unlink()
    with pytest.raises(GestureError, match=r"the grade of master cannot be signed: assets/grade.cdl is not there"):
        spot.sign("again")


def test_a_cut_whose_medium_went_away_cannot_be_affirmed(spot: Crewed) -> None:
    """Nobody can look at a film that lacks a picture: what rested on it is not affirmed by a gesture over everything stale."""
    done(spot)
    spot.tries = spot.tries[2:]
    with pytest.raises(GestureError, match=r"the final edit of master cannot be affirmed: rushes/A001_C001.mp4 is not there, and nobody can look at it now"):
        gestures.affirmed(spot.desk, ("final edit", "film:master"))
    with pytest.raises(GestureError, match="the grade of master cannot be affirmed"):
        gestures.affirmed(spot.desk, ("grade", "film:master"))
    made = spot.page("master")
    assert not {one.judgment for one in made.affirms} & {"final edit", "grade"}
    assert {"final edit", "grade"} <= {one.what for one in made.verdict.missing}


def test_who_takes_a_judgment_over_signs_the_same_choice_anew(spot: Crewed) -> None:
    done(spot)
    spot.put(MARA.enrols("colourist", other=JONAS))
    spot.put(Charter(holders=everything(MARA, grade=Holder(person=JONAS.key_id)).holders, replaces=2))
    assert "grade" in {one.what for one in spot.verdict().missing}
    spot.choose("grade", "grade.cdl")
    spot.sign("finish", JONAS)
    assert spot.desk.decisions["grade", "film:master"].by.name == "Jonas Weil"
    assert "grade" not in {one.what for one in spot.verdict().missing}


def test_a_version_that_was_taken_off_the_list_holds_nobody_up(spot: Crewed) -> None:
    spot.choose_everything()
    spot.choose("grade:tall", "grade.cdl")
    kept = [line for line in VERSIONS.splitlines(keepends=True) if "tall" not in line]
    spot.production.path.joinpath("versions.csv").write_text("".join(kept), encoding="utf-8")
    made = gestures.gesture(spot.desk, "finish", spot.person())
    assert {one.about.rpartition("@")[2] for one in made.content.decisions} == {"film:master", "master", "square"}
    assert len(made.lost) == 2
    assert all("there is no version called 'tall'" in one for one in made.lost)


def test_a_name_that_two_attempts_have_is_affirmed_for_neither(spot: Crewed) -> None:
    done(spot)
    twice = [replace(one, clip=f"blake3:{number}", file=f"rushes/day{number}/A001_C003.mp4") for one in spot.tries if one.name == "A001_C003#1" for number in (1, 2)]
    spot.tries = (*(one for one in spot.tries if one.name != "A001_C003#1"), *twice)
    with pytest.raises(GestureError, match=r"may be 2 attempts \(rushes/day1/A001_C003.mp4, rushes/day2/A001_C003.mp4\)"):
        spot.sign("again")


@pytest.mark.parametrize(
    ("judgment", "about", "choice"),
    [
        ("grade", "film:master", {"file": "assets/mix.wav", "clip": "", "attempt": "", "slate": "assets/grade.cdl", "name": "as delivered"}),
        ("music bed", "film:master", {"bed": "none", "file": "assets/bed.wav"}),
        ("hero framing", "hero:5@master", {"framing": "as shot", "file": "assets/square.json"}),
        ("take", "item:3", {"take": "none", "file": "rushes/A001_C003.mp4"}),
        ("take", "item:³", {"take": "none"}),
    ],
)
def test_a_draft_that_says_another_thing_than_is_read_of_it_is_not_signed(spot: Crewed, judgment: str, about: str, choice: dict[str, str]) -> None:
    spot.choose_everything()
    drafts.put(spot.production.inside, drafts.Draft(judgment=judgment, about=about, choice=choice))
    made = gestures.gesture(spot.desk, "selects" if judgment == "take" else "finish", spot.person())
    assert (judgment, about) not in {(one.judgment, one.about) for one in made.content.decisions}
    assert "cannot be signed" in made.lost[0]


def test_a_decision_says_whether_a_rough_cut_was_there_before(spot: Crewed) -> None:
    from answerprint.turnover import enter

    spot.choose_everything()
    assert gestures.gesture(spot.desk, "lock", spot.person()).content.saw == {}
    enter(spot.production, "export", b"dailies", [], {"file": "dailies.otio", "what": "dailies"}, [])
    assert gestures.gesture(spot.desk, "lock", spot.person()).content.saw == {}
    other = spot.cut("rough", trim={1: 1}).read_bytes()
    enter(spot.production, "export", other, [], {"file": "rough.otio", "what": "rough"}, [])
    made = gestures.gesture(spot.desk, "lock", spot.person())
    assert made.content.saw == {"rough cut": "4"}
    assert "rough" not in made.content.decisions[0].choice
    same = (spot.production.path / "cuts" / "en.otio").read_bytes()
    enter(spot.production, "export", same, [], {"file": "rough.otio", "what": "rough"}, [])
    made = gestures.gesture(spot.desk, "lock", spot.person())
    assert made.lines[0].startswith("final edit of master: cuts/en.otio, which is the machine's rough cut of entry 5, unchanged")


def test_somebody_who_decided_meanwhile_is_not_overwritten(spot: Crewed) -> None:
    spot.choose_everything()
    made = gestures.gesture(spot.desk, "selects", spot.person())
    spot.sign("selects")
    with pytest.raises(Refused, match="was decided meanwhile"):
        spot.record.sign(made.content, MARA, seen=made.seen)


# ---- the check


def test_yes_is_refused_while_anything_is_missing_and_lists_it(spot: Crewed) -> None:
    with pytest.raises(SignOffError, match=r"(?s)while anything is missing.*Mara Lind: take of item 1 .*not decided"):
        spot.sign_off("master")
    assert spot.signatures() == 0


def test_one_sign_off_may_cover_a_family_or_a_part_of_it(spot: Crewed) -> None:
    done(spot)
    spot.sign_off("cuts/en.otio", "square")
    (line,) = Book(spot.record).of(SignOff)
    assert [one.version for one in line.content.cuts] == ["master", "square"]
    assert [one.sheet_seen for one in line.content.cuts] == [None, True]
    assert line.content.question == QUESTION
    assert "easy-choice report" not in line.content.not_checked
    assert {one.says.partition(":")[0] for one in spot.verdict().missing} == set(FAMILY) - {"master", "square"}


def test_a_version_whose_sheet_nobody_saw_is_not_signed_off(spot: Crewed) -> None:
    done(spot)
    spot.seen = {("fr", spot.desk.cuts["fr"].seal)}
    spot.sign_off("fr")
    with pytest.raises(SignOffError, match="fr_tall: its contact sheet was not looked at"):
        spot.sign_off("fr_tall")


def test_the_opened_first_thought_stands_beside_the_question(spot: Crewed) -> None:
    thought = intent.sealed({"sentence": "A daughter hears what her father heard."}, MARA, spot.production.keep)
    sealed = spot.put(thought)
    done(spot)
    assert spot.page("all").thought is None
    (line,) = intent.unopened(Book(spot.record), spot.person())
    opened = spot.put(intent.opened(line, MARA, spot.production.keep))
    page = spot.page("all")
    assert page.thought is not None
    assert page.thought.n == sealed.n
    assert page.thought.content == {"sentence": "A daughter hears what her father heard.", "rhythm": "", "palette": "", "music": "", "take": ""} | (page.thought.content or {})
    spot.sign_off()
    assert Book(spot.record).of(SignOff)[0].content.intent == opened.n


@pytest.mark.parametrize("start", signoff.NEXT)
def test_a_scrapped_cut_stays_and_the_next_one_starts_where_it_was_said(spot: Crewed, start: signoff.Next, monkeypatch: pytest.MonkeyPatch) -> None:
    done(spot)
    desk, page = spot.desk, spot.page("master")
    before = (spot.production.path / "cuts" / "en.otio").read_bytes()
    with pytest.raises(SignOffError, match="needs its reason"):
        signoff.scrap(page, " ", start)
    spot.put(signoff.scrap(page, "It is pretty, and it is not about her.", start))
    signoff.stay(desk, page)
    if start != "this cut":  # this shoot was never prepared: what lays strings and rough cuts has tests of its own
        monkeypatch.setattr(assistant, "export_strings", lambda production, format: [])
        monkeypatch.setattr(assistant, "export_rough", lambda production, format, to: (type("Made", (), {"path": to})(), ()))
    path = signoff.start_next(desk, page, start)[0]
    assert path.name == "en 2.otio"
    if start == "this cut":
        assert edit_seal(otio.adapters.read_from_file(str(path))) == page.cuts[0].seal
    if start == "strings":
        assert list(otio.adapters.read_from_file(str(path)).find_clips()) == []
    assert (spot.production.path / "cuts" / "en.otio").read_bytes() == before
    assert any(edit_seal(_kept(spot, one)) == page.cuts[0].seal for one in spot.production.done_tasks() if one["task"] == "import")
    (refusal,) = Book(spot.record).of(Refusal)
    assert refusal.content.next == start
    assert [one.says for one in spot.verdict("master").missing] == ["master: Mara Lind scrapped this cut in entry 12: It is pretty, and it is not about her."]


def _kept(spot: Crewed, body: dict[str, object]) -> object:
    inputs = body["inputs"]
    assert isinstance(inputs, list)
    return otio.adapters.read_from_string(spot.production.keep.get(inputs[0]).decode(), "otio_json")


def test_a_name_that_is_taken_is_passed_over(tmp_path: Path) -> None:
    for name in ("v03.otio", "v04.fcpxml", "V05.xml"):
        (tmp_path / name).touch()
    assert signoff._next_name(tmp_path / "v03.otio").name == "v06.otio"
    assert signoff._next_name(tmp_path / "spot_v09_final.otio").name == "spot_v10_final.otio"


def test_a_producer_releases_what_is_not_signed_with_everything_that_was_missing(spot: Crewed) -> None:
    done(spot)
    spot.put(MARA.enrols("director", other=KIM))
    spot.cut("en", trim={3: 2})
    with pytest.raises(SignOffError, match="only a producer releases what was not signed; Kim Olsen is director"):
        signoff.release(spot.page("master", hand=KIM), "It is on air tonight.")
    with pytest.raises(SignOffError, match="needs its reason"):
        signoff.release(spot.page("master"), "")
    content = signoff.release(spot.page("master"), "It is on air tonight.")
    assert {line.split(": ")[1].partition(" of ")[0] for line in content.missing} == {"final edit", "pacing", "grade", "mix", "master"}
    entry = spot.put(content)
    verdict = spot.verdict("master")
    assert f"master: released, not signed, by Mara Lind in entry {entry.n}: It is on air tonight." in verdict.notes
    assert "sign-off" in {one.what for one in verdict.missing}
    assert [line.content for line in Book(spot.record).of(Release)] == [content]


def test_who_does_not_hold_the_sign_off_cannot_give_it(spot: Crewed) -> None:
    done(spot)
    spot.put(MARA.enrols("editor", other=JONAS))
    with pytest.raises(Refused, match="does not hold the sign-off"):
        spot.sign_off(hand=JONAS)


def test_what_names_no_version_is_told_by_the_nearest(spot: Crewed) -> None:
    with pytest.raises(SignOffError, match="Did you mean fr_square"):
        spot.page("fr_sqare")
    with pytest.raises(SignOffError, match="say which cut"):
        signoff.versions(spot.desk, [])


def test_a_decision_that_does_not_say_which_cut_it_is_about_does_not_hold(spot: Crewed) -> None:
    spot.put(Decision(gesture="choice", decisions=(Decided(judgment="grade", about="film:master", choice={"file": "assets/grade.cdl"}),)))
    assert spot.desk.stale["grade", "film:master"] == ("it was signed before master had a cut, or does not say which one.",)
    assert "grade" in {one.what for one in spot.verdict("master").missing}
    spot.sign("again")
    assert spot.desk.stale == {}


def test_an_execution_that_this_production_made_stricter_is_chosen_and_signed_like_a_judgment(spot: Crewed) -> None:
    done(spot)
    spot.put(Charter(holders={**everything(MARA).holders, "captions": Holder(person=MARA.key_id)}, stricter=("captions",), replaces=2))
    assert {one.what for one in spot.verdict("master").missing} == {"captions", "sign-off"}
    spot.choose("captions", "logo.png")
    spot.sign("finish")
    assert {one.what for one in spot.verdict("master").missing} == {"sign-off"}


def test_a_cut_that_is_chosen_is_looked_at_before_the_one_that_is_signed(tmp_path: Path) -> None:
    spot = Crewed.compose(tmp_path, versions="")
    spot.choose("film", "en")
    spot.sign("lock")
    spot.cut("en_v2", trim={3: 2})
    spot.choose("film", "en_v2")
    assert spot.desk.cut_name("master") == "cuts/en_v2.otio"
    assert ("final edit", "film:master") in spot.desk.stale
    made = gestures.gesture(spot.desk, "lock", spot.person())
    assert "    since then: A001_C003: tail trimmed by 2 frames." in made.lines
