"""The gate: what is missing, by person, and never a yes."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

import answerprint
from answerprint import films
from answerprint import gate as law
from answerprint.book import Book
from answerprint.film import FilmError
from answerprint.gate import EMPTY_CHAIR, Check, Verdict, gate, levels
from answerprint.ledger.verify import SCHEMA
from answerprint.model.charter import Judgment
from answerprint.model.delivery import WAY
from answerprint.model.judgments import Answer, Charter, Decided, Decision, Enrol, Holder, Objection, Revoke, SignOff
from answerprint.model.records import to_plain
from answerprint.signoff import SignOffError, page, scrap, yes
from answerprint.stale import rests_on
from tests.deciding import MARA, SCRIPT, Crewed, film_entry
from tests.ledger.signing import Hand, everything

EDITOR = Hand("Jonas Weil")


@pytest.fixture
def spot(tmp_path: Path) -> Crewed:
    """One version, everything chosen, nothing signed."""
    made = Crewed.compose(tmp_path, versions="")
    made.production.path.joinpath("versions.csv").write_text("version,of,differs,cut\nmaster,,,cuts/en.otio\n", encoding="utf-8")
    made.choose_everything(shapes=False)
    return made


def signed(spot: Crewed) -> Crewed:
    for gesture in ("selects", "lock", "finish"):
        spot.sign(gesture)
    return spot


def whats(verdict: Verdict) -> list[str]:
    return sorted({one.what for one in verdict.missing})


def test_a_verdict_is_no_yes() -> None:
    assert "__bool__" not in vars(Verdict)
    assert not {"passed", "ok", "ready", "approved", "green"} & set(to_plain(Verdict(versions=(), missing=())))


def test_everything_that_this_film_has_is_missing_until_it_is_signed(spot: Crewed) -> None:
    verdict = spot.verdict()
    assert whats(verdict) == sorted(str(one) for one in Judgment)
    assert {one.who for one in verdict.missing} == {"Mara Lind"}
    assert "take of item 1 “Shot number 1 of the kettle”: a draft, not signed: 1-1 A (A001_C001#1)." in [one.says for one in verdict.missing]
    assert len(verdict.missing) == 11 + 7
    assert whats(signed(spot).verdict()) == ["sign-off"]
    spot.sign_off("master")
    assert spot.verdict().missing == ()


def test_a_check_that_does_not_exist_yet_is_not_checked_and_one_that_does_can_stop_a_film(spot: Crewed, monkeypatch: pytest.MonkeyPatch) -> None:
    assert spot.verdict().not_checked == ()
    monkeypatch.setattr(law, "CHECKS", (*law.CHECKS, Check(name="the kettle's agent")))
    assert spot.verdict().not_checked == ("the kettle's agent",)
    found = Check(name="the kettle's agent", run=lambda desk, cut, asked: (f"{cut.file}: nobody has released the kettle.",))
    monkeypatch.setattr(law, "CHECKS", (*law.CHECKS[:-1], found))
    verdict = spot.verdict()
    assert verdict.not_checked == ()
    assert "cuts/en.otio: nobody has released the kettle." in [one.says for one in verdict.missing]


def test_what_this_film_has_not_is_said_and_not_asked_for(tmp_path: Path) -> None:
    spot = Crewed.compose(tmp_path, silent=True, versions="version,of,differs,cut\nmaster,,,cuts/en.otio\n")
    script = SCRIPT.replace("[[HERO: the kettle]]", "") + "13,Snow falls [[STOCK: snow]]\n14,A table\n"
    (spot.production.path / "shots.csv").write_text(script, encoding="utf-8")
    verdict = spot.verdict()
    assert verdict.not_in_this_film == (
        "take of item 12: lettering is made, not shot", "take of item 13: it is to come from stock", "take of item 14: it was not covered", "hero framing: the script marks no [[HERO]] shot",
        "mix: master has no sound", "music bed: master has no sound", "disclosure: answerprint.toml asks for none",
    )  # fmt: skip
    assert whats(verdict) == ["final edit", "grade", "pacing", "sign-off", "take"]


def test_an_item_is_not_uncovered_while_a_clip_waits_for_prep(spot: Crewed) -> None:
    (spot.production.path / "shots.csv").write_text(SCRIPT + "13,A table\n", encoding="utf-8")
    assert "take of item 13: it was not covered" in spot.verdict().not_in_this_film
    (spot.production.path / "rushes" / "B001_C001.mp4").write_bytes(b"day two")
    verdict = spot.verdict()
    assert "take of item 13: it was not covered" not in verdict.not_in_this_film
    (prep,) = [one for one in verdict.missing if one.what == "prep"]
    assert prep.says.startswith("item 13 is covered by nothing that was read, and rushes/B001_C001.mp4 was not read yet")


def test_an_empty_chair_is_shown_as_one(spot: Crewed) -> None:
    charter = everything(MARA, replaces=3, grade=Holder())
    spot.put(Charter(holders=charter.holders, replaces=2))
    assert {one.who for one in spot.verdict().missing if one.what == "grade"} == {EMPTY_CHAIR}


def test_a_film_without_a_crew_is_missing_everybody(tmp_path: Path) -> None:
    import answerprint
    from answerprint.desk import Desk

    production = answerprint.new(tmp_path / "bare", rate="25")
    verdict = law.gate(Desk(production), sheet_seen=lambda cut: True)
    assert {one.who for one in verdict.missing} == {EMPTY_CHAIR}
    assert "nobody is on the crew yet, so nobody can decide." in [one.says for one in verdict.missing]
    assert "take: there is no script, so nothing is chosen item by item" in verdict.not_in_this_film


def test_what_was_handed_to_the_machine_is_not_missing_and_says_who_handed_it(spot: Crewed) -> None:
    spot.put(Charter(holders=everything(MARA, mix=Holder(machine=True, because="A social cut.")).holders, replaces=2))
    verdict = spot.verdict()
    assert "mix" not in whats(verdict)
    assert verdict.machine == ("mix: handed to the machine by Mara Lind: A social cut.",)


def test_what_somebody_signed_who_does_not_hold_it_any_more_is_missing(spot: Crewed) -> None:
    signed(spot)
    spot.put(MARA.enrols("editor", other=EDITOR))
    spot.put(Charter(holders=everything(MARA, pacing=Holder(person=EDITOR.key_id)).holders, replaces=2))
    (pacing,) = [one for one in spot.verdict().missing if one.what == "pacing"]
    assert pacing.who == "Jonas Weil"
    assert "Mara Lind signed it in entry 4, and does not hold it any more." in pacing.says


def test_an_objection_blocks_until_it_is_answered(spot: Crewed) -> None:
    signed(spot)
    spot.put(MARA.enrols("editor", other=EDITOR))
    raised = spot.put(Objection(on="film:master", text="The hold is a frame too polite."), EDITOR)
    (open_one,) = [one for one in spot.verdict().missing if one.what == "objection"]
    assert open_one.who == "Jonas Weil"
    assert "O1 by Jonas Weil: “The hold is a frame too polite.”" in open_one.says
    spot.put(Answer(objection=raised.n, answer="no", because="The silence is the film."))
    assert whats(spot.verdict()) == ["sign-off"]


def test_a_revocation_that_reaches_back_takes_its_decisions_along(spot: Crewed) -> None:
    spot.put(MARA.enrols("producer", other=EDITOR))
    spot.put(Charter(holders=everything(MARA, grade=Holder(person=EDITOR.key_id)).holders, replaces=2))
    choice = {"file": "assets/grade.cdl"}
    grade = Decided(judgment="grade", about="film:master", choice=choice, rests_on=rests_on("grade", "film:master", choice, spot.desk.things))
    entry = spot.put(Decision(gesture="finish", decisions=(grade,)), EDITOR)
    assert "grade" not in whats(spot.verdict())
    spot.put(Revoke(key=EDITOR.key_id, because="The laptop was stolen.", from_entry=entry.n))
    assert "grade" in whats(spot.verdict())


def test_another_decision_after_the_sign_off_asks_the_question_again(spot: Crewed) -> None:
    signed(spot)
    spot.sign_off("master")
    spot.choose("mix", "bed.wav")
    spot.sign("finish")
    (only,) = spot.verdict().missing
    assert only.what == "sign-off"
    assert "the mix of master was decided in entry 8, after the sign-off in entry 7." in only.says


def test_what_was_decided_while_the_question_stood_on_the_screen_asks_it_again(spot: Crewed) -> None:
    spot.put(MARA.enrols("colourist", other=EDITOR))
    spot.put(Charter(holders=everything(MARA, grade=Holder(person=EDITOR.key_id)).holders, replaces=2))
    signed(spot)
    spot.sign("finish", EDITOR)
    asked = spot.page("master")
    assert asked.verdict.open == ()
    spot.choose("grade", "warm.cube")
    spot.sign("finish", EDITOR)
    spot.record.sign(yes(asked), MARA, seen=asked.seen)
    (only,) = spot.verdict().missing
    assert only.says == "master: the grade of master was decided in entry 10, while the sign-off in entry 11 was being signed."
    spot.sign_off("master")
    assert spot.verdict().missing == ()


def test_what_is_handed_to_the_machine_after_the_sign_off_asks_the_question_again(spot: Crewed) -> None:
    signed(spot)
    spot.sign_off("master")
    spot.put(Charter(holders=everything(MARA, grade=Holder(machine=True, because="There is no time.")).holders, replaces=2))
    (only,) = spot.verdict().missing
    assert only.what == "sign-off"
    assert "the grade was handed to the machine in entry 8, which whoever signed off in entry 7 had not seen." in only.says
    spot.sign_off("master")
    assert spot.verdict().missing == ()


def test_a_change_that_was_promised_after_the_sign_off_asks_the_question_again(spot: Crewed) -> None:
    spot.put(MARA.enrols("DP", other=EDITOR))
    signed(spot)
    spot.sign_off("master")
    for said, asked in (("no", False), ("yes", True)):
        raised = spot.put(Objection(on="film:master", text="The logo flickers."), EDITOR)
        spot.put(Answer(objection=raised.n, answer=said, because="Seen on a phone."))
        assert bool(spot.verdict().missing) == asked
    (only,) = spot.verdict().missing
    assert "O2 was answered with yes in entry 12" in only.says
    spot.sign_off("master")
    assert spot.verdict().missing == ()


def test_a_cut_that_was_scrapped_says_so_whoever_signs_it_off_afterwards(spot: Crewed) -> None:
    spot.put(MARA.enrols("producer", other=EDITOR))
    signed(spot)
    spot.put(scrap(spot.page("master"), "The hold is a lie.", "strings"))
    spot.put(Charter(holders=everything(MARA).holders | {"sign-off": Holder(person=EDITOR.key_id)}, replaces=2))
    spot.sign_off("master", hand=EDITOR)
    verdict = spot.verdict()
    assert verdict.missing == ()
    assert "master: Mara Lind scrapped this very cut in entry 8, and it was answered again since: The hold is a lie." in verdict.notes


def test_a_changed_cut_makes_the_sign_off_stale(spot: Crewed) -> None:
    signed(spot)
    spot.sign_off("master")
    spot.cut("en", trim={3: 2})
    says = [one.says for one in spot.verdict().missing]
    assert "master: the cut was changed after Mara Lind signed off in entry 7." in says
    assert any("A001_C003: tail trimmed by 2 frames." in one for one in says)
    spot.cut("en")
    assert spot.verdict().missing == ()


def test_a_cut_that_is_gone_or_cannot_be_read_is_a_sentence(spot: Crewed) -> None:
    signed(spot)
    cut = spot.production.path / "cuts" / "en.otio"
    cut.write_text("{}", encoding="utf-8")
    assert any("the cut of master cannot be read" in one.says for one in spot.verdict().missing)
    cut.unlink()
    assert any("en.otio" in one.says for one in spot.verdict().missing if one.what == "the cut")


def test_a_take_that_somebody_signed_stays_in_the_film_while_its_clip_is_away(spot: Crewed) -> None:
    signed(spot)
    spot.sign_off("master")
    spot.tries = tuple(one for one in spot.tries if one.clip != f"blake3:{4:064x}")
    verdict = spot.verdict()
    assert not [one for one in verdict.not_in_this_film if "not covered" in one]
    assert any(one.what == "take" and "item 4" in one.says for one in verdict.missing)


def test_a_disk_that_is_not_connected_closes_the_gate(spot: Crewed, tmp_path: Path) -> None:
    signed(spot)
    spot.sign_off("master")
    settings = spot.production.path / "answerprint.toml"
    was = settings.read_text(encoding="utf-8")
    settings.write_text(f'{was}\nmedia = ["{tmp_path / "card"}"]\n' if "\nmedia" not in was else was, encoding="utf-8")
    spot.production = answerprint.open(spot.production.path)
    assert [one.says for one in spot.verdict().missing] == [f"{tmp_path / 'card'} is not connected, so what lies on it cannot be looked at. Connect it."]
    (tmp_path / "card").mkdir()
    assert spot.verdict().missing == ()


def test_a_clip_that_was_changed_since_prep_closes_the_gate_and_one_that_nobody_uses_does_not(spot: Crewed) -> None:
    signed(spot)
    spot.sign_off("master")
    (spot.production.path / "rushes" / "A001_C099.mp4").write_bytes(b"used nowhere")
    assert spot.verdict().missing == ()
    (spot.production.path / "rushes" / "A001_C003.mp4").write_bytes(b"another file")
    assert [one.says for one in spot.verdict().missing] == ["rushes/A001_C003.mp4: not as prep last read it. Look again: answerprint prep FOLDER"]


def test_a_version_that_does_not_exist_is_told(spot: Crewed) -> None:
    with pytest.raises(FilmError, match="Did you mean master"):
        spot.verdict("mastr")


def test_a_cut_down_shows_only_what_somebody_chose(tmp_path: Path) -> None:
    versions = "version,of,differs,cut\nmaster,,,cuts/en.otio\nshort,master,cut-down,cuts/short.otio\n"
    spot = Crewed.compose(tmp_path, versions=versions)
    spot.cut("short", shots=(1, 2, 3))
    spot.choose_everything(shapes=False)
    spot.choose("film:short")
    signed(spot)
    missing = spot.verdict("short").missing
    assert {one.what for one in missing} == {"mix", "music bed", "sign-off"}  # its voice is cut to its own length
    spot.cut("short", shots=(1, 2, 3), take=2)
    says = [one.says for one in spot.verdict("short").missing]
    assert "short shows 1-2 A (A001_C001#2), which nobody chose. Choose it: answerprint choose item:1@short 'A001_C001#2'" in says
    assert any(one.startswith("grade of short: not decided") for one in says)


def test_an_entry_that_does_not_verify_is_missing_its_signature(spot: Crewed) -> None:
    signed(spot)
    spot.render()
    path = spot.record.path
    spot.record.close()
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER entry_stays")
        body = db.execute("SELECT body FROM entry WHERE n = 5").fetchone()[0]
        db.execute("UPDATE entry SET body = ? WHERE n = 5", (body.replace(b"grade.cdl", b"other.cdl"),))
        db.execute(SCHEMA["trigger", "entry_stays"])
        db.commit()
    spot.renders = False
    verdict = spot.verdict()
    (found,) = [one for one in verdict.missing if one.what == "the record"]
    assert "entry 5 does not verify" in found.says
    assert {"grade", "mix"} <= {one.what for one in verdict.missing}


def test_a_machine_entry_that_was_changed_is_missing_too(spot: Crewed) -> None:
    entry = spot.record.append("remark", {"schema": 1, "text": "That's the one.", "by": "Ida", "via": "terminal", "on": "item:3"})
    signed(spot)
    assert spot.verdict().open == ()
    path, mara = spot.record.path, spot.person()
    spot.record.close()
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER entry_stays")
        db.execute("UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'one', 'two') AS BLOB) WHERE n = ?", (entry.n,))
        db.execute(SCHEMA["trigger", "entry_stays"])
        db.commit()
    (found,) = spot.verdict().open
    assert found.what == "the record"
    assert found.says.startswith(f"entry {entry.n} does not verify: its body is not the body that was sealed")
    with pytest.raises(SignOffError, match=f"entry {entry.n} does not verify"):
        yes(page(spot.desk, mara, ["master"], sheet_seen=spot.sheet_seen))


FAMILY = "version,of,differs,cut\nmaster,,,cuts/en.otio\nfr,master,language,cuts/fr.otio\n"


@pytest.fixture
def family(tmp_path: Path) -> Crewed:
    """A master and its French version, everything signed, both signed off."""
    spot = Crewed.compose(tmp_path, versions=FAMILY)
    spot.choose_everything(shapes=False)
    signed(spot).look_at_every_sheet()
    spot.sign_off("all")
    assert spot.verdict().missing == ()
    return spot


def test_a_version_with_its_shots_in_another_order_inherits_no_edit(family: Crewed) -> None:
    family.cut("fr", card="logo_fr.png", voice="fr", shots=(2, 1, *range(3, 12)))
    family.look_at_every_sheet()
    verdict = family.verdict("fr")
    assert {"final edit", "pacing", "sign-off"} <= {one.what for one in verdict.missing}
    assert any("in another order" in one for one in verdict.notes)


def test_a_card_that_is_exchanged_under_its_old_name_is_another_film(family: Crewed) -> None:
    family.production.path.joinpath("assets", "logo_fr.png").write_bytes(b"another logo")
    assert {one.what for one in family.verdict().missing} == {"contact sheet", "sign-off"}


def zoomed(family: Crewed) -> bytes:
    """A zoom in the file of a cut, of which the edit's seal knows nothing; what was there before."""
    path = family.production.path / "cuts" / "fr.otio"
    before = path.read_bytes()
    path.write_bytes(before.replace(b'"effects": []', b'"effects": [{"OTIO_SCHEMA": "Effect.1", "name": "zoom", "effect_name": "scale 1.2", "metadata": {}}]', 1))
    assert path.read_bytes() != before
    return before


