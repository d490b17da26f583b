"""The finish under attack: what a machine made never enters a film by a side door, and nobody's claims, lists or machines are harmed by it."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import opentimelineio as otio
import pytest

from answerprint import disclosing, drafts, finished, finishing, production, reframing, rights
from answerprint.correcting.sheets import write_lists
from answerprint.delivery.captioning import burning
from answerprint.delivery.conform import conform
from answerprint.desk import Desk, Try
from answerprint.films import Asked
from answerprint.media.cube import Cdl
from answerprint.plan import small_digest
from answerprint.production import Production
from answerprint.production import open as opened
from answerprint.rights.words import lacking, media, territories
from answerprint.supering import template_digest
from answerprint.timeline import framing
from answerprint.timeline.framing import Framing, Key
from tests.deciding import Composed, Spot, clip
from tests.test_reframing import VERSIONS, write_cut

R = Fraction(25)

# ---- frames that were proposed


@pytest.fixture
def tall(small_spot: Production, tmp_path: Path) -> Production:
    """Two shots of one clip, with frames of each in the other's handles, and a proposal for the second, written by hand."""
    home = tmp_path / "spot"
    shutil.copytree(small_spot.path, home)
    spot = opened(home)
    (home / "versions.csv").write_text(VERSIONS, encoding="utf-8")
    for file in ("master", "tall"):
        write_cut(spot, file, (("A001_C001", 0, 40), ("A001_C001", 30, 50)))
    desk = Desk(spot)
    for shot in reframing.cut(desk, "tall").shots[1:]:
        propose(spot, shot)
    return spot


def propose(spot: Production, shot: reframing.Shot, x: float = 0.7) -> None:
    made = Framing(version="tall", file=shot.file, start=shot.start, end=shot.end, rate=(25, 1), size=shot.size, paths={"9:16": (Key(frame=shot.start, x=x, y=0.5),)})
    values = {"version": "tall", "shot": shot.number, "clip": shot.file}
    finishing.propose(spot, "reframing", f"tall shot {shot.number}: {shot.clip}", inputs=[shot.unit.digest], files={"cuts/reframing/x.json": framing.written(made)}, values=values)


def boxes(spot: Production, size: tuple[int, int], framings: tuple[Framing, ...]) -> list[float | None]:
    """The left edge of what is shown of each frame; None where it is shown whole."""
    desk = Desk(spot)
    media = {unit.digest: unit.path for unit in desk.shoot.clips if unit.path is not None}
    timeline = desk.timeline("tall").clone()
    del timeline.tracks[0][-1]
    return [None if mix[0][1].box is None else round(mix[0][1].box[0], 3) for mix in conform(timeline, media, rate=R, size=size, framing=framings).frames]


def test_a_proposed_frame_never_reaches_into_another_shot_of_the_same_clip(tall: Production) -> None:
    found = reframing.framings(Desk(tall), "tall", "9:16")
    assert [(one.start, one.end) for one in found] == [(30, 80)]
    seen = boxes(tall, (90, 160), found)
    assert set(seen[:40]) == {None}  # a hero shot that is left as shot, or one whose frame somebody refused
    assert None not in seen[40:]


def test_a_framing_counts_in_every_raster_of_its_shape(tall: Production) -> None:
    found = reframing.framings(Desk(tall), "tall", "608x1080")
    assert len(found) == 1
    assert None not in boxes(tall, (608, 1080), found)[40:]


def test_a_frame_that_was_proposed_for_another_file_of_that_name_is_not_used(tall: Production) -> None:
    shot = reframing.cut(Desk(tall), "tall").shots[1]
    made = Framing(version="tall", file=shot.file, start=shot.start, end=shot.end, rate=(25, 1), size=shot.size, paths={"9:16": (Key(frame=shot.start, x=0.5, y=0.5),)})
    values = {"version": "tall", "shot": shot.number, "clip": shot.file}
    finishing.propose(tall, "reframing", f"tall shot 2: {shot.clip}", inputs=["blake3:" + "0" * 64], files={"x.json": framing.written(made)}, values=values)
    assert reframing.framings(Desk(tall), "tall", "9:16") == ()


