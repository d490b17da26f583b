"""Slots: something generated stands in stock slots alone; every road to a hero shot or to the story is refused, each by a sentence with the way out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from PIL import Image

import answerprint
from answerprint import choosing, cli, drafts, slots
from answerprint.claims import claims_of
from answerprint.delivery import supers
from answerprint.desk import Desk, DeskError, Try
from answerprint.drafts import Draft
from answerprint.film import cut_of
from answerprint.films import waiting
from answerprint.media import origin
from answerprint.model.judgments import SignOff
from answerprint.plan import small_digest
from answerprint.script.records import Item
from answerprint.slots import SlotError, StockSlot
from answerprint.slots.policy import PolicyError, read_policy
from answerprint.spot import open as open_production
from answerprint.supering import SuperingError
from answerprint.supering.drawing import Shop
from answerprint.supering.laying import Laid, Lettering, laid
from answerprint.supering.places import Place
from answerprint.timeline.cut import CutInfo, at, attach
from answerprint.timeline.formats import xmeml
from tests.deciding import RATE, SCRIPT, Crewed, clip
from tests.made import heard

TODAY = date(2026, 11, 22)
XMP = b'<x:xmpmeta><rdf:Description Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/%s"/></x:xmpmeta>'
#: Item 5 is the hero shot, item 3 a stock slot, item 13 a second one; everything else is the story.
STOCKED = SCRIPT.replace("3,Shot number 3 of the kettle", "3,Rain. [[STOCK: rain on a window]]") + "13,Snow falls [[STOCK: snow]]\n"


def made(path: Path, source: str = "trainedAlgorithmicMedia") -> Path:
    """A clip that says of itself where it comes from, as generators write it: XMP in a box of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    box = XMP % source.encode()
    path.write_bytes(b"\0\0\0\x10ftypisom\0\0\0\0" + (8 + len(box)).to_bytes(4, "big") + b"uuid" + box + path.name.encode())
    return path


@dataclass
class Stocked:
    """The spot with two stock slots, and a generated clip in stock/."""

    spot: Crewed
    file: str
    digest: str

    def cut(self, place: int = 3, *, file: str = "en", under: Sequence[Any] = (), marked: int | None = None, sound: str = "", nested: bool = False) -> None:
        """A cut of eleven shots, the generated clip in one's place, or over it where something lies under it."""
        name = sound or self.file
        gen = clip(self.file, 0, 50, digest=self.digest or None)
        if marked is not None:
            attach(gen, slots.Serves(item=marked, says="rain on a window"))
        shots = [clip(f"rushes/A001_C{n:03d}.mp4", 10, 50, digest=f"blake3:{n:064x}") for n in range(1, 12)]
        if nested:
            shots[place - 1] = otio.schema.Stack("comp", children=[otio.schema.Track("V1", kind="Video", children=[gen])])
        elif under:
            shots[place - 1] = next(iter(under))
        else:
            shots[place - 1] = gen
        timeline = otio.schema.Timeline(name=file, global_start_time=at(Fraction(3600), RATE))
        timeline.tracks.append(otio.schema.Track("V1", kind="Video", children=shots))
        if under:
            gap = otio.schema.Gap(source_range=otio.opentime.TimeRange(at(Fraction(0), RATE), at((place - 1) * Fraction(50) / RATE, RATE)))
            timeline.tracks.append(otio.schema.Track("V2", kind="Video", children=[gap, gen]))
        track = otio.schema.Track("A1", kind="Audio", children=[clip("sound/VO_en.wav", 0, 550, digest="blake3:voice en", sound=True)])
        timeline.tracks.append(track)
        if sound:
            timeline.tracks.append(otio.schema.Track("A2", kind="Audio", children=[clip(name, 0, 50, digest=small_digest(self.spot.production.path / name), sound=True)]))
        attach(timeline, CutInfo(rate=RATE))
        otio.adapters.write_to_file(timeline, str(self.spot.production.path / "cuts" / f"{file}.otio"))

    def says(self, version: str = "master") -> tuple[str, ...]:
        desk = self.spot.desk
        return slots.check(desk, desk.cuts[version])

    def serve(self, slot: str = "STOCK:1", by: str = "Mara Lind") -> slots.Serving:
        desk = self.spot.desk
        return slots.serve(desk, slots.named(desk, slot), self.file, by=by)


