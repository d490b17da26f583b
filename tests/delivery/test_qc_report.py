"""The report as a page, as JSON and at a terminal."""

from __future__ import annotations

import base64
import json
import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from answerprint import cli
from answerprint.delivery.qc import Report, examine
from answerprint.delivery.report import report_html, report_json
from tests.delivery.films import Film, black, put, tv, web_film, write


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A film with a black frame at 60, too loud, at ten hours."""
    film = Film(lufs=-20.0, timecode="10:00:00:00", picture=put(60, 1, lambda film, pictures, number: black(film)), name="a_<b>spot")
    return examine(write(film, tmp_path_factory.mktemp("wrong")), tv())


def test_the_json_says_what_where_and_what_was_not_looked_at(wrong: Report) -> None:
    said = json.loads(json.dumps(report_json(wrong), allow_nan=False))
    by_check = {one["check"]: one for one in said["findings"]}
    assert said["verdict"] == "1 FAIL, 1 WARN"
    assert by_check["black"]["where"] == [{"first": 60, "end": 61, "timecode": "10:00:02:10"}]
    assert by_check["loudness"]["weight"] == "FAIL"
    assert said["loudness"]["integrated_lufs"] == pytest.approx(-20.0, abs=0.1)
    assert any(line.startswith("Safe areas") for line in said["unchecked"])
    assert any(line.startswith("Lip sync") for line in said["unchecked"])


def test_the_page_stands_alone_and_nothing_in_it_runs(wrong: Report) -> None:
    page = report_html(wrong)
    assert not re.search(r"<script|https?://|<link|@import|url\(", page)
    assert "a_<b>spot" not in page
    assert "a_&lt;b&gt;spot" in page.replace("<wbr>", "")


def test_the_page_shows_the_frames_of_a_finding(wrong: Report) -> None:
    pictures = re.findall(r'src="data:image/jpeg;base64,([^"]+)" alt="the picture at ([^"]+)"', report_html(wrong))
    shown = {label: np.asarray(Image.open(BytesIO(base64.b64decode(data))).convert("L")) for data, label in pictures}
    assert set(shown) == {"10:00:02:09", "10:00:02:10", "10:00:02:11"}
    assert shown["10:00:02:10"].mean() < 12
    assert shown["10:00:02:09"].mean() > 40


def test_plots_have_units_and_a_sentence_what_to_look_for(wrong: Report) -> None:
    page = report_html(wrong)
    assert page.count("<svg") == 2
    assert page.count("Look for") == 2
    assert "LUFS" in page
    assert "% of white" in page
    assert "nan" not in re.sub(r"base64,[^\"]+", "", page)


def test_the_best_words_are_nothing_wrong_found(tmp_path: Path) -> None:
    page = report_html(examine(write(Film(), tmp_path), tv()))
    assert "Nothing wrong found." in page
    assert not re.search(r"\b(passed|approved|ready|perfect|ok)\b", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL), re.IGNORECASE)
    assert "Not checked" in page


def test_check_at_a_terminal_writes_the_page_and_says_by_its_code_that_a_person_is_needed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spot, page = write(web_film(lufs=-14.0, muxer={}), tmp_path), tmp_path / "report.html"
    assert cli.main(["check", str(spot), "--html", str(page)]) == 1
    said = capsys.readouterr().out
    assert "WARN  faststart" in said
    assert "Not checked:" in said
    assert said.rstrip().splitlines()[-2].endswith("1 WARN.")
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_a_report_says_which_container_the_file_is_whatever_its_name_ends_in(tmp_path: Path) -> None:
    made = write(web_film(frames=10), tmp_path)
    assert dict(examine(made, None).facts)["Container"] == "mp4"
    quicktime = write(Film(frames=10, name="quicktime"), tmp_path)
    assert dict(examine(quicktime, None).facts)["Container"] == "mov"
    renamed = quicktime.rename(tmp_path / "renamed.mp4")
    assert dict(examine(renamed, None).facts)["Container"] == "mov"


def test_check_finds_nothing_wrong_and_returns_nothing_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(write(web_film(), tmp_path))]) == 0
    assert "nothing wrong found" in capsys.readouterr().out


def test_check_against_a_spec_says_so_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(write(web_film(frames=50), tmp_path)), "--spec", "youtube", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["spec"]["name"] == "youtube"
    assert "raster" in {one["check"] for one in said["findings"]}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check", "nothing.mp4"], "is not there"),
        (["check", "film.mp4", "--spec", "youtub"], "Did you mean 'youtube'"),
        (["check", "film.mp4", "--html", "no/such/place.html"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    write(web_film(frames=10), tmp_path)
    monkeypatch.chdir(tmp_path)
    assert cli.main(arguments) == 2
    assert says in capsys.readouterr().err


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from answerprint.delivery.qc import eyes

    spot = write(web_film(frames=30), tmp_path)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(eyes.Eyes, "see", stop)
    assert cli.main(["check", str(spot), "--html", str(tmp_path / "report.html")]) == 130
    assert sorted(path.name for path in tmp_path.iterdir()) == ["film.mp4"]