def test_a_shot_that_shows_a_hero_item_beside_another_is_a_hero_shot(tall: Production) -> None:
    (tall.path / "shots.csv").write_text("shot,description\n1,A pan\n2,The kettle. [[HERO: the kettle]]\n", encoding="utf-8")
    unit = next(one for one in Desk(tall).shoot.clips if "C001" in one.file)
    said = [("1", "0", "2.4"), ("2", "2.4", "6")]  # of the second shot 1.2 to 3.2 s: more of the pan than of the kettle
    tries = [Try(name=f"A001_C001#{n}", slate=f"{n}-1 A", file=unit.file, clip=unit.digest, attempt=int(n), in_s=a, out_s=b, items=(int(n),), picture=True) for n, a, b in said]
    desk = Composed(tall, tries)
    assert [shot.hero for shot in reframing.cut(desk, "tall").shots] == [False, True]
    assert reframing.framings(desk, "tall", "9:16") == ()
    assert len(reframing.unframed(desk, "tall", "9:16")) == 1


def test_what_was_refused_stays_refused_where_another_shot_took_its_number(tall: Production) -> None:
    finishing.refuse(tall, "reframing", "tall shot 2: A001_C001", by="Noor")
    write_cut(tall, "tall", (("A001_C002", 0, 10), ("A001_C001", 0, 20), ("A001_C001", 30, 50)))
    new, old = reframing.cut(Desk(tall), "tall").shots[1:]
    propose(tall, new)  # what reframe writes for the shot that is the second now
    propose(tall, old)
    assert (30, 80) not in [(one.start, one.end) for one in reframing.framings(Desk(tall), "tall", "9:16")]


# ---- what is claimed


def test_a_film_graded_with_the_list_of_corrections_says_that_the_machine_made_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spot = production.new(tmp_path / "spot", rate="25")
    spot.inside.mkdir()
    a, b, reference = (f"blake3:{one * 64}" for one in "abc")
    for file, digest in (("rushes/A.mp4", a), ("rushes/B.mp4", b)):
        finishing.propose(spot, "correction", file, inputs=[digest, reference], files={f"cuts/correction/{Path(file).stem}.cc": b"<cc/>"})
    clips: Any = [SimpleNamespace(file=f"rushes/{name}.mp4", name=name, look=None) for name in "AB"]
    cdl = Cdl(slope=(1.1, 1.0, 1.0), offset=(0.0, 0.0, 0.0), power=(1.0, 1.0, 1.0), saturation=1.0)
    monkeypatch.setattr("answerprint.correcting.sheets._programs", lambda *_: {})
    write_lists(spot, clips, {"rushes/A.mp4": cdl}, refused=frozenset())  # B stays as it is, under its name
    chosen = small_digest(spot.path / "cuts/correction/correction.ccc")

    def kinds(*inputs: str) -> list[str]:
        film: Any = SimpleNamespace(version="master", inputs=inputs, sources={"grade": {"file": "x.ccc", "digest": chosen}}, made_of={})
        desk: Any = SimpleNamespace(production=spot)
        return [one.about for one in finished.in_film(desk, film, 1000).get("correction", ())]

    assert kinds(a, b) == ["rushes/A.mp4"]
    assert kinds(b) == []
    assert kinds(reference) == []  # matched to it, and not corrected


# ---- rights


LIST = "item,what,holder,media,territory,AI clause,applies to\nSalt,music,North,,,,assets/bed.wav\n"


@pytest.fixture
def cut(tmp_path: Path) -> Spot:
    made = Spot.compose(tmp_path)
    made.choose("bed", "bed.wav")
    return made


def forbidden(cut: Spot, version: str = "master") -> tuple[str, ...]:
    desk = cut.desk
    return rights.check(desk, desk.cuts[version], Asked.of(desk, ("youtube",)))


def lists(cut: Spot, row: str) -> None:
    (cut.production.path / "rights.csv").write_text(LIST + row + "\n", encoding="utf-8")