@pytest.fixture
def stocked(tmp_path: Path) -> Stocked:
    spot = Crewed.compose(tmp_path, versions="")
    (spot.production.path / "shots.csv").write_text(STOCKED, encoding="utf-8")
    path = made(spot.production.path / "stock" / "rain.mp4")
    spot.choose("film", "cuts/en.otio")
    return Stocked(spot=spot, file="stock/rain.mp4", digest=small_digest(path))


# ---- what a stock slot is


@pytest.mark.parametrize(("item", "why"), [
    (Item(number=5, kind="board", text="The kettle", hero="the kettle"), "is a hero shot: it is shot"),
    (Item(number=5, kind="board", text="The kettle", hero="the kettle", stock="a kettle"), "marks it .*STOCK.* as well: take one of the two marks out"),
    (Item(number=2, kind="line", text="Salt.", character="MARA", stock="a voice"), "is spoken by MARA"),
    (Item(number=9, kind="picture", text="End card: SALT", card=True, stock="a card"), "is lettering"),
    (Item(number=4, kind="picture", text="A cup"), "belongs to the story: it is shot"),
])  # fmt: skip
def test_no_value_of_a_stock_slot_can_be_made_from_anything_else(item: Item, why: str) -> None:
    with pytest.raises(SlotError, match=why):
        StockSlot(item=item)
    assert StockSlot(item=replace(item, kind="picture", character=None, hero=None, card=False, stock="rain")).says == "rain"


def test_slots_are_named_by_their_mark_and_a_hero_by_its_mark_is_refused_with_the_road_that_is_open(stocked: Stocked) -> None:
    desk = stocked.spot.desk
    assert [(one.name, one.item.number, one.says) for one in slots.slots(desk)] == [("STOCK:1", 3, "rain on a window"), ("STOCK:2", 13, "snow")]
    assert slots.named(desk, "stock:2") == slots.named(desk, "item:13") == slots.may(desk, 13)
    with pytest.raises(SlotError, match=r"item 5 .* is a hero shot: it is shot\. .* stock slots alone: STOCK:1 \(item 3, “rain on a window”\), STOCK:2"):
        slots.named(desk, "HERO:1")
    with pytest.raises(SlotError, match="belongs to the story"):
        slots.named(desk, "item:4")
    with pytest.raises(SlotError, match="the script has no STOCK:3: it marks 2 stock slots"):
        slots.named(desk, "STOCK:3")
    with pytest.raises(DeskError, match="no item '99'"):
        slots.named(desk, "item:99")


def test_the_python_api_gives_a_slot_and_refuses_a_hero(stocked: Stocked) -> None:
    spot = open_production(stocked.spot.production.path)
    assert spot.slot("STOCK:1").item.number == 3
    with pytest.raises(SlotError, match="is a hero shot"):
        spot.slot("HERO:1")
    with pytest.raises(TypeError):
        slots.check_call(stocked.spot.desk, stocked.spot.desk.items[5], "a kettle")
    with pytest.raises(SlotError, match=r"a generated clip cannot stand for it: item 5 .* is a hero shot"):
        slots.refuse_generated(stocked.spot.desk, 5, "a generated clip")
    slots.refuse_generated(stocked.spot.desk, 3, "a generated clip")


# ---- how it is known


def test_a_file_is_known_by_its_own_word_wherever_that_stands_in_it(tmp_path: Path) -> None:
    for name in ("a.mp4", "b.png", "c.jpg", "d.wav"):
        assert origin.generated(made(tmp_path / name)) == origin.TRAINED
        assert origin.generated(made(tmp_path / name, "digitalCapture")) == ""
    assert origin.generated(made(tmp_path / "e.mp4", "compositeWithTrainedAlgorithmicMedia")) == origin.COMPOSITE
    bare = heard(tmp_path / "voice.wav")
    assert origin.generated(bare) == origin.generated(tmp_path / "none.mp4") == ""
    (tmp_path / "voice.wav.xmp").write_bytes(XMP % b"trainedAlgorithmicMedia")
    assert origin.generated(bare) == origin.TRAINED


def test_in_a_large_clip_the_essence_is_not_read_and_the_word_behind_it_is_found(tmp_path: Path) -> None:
    large, box = tmp_path / "large.mp4", XMP % b"trainedAlgorithmicMedia"
    with large.open("wb") as file:
        file.write(b"\0\0\0\x10ftypisom\0\0\0\0" + (1).to_bytes(4, "big") + b"mdat" + (40 * 2**20).to_bytes(8, "big"))
        file.seek(16 + 40 * 2**20)
        file.write((8 + len(box)).to_bytes(4, "big") + b"uuid" + box)
    assert origin.generated(large) == origin.TRAINED


