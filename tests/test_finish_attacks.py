"""The finish under attack: what a machine made never enters a film by a side door, and nobody's claims, lists or machines are harmed by it."""

from __future__ import annotations

import contextlib
import shutil
import struct
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import opentimelineio as otio
import pytest

from answerprint import assets, disclosing, drafts, finished, finishing, production, reframing, rights, versioning
from answerprint.captioning.files import Place, rules_of, write
from answerprint.correcting import CorrectingError
from answerprint.correcting.clips import note_changed
from answerprint.correcting.sheets import hands_off, write_lists
from answerprint.delivery import captions
from answerprint.delivery.captioning import Caption, burning
from answerprint.delivery.conform import conform
from answerprint.delivery.supers import SupersError
from answerprint.delivery.supers import read as read_template
from answerprint.delivery.supers import rules as rules_called
from answerprint.delivery.supers.pictures import opened_picture
from answerprint.desk import Desk, Try
from answerprint.films import Asked
from answerprint.keep import write_whole
from answerprint.media.cube import Cdl
from answerprint.model.time import Timecode
from answerprint.plan import small_digest
from answerprint.rights.words import lacking, media, territories
from answerprint.spot import Spot
from answerprint.spot import open as opened
from answerprint.supering import SuperingError, template_digest
from answerprint.supering.markets import rows_of
from answerprint.supering.places import frame
from answerprint.timeline import framing
from answerprint.timeline.framing import Framing, Key
from tests.deciding import Composed, Crewed, clip
from tests.test_reframing import VERSIONS, write_cut
from tests.test_supering_whole import PLATE

R = Fraction(25)

# ---- frames that were proposed


@pytest.fixture
def tall(small_spot: Spot, tmp_path: Path) -> Spot:
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


def propose(spot: Spot, shot: reframing.Shot, x: float = 0.7) -> None:
    made = Framing(version="tall", file=shot.file, start=shot.start, end=shot.end, rate=(25, 1), size=shot.size, paths={"9:16": (Key(frame=shot.start, x=x, y=0.5),)})
    values = {"version": "tall", "shot": shot.number, "clip": shot.file}
    finishing.propose(spot, "reframing", f"tall shot {shot.number}: {shot.clip}", inputs=[shot.unit.digest], files={"cuts/reframing/x.json": framing.written(made)}, values=values)


def boxes(spot: Spot, size: tuple[int, int], framings: tuple[Framing, ...]) -> list[float | None]:
    """The left edge of what is shown of each frame; None where it is shown whole."""
    desk = Desk(spot)
    media = {unit.digest: unit.path for unit in desk.shoot.clips if unit.path is not None}
    timeline = desk.timeline("tall").clone()
    del timeline.tracks[0][-1]
    return [None if mix[0][1].box is None else round(mix[0][1].box[0], 3) for mix in conform(timeline, media, rate=R, size=size, framing=framings).frames]


def test_a_proposed_frame_never_reaches_into_another_shot_of_the_same_clip(tall: Spot) -> None:
    found = reframing.framings(Desk(tall), "tall", "9:16")
    assert [(one.start, one.end) for one in found] == [(30, 80)]
    seen = boxes(tall, (90, 160), found)
    assert set(seen[:40]) == {None}  # a hero shot that is left as shot, or one whose frame somebody refused
    assert None not in seen[40:]


def test_a_framing_counts_in_every_raster_of_its_shape(tall: Spot) -> None:
    found = reframing.framings(Desk(tall), "tall", "608x1080")
    assert len(found) == 1
    assert None not in boxes(tall, (608, 1080), found)[40:]


def test_a_frame_that_was_proposed_for_another_file_of_that_name_is_not_used(tall: Spot) -> None:
    shot = reframing.cut(Desk(tall), "tall").shots[1]
    made = Framing(version="tall", file=shot.file, start=shot.start, end=shot.end, rate=(25, 1), size=shot.size, paths={"9:16": (Key(frame=shot.start, x=0.5, y=0.5),)})
    values = {"version": "tall", "shot": shot.number, "clip": shot.file}
    finishing.propose(tall, "reframing", f"tall shot 2: {shot.clip}", inputs=["blake3:" + "0" * 64], files={"x.json": framing.written(made)}, values=values)
    assert reframing.framings(Desk(tall), "tall", "9:16") == ()


