"""Check: any finished film is looked at in the background, and what was found is where it was found; in a real browser and over the wire."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser

from answerprint.room import checking
from answerprint.room.app import make_app
from answerprint.room.jobs import Jobs
from answerprint.room.server import Address, Served, start
from answerprint.spot import Spot
from tests.delivery.films import Film, black, put, web_film, write
from tests.room.browser import DESK, PHONE, Person, Pictures, free_port, opened_browser
from tests.room.conftest import ORIGIN, Opened, open_room

BLACK = 60
OF_NOBODY = "AAAAAAAAAAAAAAAAAAAA"


def broken(folder: Path, name: str = "spot_master_tv-eu") -> Path:
    """A film that no browser plays, with one black frame, made for tv-eu by its name."""
    film = Film(codec="prores_ks", pixel_format="yuv422p10le", options={}, timecode="10:00:00:00", lufs=-20.0, name=name,
                picture=put(BLACK, 1, lambda film, pictures, number: black(film)))  # fmt: skip
    return write(film, folder)


@dataclass
class Looked:
    """A room with two films in out/ and one person at a browser."""

    served: Served
    browser: Browser
    pictures: Pictures
    ana: Person

    @property
    def films(self) -> dict[str, Any]:
        return {one["name"]: one for one in self.ana.says("/api/check")["films"]}

    def says(self, name: str, spec: str = "tv-eu") -> Any:
        return self.ana.says(f"/api/check?film={self.films[name]['id']}&spec={spec}")


@pytest.fixture(scope="module")
def seen(day: Spot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looked]:
    home = tmp_path_factory.mktemp("seen")
    shutil.copytree(day.path, home / "spot")
    (home / "pages").mkdir()
    (home / "spot" / "out").mkdir(exist_ok=True)
    broken(home / "spot" / "out")
    write(web_film(lufs=-14.0, name="clean"), home / "spot" / "out")
    with pytest.MonkeyPatch.context() as patch, opened_browser() as browser:
        patch.setenv("XDG_DATA_HOME", str(home / "data"))
        served = start(home / "spot", Address(port=free_port()))
        try:
            ana = Person.at(browser, served.origin, "Ana Ferrer")
            ana.comes_in(served.link, first=True)
            yield Looked(served=served, browser=browser, pictures=Pictures(home / "pages"), ana=ana)
        finally:
            for context in browser.contexts:
                context.close()
            served.close()


# ---- one film, from its first look


def test_a_film_that_nobody_looked_at_says_so_and_is_looked_at_by_one_key(seen):
    page = seen.ana.go("/check")
    assert "not looked at yet" in page.locator(".films").first.inner_text()
    page.click("text=spot_master_tv-eu.mov")
    page.locator("#start").wait_for()
    assert page.locator("#spec").input_value() == "tv-eu"  # as its name says
    seen.pictures.take(page, "check-unlooked")
    page.keyboard.press("c")
    seen.ana.until("document.querySelector('#player') || document.querySelector('#doing')")
    page.reload()  # whoever reloads finds it as far as it is
    seen.ana.until("document.querySelector('#player')", seconds=90)
    assert page.inner_text("#verdict") == "4 FAIL, 1 WARN."
    until(lambda: seen.served.room.jobs.state == {})  # it ended as it should
    assert "a copy of 720 lines" in page.inner_text("main")


def test_one_press_on_a_finding_and_the_player_stands_at_its_frame(seen):
    page = seen.ana.page
    seen.ana.until("document.querySelector('#player video.on')?.readyState > 1")
    row = page.locator(".findings > li").filter(has_text="black").first
    row.locator("button.place").first.click()
    seen.ana.until(f"document.getElementById('check').player.shown === {BLACK}")
    assert page.input_value(".timecode") == "10:00:02:10"
    assert "black" in page.inner_text("#where")
    light = page.evaluate(
        """() => { const one = document.querySelector('#player video.on'), made = document.createElement('canvas'); made.width = 64; made.height = 36;
        const pen = made.getContext('2d', {willReadFrequently: true}); pen.drawImage(one, 0, 0, 64, 36); const {data} = pen.getImageData(0, 0, 64, 36);
        let sum = 0; for (let n = 0; n < data.length; n += 4) sum += data[n]; return sum / (data.length / 4); }"""
    )
    assert light < 12  # the very frame that is black, not one beside it
    seen.pictures.take(page, "check")


def test_from_finding_to_finding_by_keyboard_alone(seen):
    page = seen.ana.page
    page.locator("body").press("Home")
    seen.ana.until("document.getElementById('check').player.shown === 0")
    frames = sorted({place["first"] for one in seen.says("spot_master_tv-eu.mov")["looked"]["findings"] for place in one["places"]} - {0})
    page.keyboard.press("n")
    seen.ana.until(f"document.getElementById('check').player.shown === {frames[0]}")
    page.keyboard.press("End")
    seen.ana.until("document.getElementById('check').player.shown === 99")
    page.keyboard.press("p")
    before = max(one for one in frames if one < 99)
    seen.ana.until(f"document.getElementById('check').player.shown === {before}")


def test_the_pictures_are_those_of_the_finding(seen):
    looked = seen.says("spot_master_tv-eu.mov")["looked"]
    (place,) = next(one for one in looked["findings"] if one["check"] == "black")["places"]
    assert (place["first"], place["end"], place["timecode"]) == (BLACK, BLACK + 1, "10:00:02:10")
    light = {}
    for frame, address in place["pictures"]:
        raw = seen.ana.context.request.get(seen.served.origin + address).body()
        path = seen.pictures.folder / f"{frame}.jpg"
        path.write_bytes(raw)
        light[frame] = float(np.asarray(Image.open(path).convert("L")).mean())
    assert sorted(light) == [BLACK - 1, BLACK, BLACK + 1]
    assert light[BLACK] < 12 < 40 < min(light[BLACK - 1], light[BLACK + 1])


def test_findings_stand_by_weight_and_plots_have_units(seen):
    looked = seen.says("spot_master_tv-eu.mov")["looked"]
    weights = [one["weight"] for one in looked["findings"]]
    assert weights == sorted(weights, key=["FAIL", "WARN", "note"].index)
    assert [(one["name"], one["unit"]) for one in looked["plots"]] == [("Loudness", "LUFS"), ("Luma", "% of white")]
    assert all("Look for" in one["says"] for one in looked["plots"])
    assert looked["unchecked"]


def test_the_report_is_taken_away_and_stands_alone(seen):
    looked = seen.says("spot_master_tv-eu.mov")["looked"]
    answer = seen.ana.context.request.get(seen.served.origin + looked["page"])
    assert answer.text().startswith("<!doctype html>")
    assert answer.headers["content-disposition"].startswith("attachment")
    plain = seen.ana.context.request.get(seen.served.origin + looked["data"]).json()
    assert plain["file"] == "spot_master_tv-eu.mov"


def test_a_film_that_somebody_brings_is_looked_at_and_lies_in_the_cache_alone(seen, tmp_path):
    before = {path for path in seen.served.room.house.production.path.rglob("*") if ".answerprint" not in path.parts}
    page = seen.ana.go("/check")
    page.set_input_files("#bring-file", str(broken(tmp_path, "from elsewhere")))
    seen.ana.until("document.querySelector('#player')", seconds=90)
    assert page.inner_text(".name-of") == "from elsewhere.mov"
    assert "No spec was named" in page.inner_text("main")
    assert {path for path in seen.served.room.house.production.path.rglob("*") if ".answerprint" not in path.parts} == before
    (kept,) = (checking.home(seen.served.room) / checking.BROUGHT).iterdir()
    page.locator(".forget").first.click()
    seen.ana.until("location.search === ''")
    assert not kept.exists()


def test_a_clean_film_hears_the_best_words_there_are_and_nothing_on_its_page_is_green(seen):
    name = next(one for one in seen.films if one.startswith("clean"))
    page = seen.ana.go(f"/check?film={seen.films[name]['id']}")
    page.locator("#start").click()
    seen.ana.until("document.querySelector('#player')", seconds=90)
    seen.ana.until("document.querySelector('#player video.on')?.readyState > 1")
    said = seen.says(name, "")["looked"]
    assert (said["says"], said["itself"]) == ("Nothing wrong found.", True)
    assert "This page plays the file itself." in page.inner_text("main")
    colours = page.evaluate(
        """() => [...document.querySelectorAll('main *')].flatMap((one) => { const s = getComputedStyle(one); return [s.color, s.backgroundColor, s.borderTopColor, s.fill, s.stroke]; })"""
    )
    rgb = {tuple(int(float(part)) for part in one[one.index("(") + 1 : -1].split(",")[:3]) for one in colours if one.startswith("rgb")}
    assert not [one for one in rgb if one[1] > one[0] + 20 and one[1] > one[2] + 20]
    seen.pictures.take(page, "check-clean")


def test_what_is_no_film_is_refused_in_a_sentence(seen, tmp_path):
    page = seen.ana.go("/check")
    (tmp_path / "notes.mov").write_text("no film at all")
    page.set_input_files("#bring-file", str(tmp_path / "notes.mov"))
    page.locator(".wrong:visible").first.wait_for(timeout=60_000)
    assert "it is text" in page.inner_text(".wrong:visible")
    assert page.locator("#start").count() == 1
    seen.pictures.take(page, "check-refused")


def test_nobody_is_kept_out_and_no_page_is_wider_than_its_window(seen):
    context = seen.browser.new_context(bypass_csp=True, storage_state=seen.ana.context.storage_state(), viewport=DESK)
    looking = Person(name="axe", context=context, page=context.new_page(), origin=seen.served.origin)
    films, found, wide = seen.films, [], []
    for size in (DESK, PHONE, {"width": 1024, "height": 768}):
        looking.page.set_viewport_size(size)
        for path in ("/check", f"/check?film={films['spot_master_tv-eu.mov']['id']}", f"/check?film={films['notes.mov']['id']}"):
            page = looking.go(path)
            page.add_script_tag(content=files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
            told = page.evaluate("() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
            found += [f"{path} {one['id']}: {one['nodes'][0]['html'][:160]}" for one in told["violations"] if one["impact"] in ("serious", "critical")]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
                wide.append((size["width"], path))
    context.close()
    assert (found, wide) == ([], [])
    gone = re.compile(r"status of 404 .*/film\.mp4")  # of a film that she let go of while it was on its way
    assert [one for one in seen.ana.faults if "favicon" not in one and "status of 409" not in one and not gone.search(one)] == []


# ---- over the wire


@pytest.fixture(scope="module")
def shut(day: Spot, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    opened = open_room(day, tmp_path_factory.mktemp("shut") / "spot")
    (opened.path / "out").mkdir(exist_ok=True)
    broken(opened.path / "out")
    return opened


def test_an_empty_page_says_what_to_do_next(day, tmp_path):
    opened = open_room(day, tmp_path / "spot")
    page = opened.ana.get("/check").text
    assert "There is no film here yet." in page
    assert "Bring a film" in page


def test_a_client_sees_nothing_of_it(shut):
    from starlette.testclient import TestClient

    _, token = shut.room.doors.give_link(round=1, version="master", contact="Lena Faro", days=1)
    guest = shut.room.doors.use_link(token)
    client = TestClient(make_app(shut.room), base_url=ORIGIN, follow_redirects=False)
    client.cookies.set("answerprint", guest.session)
    for path in ("/check", "/api/check", f"/media/{OF_NOBODY}/film.mp4", f"/media/{OF_NOBODY}/report.html", f"/api/peaks/check/{OF_NOBODY}"):
        assert client.get(path).status_code == 403, path
    for path in ("/api/check/start", "/api/check/bring?name=a.mov", "/api/check/forget"):
        assert client.post(path, json={"film": "x"}, headers={"origin": ORIGIN, "x-answerprint": guest.form}).status_code == 403, path


def test_a_film_that_goes_while_it_is_asked_for_is_not_there_and_breaks_nothing(shut, tmp_path, monkeypatch):
    monkeypatch.setattr("answerprint.room.pages.check._place", lambda room, guest, id: (tmp_path, {"itself": False}, None))
    assert shut.ana.get(f"/media/{OF_NOBODY}/film.mp4").status_code == 404


def test_a_film_has_another_name_in_every_session_and_none_is_a_path(shut):
    mine = shut.ana.get("/api/check").json()["films"]
    other = shut.room.doors.known(shut.ana.hand.key_id, shut.ana.hand.name)
    theirs = shut.ana.client.get("/api/check", headers={"cookie": f"answerprint={other.session}"}).json()["films"]
    assert [one["id"] for one in mine] != [one["id"] for one in theirs]
    assert str(shut.path) not in shut.ana.get("/api/check").text
    assert shut.ana.post("/api/check/start", {"film": "../../etc/passwd"}).status_code == 404
    assert shut.ana.post("/api/check/start", {"film": mine[0]["id"], "spec": "vhs"}).json()["says"].startswith("there is no spec 'vhs'")


def test_a_link_that_leads_out_of_the_production_is_no_film_of_it(shut, tmp_path):
    away = broken(tmp_path, "secret")
    (shut.path / "out" / "link.mov").symlink_to(away)
    try:
        assert [one["name"] for one in shut.ana.get("/api/check").json()["films"]] == ["spot_master_tv-eu.mov"]
    finally:
        (shut.path / "out" / "link.mov").unlink()


def test_a_name_that_is_written_as_a_tag_stands_as_what_it_is(shut):
    evil = shut.path / "out" / "<img src=x onerror=steal()>.mov"
    shutil.copy(shut.path / "out" / "spot_master_tv-eu.mov", evil)
    try:
        (film,) = [one for one in shut.ana.get("/api/check").json()["films"] if "steal" in one["name"]]
        for page in (shut.ana.get("/check").text, shut.ana.get(f"/check?film={film['id']}").text):
            assert "<img src=x" not in page
            assert "&lt;img src=x" in page
    finally:
        evil.unlink()


def test_what_is_still_being_written_into_out_is_no_film_yet(shut):
    making = shut.path / "out" / ".leaving-1"
    making.mkdir()
    shutil.copy(shut.path / "out" / "spot_master_tv-eu.mov", making / "half.mov")
    try:
        assert [one["name"] for one in shut.ana.get("/api/check").json()["films"]] == ["spot_master_tv-eu.mov"]
    finally:
        shutil.rmtree(making)


@pytest.mark.parametrize(("name", "says"), [("film.exe", "films are brought here"), ("empty.mov", "there is nothing in this file")])
def test_what_cannot_be_brought_is_said(shut, name, says):
    headers = {"origin": ORIGIN, "x-answerprint": shut.ana.guest.form, "content-type": "application/octet-stream"}
    answer = shut.ana.client.post(f"/api/check/bring?name={name}", content=b"" if name.startswith("empty") else b"MZ", headers=headers)
    assert answer.status_code == 409
    assert says in answer.json()["says"]
    assert not list((checking.home(shut.room) / checking.BROUGHT).glob("*"))


def test_a_name_that_climbs_stays_in_the_cache(shut):
    headers = {"origin": ORIGIN, "x-answerprint": shut.ana.guest.form, "content-type": "application/octet-stream"}
    answer = shut.ana.client.post("/api/check/bring", params={"name": "../../../climbs.mov"}, content=b"no film", headers=headers)
    assert answer.status_code == 200
    assert [path.name for path in shut.path.rglob("*climbs*")] == ["climbs.mov"]
    assert (checking.home(shut.room) / checking.BROUGHT / "climbs.mov").is_file()
    shut.ana.post("/api/check/forget", {"film": answer.json()["film"]})
    until(lambda: shut.room.jobs.state == {})


# ---- work in the background


def until(holds: Any, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.02)


def test_films_are_looked_at_one_after_the_other(shut):
    (film,) = shut.ana.get("/api/check").json()["films"]
    jobs = [shut.ana.post("/api/check/start", {"film": film["id"], "spec": spec}).json()["job"] for spec in ("tv-eu", "", "tv-eu")]
    assert len(set(jobs)) == 2  # who asks twice asks once
    at_once = []
    while now := shut.room.jobs.state:
        assert [one for one in now.values() if one["state"] == "wrong"] == []
        at_once.append(sum(one["state"] == "runs" for one in now.values()))
        time.sleep(0.02)
    assert max(at_once) == 1
    assert len(checking.reports(shut.room)) == 2


def test_whoever_stops_one_finds_nothing_half_made(shut):
    (film,) = shut.ana.get("/api/check").json()["films"]
    before = set(checking.home(shut.room).iterdir())
    job = shut.ana.post("/api/check/start", {"film": film["id"], "spec": "youtube"}).json()["job"]
    until(lambda: shut.room.jobs.of(job).what != "")  # it has begun
    shut.ana.post("/api/check/stop", {"film": film["id"], "spec": "youtube"})
    until(lambda: shut.room.jobs.state == {})
    assert set(checking.home(shut.room).iterdir()) == before


def test_work_ends_with_the_room(shut, tmp_path):
    """The process waits at a pipe that the room holds: a room that is killed leaves nobody working."""
    work = [sys.executable, "-m", "answerprint.room.work", "check", str(shut.path / "out" / "spot_master_tv-eu.mov"), str(tmp_path / "found"), "--production", str(shut.path)]
    with subprocess.Popen(work, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()  # it has begun
        process.stdin.close()
        assert process.wait(30) != 0
    assert list(tmp_path.iterdir()) == []


def test_what_breaks_is_said_and_can_be_started_again(shut):
    jobs = Jobs(shut.room.closing, broke_off="It broke off.")
    jobs.start("one", "a film", ["no such work"])
    until(lambda: jobs.of("one").state == "wrong")
    assert jobs.of("one").wrong == "It broke off."
    jobs.start("one", "a film", ["no such work"])
    until(lambda: jobs.of("one").state == "wrong")
    jobs.stop("one")
    assert jobs.state == {}