@pytest.mark.parametrize("road", ["its own word", "its name", "the list of rights", "the record"])
def test_each_way_by_which_a_clip_is_known_refuses_it_in_a_cut(stocked: Stocked, road: str) -> None:
    home = stocked.spot.production.path
    plain = home / ("stock/generated rain.mp4" if road == "its name" else "stock/plain.mp4")
    made(plain, "trainedAlgorithmicMedia" if road == "its own word" else "digitalCapture")
    stocked.file, stocked.digest = f"stock/{plain.name}", small_digest(plain)
    stocked.cut(4)
    if road not in ("its own word", "its name"):
        assert stocked.says() == ()
    if road == "the list of rights":
        (home / "rights.csv").write_text("item,what,holder,applies to\nRain,generated,Salt,stock/plain.mp4\n", encoding="utf-8")
    if road == "the record":
        with stocked.spot.production.writer() as record:
            record.append("proposal", {"schema": 1, "what": "call", "provides": "pictures", "provider": "diffusers", "response": [stocked.digest]})
    (found,) = stocked.says()
    assert f"master: {stocked.file} at 00:00:06:00 " in found
    assert "and nobody said for which stock slot" in found


# ---- the roads of choosing


def test_a_generated_clip_is_no_take_of_a_hero_shot_or_of_the_story_and_may_be_one_of_a_stock_slot(stocked: Stocked) -> None:
    stocked.spot.tries += (Try(name="rain#1", slate="G-1", file=stocked.file, clip=stocked.digest, attempt=1, in_s="0.0", out_s="2.0", items=(5,), picture=True),)
    for item, why in ((5, "is a hero shot"), (4, "belongs to the story")):
        with pytest.raises(SlotError, match=rf"stock/rain.mp4 says of itself that it was generated .* cannot stand for it: item {item} .*{why}"):
            choosing.choose(stocked.spot.production, f"item:{item}", "rain#1", desk=stocked.spot.desk)
    assert not any(which[0] == "take" for which in stocked.spot.desk.drafts)
    choosing.choose(stocked.spot.production, "item:3", "rain#1", desk=stocked.spot.desk)


@pytest.mark.parametrize(("thing", "file"), [("mix", "mix.wav"), ("bed", "bed.wav"), ("grade", "grade.cdl"), ("framing:5", "square.json")])
def test_a_generated_mix_bed_grade_or_framing_cannot_be_chosen(stocked: Stocked, thing: str, file: str) -> None:
    (stocked.spot.production.path / "assets" / f"{file}.xmp").write_bytes(XMP % b"trainedAlgorithmicMedia")
    with pytest.raises(SlotError, match=f"assets/{file} says of itself that it was generated .* lies over hero shots and story alike"):
        choosing.choose(stocked.spot.production, thing, file, desk=stocked.spot.desk)


def test_a_draft_that_came_past_choosing_is_held_at_the_gate(stocked: Stocked) -> None:
    (stocked.spot.production.path / "assets" / "bed.wav.xmp").write_bytes(XMP % b"trainedAlgorithmicMedia")
    drafts.put(
        stocked.spot.production.inside, Draft(judgment="take", about="item:5", choice={"clip": stocked.digest, "attempt": "1", "file": stocked.file}),
        Draft(judgment="music bed", about="film:master", choice={"file": "assets/bed.wav"}),
    )  # fmt: skip
    take, bed = stocked.says()
    assert "stock/rain.mp4 is chosen as the take of item 5 and says of itself that it was generated" in take
    assert take.endswith("Choose another take: answerprint choose item:5 TAKE")
    assert "assets/bed.wav is chosen as the music bed and says of itself" in bed
    assert [one.what for one in stocked.spot.verdict().missing].count("slots") == 2


# ---- a cut that somebody brings


def test_a_cut_that_shows_something_generated_outside_of_a_stock_slot_stays_at_the_gate(stocked: Stocked) -> None:
    stocked.cut(5)
    (missing,) = [one for one in stocked.spot.verdict().missing if one.what == "slots"]
    assert missing.says == (
        "master: stock/rain.mp4 at 00:00:08:00 says of itself that it was generated by a trained model (AI), and nobody said for which stock slot. Something generated goes into stock slots alone: "
        "STOCK:1 (item 3, “rain on a window”), STOCK:2 (item 13, “snow”). Somebody of the crew says it: answerprint fill FOLDER STOCK:1 --with 'stock/rain.mp4' --who NAME. Else take it out of cuts/en.otio."
    )
    with pytest.raises(SlotError, match=r"a generated clip cannot be used: master: stock/rain.mp4 at 00:00:08:00"):
        slots.refuse_generated(stocked.spot.desk, "master", "a generated clip")


