"""Choosing and signing at a terminal, on a shoot that was prepped: what a director types in a day."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import opentimelineio as otio
import pytest

from answerprint import choosing, easiness
from answerprint.desk import Desk, DeskError
from answerprint.model.charter import Judgment
from answerprint.spot import Spot
from tests.crewed import Run, at_terminal, typed
from tests.deciding import Crewed, film_entry
from tests.made import heard


@pytest.fixture
def spot(tmp_path: Path, day: Spot) -> Spot:
    """The sample's production, prepped; a copy of it."""
    shutil.copytree(day.path, tmp_path / "spot")
    (tmp_path / "spot" / "assets" / "show.cdl").write_bytes(b"show.cdl")
    for name in ("mix_v1.wav", "mix_v2.wav"):
        heard(tmp_path / "spot" / "assets" / name)
    return Spot(tmp_path / "spot")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, spot: Spot, capsys: pytest.CaptureFixture[str]) -> Run:
    """Somebody stands in the production's folder and types; everything that was said."""
    monkeypatch.chdir(spot.path)
    return typed(at_terminal(monkeypatch, tmp_path / "home"), capsys)


@pytest.fixture
def ruth(run: Run) -> Run:
    """Ruth produces, directs and holds everything."""
    run("crew", "add", "Ruth Adeyemi", "--role", "producer", "--role", "director", "--key", "new", types=["y", "n"])
    run("charter", ".", "--holder", "all=ruth")
    return run


# ---- choosing


def test_a_take_is_chosen_by_clip_and_number_or_by_its_slate(run: Run, spot: Spot) -> None:
    for name in ("A001_C002#1", "a001_c002#1", "A001_C002", "A001_C002.mp4", "1A-2", "1A-2 A"):
        said = run("choose", "item:1", name, "--because", "Her breath.")
        assert said == "take of item 1 “Morning starts before the light does.”: 1A-2 A (A001_C002#1). A draft, not signed.\n"
    (draft,) = Desk(spot).drafts.values()
    assert draft.choice["file"] == "rushes/A001_C002.mp4"
    assert draft.because == "Her breath."
    assert run("choose", "item:1", "none").startswith("take of item 1 “Morning starts before the light does.”: none: shoot again.")
    assert "was not lined with item 1" in run("choose", "item:1", "A001_C003#1")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("item:1", "A001_C009#1"), "there is no attempt called 'A001_C009#1'. Did you mean A001_C00"),
        (("item:1", "1A-1"), "'1A-1' is 2 attempts: 1A-1 A (A001_C001#1), 1A-1 A series 2 (A001_C001#2). Say which by clip and number."),
        (("item:99", "1A-1"), "the script has no item '99'. It has items 1 to 8."),
        (("item:x", "1A-1"), "the script has no item 'x'"),
        (("itme:1", "1A-1"), "'itme:1' is nothing that is chosen here. Did you mean item:3?"),
        (("item:1@frnch", "1A-2"), "there is no version called 'frnch'"),
        (("item:1",), "say what is chosen: a take"),
        (("film", "cuts/v07.otio"), "there is no cut called cuts/v07.otio. Did you mean v01.otio?"),
        (("film",), "say which cut: answerprint choose film:master cuts/FILE"),
        (("film:square", "v01"), "there is no version called 'square'"),
        (("grade", "shw.cdl"), "there is no file shw.cdl, neither here nor in the production. Did you mean show.cdl?"),
        (("framing:1", "as shot"), "item 1 is no hero shot: the script does not mark it [[HERO]]. Did you mean framing:4?"),
        (("pacing", "faster"), "the pacing goes with the cut"),
        (("mix", "mix_v1.wav", "--from", "01:00:00:00"), "--from and --to belong to a music bed."),
        (("bed", "mix_v1.wav", "--from", "01:00:09:00", "--to", "01:00:05:00"), "the music bed ends at 01:00:05:00, before it begins"),
        (("bed", "mix_v1.wav", "--from", "soon"), "soon"),
        (("mix", "--clear"), "there is no draft for mix."),
        (("grade", "answerprint.toml"), "answerprint.toml is not a grade: it is something else. What belongs there is a look (.cc, .ccc,"),
        (("mix", "answerprint.toml"), "answerprint.toml is not a mix: it is something else. What belongs there is sound, or a movie that has sound."),
        (("bed", "show.cdl"), "show.cdl is not a music bed"),
        (("mix", "qqq"), "there is no file qqq, neither here nor in the production. There is: mix_v1.wav, mix_v2.wav"),
        (("grade", "looks/x.cdl"), "there is no file looks/x.cdl, neither here nor in the production. Did you mean show.cdl?"),
        (("grade", "none"), "answerprint choose grade 'as shot'"),
        (("mix", "none"), "a cut with sound has a mix"),
        (("item:1", "none", "--clear"), "Say one of the two."),
        (("item:8", "none"), "item 8 is lettering, which is made, not shot"),
    ],
)
def test_what_does_not_exist_is_told_by_the_nearest_name(run: Run, spot: Spot, words: tuple[str, ...], says: str) -> None:
    otio.adapters.write_to_file(_one_shot(spot), str(spot.path / "cuts" / "v01.otio"))
    assert says in run("choose", *words, code=2)
    assert Desk(spot).drafts == {}


