"""What clients send is copied whole, with who sent it and when; nothing is written over, and what was drawn with the old one is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from answerprint import assets, cli, exchanged, finishing, production
from answerprint.assets import AssetError
from answerprint.desk import Desk
from answerprint.plan import small_digest
from answerprint.spot import Spot


@pytest.fixture
def spot(tmp_path: Path) -> Spot:
    made = production.new(tmp_path / "spot", rate="25")
    made.inside.mkdir(exist_ok=True)
    return made


def sent(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / "mail" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_file_that_came_lies_in_assets_and_the_book_says_from_whom(spot: Spot, tmp_path: Path) -> None:
    added = assets.add(spot, sent(tmp_path, "logo.svg", b"<svg/>"), "client, 3 Nov")
    assert (spot.path / "assets" / "logo.svg").read_bytes() == b"<svg/>"
    assert (added.asset.sender, added.asset.when, added.asset.file) == ("client", "3 Nov", "assets/logo.svg")
    assert assets.shelf(spot.path).assets == (added.asset,)
    assert assets.add(spot, tmp_path / "mail" / "logo.svg", "client, 4 Nov").again
    assert assets.shelf(spot.path).assets == (added.asset,)


def test_the_same_name_with_other_bytes_is_a_new_numbered_file_that_replaces_the_old_one(spot: Spot, tmp_path: Path) -> None:
    first = assets.add(spot, sent(tmp_path, "logo.svg", b"old"), "client, 3 Nov").asset
    new = assets.add(spot, sent(tmp_path, "logo.svg", b"new"), "client, 9 Nov")
    assert (new.asset.file, new.asset.replaces, new.replaced) == ("assets/logo 2.svg", "assets/logo.svg", first)
    assert (spot.path / "assets" / "logo.svg").read_bytes() == b"old"
    shelf = assets.shelf(spot.path)
    assert shelf.after(first.digest) == new.asset
    assert shelf.after(new.asset.digest) is None
    back = assets.add(spot, sent(tmp_path, "logo.svg", b"old"), "client, 10 Nov").asset  # the old one counts again
    assert (back.file, back.replaces) == ("assets/logo.svg", "assets/logo 2.svg")
    assert assets.shelf(spot.path).after(first.digest) is None


def test_a_given_name_joins_files_that_are_called_otherwise(spot: Spot, tmp_path: Path) -> None:
    assets.add(spot, sent(tmp_path, "LF_logo_final.svg", b"old"), "client", name="logo")
    new = assets.add(spot, sent(tmp_path, "LF_logo_FINAL-2.svg", b"new"), "client", name="logo")
    assert new.asset.replaces == "assets/LF_logo_final.svg"
    assert assets.shelf(spot.path).find("LOGO") == new.asset


def test_a_person_s_own_columns_and_rows_stay_in_the_book(spot: Spot, tmp_path: Path) -> None:
    assets.add(spot, sent(tmp_path, "a.svg", b"a"), "client")
    book = spot.path / assets.BOOK
    book.write_text(book.read_text().replace("added\n", "added,licence\n").replace("Z\n", 'Z,"paid, all media"\n'))
    assets.add(spot, sent(tmp_path, "b.svg", b"b"), "agency")
    assert '"paid, all media"' in book.read_text()
    assert [one.name for one in assets.shelf(spot.path).assets] == ["a.svg", "b.svg"]


def test_what_cannot_be_taken_in_is_a_sentence_and_leaves_nothing(spot: Spot, tmp_path: Path) -> None:
    with pytest.raises(AssetError, match=r"gone\.svg is not there"):
        assets.add(spot, tmp_path / "gone.svg", "client")
    with pytest.raises(AssetError, match="is a folder"):
        assets.add(spot, tmp_path, "client")
    with pytest.raises(AssetError, match="is empty"):
        assets.add(spot, sent(tmp_path, "none.svg", b""), "client")
    with pytest.raises(AssetError, match="without slashes"):
        assets.add(spot, sent(tmp_path, "a.svg", b"a"), "client", name="../logo")
    (spot.path / "assets").mkdir(exist_ok=True)
    (spot.path / assets.BOOK).write_text("name,file,digest\nlogo,assets/logo.svg,\n")
    with pytest.raises(AssetError, match="row 2, column digest: it is empty"):
        assets.shelf(spot.path)
    assert [path.name for path in (spot.path / "assets").iterdir()] == ["assets.csv"]


def test_a_file_called_like_the_book_does_not_become_the_book(spot: Spot, tmp_path: Path) -> None:
    added = assets.add(spot, sent(tmp_path, "assets.csv", b"name\n"), "client")
    assert added.asset.file == "assets/assets 2.csv"
    assert assets.shelf(spot.path).assets == (added.asset,)


def test_the_command_takes_in_and_lists_also_what_nobody_said_anything_about(spot: Spot, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = sent(tmp_path, "logo.svg", b"one")
    assert cli.main(["asset", "add", str(spot.path), str(file), "--from", "client, 3 Nov", "--as", "logo"]) == 0
    assert "assets/logo.svg" in capsys.readouterr().out
    (spot.path / "assets" / "pack.png").write_bytes(b"pack")
    assert cli.main(["asset", "list", str(spot.path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["name"], one["sender"]) for one in told] == [("logo", "client"), ("pack.png", "")]
    assert cli.main(["asset", "list", str(spot.path)]) == 0
    assert "nobody said who sent it" in capsys.readouterr().out
    assert cli.main(["asset", "add", str(spot.path), str(tmp_path / "no.svg"), "--from", "client"]) == 2


def test_no_version_is_stale_before_it_shows_anything(spot: Spot, tmp_path: Path) -> None:
    assets.add(spot, sent(tmp_path, "logo.svg", b"old"), "client")
    finishing.propose(spot, "supers", "de", inputs=[small_digest(spot.path / "assets" / "logo.svg")], files={"cuts/supers/de card.mov": "blake3:" + "1" * 64})
    assert exchanged.stale(Desk(spot)) == {}