def test_a_timeline_of_an_editing_program_is_held_like_any_other(stocked: Stocked) -> None:
    stocked.cut(5)
    timeline = otio.adapters.read_from_file(str(stocked.spot.production.path / "cuts" / "en.otio"))
    assert xmeml.format.write is not None
    (stocked.spot.production.path / "premiere.xml").write_bytes(xmeml.format.write(timeline, {})[0])
    arrived = stocked.spot.production.import_cut(stocked.spot.production.path / "premiere.xml")
    desk, (edit, _) = choosing.choose(stocked.spot.production, "film", str(arrived.paths[0]), desk=stocked.spot.desk)
    assert choosing.said(desk, edit)[1] == "stock/rain.mp4 says of itself that it was generated by a trained model (AI): it stands for a stock slot, or the cut stays at the gate."
    (found,) = stocked.says()
    assert "stock/rain.mp4 at 00:00:08:00 says of itself that it was generated" in found


def test_by_somebody_s_word_it_stands_for_its_slot_and_a_name_that_nobody_knows_says_nothing(stocked: Stocked) -> None:
    stocked.cut(3)
    with pytest.raises(Exception, match="'Nobody' is not of the crew"):
        stocked.serve(by="Nobody")
    served = stocked.serve()
    assert (served.item, served.by) == (3, "Mara Lind")
    assert stocked.says() == ()
    desk = stocked.spot.desk
    assert slots.notes(desk, ("master",)) == (
        "master: stock/rain.mp4 at 00:00:04:00 says of itself that it was generated by a trained model (AI). It stands for STOCK:1 (item 3, “rain on a window”), by the word of Mara Lind.",
        "What the client lets be generated is not known here: there is no policy.toml. Ask, and write the answer into it with its day.",
    )
    slots.withdraw(desk, stocked.file, by="Mara Lind")
    assert len(stocked.says()) == 1


def test_a_script_that_lost_the_slot_loses_what_stands_for_it_and_one_that_only_counts_anew_does_not(stocked: Stocked) -> None:
    stocked.cut(3)
    stocked.serve()
    path = stocked.spot.production.path / "shots.csv"
    path.write_text(STOCKED.replace("shot,description\n", "shot,description\n0,A new first shot\n"), encoding="utf-8")
    assert stocked.says() == ()
    path.write_text(STOCKED.replace("[[STOCK: rain on a window]]", ""), encoding="utf-8")
    (found,) = stocked.says()
    assert "Mara Lind gave it to the stock slot “rain on a window”, which the script has no more" in found


def test_a_clip_over_the_card_of_a_slot_stands_for_it_as_does_one_whose_metadata_says_so(stocked: Stocked) -> None:
    card = otio.schema.Clip(name="STOCK: rain on a window", media_reference=otio.schema.GeneratorReference(name="slug", generator_kind="title", parameters={"text": "STOCK: rain on a window"}))
    card.source_range = otio.opentime.TimeRange(at(Fraction(0), RATE), at(Fraction(2), RATE))
    stocked.cut(3, under=[card])
    assert stocked.says() == ()
    stocked.cut(3)
    assert len(stocked.says()) == 1
    stocked.cut(3, marked=3)
    assert stocked.says() == ()
    stocked.cut(3, marked=5)  # an item that is no stock slot: the words decide
    assert stocked.says() == ()


def test_nobody_s_word_lays_it_over_the_hero_shot(stocked: Stocked) -> None:
    stocked.serve()
    stocked.cut(5, under=[clip("rushes/A001_C005.mp4", 10, 50, digest=f"blake3:{5:064x}")])
    (found,) = stocked.says()
    assert "and it stands over 5-1 A (A001_C005#1), a take of the hero shot of item 5. Move it, or cut the hero shot shorter in cuts/en.otio." in found
    stocked.cut(4, under=[clip("rushes/A001_C004.mp4", 10, 50, digest=f"blake3:{4:064x}")])
    assert stocked.says() == ()  # a cutaway over the story is a cutaway


