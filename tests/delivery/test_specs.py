"""Specs: small dated files, each with its source; what they say wrong is a sentence."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest

from answerprint import cli
from answerprint.delivery.specs import SpecError, read, spec, specs
from answerprint.model.time import Timecode

LEAST = 'title = "A house"\nsource = "its own page"\ndated = "2026-11-22"\ncontainer = "mov"\n[picture]\ncodec = "prores_ks"\n'


def said(raw: str) -> str:
    with pytest.raises(SpecError) as caught:
        read(raw, "house")
    return str(caught.value)


@pytest.mark.parametrize("name", sorted(specs()))
def test_every_spec_is_dated_and_names_its_source(name: str) -> None:
    one = spec(name)
    assert one.dated >= "2026-01-01"
    assert len(one.source) > 60
    assert one.picture.pixel_format in ("yuv420p", "yuv422p10le")
    assert all(int(side or 2) % 2 == 0 for side in (one.picture.width, one.picture.height))


def test_the_specs_that_a_commercial_needs_are_there() -> None:
    assert {"youtube", "vimeo", "social-9x16", "social-1x1", "social-4x5", "tv-eu", "tv-uk", "tv-us", "master", "textless", "stems"} <= set(specs())
    assert spec("textless").textless
    assert spec("stems").stems


def test_a_british_film_begins_at_ten_after_clock_and_black() -> None:
    uk = spec("tv-uk")
    before = sum(card.frames for card in uk.head)
    start = Timecode.parse(uk.film_at or "", rate=Fraction(25)).plus(-before)
    assert [(card.what, card.frames) for card in uk.head] == [("clock", 7 * 25), ("black", 3 * 25)]
    assert str(start) == "09:59:50:00"


def test_an_american_film_begins_at_frame_210() -> None:
    us = spec("tv-us")
    assert sum(card.frames for card in us.head) == 210
    assert us.picture.rates == (Fraction(30000, 1001),)
    assert us.head[0].sound == "silence"


def test_thirty_seconds_are_counted_in_frames() -> None:
    assert 750 in spec("tv-eu").durations_frames
    assert 900 in spec("tv-us").durations_frames


def test_the_broadcasters_loudness_is_a_rule_and_the_platforms_a_custom() -> None:
    eu, us, web = (spec(name).sound.loudness for name in ("tv-eu", "tv-us", "youtube"))  # type: ignore[union-attr]
    assert eu is not None
    assert us is not None
    assert web is not None
    assert (eu.target_lufs, eu.true_peak_dbtp, eu.short_term_max_lufs, eu.binding) == (-23.0, -1.0, -18.0, True)
    assert (us.target_lufs, us.tolerance_lu, us.binding) == (-24.0, 2.0, True)
    assert not web.binding


def test_a_spec_of_a_production_is_taken_beside_ours(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "cinema.toml").write_text(LEAST)
    assert spec("cinema", tmp_path).picture.codec == "prores_ks"
    assert "youtube" in specs(tmp_path)
    assert "cinema" not in specs()


def test_a_spec_of_a_production_cannot_take_our_names(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "tv-eu.toml").write_text(LEAST)
    with pytest.raises(SpecError, match="a spec 'tv-eu' already"):
        specs(tmp_path)


def test_an_unknown_spec_names_the_nearest() -> None:
    with pytest.raises(SpecError, match="Did you mean 'tv-uk'"):
        spec("tv_uk")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (LEAST + "widht = 1920\n", "no key 'widht'. Did you mean 'width'"),
        ("lenght = 3\n" + LEAST, "no key 'lenght'"),
        (LEAST + '[sound]\ncodec = "aac"\nbitrate = 3\n', "no key 'bitrate'. Did you mean 'bit_rate'"),
        (LEAST + '[sound]\ncodec = "aac"\n[sound.loudness]\ntarget = -23\n', "target_lufs"),
        (LEAST + '[sound]\ncodec = "aac"\n[sound.loudness]\ntarget_lufs = -23\n', "does not say tolerance_lu, true_peak_dbtp"),
        (LEAST + '[[head]]\nwhat = "clok"\nframes = 5\n', "one of clock, slate"),
        (LEAST + '[[head]]\nwhat = "clock"\nframes = 0\n', "less than one frame"),
        (LEAST + 'rates = ["25", "soon"]\n', "is not a frame rate"),
        (LEAST + "width = 1920\n", "width and height go together"),
        (LEAST + "width = 1921\nheight = 1080\n", "is not a raster"),
        (LEAST + "width = true\nheight = 1080\n", "is not a whole number"),
        (LEAST.replace("2026-11-22", "last week"), "is not a day"),
        (LEAST.replace('"mov"', '"avi"'), "mp4, mov, mxf"),
        (LEAST.replace('source = "its own page"\n', ""), "does not say source"),
        ('film_at = "25:00:00:00"\n' + LEAST, "film_at"),
        ('clock_number = "["\n' + LEAST, "not a pattern"),
        ("durations_frames = [1.5]\n" + LEAST, "is not a whole number"),
        ("title = ", "not TOML"),
    ],
)
def test_what_a_spec_says_wrong_is_one_sentence(raw: str, says: str) -> None:
    assert says in said(raw)


def test_the_example_on_the_page_is_a_spec() -> None:
    page = (Path(__file__).parents[2] / "docs" / "specs.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    made = read(example, "cinema")
    assert made.broadcast
    assert made.sound is not None
    assert made.sound.loudness is not None
    assert made.sound.loudness.true_peak_dbtp == -3.0


def test_specs_are_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["specs"]) == 0
    assert "tv-uk" in capsys.readouterr().out
    assert cli.main(["specs", "tv-uk"]) == 0
    assert "175 frames of clock" in capsys.readouterr().out
    assert cli.main(["specs", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tv-us"]["head"][0]["frames"] == 150
    assert cli.main(["specs", "tv-ux"]) == 2
    assert "Did you mean" in capsys.readouterr().err