def test_a_draft_is_there_for_everybody_and_can_be_taken_away(run: Run, spot: Spot) -> None:
    run("choose", "bed", "assets/mix_v1.wav", "--from", "01:00:02:00", "--to", "01:00:20:00")
    run("choose", "framing:4", "as shot", "--in", str(spot.path))
    assert run("choices").splitlines() == [
        "hero framing of item 4 “Coffee falls from a copper pot into a s…” in master: as shot (a draft)",
        "music bed of master: assets/mix_v1.wav from 01:00:02:00 to 01:00:20:00 (a draft)",
    ]
    assert "the draft is gone" in run("choose", "bed", "--clear")
    assert [row["about"] for row in json.loads(run("choices", "--json"))] == ["hero:4@master"]
    assert json.loads(run("choose", "framing:4", "--clear", "--json"))[0]["choice"] == {"framing": "as shot"}
    assert run("choices") == "Nothing is chosen yet.\n"


def test_the_list_of_versions_says_which_cut_a_version_has(run: Run, spot: Spot) -> None:
    for name in ("v01", "v02"):
        otio.adapters.write_to_file(_one_shot(spot), str(spot.path / "cuts" / f"{name}.otio"))
    (spot.path / "versions.csv").write_text("version,of,differs,cut\nmaster,,,v01\n", encoding="utf-8")
    assert "versions.csv says that the cut of master is cuts/v01.otio" in run("choose", "film", "v02", code=2)
    assert "final edit of master: cuts/v01.otio" in run("choose", "film")
    (spot.path / "versions.csv").write_text("version,of,differs\nmaster,,\n", encoding="utf-8")
    assert "versions.csv, row 1: there is no column cut" in run("choose", "film", "v02", code=2)
    assert "versions.csv, row 1" in run("gate", ".", code=2)


def test_choosing_takes_less_than_half_a_second(spot: Spot) -> None:
    choosing.choose(spot, "item:1", "A001_C002#1")
    began = time.process_time()
    choosing.choose(spot, "item:2", "A001_C002#1")
    assert time.process_time() - began < 0.5


def _one_shot(spot: Spot) -> otio.schema.Timeline:
    """A cut of one shot of the sample, by name and timecode only, as another program writes it."""
    clip = next(one for one in spot.status()["clips"] if one["file"].endswith("A001_C002.mp4"))
    from answerprint.model.time import Span, Timecode
    from answerprint.timeline.cut import Media, at, reference

    rate = spot.settings.rate
    start = Timecode.parse(clip["timecode"], rate=rate).seconds
    media = Media(name="A001_C002.mov", rate=rate, timecode=clip["timecode"], video=True)
    shot = otio.schema.Clip("A001_C002", media_reference=reference(media, Span(start_s=start, end_s=start + 10), url="file:///somewhere/A001_C002.mov"))
    shot.source_range = otio.opentime.TimeRange(at(start + 100 / rate, rate), at(48 / rate, rate))
    timeline = otio.schema.Timeline("v01", global_start_time=at(3600 * 24 / rate, rate))
    timeline.tracks.append(otio.schema.Track("V1", kind="Video", children=[shot]))
    return timeline


def test_a_cut_from_another_program_is_matched_to_the_shoot(run: Run, spot: Spot) -> None:
    otio.adapters.write_to_file(_one_shot(spot), str(spot.path / "cuts" / "v01.otio"))
    run("choose", "film", "v01")
    cut = Desk(spot).cuts["master"]
    assert list(cut.picture) == ["rushes/A001_C002.mp4"]
    assert cut.digests["rushes/A001_C002.mp4"] == next(digest for digest, file in Desk(spot).names.items() if file == "rushes/A001_C002.mp4")