def test_nobody_s_word_puts_it_where_the_hero_shot_would_be(stocked: Stocked) -> None:
    stocked.serve()
    stocked.cut(5)
    (found,) = stocked.says()
    assert "and it stands between item 4 and item 6, where the hero shot of item 5 would be, which cuts/en.otio does not show. A hero shot is shot" in found
    stocked.cut(7)
    assert stocked.says() == ()  # an editor may move it


def test_a_clip_on_another_disk_is_known_there_and_by_its_seal(stocked: Stocked, tmp_path: Path) -> None:
    away = made(tmp_path / "disk" / "rain far.mp4")
    stocked.file, stocked.digest = str(away), ""
    stocked.cut(3)
    (found,) = stocked.says()
    assert f"{away} at 00:00:04:00 says of itself" in found
    stocked.serve()
    assert stocked.says() == ()


def test_inside_of_a_nested_cut_nobody_can_tell_what_it_stands_for(stocked: Stocked) -> None:
    stocked.serve()
    stocked.cut(3, nested=True)
    (found,) = stocked.says()
    assert "lies in the nested cut comp, where nobody can tell what it stands for" in found


def test_a_generated_voice_is_refused_under_any_item_and_also_under_a_mix(stocked: Stocked) -> None:
    voice = made(stocked.spot.production.path / "sound" / "voice.wav")
    stocked.serve()
    stocked.cut(3, sound=f"sound/{voice.name}")
    (found,) = stocked.says()
    assert "sound/voice.wav at 00:00:00:00 says of itself that it was generated by a trained model (AI), and is heard: a voice, a sound, music is recorded by people" in found
    stocked.spot.choose("mix", "mix.wav")
    assert stocked.says() == (found,)


def test_a_graded_master_that_holds_something_generated_is_as_the_cut_is(stocked: Stocked) -> None:
    (stocked.spot.production.path / "assets" / "grade.cdl.xmp").write_bytes(XMP % b"compositeWithTrainedAlgorithmicMedia")
    stocked.spot.choose("grade", "grade.cdl")
    (found,) = stocked.says()
    assert "is chosen as the grade and says of itself that something in it was generated by a trained model (AI), and no stock slot of the cut shows anything generated" in found
    stocked.cut(3)
    stocked.serve()
    assert stocked.says() == ()


# ---- assets and supers