@pytest.mark.parametrize(("way", "says"), [(None, "The levels that the cut tells of its clips may not be heard in it."), (1, "may not be heard"), (WAY, "")])
def test_a_film_that_an_earlier_release_rendered_still_stands_and_the_gate_says_so(spot: Crewed, way: int | None, says: str) -> None:
    film_entry(spot.desk, way=way)
    desk = spot.desk
    (film,) = films.films(desk)
    assert not films.changed(desk, film)
    found = [one for one in spot.verdict().notes if "as an earlier release did it" in one]
    assert len(found) == bool(says)
    assert all(says in one and film.path.name in one for one in found)


def test_a_level_or_a_zoom_after_the_sign_off_is_another_film(family: Crewed) -> None:
    before = zoomed(family)
    (only,) = family.verdict("fr").missing
    assert only.what == "sign-off"
    assert "names another film than the one that stands for youtube" in only.says
    family.sign_off("fr")
    assert family.verdict("fr").missing == ()
    family.production.path.joinpath("cuts", "fr.otio").write_bytes(before)
    assert whats(family.verdict("fr")) == ["sign-off"]


def test_a_file_that_was_written_anew_and_renders_to_the_same_film_is_said_and_asks_nothing(family: Crewed) -> None:
    seal = next(one.essence for one in films.films(family.desk) if one.version == "fr")
    before = zoomed(family)
    family.film("fr", essence=seal)
    verdict = family.verdict()
    assert (verdict.missing, verdict.rewritten) == ((), ("fr",))
    assert any("fr: the file of the cut was changed after Mara Lind signed off" in one and "the edit is the same" in one for one in verdict.notes)
    entry = family.sign_off("fr")  # looked at, and signed as it is now
    assert not any("levels" in one for one in family.verdict().notes)
    family.production.path.joinpath("cuts", "fr.otio").write_bytes(before)
    family.film("fr", essence=seal)
    assert any(f"in entry {entry.n}; the edit is the same" in one for one in family.verdict().notes)


