"""The pages of the finish over one room: sounds in step, captions changed where they stand, supers over the film, frames of another shape; then a person walks through them."""

from __future__ import annotations

import io
import shutil
import wave
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import answerprint
from answerprint import assets, finishing, reframing, supering
from answerprint.desk import Desk
from answerprint.spot import Spot
from tests.ledger.signing import Hand, everything
from tests.room.browser import DESK, PHONE, Person
from tests.room.house import Opened, opened
from tests.room.test_finish_picture import CLIP, VALUES

MARA = Hand("Mara Lind")
LIST = "version,of,differs,cut,shape\nmaster,,,v01.otio,16:9\nsquare,master,shape,square.otio,1:1\n"
MARKETS = "version,template,language,at,for,role,name\nuk,super,en,0.2,1.9,New,In all shops\n"
CUES = "1\n00:00:00,200 --> 00:00:01,200\nMorning starts before the light does.\n\n2\n00:00:01,400 --> 00:00:02,400\nFour minutes.\n"
SOUND_HZ, SOUND_S = 48_000, 2
PAGES = ("/finish/picture", "/finish/sound", "/finish/words", "/finish/supers", "/finish/versions", "/finish/reframing?version=square")
TABLES = ("/finish/supers", "/finish/versions")  #: whose tables are cards on a phone


class House(Opened):
    """A room in which everything of the finish was proposed, and Mara at a browser, who holds every seat."""

    def seen(self, address: str) -> Any:
        answer = self.mara.context.request.get(self.served.origin + address)
        assert answer.ok, address
        return answer