def test_a_generated_asset_is_named_when_it_comes_and_no_super_is_drawn_with_it(stocked: Stocked, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    home = stocked.spot.production.path
    sent = made(tmp_path / "sky.png")
    assert cli.main(["asset", "add", str(home), str(sent), "--from", "client, 3 Nov"]) == 0
    assert "assets/sky.png says of itself that it was generated by a trained model (AI): it may stand for a stock slot of the script, and in no super, hero shot or story." in capsys.readouterr().out
    class Row:
        template = values = stage = None

    monkeypatch.setattr(supers, "used", lambda *_: [home / "assets" / "sky.png"])
    with pytest.raises(SuperingError, match=r"assets/sky.png is generated, by its own word or its name: a super stands over hero shots and story alike"):
        Shop(stocked.spot.production, frozenset()).used(Row())  # type: ignore[arg-type]


def test_a_super_that_was_drawn_with_it_all_the_same_is_held_at_the_gate(stocked: Stocked) -> None:
    home = stocked.spot.production.path
    made(home / "assets" / "sky.png")
    drawn = heard(home / "cuts" / "supers" / "master super.mov")
    digest = small_digest(drawn)
    with stocked.spot.production.writer() as record:
        record.append("proposal", {"schema": 1, "what": "supers", "about": "master", "execution": "supers", "inputs": [], "files": {}, "says": [],
                                   "values": {"supers": [{"file": "cuts/supers/master super.mov", "digest": digest, "assets": [["assets/sky.png", "blake3:1"]]}]}})  # fmt: skip
    stocked.file, stocked.digest = "cuts/supers/master super.mov", digest
    stocked.cut(3)
    (found,) = stocked.says()
    assert found.startswith("master: cuts/supers/master super.mov shows assets/sky.png, which says of itself that it was generated")


def test_a_super_is_known_by_what_it_was_drawn_with_though_a_clean_file_lies_there_by_now(stocked: Stocked, monkeypatch: pytest.MonkeyPatch) -> None:
    home = stocked.spot.production.path
    seal, sky = "blake3:" + "5" * 64, home / "assets" / "sky.png"
    drawn = heard(home / "cuts" / "supers" / "master super.mov")
    Image.new("RGB", (8, 8)).save(sky)
    with stocked.spot.production.writer() as record:
        record.append("proposal", {"schema": 1, "what": "call", "provides": "pictures", "answers": [seal, small_digest(sky)]})
        record.append("proposal", {"schema": 1, "what": "supers", "about": "master", "execution": "supers", "inputs": [], "files": {}, "says": [],
                                   "values": {"supers": [{"file": "cuts/supers/master super.mov", "digest": small_digest(drawn), "assets": [["assets/sky.png", seal]]}]}})  # fmt: skip

    class Row:
        template = values = stage = None

    monkeypatch.setattr(supers, "used", lambda *_: [sky])
    with pytest.raises(SuperingError, match="by the record, which knows its seal"):
        Shop(stocked.spot.production, frozenset()).used(Row())  # type: ignore[arg-type]
    Image.new("RGB", (8, 8), (9, 9, 9)).save(sky)
    stocked.file, stocked.digest = "cuts/supers/master super.mov", small_digest(drawn)
    stocked.cut(3)
    (found,) = stocked.says()
    assert found.startswith("master: cuts/supers/master super.mov shows assets/sky.png, which came from a provider that generates, in entry")


def test_a_generated_still_as_the_end_card_is_refused(stocked: Stocked) -> None:
    made(stocked.spot.production.path / "assets" / "logo.png")
    stocked.spot.cut("en")
    (found,) = stocked.says()
    assert "assets/logo.png at 00:00:22:00 says of itself that it was generated" in found


# ---- the label in every version


def test_the_label_goes_into_every_version_that_shows_the_clip_and_into_the_claims_of_its_film(tmp_path: Path) -> None:
    spot = Crewed.compose(tmp_path)
    (spot.production.path / "shots.csv").write_text(STOCKED, encoding="utf-8")
    path = made(spot.production.path / "stock" / "rain.mp4")
    stocked = Stocked(spot=spot, file="stock/rain.mp4", digest=small_digest(path))
    for file in ("en", "en_square", "fr"):
        stocked.cut(3, file=file)
    stocked.serve()
    made(path, "digitalCapture")  # its own label is gone, as after a transcode that kept none; the film still has the bytes that were sealed
    desk = spot.desk
    assert stocked.digest in slots.labelled(desk.production)
    n = spot.film("square")
    with spot.production.writer() as record:
        body = next(entry.read() for entry in record.entries(kind="proposal") if entry.n == n)
        record.append("proposal", {**body, "inputs": [stocked.digest]})
    (film,) = [one for one in waiting(spot.desk) if one.version == "square"]
    line = replace(spot.desk.book.lines[-1], content=SignOff(question="?", cuts=()))
    served = max(slots.servings(spot.production).values(), key=lambda one: one.entry)
    (ingredient,) = claims_of(spot.desk, film, line=replace(line, n=served.entry)).ingredients
    assert (ingredient.kind, ingredient.source_type) == ("generated", "trainedAlgorithmicMedia")
    (before,) = claims_of(spot.desk, film, line=replace(line, n=served.entry - 1)).ingredients
    assert before.kind != "generated"  # later entries change nothing in what was claimed


def test_a_version_under_supers_shows_the_same_medium_and_carries_its_label(stocked: Stocked) -> None:
    stocked.cut(3)
    stocked.serve()
    desk = stocked.spot.desk
    lettering = Laid(what=Lettering(version="de", template="super"), file="cuts/supers/de.mov", path=desk.path / "cuts/supers/de.mov", digest="blake3:1", place=Place(first=0, end=50), size=(1920, 1080))
    de = cut_of("de", "cuts/de.otio", laid(desk.timeline("master"), [lettering], name="de", rate=RATE))
    assert de.digests[stocked.file] == stocked.digest in slots.labelled(desk.production)


# ---- the terminal and the room


def test_what_is_marked_as_stock_and_is_none_is_said_with_its_way_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spot = answerprint.new(tmp_path / "marked", rate="25", title="Salt")
    (spot.path / "script.fountain").write_text(
        "Title: Salt\n\nINT. KITCHEN - DAWN\n\nA hand lifts the lid. [[HERO: the lid]] [[STOCK: a lid]]\n\nMARA\nRain again. [[STOCK: rain]]\n\nRain on a window. [[STOCK: rain on a window]]\n", encoding="utf-8",
    )  # fmt: skip
    desk = Desk(spot)
    assert [one.says for one in slots.slots(desk)] == ["rain on a window"]
    hero, line = slots.no_slots(desk)
    assert "is a hero shot: it is shot. The script marks it [[STOCK]] as well: take one of the two marks out." in hero
    assert "is spoken by MARA" in line
    assert "in a paragraph of its own" in line
    assert cli.main(["fill", str(spot.path)]) == 0
    assert hero in capsys.readouterr().out
    assert cli.main(["fill", str(spot.path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["no_slots"] == [hero, line]


def test_fill_refuses_a_hero_at_the_terminal_and_writes_whose_word_it_is(stocked: Stocked, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(stocked.spot.production.path)
    for words in (["HERO:1"], ["HERO:1", "--generate"], ["HERO:1", "--with", stocked.file, "--who", "Mara Lind"], ["item:4", "--generate"]):
        assert cli.main(["fill", folder, *words]) == 2
        assert "Something generated goes into stock slots alone: STOCK:1 (item 3, “rain on a window”)" in capsys.readouterr().err
    assert cli.main(["fill", folder, "STOCK:1", "--with", stocked.file, "--who", "mara"]) == 0
    assert "stock/rain.mp4 stands for STOCK:1 (item 3, “rain on a window”), by the word of Mara Lind" in capsys.readouterr().out
    assert cli.main(["fill", folder, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["slot"], [said["file"] for said in one["stands"]]) for one in told["slots"]] == [("STOCK:1", ["stock/rain.mp4"]), ("STOCK:2", [])]
    assert cli.main(["fill", folder, "--take-back", stocked.file, "--who", "mara"]) == 0


# ---- likeness, trademarks, the client's policy

POLICY = """client = "Nordbrew"
dated = 2026-10-01
until = 2027-03-31
forbids = ["people", "product", "voice"]
discloses = ["picture"]
people = ["Vera Stone"]
trademarks = ["Fizz Cola", "农夫山泉", "Café Żabka"]
products = ["Nordbrew One"]
"""


@dataclass(frozen=True)
class Asked:
    prompt: str
    negative: str = ""


@pytest.fixture
def policed(stocked: Stocked) -> Stocked:
    home = stocked.spot.production.path
    (home / "policy.toml").write_text(POLICY, encoding="utf-8")
    (home / "rights.csv").write_text("item,what,holder,note\nMina Koski,talent,Agency Nord,plays the barista\n", encoding="utf-8")
    return stocked


@pytest.mark.parametrize(("words", "why"), [
    ("rain on a window before sunrise, no people", None),
    ("a street without cars or people, 35 mm", None),
    ("a portrait orientation frame of an empty street in the style of a 1970s documentary, no people", None),
    ("mina koski looking at the rain", "names Mina Koski, whose likeness it would ask for (rights.csv, row 2)"),
    ("Mara  Lind's window", "names Mara Lind, who is on the crew"),
    ("Vera-Stone in the rain", "names Vera Stone, who stands in the list of the AI policy of Nordbrew (policy.toml, 2026-10-01)"),
    ("rain in the style of Carla Reyes", "asks for “in the style of Carla Reyes”"),
    ("a can of fizz cola in the rain", "names Fizz Cola, a trademark"),
    ("the Nordbrew logo", "names Nordbrew, the client's own name"),
    ("a nordbrew one on a table", "asks for the product Nordbrew One, and the AI policy of Nordbrew (policy.toml, 2026-10-01) forbids it"),
    ("a woman at a window", "asks for people (“woman”), and the AI policy of Nordbrew"),
    ("no cars, a man at a window", "asks for people (“man”)"),
    ("rain, with a narrator", "asks for a voice (“narrator”)"),
    ("Kettle & Sons shop front", "names Kettle & Sons, a trademark"),
    ("雨中的农夫山泉瓶子", "names 农夫山泉, a trademark"),
    ("雨中的Fizz Cola瓶子", "names Fizz Cola, a trademark"),
    ("a cafe\u0301 z\u0307abka at night", "names Café Żabka, a trademark"),
    ("rain in the style of Žofie Čapková", "asks for “in the style of Žofie Čapková”"),
    ("rain in the style of 王家卫 at night", "asks for “in the style of 王家卫”"),
])  # fmt: skip
def test_a_request_is_held_against_likeness_trademarks_and_the_policy_before_it_goes_out(policed: Stocked, words: str, why: str | None) -> None:
    desk = policed.spot.desk
    found = slots.check_call(desk, slots.named(desk, "STOCK:1"), Asked(prompt=words), marks=("Kettle & Sons",), today=TODAY)
    assert found == slots.check_call(desk, slots.named(desk, "STOCK:1"), Asked(prompt="rain, no people", negative=words), marks=("Kettle & Sons",), today=TODAY)
    assert any(why in one for one in found) if why else found == ()


def test_a_character_with_a_talent_row_is_that_talent_and_one_without_is_a_word(policed: Stocked) -> None:
    desk = policed.spot.desk
    desk.items[14] = Item(number=14, kind="line", text="Coffee?", character="BARISTA")
    desk.items[15] = Item(number=15, kind="line", text="Yes.", character="HARBOUR")
    slot = slots.named(desk, "STOCK:1")
    (found,) = slots.check_call(desk, slot, "the barista's counter", today=TODAY)
    assert "names BARISTA, whom Mina Koski plays" in found
    assert slots.check_call(desk, slot, "a harbour", today=TODAY) == ()


def test_a_policy_that_ran_out_or_forbids_everything_lets_no_call_go(policed: Stocked) -> None:
    desk = policed.spot.desk
    (found,) = slots.check_call(desk, slots.named(desk, "STOCK:1"), "rain", today=date(2027, 4, 1))
    assert found == "the AI policy of Nordbrew (policy.toml, 2026-10-01) held until 2027-03-31. Ask Nordbrew what holds now, and write its day into policy.toml."
    assert slots.check_call(desk, slots.named(desk, "STOCK:1"), "rain", today=date(2027, 3, 31)) == ()
    (desk.path / "policy.toml").write_text('client = "Nordbrew"\ndated = 2026-10-01\nforbids = ["everything"]\n', encoding="utf-8")
    desk = policed.spot.desk
    assert slots.check_call(desk, slots.named(desk, "STOCK:1"), "rain", today=TODAY) == ("the AI policy of Nordbrew (policy.toml, 2026-10-01) lets nothing be generated.",)


def test_a_policy_may_have_a_name_of_its_own_inside_of_the_production(policed: Stocked) -> None:
    home = policed.spot.production.path
    (home / "policy.toml").rename(home / "nordbrew.toml")
    toml = (home / "answerprint.toml").read_text(encoding="utf-8")

    def named(file: str) -> slots.Policy | None:
        (home / "answerprint.toml").write_text(f'{toml}policy = "{file}"\n', encoding="utf-8")
        policed.spot.production = open_production(home)
        return slots.policy(policed.spot.desk)

    assert named("") is None
    assert "nordbrew.toml, 2026-10-01" in getattr(named("nordbrew.toml"), "called", "")
    with pytest.raises(PolicyError, match=r"names none.toml as the client's AI policy, and it is not there"):
        named("none.toml")
    with pytest.raises(PolicyError, match="lies outside of the production"):
        named("../nordbrew.toml")


@pytest.mark.parametrize(("text", "why"), [
    ('client = "N"\n', "does not say of which day"),
    ("dated = 2026-10-01\n", "does not say whose policy"),
    ('client = "N"\ndated = 2026-10-01\nforbid = []\n', "there is no 'forbid'. Did you mean 'forbids'"),
    ('client = "N"\ndated = 2026-10-01\nforbids = ["poeple"]\n', "forbids has no 'poeple'. Did you mean 'people'"),
    ('client = "N"\ndated = 2026-10-01\nuntil = 2026-09-01\n', "until = 2026-09-01 is no day after 2026-10-01"),
    ('client = "N\n', "this is not TOML"),
])  # fmt: skip
def test_a_policy_that_cannot_be_read_is_a_sentence(text: str, why: str) -> None:
    with pytest.raises(PolicyError, match=why):
        read_policy(text.encode())


def test_a_film_that_shows_something_generated_carries_the_disclosure_that_the_policy_asks_for(policed: Stocked) -> None:
    policed.cut(3)
    policed.serve()
    (found,) = policed.says()
    assert "asks for a disclosure where a generated picture is shown. Write its words into answerprint.toml" in found
    toml = policed.spot.production.path / "answerprint.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + 'disclosure = "Some pictures were generated"\n', encoding="utf-8")
    policed.spot.production = open_production(policed.spot.production.path)
    assert policed.says() == ()  # that it is shown is the check of the disclosure
    assert not any("not known here" in one for one in slots.notes(policed.spot.desk, ["master"]))
    (policed.spot.production.path / "policy.toml").unlink()
    assert slots.notes(policed.spot.desk, ["master"])[-1].startswith("What the client lets be generated is not known here")