# ---- the films


def test_nothing_is_signed_off_before_there_is_a_film_and_each_spec_that_is_asked_for_needs_its_own(spot: Crewed) -> None:
    signed(spot).renders = False
    (only,) = spot.verdict().open
    assert only.what == "technical QC"
    assert "no film was rendered yet" in only.says
    with pytest.raises(SignOffError, match="no film was rendered yet"):
        yes(spot.page("master"))
    spot.film(spec="vimeo")
    assert spot.verdict().open == ()
    settings = spot.production.path / "answerprint.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + 'specs = ["youtube", "tv-eu"]\n', encoding="utf-8")
    spot.production = answerprint.open(spot.production.path)
    spot.film(spec="youtube")
    assert [one.says for one in spot.verdict().open] == ["master for tv-eu: no film was rendered yet, so nobody can have looked at what leaves. Render it: answerprint deliver FOLDER --spec tv-eu"]
    assert gate(spot.desk, sheet_seen=spot.sheet_seen, specs=["youtube"]).open == ()


def test_a_version_that_the_list_gives_its_own_specs_needs_those(spot: Crewed) -> None:
    spot.production.path.joinpath("versions.csv").write_text("version,of,differs,cut,specs\nmaster,,,cuts/en.otio,tv-uk vimeo\n", encoding="utf-8")
    signed(spot).renders = False
    spot.film(spec="youtube")
    assert [one.says.partition(":")[0] for one in spot.verdict().open] == ["master for tv-uk", "master for vimeo"]


