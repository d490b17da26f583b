"""Deliver: films are made and wait, are signed, and leave; each test is the next thing that people do. Over the wire and in a real browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from answerprint import choosing, easiness, films, gestures, signoff, watched
from answerprint.desk import Desk
from answerprint.model.judgments import Human
from answerprint.spot import Spot
from tests.ledger.signing import Hand
from tests.room.browser import DESK, PHONE, Person
from tests.room.house import Opened, opened
from tests.test_delivering import short
from tests.test_previews import SPEC

MARA = Hand("Mara Lind")
HARD = SPEC.replace('container = "mp4"', 'container = "mov"').replace("libx264", 'prores_ks"\npixel_format = "yuv422p10le').replace('"aac"\nbit_rate = 96000', '"pcm_s24le"')
HARD += "[sound.loudness]\ntarget_lufs = -40.0\ntolerance_lu = 1.0\ntrue_peak_dbtp = -1.0\nbinding = false\n"  # a custom that a person's mix misses: a WARN


class House(Opened):
    """A room over three clips and a short cut, and Mara at a browser, who holds everything."""

    @property
    def says(self) -> Any:
        return self.mara.says("/api/deliver")

    def put(self, content: Human) -> int:
        with self.served.room.house.writing() as record:
            return int(record.sign(content, MARA).n)

    def person(self) -> Any:
        return Desk(self.spot).book.of_key(MARA.key_id)

    def idle(self, seconds: float = 120) -> None:
        """Until nothing is made any more."""
        ends = time.monotonic() + seconds
        while self.served.room.jobs.state:
            assert not [one for one in self.served.room.jobs.state.values() if one["state"] == "wrong"], self.served.room.jobs.state
            assert time.monotonic() < ends
            time.sleep(0.05)


@pytest.fixture(scope="module")
def house(small_spot: Spot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("deliver")
    home = short(small_spot, folder / "spot").path
    (home / "specs" / "hard.toml").write_text(HARD)
    with opened(House, home, MARA, folder) as made:
        yield made


def test_without_a_cut_the_page_says_what_to_do_first(house):
    page = house.mara.go("/deliver")
    assert "No version has a cut yet" in page.inner_text("main")
    assert page.locator("main a.button").get_attribute("href") == "/cut"
    assert house.mara.ask("/api/deliver/make", {"versions": ["master"], "specs": ["tiny"]})[0] == 409


def test_nothing_is_made_for_nobody_named(house):
    choosing.choose(house.spot, "film", "cuts/v01.otio")
    page = house.mara.go("/deliver")
    assert "No film waits yet." in page.inner_text("main")
    assert page.locator("[name=spec]:checked").count() == 0  # nothing is chosen for anybody
    house.pictures.take(page, "deliver-empty")
    page.check("[name=version]")
    page.click("button[value=make]")
    page.locator(".wrong:visible").wait_for()
    assert "Say what master is delivered for" in page.inner_text(".wrong:visible")
    for body, says in (({"versions": [], "specs": ["tiny"]}, "Tick at least one version."), ({"versions": ["master"], "specs": ["vhs"]}, "There is no spec vhs here.")):
        assert house.mara.ask("/api/deliver/make", body) == [409, says]


def test_a_film_is_made_in_the_background_and_whoever_reloads_finds_it_as_far_as_it_is(house):
    page = house.mara.go("/deliver")
    page.check("[name=version]")
    page.check("[name=spec][value=tiny]")
    page.keyboard.press("m")
    house.mara.until("document.querySelector('#doing') || document.querySelector('.waits .film')")
    page.reload()
    house.mara.until("document.querySelector('.waits .film')", seconds=120)
    (film,) = house.says["films"]
    assert (film["version"], film["spec"], film["stands"]) == ("master", "tiny", True)
    (known,) = films.films(Desk(house.spot))
    assert film["seal"] == known.essence
    assert known.essence in page.inner_text(".film .seal")
    assert str(house.spot.path) not in page.content()


def test_on_check_it_says_what_was_found_when_it_was_made(house):
    (one,) = house.mara.says("/api/check")["films"]
    assert (one["kind"], one["name"], one["spec"], one["says"], one["known"]) == ("waits", "spot_master_tiny.mp4", "tiny", "nothing wrong found", [])
    page = house.mara.go(f"/check?film={one['id']}")
    assert "When it was made: nothing wrong found." in page.inner_text("main")
    page.keyboard.press("c")
    house.mara.until("document.querySelector('#player')", seconds=90)
    looked = house.mara.says(f"/api/check?film={one['id']}")["looked"]
    assert looked["says"] == "Nothing wrong found."
    assert house.mara.context.request.get(house.served.origin + looked["data"]).json()["file"] == "spot_master_tiny.mp4"  # never the name under which it waits


def test_the_very_film_that_waits_is_played_and_that_it_was_is_kept_for_its_player_alone(house):
    page = house.mara.go("/deliver")
    house.mara.until("document.getElementById('deliver').player?.video.readyState > 1")
    assert house.says["films"][0]["clip"]["movie"].endswith(("film.mp4", "waits.mp4"))
    assert "the very file that would leave" in page.inner_text("#plays")
    page.locator("#stage").scroll_into_view_if_needed()
    page.keyboard.press(" ")
    (film,) = films.films(Desk(house.spot))
    ends = time.monotonic() + 30
    while not watched.seen(house.spot, MARA.key_id, f"film:{film.essence}", "played"):
        assert time.monotonic() < ends
        page.wait_for_timeout(100)
    house.pictures.take(page, "deliver")


def test_what_is_missing_stands_by_person_and_nothing_leaves_while_it_does(house):
    page = house.mara.go("/deliver")
    assert "Mara Lind" in page.inner_text(".missing")
    assert page.locator(".missing .todo p").count() >= 3
    assert "answerprint " not in page.inner_text(".missing")  # nobody is told what to type
    page.check("[name=version]")
    page.check("[name=spec][value=tiny]")
    page.click("button[value=leave]")
    page.locator(".wrong:visible").first.wait_for(timeout=120_000)
    assert "nothing leaves while anything is missing" in page.inner_text(".wrong:visible")
    assert not [one for one in (house.spot.path / "out").rglob("*") if one.is_file()]
    assert house.says["left"] == []


def test_a_film_that_no_browser_plays_is_made_to_play_here(house):
    page = house.mara.go("/deliver")
    page.check("[name=version]")
    page.check("[name=spec][value=hard]")
    page.click("button[value=make]")
    house.mara.until("document.querySelectorAll('.waits .film').length === 2 && document.querySelector('.ready')", seconds=120)
    page.click(".ready")
    house.mara.until("document.querySelectorAll('.play').length === 2 && document.getElementById('deliver').player", seconds=120)
    page.keyboard.press("2")
    house.mara.until("document.getElementById('plays').textContent.includes('a copy of 720 lines')")
    house.mara.until("document.getElementById('deliver').player.video.readyState > 1")
    house.idle()


def test_stopping_leaves_everything_whole(house):
    before = sorted(path.name for path in films.folder(Desk(house.spot)).iterdir())
    choosing.choose(house.spot, "grade", "as shot")  # another film is to be made
    page = house.mara.go("/deliver")
    assert page.locator(".film.gone").count() == 2
    assert "is another now" in page.locator(".film.gone").first.inner_text()
    assert house.mara.ask("/api/deliver/make", {"versions": ["master"], "specs": ["tiny", "hard"]})[0] == 200
    assert house.mara.ask("/api/deliver/stop", {})[0] == 200
    house.idle()
    assert all(path.stat().st_size for path in films.folder(Desk(house.spot)).iterdir() if path.is_file())
    assert set(before) <= {path.name for path in films.folder(Desk(house.spot)).iterdir()} or len(films.waiting(Desk(house.spot))) > 0


def test_a_signed_film_leaves_with_its_papers_and_says_so_about_itself(house):
    for what, choice in (("mix", "assets/mix.wav"), ("bed", "none")):
        choosing.choose(house.spot, what, choice)
    for gesture in ("lock", "finish"):
        house.put(gestures.gesture(Desk(house.spot), gesture, house.person()).content)
    house.mara.go("/deliver")
    assert house.mara.ask("/api/deliver/make", {"versions": ["master"], "specs": ["tiny", "hard"]})[0] == 200
    house.idle()
    page = house.mara.go("/deliver")
    warned = page.locator(".film", has_text="spot_master_hard").locator(".found .todo")
    assert "WARN loudness" in warned.inner_text()
    assert "Whoever signs says what that is." in warned.inner_text()
    house.pictures.take(page, "deliver-warned")
    easiness.saw(Desk(house.spot), "master", house.person().id)
    house.put(signoff.yes(signoff.page(Desk(house.spot), house.person(), ["master"], sheet_seen=lambda cut: True, notes=["1: It is quiet in the kitchen."])))
    page = house.mara.go("/deliver")
    assert page.locator(".found .todo").count() == 0
    assert "It is quiet in the kitchen." in page.inner_text(".found .person")
    assert "Nothing is missing." in page.inner_text(".lacks")
    page.check("[name=version]")
    page.check("[name=spec][value=tiny]")
    page.click("button[value=leave]")
    house.mara.until("document.querySelector('.left > li') || document.querySelector('.wrong:not([hidden])')", seconds=120)
    assert page.locator(".wrong:visible").all_inner_texts() == []
    (left,) = house.says["left"]
    assert left["same"] is True
    assert left["answers"].startswith("signed off in entry ")
    assert left["credentials"]
    names = [one["name"] for one in left["papers"]]
    assert {"verify.py", "papers.json"} <= set(names)
    house.pictures.take(page, "deliver-left")


def test_papers_are_taken_away_as_files_under_names_of_this_session(house):
    (left,) = house.says["left"]
    answer = house.mara.context.request.get(house.served.origin + left["href"])
    assert answer.body() == (house.spot.path / "out" / left["file"]).read_bytes()
    for one in left["papers"]:
        answer = house.mara.context.request.get(house.served.origin + one["href"])
        assert answer.headers["content-disposition"].startswith("attachment"), one["name"]
        assert answer.headers["content-type"] == "application/octet-stream"
        assert "out/" not in one["href"]
    other = house.served.room.doors.known(MARA.key_id, MARA.name)
    context = house.session(other)
    assert context.request.get(house.served.origin + left["href"]).status == 404
    context.close()


def test_a_file_that_is_not_any_more_what_left_is_called_so(house):
    (left,) = house.says["left"]
    path = house.spot.path / "out" / left["file"]
    raw = path.read_bytes()
    path.write_bytes(raw + b"\0")
    try:
        assert "its bytes are others" in house.mara.go("/deliver").inner_text(".left")
    finally:
        path.write_bytes(raw)


def test_nobody_is_kept_out_and_nothing_is_wider_than_its_window(house):
    context = house.browser.new_context(bypass_csp=True, storage_state=house.mara.context.storage_state(), viewport=DESK)
    looking = Person(name="axe", context=context, page=context.new_page(), origin=house.served.origin)
    found, wide = [], []
    for size in (DESK, PHONE, {"width": 1024, "height": 768}):
        looking.page.set_viewport_size(size)
        page = looking.go("/deliver")
        page.add_script_tag(content=files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
        told = page.evaluate("() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
        found += [f"{size['width']} {one['id']}: {one['nodes'][0]['html'][:160]}" for one in told["violations"] if one["impact"] in ("serious", "critical")]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
            wide.append(size["width"])
    context.close()
    assert (found, wide) == ([], [])
    assert [one for one in house.mara.faults if "favicon" not in one and "status of 409" not in one] == []


def test_a_client_reaches_nothing_of_it(house):
    guest = house.client()
    (left,) = house.says["left"]
    context = house.session(guest)
    for path in ("/deliver", "/api/deliver", left["href"], house.says["films"][0]["picture"]):
        assert context.request.get(house.served.origin + path).status == 403, path
    for path in ("/api/deliver/make", "/api/deliver/leave", "/api/deliver/stop"):
        answer = context.request.post(house.served.origin + path, data={"versions": ["master"], "specs": []}, headers={"origin": house.served.origin, "x-answerprint": guest.form})
        assert answer.status == 403, path
    context.close()
