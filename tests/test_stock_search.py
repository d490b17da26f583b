"""A stock service asked for a slot: offers with author and licence, small pictures of them, a file only when a person chose it, and the row of its licence."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from answerprint import calling, cli, filling, rights, slots
from answerprint.book import Book
from answerprint.desk import Desk
from answerprint.filling import FillingError, licence, stock
from answerprint.ledger.verify import verify
from answerprint.plan import small_digest
from answerprint.spot import Spot
from tests.crewed import MARA, crewed
from tests.providers.serving import PNG, Handler, set_up
from tests.test_filling import SCRIPT, Filling

HOSTILE = "=HYPERLINK(\"http://x\")\u202e<script>alert(1)</script>\x1b[2J" + "a" * 400


def photographs(*said: dict[str, Any]) -> Any:
    """An answer of Pexels with these photographs, each as ours but for what is said."""

    def act(to: Handler) -> bool:
        one = {"width": 4000, "height": 3000, "url": "https://www.pexels.com/photo/7/", "photographer": "Ine Roos", "alt": "Rain on a window"}
        photos = [{**one, "id": 7 + n, "src": {"original": f"{to.local.address}/photos/{7 + n}.png", "medium": f"{to.local.address}/photos/{7 + n}-small.png"}, **more} for n, more in enumerate(said)]
        return to.answer({"photos": photos})

    return act


@pytest.fixture
def fill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Filling]:
    with set_up(tmp_path, monkeypatch, "stock", "stills") as (server, own), crewed(tmp_path) as (spot, record):
        (spot.path / "script.fountain").write_text(SCRIPT, encoding="utf-8")
        made = Filling(spot=Spot(spot.path), record=record, server=server, settings=own)
        now = Book(record).charter
        assert now is not None
        ready = calling.openable(made.spot.settings)
        record.sign(calling.granted(now.content, now.n, lets=["stock=words of the brief"], providers=ready), MARA)
        yield made


def searched(fill: Filling, *said: dict[str, Any]) -> stock.Searched:
    fill.server.acts.append(photographs(*said))
    service = stock.stock(Spot(fill.spot.path))
    return stock.search(fill.desk, service, stock.to_search(fill.desk, fill.slot, service, photographs=True), by="Jo Abara")


def got(fill: Filling, name: str = "pexels-7") -> stock.Fetched:
    service, offer = stock.stock(Spot(fill.spot.path)), stock.offered(fill.desk, fill.slot, name)
    return stock.fetch(fill.desk, service, stock.to_fetch(fill.desk, fill.slot, service, offer), offer, by="Jo Abara")


def test_offers_come_by_their_numbers_with_author_licence_and_a_small_picture_and_no_file(fill: Filling) -> None:
    found = searched(fill, {"id": 12}, {}, {"photographer": "Ada Berg"})
    assert [(one.name, one.author, one.licence) for one in found.offers] == [("pexels-8", "Ine Roos", "Pexels licence"), ("pexels-9", "Ada Berg", "Pexels licence"), ("pexels-12", "Ine Roos", "Pexels licence")]
    assert [path.partition("?")[0] for _, path, _, _ in fill.server.asked] == ["/v1/search", "/photos/7-small.png", "/photos/8-small.png", "/photos/9-small.png"]
    assert all(one.preview is not None and fill.spot.keep.get(one.preview) == PNG for one in found.offers)
    assert not (fill.spot.path / "assets" / "stock").exists()
    question = next(body for body in fill.written() if body.get("what") == "question")
    assert (question["execution"], question["by"], question["carries"]) == ("stock search", "Jo Abara", ["words of the brief"])
    again = stock.search(fill.desk, service := stock.stock(Spot(fill.spot.path)), stock.to_search(fill.desk, fill.slot, service, photographs=True))
    assert (again.found, again.offers, len(fill.server.asked)) == (True, found.offers, 4)
    assert slots.answered(fill.spot) == {}, "what people shot is not generated"


def test_a_chosen_file_is_fetched_once_lies_whole_and_its_licence_is_in_the_record(fill: Filling) -> None:
    searched(fill, {})
    made = got(fill)
    path = fill.spot.path / made.file
    assert (made.file, path.read_bytes(), small_digest(path)) == ("assets/stock/pexels-7.png", PNG, made.digest)
    said = stock.fetched(fill.spot)[made.digest]
    assert (said["author"], said["licence"], said["page"]) == ("Ine Roos", "Pexels licence", "https://www.pexels.com/photo/7/")
    asked = len(fill.server.asked)
    path.unlink()
    again = got(fill)
    assert (again.found, again.file, path.read_bytes(), len(fill.server.asked)) == (True, made.file, PNG, asked)
    assert not slots.servings(fill.spot), "it stands for no slot by being fetched"
    assert slots.generated(fill.desk, made.file) is None
    assert verify(fill.record.path).findings == ()


def test_the_row_of_its_licence_is_offered_and_goes_beneath_those_of_a_list_as_somebody_keeps_it(fill: Filling) -> None:
    searched(fill, {})
    made = got(fill)
    said = stock.fetched(fill.spot)[made.digest]
    assert licence.listed(fill.desk, made.file) is None
    paper = fill.spot.path / "rights.csv"
    paper.write_bytes("\ufeffItem;What;Holder;Paper;Applies to;Fee\r\nSalt song;music;North Music;licence 12;assets/bed.wav;300".encode())
    assert licence.write(fill.desk, made.file, said) == 3
    assert paper.read_bytes().decode().splitlines()[1:] == ["Salt song;music;North Music;licence 12;assets/bed.wav;300", "pexels-7;stock;Ine Roos, stock;Pexels licence;assets/stock/pexels-7.png;"]
    assert licence.write(fill.desk, made.file, said) == 3, "once"
    assert [one.what for one in rights.of(fill.desk)] == ["music", "stock"]
    assert licence.listed(fill.desk, made.file) == 3
    paper.write_text("item,holder\nSalt song,North Music\n", encoding="utf-8")
    with pytest.raises(FillingError, match="no column what, paper, applies to"):
        licence.write(fill.desk, made.file, said)
    assert paper.read_text(encoding="utf-8") == "item,holder\nSalt song,North Music\n"


def test_what_a_row_leaves_open_is_said_beside_it_and_a_limit_is_never_lost(fill: Filling) -> None:
    searched(fill, {})
    made = got(fill)
    said = dict(stock.fetched(fill.spot)[made.digest])
    assert licence.open_columns(licence.rows(made.file, said)) == ("media", "territory", "until")
    said["rights"] = [{"item": "rain", "what": "stock", "holder": "Coast", "media": "web", "territory": "FR", "until": "2099-06-30", "applies to": "rain.mp4"}, {"item": "Ada Berg", "what": "talent", "until": "2098-01-01"}]
    own = licence.rows(made.file, said)
    assert [(one["item"], one["applies to"], one["until"]) for one in own] == [("rain", made.file, "2099-06-30"), ("Ada Berg", made.file, "2098-01-01")]
    assert licence.open_columns(own) == ("media", "territory")
    paper = fill.spot.path / "rights.csv"
    paper.write_text("item,what,holder,paper,applies to\n", encoding="utf-8")
    with pytest.raises(FillingError, match="no column media, territory, until"):
        licence.write(fill.desk, made.file, said)
    paper.unlink()
    assert licence.write(fill.desk, made.file, said) == 3
    assert [(one.what, one.media, one.territory, str(one.ends)) for one in rights.of(fill.desk)] == [("stock", frozenset({"web"}), frozenset({"FR"}), "2099-06-30"), ("talent", None, None, "2098-01-01")]


def test_hostile_words_in_an_offer_lose_their_teeth(fill: Filling) -> None:
    found = searched(fill, {"photographer": HOSTILE, "alt": HOSTILE, "url": "javascript:alert(1)"}).offers[0]
    assert (found.page, len(found.author), len(found.says)) == ("", 120, 240)
    assert not set(found.author + found.says) & set("\u202e\x1b")
    made = got(fill)
    said = stock.fetched(fill.spot)[made.digest]
    licence.write(fill.desk, made.file, said)
    with (fill.spot.path / "rights.csv").open(encoding="utf-8", newline="") as read:
        cells = [cell for row in csv.reader(read) for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]


def test_a_file_is_fetched_from_the_services_own_hosts_by_the_address_in_the_record_alone(fill: Filling) -> None:
    searched(fill, {"src": {"original": "http://169.254.169.254/latest/meta-data"}})
    with pytest.raises(calling.ProviderError):
        got(fill)
    assert not [path for _, path, _, _ in fill.server.asked if "latest" in path]
    with pytest.raises(FillingError, match="was not offered for STOCK:1"):
        stock.offered(fill.desk, fill.slot, "http://169.254.169.254/")


def test_what_is_no_picture_is_kept_and_laid_nowhere(fill: Filling) -> None:
    searched(fill, {})
    fill.server.acts.append(lambda to: to.answer(b"<html>", Content_Type="image/png"))
    with pytest.raises(FillingError, match="neither a picture nor a clip"):
        got(fill)
    assert not (fill.spot.path / "assets" / "stock").exists()


def test_a_hero_shot_and_a_slot_that_vanished_are_searched_for_by_nobody(fill: Filling, capsys: pytest.CaptureFixture[str]) -> None:
    slot = fill.slot
    assert cli.main(["fill", str(fill.spot.path), "HERO:1", "--stock"]) == 2
    assert cli.main(["fill", str(fill.spot.path), "HERO:1", "--fetch", "pexels-7"]) == 2
    assert "is a hero shot: it is shot" in capsys.readouterr().err
    (fill.spot.path / "script.fountain").write_text(SCRIPT.replace("[[STOCK: rain on a window]]", ""), encoding="utf-8")
    with pytest.raises(slots.SlotError):
        stock.to_search(fill.desk, slot, stock.stock(Spot(fill.spot.path)))
    assert fill.server.asked == []


def test_the_terminal_searches_fetches_and_writes_the_row_and_shows_both_before_it_offers_to_generate(fill: Filling, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(fill.spot.path)
    fill.server.acts.append(photographs({}))
    assert cli.main(["fill", folder, "STOCK:1", "--stock", "--photographs", "--yes", "--who", "Jo Abara"]) == 0
    assert "pexels-7  4000x3000  Ine Roos, Pexels licence" in capsys.readouterr().out
    assert cli.main(["fill", folder, "STOCK:1", "--fetch", "pexels-7", "--rights", "--yes"]) == 0
    assert "rights.csv speaks of it in row 2" in capsys.readouterr().out
    assert cli.main(["fill", folder, "STOCK:1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["name"], one["file"], one["there"]) for one in told["stock"]] == [("pexels-7", "assets/stock/pexels-7.png", True)]
    assert cli.main(["fill", folder, "STOCK:1", "--generate", "--provider", "stills"]) == 2  # nobody let it
    out = capsys.readouterr().out
    assert out.index("Your library") < out.index("Offered by stock services") < out.index("pexels-7")
    assert filling.candidates(fill.desk, fill.slot) == ()
    assert cli.main(["fill", folder, "STOCK:1", "--with", "assets/stock/pexels-7.png", "--who", "Jo Abara"]) == 0
    assert [one.by for one in slots.servings(fill.spot).values()] == ["Jo Abara"]
    assert Desk(fill.spot).path == fill.spot.path