@pytest.mark.parametrize("change", ["the cut", "the grade", "the mix", "the title", "the spec"])
def test_a_film_does_not_stand_when_what_it_was_made_of_is_another(spot: Crewed, change: str) -> None:
    signed(spot).renders = False
    own = spot.production.path / "specs" / "web.toml"
    own.parent.mkdir()
    own.write_bytes(Path(answerprint.__file__).with_name("delivery").joinpath("specs", "youtube.toml").read_bytes())
    spot.film(spec="web")
    assert films.changed(spot.desk, films.films(spot.desk)[0]) == ()
    if change == "the cut":
        spot.cut("en", trim={3: 2})
    elif change == "the title":
        settings = spot.production.path / "answerprint.toml"
        settings.write_text(settings.read_text(encoding="utf-8").replace("Salt", "Pepper"), encoding="utf-8")
        spot.production = answerprint.open(spot.production.path)
    elif change == "the spec":
        own.write_text(own.read_text(encoding="utf-8").replace("bit_rate = 384000", "bit_rate = 128000"), encoding="utf-8")
    else:
        name = "grade.cdl" if change == "the grade" else "mix.wav"
        (spot.production.path / "assets" / name).write_bytes(b"another one")
    assert any(change in one for one in films.changed(spot.desk, films.films(spot.desk)[0]))
    assert any(change in one.says for one in spot.verdict().missing if one.what == "technical QC")


