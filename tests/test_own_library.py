"""A filled library where films are made: shots for a slot at the terminal and in the room, frames of it, and the library as a stock service that is free and to which nothing leaves."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from answerprint import calling, cli, config, referencing, shelving
from answerprint.desk import Desk
from answerprint.filling import licence, stock
from answerprint.media import labelling, origin
from answerprint.model.providers import ProviderError
from answerprint.room import footage, shelves
from answerprint.room.app import Room
from answerprint.slots import SlotError, generated, named, refuse_take, servings
from answerprint.spot import Spot
from tests.crewed import MARA, crewed
from tests.ledger.signing import Hand
from tests.library.making import BLUE, GREEN, RED, film, still
from tests.room.conftest import ORIGIN, Signer

RIGHTS = (
    "item,what,holder,from,until,paper\n"
    "rain window.mp4,stock,Coast Pictures,2025-01-01,2099-06-30,L-2\n"
    "rain street.mp4,stock,Coast Pictures,2025-01-01,2026-06-30,L-1\n"
    "rain glass.png,generated,,,,\n"
)
SCRIPT = "INT. CAFE - DAY\n\n[[STOCK: rain on a window]]\n\n[[HERO: the cup]]\n\nMARA\nIt rains.\n"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A library of three clips and a still: one free to be used, one whose licence ended, one of something else, one that a list calls generated."""
    disk = tmp_path_factory.mktemp("disk") / "STOCK"
    film(disk / "weather" / "rain window.mp4", (BLUE, GREEN), frames=30)
    film(disk / "weather" / "rain street.mp4", (RED,), frames=30, seed=2)
    film(disk / "forest.mp4", (GREEN,), frames=30, seed=3)
    still(disk / "weather" / "rain glass.png", BLUE)
    (disk / "rights.csv").write_text(RIGHTS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.setattr("answerprint.library.reading.passes_here", lambda clip=None: frozenset({"picture"}))
        with shelving.Shelf() as shelf:
            shelving.add(shelf, disk)
        yield disk


@pytest.fixture
def spot(filled: Path, tmp_path: Path) -> Iterator[Spot]:
    with crewed(tmp_path) as (made, _):
        (made.path / "answerprint.toml").write_text((made.path / "answerprint.toml").read_text(encoding="utf-8").replace("1920x1080", "320x180"), encoding="utf-8")
        (made.path / "script.fountain").write_text(SCRIPT, encoding="utf-8")
        yield Spot(made.path)


def test_a_slot_is_offered_what_the_library_has_for_it_and_nothing_that_may_not_be_used(spot: Spot, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["fill", str(spot.path), "STOCK:1"]) == 0
    told = capsys.readouterr().out
    assert told.count("rain window.mp4") >= 1
    assert "Coast Pictures" in told
    assert "rain street.mp4" not in told
    assert "forest.mp4" not in told


def test_frames_of_the_library_are_brought_with_where_they_come_from(spot: Spot) -> None:
    desk = Desk(spot)
    brought = referencing.from_library(desk, None, "rain on a window")
    assert {one.origin.split(",")[0] for one in brought} == {"library: rain window.mp4", "library: rain glass.png"}
    assert [one.origin for one in brought if one.generated] == [one.origin for one in brought if "rain glass" in one.origin]
    assert referencing.from_library(Desk(spot), None, "rain on a window", only=frozenset()) == ()


def test_the_library_is_a_stock_service_without_settings_free_and_on_this_machine(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (there,) = [one for one in calling.there(config.load(None)) if one.uses == "library"]
    assert (there.kind, there.address, there.price, there.lacking, there.leaves, there.model) == ("stock", "", "free", "", False, "5 shots")
    assert cli.main(["providers", "--json"]) == 0
    assert [one["model"] for one in json.loads(capsys.readouterr().out)["providers"]] == ["5 shots"]
    assert cli.main(["providers", "test", "library"]) == 0
    assert "0 bytes went to nobody" in capsys.readouterr().out


def test_it_is_asked_like_any_other_and_a_file_comes_when_its_offer_was_chosen(spot: Spot) -> None:
    desk = Desk(spot)
    slot, service = named(desk, "STOCK:1"), stock.stock(spot)
    found = stock.search(desk, service, stock.to_search(desk, slot, service), by="Jo Abara")
    assert {one.says.split(",")[0] for one in found.offers} == {"rain window.mp4"}
    assert all("Coast Pictures" in one.licence and one.preview is not None and one.duration_s for one in found.offers)
    assert not (spot.path / "assets" / "stock").exists()
    offer = found.offers[0]
    came = stock.fetch(desk, service, stock.to_fetch(desk, slot, service, offer), offer, by="Jo Abara")
    disk = next(Path(one) for one in _places() if one.endswith("rain window.mp4"))
    assert (spot.path / came.file).read_bytes() == disk.read_bytes()
    assert "Coast Pictures" in str(stock.fetched(spot)[came.digest]["licence"])
    (row,) = licence.rows(came.file, stock.fetched(spot)[came.digest])
    assert (row["holder"], row["until"], row["paper"], row["applies to"]) == ("Coast Pictures", "2099-06-30", "L-2", came.file), "the row of its own list, with its end"
    assert not servings(spot), "it stands for no slot by being fetched"
    assert generated(Desk(spot), came.file) is None


def test_what_was_generated_or_may_not_be_used_does_not_come_out_of_the_library_as_stock(spot: Spot) -> None:
    from answerprint.model.providers import Request, never

    service = stock.stock(spot)
    with shelving.Shelf() as shelf:
        seals = {Path(place).name: row for place, row in shelf.index.places()}
        hits = {Path(one.path).name: one for one in shelf.index.hits(list(range(1, 10)))}
    assert set(seals) == set(hits)
    for name, says in (("rain glass.png", "was generated"), ("rain street.mp4", "held back.*ended on 2026-06-30")):
        with pytest.raises(ProviderError, match=says):
            service.call(Request(kind="stock", words=name, parameters={"fetch": f"{hits[name].digest}@{hits[name].in_s}"}), cancel=never)


def test_a_shot_that_a_list_of_the_library_calls_generated_stands_for_a_slot_as_that_and_for_nothing_else(spot: Spot, mara: Signer) -> None:
    disk = next(one for one in _places() if one.endswith("rain glass.png"))
    assert shelving.generated(Path(disk)) == "rights.csv, row 4"
    assert shelving.generated(Path(disk).with_name("rain window.mp4")) == ""
    (shot,) = [one for one in mara.get("/api/slots/STOCK:1").json()["library"] if one["name"] == "rain glass.png"]
    (stands,) = mara.post("/api/slots/STOCK:1/serve", {"shot": shot["id"]}).json()["stands"]
    assert "was given to a stock slot as generated" in stands["generated"]
    desk = Desk(spot)
    one = next(iter(servings(spot).values()))
    assert generated(desk, one.file, one.digest) is not None
    copy = spot.path / "assets" / "glass.png"
    copy.parent.mkdir(exist_ok=True)
    copy.write_bytes(Path(disk).read_bytes())
    with pytest.raises(SlotError, match="is a hero shot"):
        refuse_take(Desk(spot), "take", next(item.number for item in desk.items.values() if item.hero is not None), "assets/glass.png")


def _places() -> list[str]:
    with shelving.Shelf() as shelf:
        return [place for place, _ in shelf.index.places()]


# ---- the page


@pytest.fixture
def mara(spot: Spot) -> Iterator[Signer]:
    room = Room(spot.path, origins=(ORIGIN,))
    yield Signer(room, MARA)  # type: ignore[arg-type]
    room.closing.set()


def test_the_page_shows_what_matches_as_it_lies_on_disk_and_no_path(mara: Signer, filled: Path) -> None:
    found = mara.get("/api/library?words=rain").json()
    shots = [one for folder in found["found"] for one in folder["shots"]]
    assert [(folder["place"]) for folder in found["found"]] == ["STOCK/weather"]
    assert [(one["name"], one["in_s"]) for one in shots] == sorted((one["name"], one["in_s"]) for one in shots)
    assert {one["name"]: one["held_back"] for one in shots} == {"rain glass.png": False, "rain street.mp4": True, "rain window.mp4": False}
    assert next(one["generated"] for one in shots if one["name"] == "rain glass.png")
    assert "nothing is ranked" in found["order"]
    text = mara.get("/library?words=rain").text
    assert str(filled.parent) not in text + json.dumps(found)
    assert all(name in text for name in ("rain window.mp4", "held back from slots", "generated: rights.csv, row 4"))


def test_a_shot_is_looked_along_while_its_disk_is_there_and_keeps_its_frame_when_it_is_not(mara: Signer, filled: Path) -> None:
    one = mara.get("/api/library?words=forest").json()["found"][0]["shots"][0]
    picture, strip = mara.get(one["picture"]), mara.get(one["strip"])
    assert (picture.headers["content-type"], strip.headers["content-type"]) == ("image/jpeg", "image/jpeg")
    assert _size(strip.content) == (320 * 12, 180)
    away = filled.rename(filled.with_name("AWAY"))
    try:
        gone = mara.get("/api/library?words=forest").json()
        shot = gone["found"][0]["shots"][0]
        assert (shot["connected"], shot["strip"], gone["folders"][0]["connected"]) == (False, "", False)
        assert "STOCK is not connected" in gone["notes"][0]
        assert mara.get(shot["picture"]).content == picture.content
    finally:
        away.rename(filled)
    stranger = one["picture"].replace("/media/", "/media/9")
    assert mara.get(stranger).status_code == 404


def test_more_like_a_shot_or_a_dropped_picture(mara: Signer, filled: Path) -> None:
    one = mara.get("/api/library?words=forest").json()["found"][0]["shots"][0]
    like = mara.get(f"/api/library?like={one['id']}").json()
    assert like["like"]
    alike = [shot["name"] for folder in like["found"] for shot in folder["shots"]]
    assert "forest.mp4" in alike
    assert "rain window.mp4" in alike, "that it is like itself keeps no other out"
    headers = {"origin": ORIGIN, "x-answerprint": mara.guest.form, "content-type": "application/octet-stream"}
    said = mara.client.post("/api/library/like", content=(filled / "weather" / "rain glass.png").read_bytes(), headers=headers).json()
    assert mara.get(f"/api/library?like={said['like']}").json()["found"]
    assert mara.client.post("/api/library/like", content=b"%PDF-1.4 no picture", headers=headers).status_code == 409
    assert "not there any more" in mara.get("/api/library?like=7-nobody").json()["wrong"]


def test_a_generated_shot_of_the_library_says_so_in_each_picture_that_is_saved_and_others_say_nothing(mara: Signer, filled: Path) -> None:
    film(filled / "weather" / "rain drops.mp4", (BLUE,), frames=30, seed=5)
    (filled / "weather" / "rain drops.xmp").write_bytes(labelling.packet(origin.TRAINED))
    with shelving.Shelf() as shelf:
        shelving.add(shelf, filled)
    try:
        shots = [one for folder in mara.get("/api/library?words=rain").json()["found"] for one in folder["shots"]]
        made = {"rain glass.png", "rain drops.mp4"}
        told = {(one["name"], kind): origin.said(mara.get(one[kind]).content) for one in shots for kind in ("picture", "large", "strip") if one[kind]}
        assert {name for name, _ in told} == {*made, "rain window.mp4", "rain street.mp4"}
        assert told == {(name, kind): origin.TRAINED if name in made else "" for name, kind in told}
        looked = mara.post("/api/frames/library", {"words": "rain"}).json()["shots"]
        assert {one["name"]: origin.said(base64.b64decode(one["picture"].partition(",")[2])) for one in looked} == {"rain glass.png": origin.TRAINED, "rain drops.mp4": origin.TRAINED, "rain window.mp4": ""}
    finally:
        for path in filled.glob("weather/rain drops.*"):
            path.unlink()
        with shelving.Shelf() as shelf:
            shelving.add(shelf, filled)


def test_a_dropped_picture_that_says_it_is_generated_says_so_when_it_is_shown_again(mara: Signer, filled: Path) -> None:
    raw = (filled / "weather" / "rain glass.png").read_bytes()
    headers = {"origin": ORIGIN, "x-answerprint": mara.guest.form, "content-type": "application/octet-stream"}
    for data, says in ((raw, ""), (labelling.label(raw, origin.TRAINED), origin.TRAINED)):
        like = mara.client.post("/api/library/like", content=data, headers=headers).json()["like"]
        assert origin.said(mara.get(f"/media/{like}/like.jpg").content) == says


def test_a_question_that_cannot_be_read_is_a_sentence_on_the_page(mara: Signer) -> None:
    for asked, says in (("raster=big", "Write 1920x1080"), ("rate=often", "Write 25"), ("until=soon", "Write 2027-03-31"), ("palette=green", "is no colour"), ("length=-1", "no number of seconds")):
        answer = mara.get(f"/api/library?{asked}")
        assert (answer.status_code, says in answer.json()["wrong"]) == (200, True), asked


def test_a_folder_is_named_by_whoever_sits_at_the_machine_and_by_nobody_from_afar(mara: Signer, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room, begun = mara.room, []
    monkeypatch.setattr(room.jobs, "start", lambda *said: begun.append(said) or True)
    far = room.doors.known(MARA.key_id, MARA.name)

    def add(guest: object, **said: str) -> tuple[int, str]:
        mara.client.cookies.set(room.cookie, guest.session)  # type: ignore[attr-defined]
        answer = mara.client.post("/api/library/add", json=said, headers={"origin": ORIGIN, "x-answerprint": guest.form})  # type: ignore[attr-defined]
        return answer.status_code, answer.json().get("says", "")

    assert "whoever sits at the machine" in add(far, folder=str(filled))[1]
    assert add(far, folder="/no/such/place") == add(far, folder=str(filled)), "nobody learns from afar what lies here"
    assert not begun
    assert [add(mara.guest, folder=one)[0] for one in ("/no/such/place", "~nobody-who-is-here/x", "")] == [409, 409, 409]
    assert add(mara.guest, folder=str(filled))[0] == 200
    assert begun[0][2][0] == "library"
    assert 'id="add"' in mara.get("/library").text
    mara.client.cookies.set(room.cookie, far.session)
    assert 'id="add"' not in mara.get("/library").text


def _size(raw: bytes) -> tuple[int, int]:
    import io

    from PIL import Image

    with Image.open(io.BytesIO(raw)) as image:
        return image.size



def test_who_sits_for_the_client_or_the_agency_alone_sees_nothing_of_other_productions_footage(mara: Signer, spot: Spot) -> None:
    shot = next(one for folder in mara.get("/api/library?words=rain").json()["found"] for one in folder["shots"] if one["strip"])
    cleo, dop = Hand("Cleo Brandt"), Hand("Dana Okoro")
    with spot.writer() as record:
        record.sign(MARA.enrols("client", other=cleo), MARA)
        record.sign(MARA.enrols("DP", "agency", other=dop), MARA)
    outside, crew = Signer(mara.room, cleo), Signer(mara.room, dop)  # type: ignore[arg-type]
    found = outside.get("/api/library?words=rain").json()
    assert (found["folders"], found["found"], "does not see it" in found["closed"]) == ([], None, True)
    assert "does not see it" in outside.get("/library").text
    with shelving.Shelf() as shelf:
        (hit,) = shelf.index.hits([int(shot["id"].split("-")[0])])
    own, theirs = (footage.shot_id(who.guest, hit.n, hit.digest) for who in (crew, outside))
    assert [who.get(address(one)).status_code for who, one in ((crew, own), (outside, theirs)) for address in (footage.picture, footage.strip)] == [200, 200, 404, 404]
    for path, body in (("/api/frames/library", {"words": "rain"}), ("/api/frames/library/take", {"take": ["x"], "words": "rain"}), ("/api/slots/STOCK:1/serve", {"shot": theirs}),
                       ("/api/asking/plan", {"road": "search", "service": "library", "wanted": {"slot": "STOCK:1"}})):  # fmt: skip
        assert "does not see it" in outside.post(path, body).text, path
    assert all(one["library"] == [] for one in outside.get("/api/slots").json()["slots"])
    assert crew.get("/api/library?words=rain").json()["found"]
    asked = {"road": "candidates", "service": "stills", "wanted": {"slot": "STOCK:1", "count": 1, "seed": 7}}
    assert "asked, and stopped, by the crew" in outside.post("/api/asking/plan", asked).text
    assert "asked, and stopped, by the crew" in outside.post("/api/asking/stop", {"road": "candidates", "wanted": {"slot": "STOCK:1"}}).text


def test_what_the_library_offered_for_a_slot_is_shown_to_nobody_outside_before_it_was_brought(mara: Signer, spot: Spot) -> None:
    desk = Desk(spot)
    slot, service = named(desk, "STOCK:1"), stock.stock(spot)
    offer = stock.search(desk, service, stock.to_search(desk, slot, service), by="Mara Lind").offers[0]
    cleo = Hand("Cleo Brandt")
    with spot.writer() as record:
        record.sign(MARA.enrols("client", other=cleo), MARA)
    outside = Signer(mara.room, cleo)  # type: ignore[arg-type]
    address = [shelves.address(who.guest, str(offer.preview)) for who in (mara, outside)]
    assert [one["name"] for one in mara.get("/api/slots/STOCK:1").json()["offers"]][:1] == [offer.name]
    assert outside.get("/api/slots/STOCK:1").json()["offers"] == []
    assert "rain window.mp4" not in outside.get("/slots").text
    assert [mara.get(address[0]).status_code, outside.get(address[1]).status_code] == [200, 404]
    stock.fetch(desk, service, stock.to_fetch(desk, slot, service, offer), offer, by="Mara Lind")
    (there,) = outside.get("/api/slots/STOCK:1").json()["offers"]
    assert outside.get(there["media"]["picture"]).status_code == 200, "it is this production's by now"


def test_where_the_library_lies_stands_in_no_sentence_of_a_page(mara: Signer, filled: Path) -> None:
    paper = filled / "rights.csv"
    was = paper.read_text(encoding="utf-8")
    paper.write_text("item,what,holder,from\nx,stock,y,soon\n", encoding="utf-8")
    try:
        told = [mara.get("/api/slots"), mara.get("/api/library?words=rain"), mara.post("/api/frames/library", {"words": "rain"}), mara.post("/api/frames/library/take", {"words": "rain", "take": ["x"]}),
                mara.post("/api/asking/plan", {"road": "search", "service": "library", "wanted": {"slot": "STOCK:1"}})]  # fmt: skip
        assert all(str(filled.parent) not in one.text for one in told)
        assert ["STOCK: rights.csv" in one.text for one in told[:4]] == [True] * 4
        assert [one.status_code for one in told] == [200, 200, 409, 409, 200]
    finally:
        paper.write_text(was, encoding="utf-8")