def test_a_shot_that_shows_a_hero_item_beside_another_is_a_hero_shot(tall: Spot) -> None:
    (tall.path / "shots.csv").write_text("shot,description\n1,A pan\n2,The kettle. [[HERO: the kettle]]\n", encoding="utf-8")
    unit = next(one for one in Desk(tall).shoot.clips if "C001" in one.file)
    said = [("1", "0", "2.4"), ("2", "2.4", "6")]  # of the second shot 1.2 to 3.2 s: more of the pan than of the kettle
    tries = [Try(name=f"A001_C001#{n}", slate=f"{n}-1 A", file=unit.file, clip=unit.digest, attempt=int(n), in_s=a, out_s=b, items=(int(n),), picture=True) for n, a, b in said]
    desk = Composed(tall, tries)
    assert [shot.hero for shot in reframing.cut(desk, "tall").shots] == [False, True]
    assert reframing.framings(desk, "tall", "9:16") == ()
    assert len(reframing.unframed(desk, "tall", "9:16")) == 1


def test_what_was_refused_stays_refused_where_another_shot_took_its_number(tall: Spot) -> None:
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
def cut(tmp_path: Path) -> Crewed:
    made = Crewed.compose(tmp_path)
    made.choose("bed", "bed.wav")
    return made


def forbidden(cut: Crewed, version: str = "master") -> tuple[str, ...]:
    desk = cut.desk
    return rights.check(desk, desk.cuts[version], Asked.of(desk, ("youtube",)))


def lists(cut: Crewed, row: str) -> None:
    (cut.production.path / "rights.csv").write_text(LIST + row + "\n", encoding="utf-8")


@pytest.mark.parametrize("said", ["Worldwide, excl. US", "worldwide but not the US", "DACH, without CH", "all territories; except Japan"])
def test_a_territory_with_something_taken_out_is_not_the_whole_of_it(cut: Crewed, said: str) -> None:
    assert forbidden(cut) == ()
    lists(cut, f'Mina,talent,Agency,,"{said}",,')
    (found,) = forbidden(cut)
    assert f"“Mina” of Agency holds for {said} alone" in found
    assert not lacking(frozenset({"CH"}), territories("DACH"))
    assert lacking(frozenset({"CH"}), territories("DACH, without CH"))
    assert media("all media, excluding cinema") is not None


def test_a_refusal_after_the_mix_was_laid_does_not_take_the_machine_out_of_it(cut: Crewed) -> None:
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


def test_temp_that_a_row_says_of_a_version_stops_that_version(cut: Crewed) -> None:
    lists(cut, "Stones song,temp,nobody,,,,fr")
    assert forbidden(cut) == ()
    (found,) = forbidden(cut, "fr")
    assert found.startswith("fr: “Stones song” of nobody is temp by rights.csv, row 3")


def test_what_was_reframed_in_the_parent_is_reframed_in_its_languages(cut: Crewed) -> None:
    lists(cut, "Mina,talent,Agency,,,no AI,A001_C005.mp4")
    finishing.propose(cut.production, "reframing", "square shot 5: A001_C005", inputs=[], files={})
    assert forbidden(cut) == ()
    assert len(forbidden(cut, "fr_square")) == 1


# ---- the disclosure