def test_a_fail_is_waived_by_nobody_and_a_warning_needs_what_the_signer_says_to_it(spot: Crewed) -> None:
    signed(spot)
    spot.film(findings=[("duration", "FAIL", "the film has 600 frames, asked for 750"), ("black", "WARN", "14 frames are black.")])
    assert [one.says for one in spot.verdict().open] == [
        "master for youtube: FAIL, duration: the film has 600 frames, asked for 750.",
        "master for youtube: WARN, black: 14 frames are black. Whoever signs says what that is.",
    ]
    with pytest.raises(SignOffError, match="FAIL, duration"):
        yes(page(spot.desk, spot.person(), ["master"], sheet_seen=spot.sheet_seen, notes=["1: The lights go out."]))
    spot.film(findings=[("black", "WARN", "14 frames are black."), ("flash", "WARN", "it flashes")])
    asked = page(spot.desk, spot.person(), ["master"], sheet_seen=spot.sheet_seen, notes=["1: The lights go out."])
    assert [(one.check, one.note) for one in asked.warnings] == [("black", "The lights go out."), ("flash", "")]
    with pytest.raises(SignOffError, match="WARN, flash"):
        yes(asked)
    for wrong in ("3: x", "flash: x", "1:", "1", "-1: x"):
        with pytest.raises(SignOffError, match="warning"):
            page(spot.desk, spot.person(), ["master"], sheet_seen=spot.sheet_seen, notes=[wrong])
    both = page(spot.desk, spot.person(), ["master"], sheet_seen=spot.sheet_seen, notes=["2: It is lightning.", "1: The lights go out."])
    spot.put(yes(both))
    assert spot.verdict().missing == ()
    spot.film(findings=[("black", "WARN", "14 frames are black.")], essence="sha256:" + "7" * 64)  # another film with the same warning
    assert {one.what for one in spot.verdict().missing} == {"technical QC", "sign-off"}