@pytest.mark.parametrize("said", ["Worldwide, excl. US", "worldwide but not the US", "DACH, without CH", "all territories; except Japan"])
def test_a_territory_with_something_taken_out_is_not_the_whole_of_it(cut: Spot, said: str) -> None:
    assert forbidden(cut) == ()
    lists(cut, f'Mina,talent,Agency,,"{said}",,')
    (found,) = forbidden(cut)
    assert f"“Mina” of Agency holds for {said} alone" in found
    assert not lacking(frozenset({"CH"}), territories("DACH"))
    assert lacking(frozenset({"CH"}), territories("DACH, without CH"))
    assert media("all media, excluding cinema") is not None


def test_a_refusal_after_the_mix_was_laid_does_not_take_the_machine_out_of_it(cut: Spot) -> None:
    lists(cut, "Voice,talent,Studio,,,no AI,VO_en")
    file = cut.production.path / "assets" / "my mix.wav"
    shutil.copy(cut.production.path / "assets" / "mix.wav", file)
    finishing.propose(cut.production, "clean-up", "sound/VO_en.wav", inputs=[], files={})
    finishing.propose(
        cut.production, "clean-up", "cuts/mix/master cleaned.wav", inputs=[], files={"cuts/mix/master cleaned.wav": small_digest(file)}, values={"mix": "master", "cleaned": ["sound/VO_en.wav"]}
    )
    cut.choose("mix", "my mix.wav")  # the machine's, under a name of somebody's own
    finishing.refuse(cut.production, "clean-up", "sound/VO_en.wav", by="Noor")
    (found,) = forbidden(cut)
    assert "the AI clause says “no AI”" in found


def test_temp_that_a_row_says_of_a_version_stops_that_version(cut: Spot) -> None:
    lists(cut, "Stones song,temp,nobody,,,,fr")
    assert forbidden(cut) == ()
    (found,) = forbidden(cut, "fr")
    assert found.startswith("fr: “Stones song” of nobody is temp by rights.csv, row 3")


def test_what_was_reframed_in_the_parent_is_reframed_in_its_languages(cut: Spot) -> None:
    lists(cut, "Mina,talent,Agency,,,no AI,A001_C005.mp4")
    finishing.propose(cut.production, "reframing", "square shot 5: A001_C005", inputs=[], files={})
    assert forbidden(cut) == ()
    assert len(forbidden(cut, "fr_square")) == 1


# ---- the disclosure

TAG = """schema = 1
title = "A tag"
use = "this test"
[palette]
plate = "#101010"
[[layer]]
name = "plate"
kind = "block"
around = ["words"]
colour = "plate"
[[layer]]
name = "words"
kind = "text"
slot = "words"
role = "disclosure"
box = [0.1, 0.3, 0.8, 0.4]
size = 60
lines = 2
[[layer]]
name = "head"
kind = "text"
slot = "head"
required = false
box = [0.1, 0.05, 0.8, 0.2]
"""
WALL = """schema = 1
title = "A wall"
use = "this test"
[[layer]]
name = "wall"
kind = "block"
of = "raster"
box = [0.0, 0.0, 1.0, 1.0]
colour = "#101010"
[[layer]]
name = "words"
kind = "text"
slot = "words"
box = [0.1, 0.05, 0.8, 0.2]
"""
SAID = "Made with synthetic performers"


def super_(cut: Spot, name: str, template: str, **values: str) -> Any:
    """A super that was drawn here, as far as the record and the cut know; there is no picture in it."""
    home = cut.production.path
    place = home / "cuts" / "supers" / f"{name}.mov"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(name.encode())
    (home / "templates").mkdir(exist_ok=True)
    (home / "templates" / f"{template}.toml").write_text({"tag": TAG, "wall": WALL}[template], encoding="utf-8")
    file, digest = f"cuts/supers/{name}.mov", small_digest(place)
    drawn = {"file": file, "digest": digest, "row": 2, "named": template, "template digest": template_digest(template, home), "values": [list(pair) for pair in values.items()]}
    finishing.propose(cut.production, "supers", f"master {name}", inputs=[], files={file: digest}, values={"size": [1920, 1080], "language": "en", "supers": [drawn]})
    return clip(file, 0, 200, digest=digest)