TAG = (
    PLATE
    + """role = "disclosure"
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
)
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


def super_(cut: Crewed, name: str, template: str, **values: str) -> Any:
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


def disclosed(cut: Crewed, *layers: Any, specs: tuple[str, ...] = ()) -> tuple[str, ...]:
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


def test_a_disclosure_that_nothing_hides_is_proved(cut: Crewed) -> None:
    assert disclosed(cut, super_(cut, "tag", "tag", words=SAID)) == ()


def test_a_disclosure_under_an_end_card_of_the_house_or_a_logo_is_none(cut: Crewed) -> None:
    (says,) = disclosed(cut, super_(cut, "tag", "tag", words=SAID), super_(cut, "wall", "wall", words="Salt"))
    assert "the disclosure in cuts/supers/tag.mov lies under cuts/supers/wall.mov" in says
    (cut.production.path / "assets" / "full.png").write_bytes(b"a card")
    cut.cut("en")
    (says,) = disclosed(cut, super_(cut, "tag", "tag", words=SAID), clip("assets/full.png", 0, 200, still=True))
    assert "lies under assets/full.png" in says


def test_words_that_stand_somewhere_else_than_the_disclosure_are_not_it(cut: Crewed) -> None:
    (says,) = disclosed(cut, super_(cut, "tag", "tag", words="Terms apply", head=SAID))
    assert "does not show the disclosure" in says
    cut.cut("en")
    (says,) = disclosed(cut, super_(cut, "tag", "tag", words=f"Un{SAID.casefold()}"))
    assert "does not show the disclosure" in says


def test_a_disclosure_is_proved_for_every_film_that_would_leave_and_by_the_template_that_drew_it(cut: Crewed) -> None:
    assert disclosed(cut, super_(cut, "tag", "tag", words=SAID)) == ()
    cut.film(spec="social-9x16")  # nobody asks for it by name, and it would be let out
    assert any("Give that shape a version of its own" in one for one in disclosed(cut))
    (cut.production.path / "templates" / "tag.toml").write_text(TAG.replace("size = 60", "size = 61"), encoding="utf-8")
    assert any("was drawn with another template tag" in one for one in disclosed(cut))


def test_a_disclosure_that_a_graded_master_takes_the_place_of_is_not_proved(cut: Crewed) -> None:
    drafts.put(cut.production.inside, drafts.Draft(judgment="grade", about="film:master", choice={"file": "assets/graded.mov"}))
    assert any("assets/graded.mov is the graded master" in one for one in disclosed(cut, super_(cut, "tag", "tag", words=SAID)))


def test_a_disclosure_under_captions_in_the_picture_is_none(cut: Crewed) -> None:
    from answerprint.delivery import supers

    low = TAG.replace("box = [0.1, 0.3, 0.8, 0.4]", 'box = [0.1, 0.7, 0.8, 0.3]\nstand = "bottom"')
    stage = supers.Stage(size=(1920, 1080), fonts=supers.fonts(), assets={}, language="en")
    tops = [supers.stands(supers.read(text, "tag"), {"words": SAID}, stage) for text in (TAG, low)]
    assert [box is not None and box[3] > burning.top((1920, 1080), 2) for box in tops] == [False, True]


# ---- a production that came by mail


@pytest.mark.parametrize("line", ["radius = 1e999999999", "radius = inf", "radius = 1" + "0" * 4000, "radius = " + "9" * 5000, "radius = 99999999.5", "box = [0, 0, 1, 1" + "0" * 400 + "]", "pad = " + "[" * 5000])
def test_a_number_or_a_nest_that_would_exhaust_the_machine_is_a_sentence(line: str) -> None:
    started = time.monotonic()
    with pytest.raises(SupersError, match="template x"):
        read_template(f'schema = 1\ntitle = "a"\nuse = "b"\n[[layer]]\nname = "x"\nkind = "block"\nbox = [0, 0, 1, 1]\n{line}\n'.replace("box = [0, 0, 1, 1]\nbox", "box"), "x")
    assert time.monotonic() - started < 2


def test_rules_and_templates_of_a_table_lead_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "spot" / "rules").mkdir(parents=True)
    (tmp_path / "outside.toml").write_text("title = 'secret'")
    with pytest.raises(SupersError, match="there are no rules"):
        rules_called("../../outside", tmp_path / "spot")
    for named in (str(tmp_path / "outside.toml"), "../outside.toml", "C:/outside.toml"):
        _, faults = rows_of(f"version,template,at,for\nfr,{named},0,2\n".encode(), "markets.csv")
        assert faults[0] == "markets.csv, row 2, column template: a table names templates of its own production. One from elsewhere is said with --template."


@pytest.mark.parametrize("file", ["../../etc/passwd", "/etc/passwd", "C:\\Users\\x.png", "assets/../../x.png"])
def test_a_book_of_assets_names_nothing_outside_of_its_production(tmp_path: Path, file: str) -> None:
    spot = production.new(tmp_path / "spot", rate="25")
    (spot.path / "assets").mkdir(exist_ok=True)
    (spot.path / "assets" / "assets.csv").write_text(f"name,file,digest\nlogo,{file},blake3:0\n")
    with pytest.raises(assets.AssetError, match=r"row 2, column file: .* lies outside of the production"):
        assets.shelf(spot.path)


def test_digits_without_end_are_no_moment_and_no_item() -> None:
    with pytest.raises(SuperingError, match="neither a timecode nor seconds"):
        frame("9" * 5000, rate=R, start=Timecode(frames=0, rate=R))
    _, faults = rows_of(f"version,template,item,for\nfr,price,{'9' * 5000},2\n".encode(), "markets.csv")
    assert len(faults) == 1


def test_captions_that_are_all_blank_lines_or_brackets_are_read_at_once(tmp_path: Path) -> None:
    cue = "1\n00:00:01,000 --> 00:00:02,000\nSalt\n"
    for name, text in (("a.srt", cue + "\n" * 200_000), ("b.vtt", "WEBVTT\n\n" + cue.replace(",", ".") + "<" * 200_000)):
        (tmp_path / name).write_text(text)
        started = time.monotonic()
        for kind in ("srt", "vtt"):
            captions.beside(tmp_path / "film.mp4", tmp_path / name, kind, head_s=Fraction(1))
        assert time.monotonic() - started < 3


def test_a_picture_too_large_to_be_drawn_is_a_fault_and_not_left_out_in_silence(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0))
    (tmp_path / "bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b""))
    with pytest.raises(SupersError, match="60000 x 60000 is too large"):
        opened_picture(tmp_path / "bomb.png")


# ---- lists that people keep


def test_two_who_add_at_once_are_both_in_the_book(tmp_path: Path) -> None:
    spot = production.new(tmp_path / "spot", rate="25")
    spot.inside.mkdir(exist_ok=True)
    files = [tmp_path / f"{n}.svg" for n in range(12)]
    for file in files:
        file.write_bytes(file.name.encode())
    with ThreadPoolExecutor(6) as many:
        list(many.map(lambda file: assets.add(spot, file, "client, 3 Nov"), files))
    assert sorted(one.name for one in assets.shelf(spot.path).assets) == sorted(file.name for file in files)


def test_what_people_wrote_beside_a_book_of_assets_stays_to_the_letter(tmp_path: Path) -> None:
    spot = production.new(tmp_path / "spot", rate="25")
    spot.inside.mkdir(exist_ok=True)
    (spot.path / "assets").mkdir(exist_ok=True)
    before = "\ufeffname;file;digest;;Größe;\r\nlogo;assets/logo.svg;blake3:0;ask Tom;groß;again\r\n;;;;;\r\nold;assets/old.svg;blake3:1;;;;beyond the last column\r\n"
    (spot.path / "assets" / "assets.csv").write_bytes(before.encode())
    (tmp_path / "new.svg").write_bytes(b"new")
    assets.add(spot, tmp_path / "new.svg", "client, 3 Nov")
    after = (spot.path / "assets" / "assets.csv").read_bytes().decode()
    assert after.startswith("\ufeffname;file;digest;;Größe;;from;when;replaces;added\r\n")
    for line in before.splitlines()[1:]:
        assert line in after
    assert [one.name for one in assets.shelf(spot.path).assets][-1] == "new.svg"


def test_two_who_add_a_version_at_once_are_both_on_the_list(cut: Crewed) -> None:
    with ThreadPoolExecutor(4) as many:
        list(many.map(lambda name: versioning.add(cut.production, name, "master", "super"), ["uk", "ie", "nz", "au"]))
    assert {"uk", "ie", "nz", "au"} <= {one.name for one in cut.desk.family.versions}


def test_lists_of_corrections_that_somebody_changed_or_laid_there_are_neither_written_over_nor_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spot = production.new(tmp_path / "spot", rate="25")
    spot.inside.mkdir(exist_ok=True)
    monkeypatch.setattr("answerprint.correcting.sheets._programs", lambda *_: {"correction.edl": b"TITLE: spot\n"})
    clips: Any = [SimpleNamespace(file="rushes/A.mp4", name="A", look=None)]
    one, other = (Cdl(slope=(slope, 1.0, 1.0), offset=(0.0, 0.0, 0.0), power=(1.0, 1.0, 1.0), saturation=1.0) for slope in (1.1, 1.2))
    folder = spot.path / "cuts" / "correction"
    folder.mkdir(parents=True)
    (folder / "ana's grade.ccc").write_bytes(b"<ColorCorrectionCollection/>")
    write_lists(spot, clips, {"rushes/A.mp4": one}, refused=frozenset())
    write_lists(spot, clips, {"rushes/A.mp4": other}, refused=frozenset())  # ours are written anew
    (folder / "correction.ccc").write_bytes(b"<!-- Ana's -->")
    for standing in ({"rushes/A.mp4": one}, {}):
        with pytest.raises(CorrectingError, match=r"correction\.ccc: somebody changed it"):
            hands_off(spot)
        if standing:
            with pytest.raises(CorrectingError, match="it is not written over"):
                write_lists(spot, clips, standing, refused=frozenset())
        else:
            write_lists(spot, clips, standing, refused=frozenset())
    assert {one.name: one.read_bytes()[:14] for one in folder.iterdir()} == {"ana's grade.ccc": b"<ColorCorrecti", "correction.ccc": b"<!-- Ana's -->"}


def test_who_is_stopped_while_captions_are_written_leaves_none_that_are_taken_for_a_person_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spot = production.new(tmp_path / "spot", rate="25")
    spot.inside.mkdir(exist_ok=True)
    where = Place(folder=spot.path / "cuts" / "captions", version="master", language="en", rate=R, drop=False, frames=200)
    lines = [[Caption(first=10, end=60, text=text)] for text in ("One", "Two", "Three")]
    kinds, rules = ("srt", "vtt", "ttml"), rules_of("standard")
    write(spot, where, lines[0], kinds, rules)
    for stop in (1, 2, 3):  # after so many files
        done: list[Path] = []

        def stopped(path: Path, data: bytes, done: list[Path] = done, stop: int = stop) -> None:
            if path.parent == where.folder and len(done) == stop:
                raise KeyboardInterrupt
            if path.parent == where.folder:
                done.append(path)
            write_whole(path, data)

        with monkeypatch.context() as patched, contextlib.suppress(KeyboardInterrupt):
            patched.setattr("answerprint.captioning.files.write_whole", stopped)
            patched.setattr("answerprint.captioning.keeping.write_whole", stopped)
            write(spot, where, lines[1], kinds, rules)
        for again in (lines[2], lines[0]):
            files, says = write(spot, where, again, kinds, rules)
            assert (len(files), says) == (3, [])
    where.path("vtt").write_text("WEBVTT\n\nAna's\n")
    assert len(write(spot, where, lines[1], kinds, rules)[1]) == 1
    assert "Ana's" in where.path("vtt").read_text()


# ---- what was chosen and overtaken


def test_a_mix_or_a_grade_of_the_machine_s_that_was_overtaken_stops_a_film(cut: Crewed) -> None:
    home = cut.production.path
    grade = (home / "assets" / "grade.cdl", home / "assets" / "mix.wav")
    cut.choose_all({"grade": "grade.cdl", "mix": "mix.wav"})
    assert finished.overtaken(cut.desk, cut.desk.cuts["fr"]) == ()
    finishing.propose(cut.production, "correction", "rushes/A001_C001.mp4", inputs=[], files={})
    finishing.enlist(cut.production, "correction", {small_digest(grade[0]): ["rushes/A001_C001.mp4"]})
    finishing.propose(cut.production, "clean-up", "sound/VO_en.wav", inputs=[], files={})
    values = {"mix": "master", "cut": "sha256:0", "sound": cut.desk.cuts["master"].sound, "cleaned": ["sound/VO_en.wav"]}
    finishing.propose(cut.production, "clean-up", "cuts/mix/master cleaned.wav", inputs=[], files={"cuts/mix/master cleaned.wav": small_digest(grade[1])}, values=values)
    assert finished.overtaken(cut.desk, cut.desk.cuts["master"]) == ()
    finishing.refuse(cut.production, "correction", "rushes/A001_C001.mp4", by="Noor")
    finishing.refuse(cut.production, "clean-up", "sound/VO_en.wav", by="Noor")
    assert [one.partition(", which ")[0] for one in finished.overtaken(cut.desk, cut.desk.cuts["master"])] == [
        "master: assets/grade.cdl holds the correction of rushes/A001_C001.mp4", "master: assets/mix.wav holds the clean-up of sound/VO_en.wav",
    ]  # fmt: skip
    cut.cut("en", trim={3: 10})
    assert any("was laid for another sound of master than its cut has now" in one.says for one in cut.verdict("master").missing if one.what == "supers and captions")


def test_a_camera_s_list_keeps_every_cell_that_somebody_wrote(tmp_path: Path) -> None:
    spot = production.new(tmp_path / "spot", rate="25")
    spot.inside.mkdir(exist_ok=True)
    before = "clip;ISO;changed;;;Wetter\r\nA;800;for A;eins;zwei;Sonne\r\nB;;;;;Regen;und Wind\r\n"
    (spot.path / "camera.csv").write_bytes(before.encode())
    for name in ("A", "B", "C"):
        clip: Any = SimpleNamespace(name=name)
        note_changed(spot, clip, "Noor")
    rows = (spot.path / "camera.csv").read_bytes().decode().split("\r\n")
    assert rows[0].startswith("clip;ISO;changed;;;Wetter;")
    assert rows[1].startswith("A;800;for A;eins;zwei;Sonne;")
    assert rows[2].startswith("B;;for B;;;Regen;und Wind")
    assert rows[3].startswith("C;;for C;")