# ---- a director's day


def test_a_film_is_chosen_signed_and_answered_for_at_the_terminal(ruth: Run, spot: Spot) -> None:
    assert "Mara" not in ruth("gate", ".", code=1)
    for item, take in ((1, "A001_C002#1"), (2, "A001_C002#1"), (3, "1B-1"), (4, "A001_C005"), (5, "T005#1"), (6, "3A-1"), (7, "T005#2")):
        ruth("choose", f"item:{item}", take)
    assert "Not signed." in ruth("sign", ".", "selects", code=2, types=["n"])
    said = ruth("sign", ".", "selects", types=["y"])
    assert "take of item 1 “Morning starts before the light does.”: 1A-2 A (A001_C002#1), over 1A-1 A (A001_C001#1), 1A-1 A series 2 (A001_C001#2)" in said
    assert "by Ruth Adeyemi" in said
    rough = ruth("rough", ".")
    assert "Ruth Adeyemi chose it." in rough
    ruth("choose", "film", "First Pour_rough")
    said = ruth("sign", ".", "lock")
    assert "before it, a rough cut was made here" in said
    assert "final edit of master: cuts/First Pour_rough.otio, which is the machine's rough cut of entry" in said
    for thing, file in (("grade", "show.cdl"), ("mix", "mix_v1.wav"), ("bed", "none"), ("framing:4", "as shot")):
        ruth("choose", thing, file)
    assert "mix of master: assets/mix_v1.wav, over assets/mix_v2.wav" in ruth("sign", ".", "finish")
    assert "no film was rendered yet" in ruth("gate", ".", code=1)
    film_entry(Desk(spot))
    said = ruth("gate", ".", code=1)
    assert "Ruth Adeyemi\n  master: the question is not answered." in said
    assert "At a terminal: answerprint easy . --who 'Ruth Adeyemi'" in said
    _looked(spot)
    ruth("intent", ".", types=["Only her hands.", "s", "y"])
    said = ruth("sign", ".", "off", "master", types=["y", "y"])
    assert "You sealed a first thought on 20" in said
    assert "leave this open: answerprint intent . --open" in said
    assert "Would I sign my name to this if the client did not know AI was involved?" in said
    assert "levels, sizes and effects in cuts/First Pour_rough.otio" in said
    assert "master: nothing is missing." in ruth("gate", ".")
    (spot.path / "assets" / "mix_v1.wav").write_bytes(b"louder")
    assert "since then: assets/mix_v1.wav is another file now." in ruth("choices")
    verdict = json.loads(ruth("gate", ".", "--json", code=1))
    assert {one["what"] for one in verdict["missing"]} == {"mix", "technical QC"}
    assert "mix of master: assets/mix_v1.wav" in ruth("sign", ".", "again")
    film_entry(Desk(spot))
    assert "after the sign-off in entry" in ruth("gate", ".", "--version", "master", code=1)
    ruth("intent", ".", "--open", types=["y"])
    assert "You sealed" not in (said := ruth("sign", ".", "off", "master", code=2, types=["s", "It is thin.", "2"]))
    assert "not from '2'. Nothing was written. Your reason was: It is thin." in said
    said = ruth("sign", ".", "off", "master", types=["s", "It is somebody else's film.", "strings", "y"])
    assert "The next one starts here:" in said
    begun = otio.adapters.read_from_file(str(spot.path / "cuts" / "First Pour_rough 2.otio"))
    assert list(begun.find_clips()) == []
    assert list((spot.path / "cuts" / "strings").glob("item 1*.otio"))
    assert "Released, not signed." in ruth("sign", ".", "off", "master", types=["r", "The slot is tonight.", "y"])
    assert "The question is left open" in ruth("sign", ".", "off", "master", code=2, types=[""])
    assert "Nothing wrong found." in ruth("verify", ".")
    assert Desk(spot).unread == ()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("selects",), "There is nothing in selects (take) for Ruth Adeyemi to sign"),
        (("again",), "Nothing that Ruth Adeyemi signed is stale."),
        (("selects", "--only", "item:3"), "--only belongs to `sign FOLDER again`."),
        (("lock", "v01"), "belong to `sign FOLDER off`."),
        (("off",), "say which cut"),
        (("off", "mastr"), "'mastr' is no version, and the cut of none. Did you mean master?"),
        (("off", "master"), "master has no cut yet. Name it: answerprint choose film:master cuts/FILE"),
    ],
)
def test_a_signature_over_nothing_is_a_sentence(ruth: Run, words: tuple[str, ...], says: str) -> None:
    assert says in ruth("sign", ".", *words, code=2)