def test_a_sign_off_names_the_films_that_stood_before_it_and_none_that_came_later(spot: Crewed) -> None:
    signed(spot)
    spot.film(spec="vimeo")
    spot.sign_off("master")
    (line,) = Book(spot.record).of(SignOff)
    assert [(one.version, one.spec, one.file, one.essence) for one in line.content.films] == [
        (one.version, one.spec, one.file, one.essence) for one in films.films(spot.desk)
    ]
    spot.film(spec="tv-eu")
    (only,) = spot.verdict().missing
    assert only.says == f"master: the sign-off in entry {line.n} names no film for tv-eu, which was rendered in entry {line.n + 1}."
    assert gate(spot.desk, sheet_seen=spot.sheet_seen, specs=["vimeo"]).missing == ()


def test_a_signature_says_which_files_nobody_checked_the_levels_of(family: Crewed) -> None:
    (line,) = Book(family.record).of(SignOff)
    assert line.content.not_checked[-2:] == tuple(levels(one.file, one.written) for one in family.desk.cuts.values())


def test_a_shape_or_a_super_that_sounds_otherwise_needs_a_mix_of_its_own(tmp_path: Path) -> None:
    spot = Crewed.compose(tmp_path, versions="version,of,differs,cut\nmaster,,,cuts/en.otio\ncard,master,super,cuts/fr.otio\n")
    spot.choose_everything(shapes=False)
    signed(spot).look_at_every_sheet()
    verdict = spot.verdict("card")
    assert sorted(one.what for one in verdict.missing) == ["mix", "music bed", "sign-off"]
    assert "card is listed as a super version of master and sounds otherwise. It needs a mix and a music bed of its own." in verdict.notes
    spot.choose_all({"mix:card": "mix.wav", "bed:card": "bed.wav"})
    spot.sign("finish")
    assert whats(spot.verdict("card")) == ["sign-off"]


def test_a_further_key_that_somebody_else_enrolled_is_said_where_it_signed_off(spot: Crewed) -> None:
    jonas, given, own = Hand("Jonas Weil"), Hand("the laptop"), Hand("the telephone")
    spot.put(MARA.enrols("director", other=jonas))
    spot.put(Charter(holders=everything(MARA, **{"sign-off": Holder(person=jonas.key_id)}).holders, replaces=2))
    for hand, by in ((given, MARA), (own, jonas)):
        spot.put(Enrol(person=jonas.key_id, name="Jonas Weil", roles=("director",), key=hand.enrols("director").key), by)
    signed(spot)
    spot.render()
    spot.look()
    spot.put(yes(page(spot.desk, spot.person(jonas), ["master"], sheet_seen=spot.sheet_seen)), given)
    n = spot.record.state().n
    assert f"master: the key that signed off in entry {n} was enrolled for Jonas Weil by Mara Lind, not by Jonas Weil." in spot.verdict().notes
    book = Book(spot.record)
    assert [book.given_by(hand.key_id) for hand in (MARA, jonas, own)] == [None, None, None]
    assert book.given_by(given.key_id) == book.people[MARA.key_id]
