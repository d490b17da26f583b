"""A picture that somebody saves from a page: one that shows something generated says so in its own bytes, from whichever address it comes; a camera's says nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from answerprint import films, finishing
from answerprint.desk import Desk
from answerprint.media import origin
from answerprint.media.labelling import label, packet
from answerprint.room import checking, labels, lettering
from answerprint.room.pages import check
from answerprint.room.stage import media_id
from answerprint.room.stage import picture as stage_picture
from tests.room.conftest import Opened
from tests.room.cut_room import FRAMES, waited

LOOK = '<ColorCorrection xmlns="urn:ASC:CDL:v1.01" id="x"><SOPNode><Slope>1 1 1</Slope><Offset>0 0 0</Offset><Power>1 1 1</Power></SOPNode></ColorCorrection>'


def says(raw: bytes) -> str:
    """What a picture says of itself; it is still a picture."""
    with Image.open(io.BytesIO(raw)) as image:
        image.load()
        assert image.size > (1, 1)
    return origin.said(raw)


@contextmanager
def listed(opened: Opened, *files: str) -> Iterator[None]:
    """These clips are generated, as somebody wrote down."""
    paper = opened.path / "rights.csv"
    paper.write_text("item,what,holder,applies to\n" + "".join(f"Clip,generated,Salt,{file}\n" for file in files), encoding="utf-8")
    try:
        yield
    finally:
        paper.unlink()


def shots(opened: Opened) -> list[Any]:
    """The shots of v01 that show a clip."""
    from answerprint.room.showing import desk_of, showing

    return [one for one in showing(opened.room, desk_of(opened.room), "cuts/v01.otio").shots if one.unit is not None]


def test_every_picture_of_a_generated_clip_says_so_and_that_of_a_camera_says_nothing(cutting: Any) -> None:
    opened, ana = cutting.opened, cutting.ana
    film = waited(ana, "/api/cut/v01")
    first = shots(opened)[0].unit.file
    (opened.path / "assets").mkdir(exist_ok=True)
    (opened.path / "assets" / "plain.cc").write_text(LOOK)
    try:
        look = media_id(ana.guest, "file assets/plain.cc")
        frames = {stage_picture(ana.guest, one.unit, 5, 720): one.unit.file == first for one in shots(opened)}
        addresses = frames | {one.replace(".jpg?h=720", f"/look/{look}.jpg"): generated for one, generated in frames.items()}
        movie = film["movie"].removesuffix(".mp4")
        addresses |= {f"{movie}/{one.shown.start + FRAMES // 2}.jpg": one.unit.file == first for one in shots(opened)}
        assert set(addresses.values()) == {True, False}
        plain = {one: ana.get(one).content for one in addresses}
        assert {says(raw) for raw in plain.values()} == {""}, "nobody knows any of them to be generated"
        with listed(opened, first):
            told = {one: ana.get(one) for one in addresses}
            assert {one: says(answer.content) for one, answer in told.items()} == {one: origin.TRAINED if generated else "" for one, generated in addresses.items()}
            assert {answer.headers["content-type"] for answer in told.values()} == {"image/jpeg"}
            for one, answer in told.items():
                pixels = [Image.open(io.BytesIO(raw)).convert("RGB").tobytes() for raw in (answer.content, plain[one])]
                assert pixels[0] == pixels[1], "no picture is encoded anew for its word"
        assert {says(ana.get(one).content) for one in addresses} == {""}
    finally:
        (opened.path / "assets" / "plain.cc").unlink()


def test_what_is_put_together_over_a_generated_picture_says_that_of_the_whole(cutting: Any) -> None:
    room, first = cutting.opened.room, shots(cutting.opened)[0]
    over = {"first": first.shown.start, "end": first.shown.end}
    with listed(cutting.opened, first.unit.file):
        below = lettering.beneath(room, "master", over)
        if below is not None:  # v01 is master's cut, where nobody else chose another meanwhile
            assert labels.composed(labels.of_unit(room, below[0])) in ("", origin.COMPOSITE)
        assert labels.composed(labels.of_unit(room, first.unit), "") == origin.COMPOSITE
    assert labels.composed(labels.of_unit(room, first.unit), "") == ""


def test_a_frame_of_a_film_says_what_its_cut_shows_there_and_an_older_film_what_is_in_it(opened: Opened, cutting: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cuts = opened.path / "cuts"
    cuts.mkdir(exist_ok=True)
    (cuts / "v01.otio").write_bytes(cutting.raw)
    (opened.path / "versions.csv").write_text("version,of,differs,cut\nmaster,,,cuts/v01.otio\n", encoding="utf-8")
    placed, desk = shots(opened), Desk(opened.room.house.production)
    first = placed[0].unit
    about = {"entry": 1, "at": "", "version": "master", "spec": "tiny", "file": "x.mp4", "path": opened.path / "x.mp4", "edit": "", "essence": "", "streams": (), "frames": 60, "film_first": 0, "film_frames": 60, "rate": desk.cuts["master"] and desk.production.settings.rate, "samples": 0}
    film = films.Film(**about, cut=desk.cuts["master"].seal, inputs=tuple(one.unit.digest for one in placed))  # type: ignore[arg-type]
    with listed(opened, first.file):
        wrong = [(one.number, labels.of_film(opened.room, film, one.shown.start + 3)) for one in placed if bool(labels.of_film(opened.room, film, one.shown.start + 3)) != (one.unit.file == first.file)]
        assert not wrong
        assert labels.of_film(opened.room, film, placed[0].shown.start) == origin.COMPOSITE, "it is graded, and words may stand over it"
    older = films.Film(**about, cut="sha256:0", inputs=(first.digest,))  # type: ignore[arg-type]
    assert labels.of_film(opened.room, older, 0) == ""
    monkeypatch.setattr("answerprint.slots.labelled", lambda production: frozenset({first.digest}))
    assert labels.of_film(opened.room, older, 0) == origin.COMPOSITE


def test_a_picture_that_has_a_word_keeps_its_own_and_is_not_told_twice(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    some = label(out.getvalue(), origin.COMPOSITE)
    assert some is not None
    assert labels.labelled(some, origin.TRAINED) == some
    assert labels.labelled(out.getvalue(), "") == out.getvalue()
    page = labels.labelled(b"<svg><title>x</title></svg>", origin.COMPOSITE)
    assert page.endswith(b"</metadata></svg>")
    assert origin.said(page) == origin.COMPOSITE


def test_a_frame_at_a_finding_says_what_its_film_says_where_nothing_else_is_known_of_it(opened: Opened) -> None:
    path = opened.path / "out" / "brought.mp4"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"\0\0\0\x10ftypisom\0\0\0\0")
    film = checking.Film(name="out/brought.mp4", kind="out", path=path, stamp=0, called="brought.mp4")
    assert check._says(opened.room, film, 3) == ""
    path.with_suffix(".xmp").write_bytes(packet(origin.TRAINED))
    assert check._says(opened.room, film, 3) == origin.TRAINED


def test_a_super_over_a_generated_shot_and_the_sheet_that_shows_it_say_so(opened: Opened, cutting: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (opened.path / "cuts").mkdir(exist_ok=True)
    (opened.path / "cuts" / "v01.otio").write_bytes(cutting.raw)
    (opened.path / "versions.csv").write_text("version,of,differs,cut\nmaster,,,v01.otio\n")
    sheet, drawn = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (8, 8)).save(sheet, "PNG")
    Image.new("RGB", (8, 8)).save(drawn, "JPEG")
    laid = [{"file": f"cuts/supers/{one.number}.mov", "digest": f"blake3:{one.number}", "first": one.shown.start, "end": one.shown.end, "template": "super", "row": 1, "values": []} for one in shots(opened)]
    for file, raw in ({one["file"]: b"letters" for one in laid} | {"cuts/supers/contact sheet.png": sheet.getvalue()}).items():
        (opened.path / file).parent.mkdir(exist_ok=True)
        (opened.path / file).write_bytes(raw)
    finishing.propose(opened.room.house.production, "supers", "uk", inputs=(), files={}, values={"of": "master", "language": "en", "size": [320, 180], "rate": "24000/1001", "supers": laid})  # type: ignore[arg-type]
    monkeypatch.setattr(lettering, "picture", lambda *_: drawn.getvalue())
    found = opened.ana.get("/api/finish/supers").json()
    pictures = [one["picture"] for version in found["versions"] for one in version["supers"]]
    assert len(pictures) == len(laid)
    assert {says(opened.ana.get(one).content) for one in (*pictures, found["sheet"])} == {""}
    with listed(opened, *(one.unit.file for one in shots(opened))):
        assert {says(opened.ana.get(one).content) for one in (*pictures, found["sheet"])} == {origin.COMPOSITE}