def _through_the_finish(ruth: Run, spot: Spot) -> None:
    """A cut that nothing is missing from but the answer to the question."""
    for item, take in ((1, "A001_C002#1"), (2, "A001_C002#1"), (3, "1B-1"), (4, "A001_C005"), (5, "T005#1"), (6, "3A-1"), (7, "T005#2")):
        ruth("choose", f"item:{item}", take)
    otio.adapters.write_to_file(_one_shot(spot), str(spot.path / "cuts" / "v01.otio"))
    for thing, choice in (("film", "v01"), ("grade", "show.cdl"), ("framing:4", "as shot")):
        ruth("choose", thing, choice)
    for gesture in ("selects", "lock", "finish"):
        ruth("sign", ".", gesture, "--yes", types=[])
    _looked(spot)


def _looked(spot: Spot) -> None:
    """Ruth had the easy-choice report of the cut on her screen."""
    desk = Desk(spot)
    holder = desk.book.holder(Judgment.SIGN_OFF) if desk.book else None
    assert holder is not None
    easiness.saw(desk, "master", holder.id)


def test_yes_to_sign_is_never_yes_to_the_question(ruth: Run, spot: Spot) -> None:
    _through_the_finish(ruth, spot)
    said = ruth("sign", ".", "off", "v01", "--yes", code=2, types=[])
    film_entry(Desk(spot))
    assert "Name the answer: --answer yes, --answer scrap, --answer release. --yes leaves out `Sign?`, and answers nothing." in said
    assert "the question is not answered" in ruth("gate", ".", code=1)
    assert "Give one." in ruth("sign", ".", "off", "v01", "--answer", "yes", "--release", code=2)
    assert "Say it with --because." in ruth("sign", ".", "off", "v01", "--answer", "release", "--yes", code=2, types=[])
    assert "Signed in entry" in ruth("sign", ".", "off", "v01", "--answer", "yes", "--yes", types=[])
    said = ruth("sign", ".", "off", "v01", code=2, types=["y"])
    assert "Ruth Adeyemi signed that off already, in entry" in said
    assert "nothing was changed since. Nothing was written." in said


def test_who_does_not_hold_the_sign_off_is_not_asked_the_question(ruth: Run, spot: Spot) -> None:
    _through_the_finish(ruth, spot)
    ruth("crew", "add", "Jo Abara", "--role", "director", "--key", "new", types=["y", "n"])
    ruth("charter", ".", "--holder", "sign-off=jo", "--key", "ruth")
    said = ruth("sign", ".", "off", "v01", "--key", "ruth", code=2, types=[""])
    assert "left open" in said
    said = ruth("sign", ".", "off", "v01", "--answer", "yes", "--key", "ruth", "--yes", code=2, types=[])
    assert "yes is not Ruth Adeyemi's to say: Jo Abara holds the sign-off. As a producer Ruth Adeyemi can release it unsigned" in said
    assert "Would I sign" not in said
    assert "only a producer releases" in ruth("sign", ".", "off", "v01", "--answer", "release", "--key", "jo", code=2, types=[])
    ruth("charter", ".", "--holder", "sign-off=ruth", "--key", "ruth")
    said = ruth("sign", ".", "off", "v01", "--key", "jo", code=2, types=[])
    assert "the sign-off is not Jo Abara's to answer: Ruth Adeyemi holds it." in said
    assert "Would I sign" not in said


def test_nobody_signs_who_is_not_on_the_crew(run: Run) -> None:
    assert "Nobody is on the crew" in run("sign", ".", "selects", code=2)


def test_an_ambiguous_slate_is_one_take_where_only_one_was_lined_with_the_item(spot: Spot) -> None:
    desk = Desk(spot)
    assert choosing.take(desk, 6, "3A-1").name == "A001_C007#1"
    with pytest.raises(DeskError, match="Say which by clip and number"):
        choosing.take(desk, 1, "1A-1")


def test_the_cuts_of_other_versions_are_no_alternatives_that_somebody_turned_down(tmp_path: Path) -> None:
    made = Crewed.compose(tmp_path)
    made.cut("v02")
    over = choosing.alternatives(made.desk, "final edit", "film:master", {"file": "cuts/en.otio"})
    assert over == ("cuts/v02.otio",)