def cleaned(spot: Spot, scratch: Path) -> None:
    """A sound with a hum that was taken out, as `clean` leaves it."""
    unit = next(one for one in Desk(spot).shoot.sounds if one.file == "sound/T001.wav")
    scratch.mkdir()
    hum = 0.1 * np.sin(2 * np.pi * 50 * np.arange(SOUND_HZ * SOUND_S) / SOUND_HZ)
    for name, samples in (("cleaned", 0 * hum), ("removed", hum)):
        with wave.open(str(scratch / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SOUND_HZ)
            file.writeframes(np.rint(samples * 32767).astype("<i2").tobytes())
    for name in ("original", "cleaned", "removed"):
        Image.new("L", (12, 8), 90).save(scratch / f"{name}.png")
    key = "c1ea" * 16
    spot.cache.publish(key, scratch)
    channel = {"channel": 1, "left_alone": "", "hum_hz": "50.00", "tones": [{"hz": "50.0", "dbfs": "-23.0"}], "floor_dbfs": ["-40.0", "-60.0"], "rumble_dbfs": [None, None],
               "clicks": 2, "clicks_at": ["07:59:55:00"], "gaps": []}  # fmt: skip
    values = {"key": key, "by": "none", "rate_hz": SOUND_HZ, "bits": 16, "samples": SOUND_HZ * SOUND_S, "noise_down_db": None, "tones_down_db": "-20.0", "channels": [channel]}
    finishing.propose(spot, "clean-up", unit.file, inputs=[unit.digest], files={}, values=values, says=("Channel 2 is left alone: nothing is on it.",))


@pytest.fixture(scope="module")
def house(day: Spot, cutting: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("finish")
    home = folder / "spot"
    shutil.copytree(day.path, home)
    (home / "versions.csv").write_text(LIST)
    (home / "markets.csv").write_text(MARKETS)
    for name in ("v01.otio", "square.otio"):
        (home / "cuts" / name).write_bytes(cutting.raw)
    spot = answerprint.open(home)
    with spot.writer() as record:
        record.sign(MARA.enrols("producer", "director"), MARA)
        record.sign(everything(MARA), MARA)
    finishing.propose(spot, "correction", CLIP, inputs=(), files={}, values=VALUES, says=("a cloud is left as it was shot",))
    cleaned(spot, folder / "scratch")
    captions = home / "cuts" / "captions" / "master.en.srt"
    captions.parent.mkdir(parents=True)
    captions.write_text(CUES)
    finishing.propose(spot, "captions", "master.en", inputs=[Desk(spot).cuts["master"].seal], files={"cuts/captions/master.en.srt": CUES.encode()}, values={"language": "en", "rules": "standard"})
    supering.supers(spot, home / "markets.csv")
    logo = folder / "logo.png"
    Image.new("RGB", (40, 20), "white").save(logo)
    assets.add(spot, logo, "client, 3 Nov", name="logo")
    reframing.reframe(Desk(spot), "square")
    with opened(House, home, MARA, folder) as made:
        made.mara.go("/finish/versions")
        yield made


def said(house: House, address: str) -> Any:
    return house.mara.says(f"/api{address}")


# ---- what is told


def test_a_sound_is_told_as_it_was_found_and_its_three_ways_are_of_one_length(house):
    (one,) = said(house, "/finish/sound")["sounds"]
    assert one["found"] == ["Channel 1: noise between the words -40.0 dBFS before, -60.0 after. Hum at 50.00 Hz (50.0 Hz). Clicks: 2 (07:59:55:00)."]
    assert one["says"] == ["Channel 2 is left alone: nothing is on it."]
    frames, loud = {}, {}
    for way in one["ways"]:
        with wave.open(io.BytesIO(house.seen(way["heard"]).body())) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
            frames[way["which"]], loud[way["which"]] = file.getnframes(), float(np.abs(samples / 32767).max())
        assert house.seen(way["strip"]).headers["content-type"] == "image/png"
    assert set(frames.values()) == {SOUND_HZ * SOUND_S}
    assert (loud["cleaned"], round(loud["removed"], 2)) == (0.0, 0.1)


def test_supers_stand_over_the_film_and_a_shot_of_another_shape_has_its_frame(house):
    found = said(house, "/finish/supers")
    (uk,) = found["versions"]
    assert (uk["version"], uk["of"], dict(uk["supers"][0]["values"])["name"]) == ("uk", "master", "In all shops")
    drawn = np.asarray(Image.open(io.BytesIO(house.seen(uk["supers"][0]["picture"]).body())))
    assert drawn.shape == (360, 640, 3)
    assert drawn[180:].max() > 230  # the letters, on a picture that is dark there
    assert ("logo", "client, 3 Nov") in [(one["name"], one["says"]) for one in found["sent"]]
    framed = said(house, "/finish/reframing?version=square")
    assert (framed["versions"], list(framed["shapes"])) == (["square"], ["1:1"])
    shot = next(one for one in framed["shots"] if one["piece"])
    left, top, wide, high = shot["boxes"]["1:1"][0]
    assert (round(wide * shot["size"][0]), high, top) == (shot["size"][1], 1.0, 0.0)
    assert 0 <= left <= 1 - wide
    assert not any(one["boxes"] for one in framed["shots"] if one["hero"])


def test_what_is_asked_for_that_is_not_there_is_refused_in_a_sentence(house):
    for address, body in (
        ("supers/start", {"data": "../secret.csv"}), ("words/start", {"version": "master", "language": "en", "words": "/etc/passwd"}), ("reframing/start", {"version": "master"}),
        ("sound/start", {"version": "nowhere"}), ("words/save", {"version": "master", "language": "en", "number": 1, "seal": "another", "text": "x"}),
        ("versions/add", {"name": "short", "of": "master", "differs": "cut-down"}),
    ):  # fmt: skip
        status, says = house.mara.ask(f"/api/finish/{address}", body)
        assert (status, says.endswith((".", "?"))) == (409, True), (address, says)
    assert house.served.room.jobs.state == {}


def test_no_client_hears_or_sees_any_of_it(house):
    context = house.session(house.client())
    (sound,) = said(house, "/finish/sound")["sounds"]
    (uk,) = said(house, "/finish/supers")["versions"]
    for path in (*PAGES, *(f"/api{one}" for one in PAGES), "/finish", sound["ways"][0]["heard"], sound["ways"][2]["strip"], uk["supers"][0]["picture"]):
        assert context.request.get(house.served.origin + path).status == 403, path
    context.close()


# ---- a person walks through


def test_three_ways_of_a_sound_run_in_step_and_one_of_them_is_heard(house):
    page = house.mara.go("/finish/sound")
    house.mara.until("document.querySelector('#sound').dataset.hears === 'original'")
    page.keyboard.press("3")
    house.mara.until("document.querySelector('#sound').dataset.hears === 'removed'")
    page.keyboard.press(" ")
    house.mara.until("Number(document.querySelector('#sound').dataset.at) > 0.3")
    heard = page.evaluate("() => Object.entries(document.querySelector('#sound').players).map(([name, one]) => [name, one.muted, one.currentTime])")
    assert [name for name, muted, _ in heard if not muted] == ["removed"]
    page.keyboard.press("r")
    house.mara.until("document.querySelector('.answer .refused cite')?.textContent === 'Mara Lind'")
    assert finishing.refused(house.spot, "clean-up")["sound/T001.wav"].by == "Mara Lind"
    page.keyboard.press("b")
    house.mara.until("document.querySelector('.answer .refused').hidden")
    assert finishing.refused(house.spot, "clean-up") == {}


def test_a_caption_is_changed_over_the_picture_and_what_is_wrong_with_it_is_said_beside_it(house):
    page = house.mara.go("/finish/words")
    house.mara.until("document.querySelector('#words').player?.stretch && document.querySelectorAll('#cues li').length === 2", seconds=60)
    box = page.locator("#cues textarea").first
    page.locator("#cues .times").first.click()
    house.mara.until("document.querySelector('.over:not([hidden])')?.textContent.startsWith('Morning')")
    before = page.locator("#words").get_attribute("data-seal")
    box.fill("Morning starts a very long while before the light of the day does, and nobody knows why it should")
    box.press("Control+Enter")
    house.mara.until(f"document.querySelector('#words').dataset.seal && document.querySelector('#words').dataset.seal !== '{before}'")
    assert "nobody knows why" in (house.spot.path / "cuts" / "captions" / "master.en.srt").read_text()
    first = said(house, "/finish/words")["captions"]["lines"][0]
    assert (first["by_hand"], first["machine"]) == (True, "Morning starts before the light does.")
    assert page.locator("#cues li").first.locator(".fault").count() == len(first["faults"]) >= 1


def test_a_clip_is_wiped_and_left_and_a_shot_is_shown_whole(house):
    page = house.mara.go("/finish/picture")
    house.mara.until("document.querySelector('#picture').dataset.shown", seconds=60)
    page.fill("[name=because]", "it was dusk")
    page.click(".answer .leave")
    house.mara.until("!document.querySelector('.row .state').hidden")
    assert finishing.refused(house.spot, "correction")[CLIP].because == "it was dusk"
    page = house.mara.go("/finish/reframing?version=square")
    house.mara.until("document.querySelector('#reframing').dataset.box", seconds=60)
    page.keyboard.press("r")
    house.mara.until("document.querySelector('#reframing').dataset.box === ''")
    assert [one.by for one in finishing.refused(house.spot, "reframing").values()] == ["Mara Lind"]


def test_supers_are_drawn_in_the_background_and_all_that_is_wrong_with_a_table_stands_on_the_page(house):
    (house.spot.path / "bad.csv").write_text("version,template,language,at,for,role,name\nus,super,en,0.2,0.1,New,In all shops\nca,nothing,en,0.2,1.9,New,In all shops\n")
    page = house.mara.go("/finish/supers")
    page.select_option("[name=data]", "bad.csv")
    page.click(".begin button")
    house.mara.until("document.querySelectorAll('.faults li').length >= 2", seconds=90)
    assert "no template 'nothing'" in page.inner_text(".faults")
    assert house.mara.ask("/api/made/stop", {"what": "supers"})[0] == 200


def test_nobody_is_kept_out_and_nothing_is_wider_than_its_window(house):
    context = house.browser.new_context(bypass_csp=True, storage_state=house.mara.context.storage_state(), viewport=DESK)
    looking = Person(name="axe", context=context, page=context.new_page(), origin=house.served.origin)
    found, wide = [], []
    for path in PAGES:
        looking.page.set_viewport_size(DESK)
        page = looking.go(path)
        page.add_script_tag(content=files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
                wide.append((path, size["width"]))
            if size is PHONE and path not in TABLES:
                continue
            told = page.evaluate("() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
            found += [f"{path} {size['width']} {one['id']}: {one['nodes'][0]['html'][:160]} {one['nodes'][0]['failureSummary'][:160]}" for one in told["violations"] if one["impact"] in ("serious", "critical")]
    context.close()
    assert (found, wide) == ([], [])
    assert [one for one in house.mara.faults if "favicon" not in one and "status of 409" not in one] == []