def disclosed(cut: Spot, *layers: Any, specs: tuple[str, ...] = ()) -> tuple[str, ...]:
    """What a master lacks of its disclosure whose cut has these on tracks above one another."""
    settings = cut.production.path / "answerprint.toml"
    if "disclosure" not in settings.read_text():
        settings.write_text(settings.read_text() + f'\ndisclosure = "{SAID}"\n')
    cut.production = opened(cut.production.path)
    path = cut.production.path / "cuts" / "en.otio"
    timeline = otio.adapters.read_from_file(str(path))
    for one in layers:
        timeline.tracks.append(otio.schema.Track("V", kind="Video", children=[one]))
    otio.adapters.write_to_file(timeline, str(path))
    desk = cut.desk
    return disclosing.missing(desk, desk.cuts["master"], Asked.of(desk, specs))


def test_a_disclosure_that_nothing_hides_is_proved(cut: Spot) -> None:
    assert disclosed(cut, super_(cut, "tag", "tag", words=SAID)) == ()


def test_a_disclosure_under_an_end_card_of_the_house_or_a_logo_is_none(cut: Spot) -> None:
    (says,) = disclosed(cut, super_(cut, "tag", "tag", words=SAID), super_(cut, "wall", "wall", words="Salt"))
    assert "the disclosure in cuts/supers/tag.mov lies under cuts/supers/wall.mov" in says
    (cut.production.path / "assets" / "full.png").write_bytes(b"a card")
    cut.cut("en")
    (says,) = disclosed(cut, super_(cut, "tag", "tag", words=SAID), clip("assets/full.png", 0, 200, still=True))
    assert "lies under assets/full.png" in says


def test_words_that_stand_somewhere_else_than_the_disclosure_are_not_it(cut: Spot) -> None:
    (says,) = disclosed(cut, super_(cut, "tag", "tag", words="Terms apply", head=SAID))
    assert "does not show the disclosure" in says
    cut.cut("en")
    (says,) = disclosed(cut, super_(cut, "tag", "tag", words=f"Un{SAID.casefold()}"))
    assert "does not show the disclosure" in says


def test_a_disclosure_is_proved_for_every_film_that_would_leave_and_by_the_template_that_drew_it(cut: Spot) -> None:
    assert disclosed(cut, super_(cut, "tag", "tag", words=SAID)) == ()
    cut.film(spec="social-9x16")  # nobody asks for it by name, and it would be let out
    assert any("Give that shape a version of its own" in one for one in disclosed(cut))
    (cut.production.path / "templates" / "tag.toml").write_text(TAG.replace("size = 60", "size = 61"), encoding="utf-8")
    assert any("was drawn with another template tag" in one for one in disclosed(cut))


def test_a_disclosure_that_a_graded_master_takes_the_place_of_is_not_proved(cut: Spot) -> None:
    drafts.put(cut.production.inside, drafts.Draft(judgment="grade", about="film:master", choice={"file": "assets/graded.mov"}))
    assert any("assets/graded.mov is the graded master" in one for one in disclosed(cut, super_(cut, "tag", "tag", words=SAID)))


def test_a_disclosure_under_captions_in_the_picture_is_none(cut: Spot) -> None:
    from answerprint.delivery import supers

    low = TAG.replace("box = [0.1, 0.3, 0.8, 0.4]", 'box = [0.1, 0.7, 0.8, 0.3]\nstand = "bottom"')
    stage = supers.Stage(size=(1920, 1080), fonts=supers.fonts(), assets={}, language="en")
    tops = [supers.stands(supers.read(text, "tag"), {"words": SAID}, stage) for text in (TAG, low)]
    assert [box is not None and box[3] > burning.top((1920, 1080), 2) for box in tops] == [False, True]
