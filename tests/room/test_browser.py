"""A film's way through the room in a real browser, from the link in the terminal to the record: each test is the next thing that people do."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from PIL import Image
from playwright.sync_api import Browser

from answerprint.ledger.verify import verify
from answerprint.room.server import Address, Served, start
from answerprint.spot import Spot
from tests.drafting.briefs import HOSPICE
from tests.made import heard
from tests.room.browser import Person, Pictures, free_port, opened_browser
from tests.room.slotted import slotted
from tests.test_previews import SPEC
from tests.test_stock_search import HOSTILE, photographs

CDL = """<?xml version="1.0" encoding="UTF-8"?>
<ColorDecisionList xmlns="urn:ASC:CDL:v1.2"><ColorDecision><ColorCorrection id="all"><SOPNode><Slope>1 1 1</Slope><Offset>0 0 0.01</Offset>
<Power>1 1 1</Power></SOPNode><SatNode><Saturation>0.9</Saturation></SatNode></ColorCorrection></ColorDecision></ColorDecisionList>
"""
THOUGHT = "A father hears what his daughter heard."


@dataclass
class Film:
    """The room over the sample shoot, its people, and where the pictures of the pages go."""

    served: Served
    browser: Browser
    pictures: Pictures
    ana: Person
    jo: Person
    cut: str = ""

    @property
    def record(self) -> Path:
        return self.served.room.house.production.inside / "record.db"


@pytest.fixture(scope="module")
def film(day: Spot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Film]:
    home = tmp_path_factory.mktemp("film")
    shutil.copytree(day.path, home / "spot")
    (home / "pages").mkdir()
    with pytest.MonkeyPatch.context() as patch, opened_browser() as browser:
        patch.setenv("XDG_DATA_HOME", str(home / "data"))
        served = start(home / "spot", Address(port=free_port()))
        try:
            people = [Person.at(browser, served.origin, name) for name in ("Ana Ferrer", "Jo Abara")]
            yield Film(served=served, browser=browser, pictures=Pictures(home / "pages"), ana=people[0], jo=people[1])
        finally:
            for context in browser.contexts:
                context.close()
            served.close()


def test_a_director_alone_is_in_with_every_seat_under_a_minute(film):
    film.ana.page.goto(film.served.link)
    film.pictures.take(film.ana.page, "welcome")
    film.ana.page.fill("#name", film.ana.name)
    film.ana.page.click("#make button")
    film.ana.page.wait_for_url("**/thought")
    seats = {one["judgment"]: one["name"] for one in film.ana.says("/api/crew")["seats"]}
    assert set(seats.values()) == {"Ana Ferrer"}
    assert verify(film.record).findings == ()


def test_a_half_typed_thought_survives_a_reload_and_is_sealed(film):
    page = film.ana.page
    page.fill("#q-sentence", THOUGHT)
    page.fill("#q-rhythm", "Slow until the cr")
    page.reload()
    assert page.input_value("#q-sentence") == THOUGHT
    assert page.input_value("#q-rhythm") == "Slow until the cr"
    film.pictures.take(page, "thought")
    page.click("#thought [type=submit]")
    film.ana.sign()
    page.wait_for_url(film.served.origin + "/")
    (sealed,) = film.ana.says("/api/thought")["thoughts"]
    assert (sealed["skipped"], sealed["opened"], sealed["words"]) == (False, None, [])
    film.ana.go("/thought")
    assert page.locator("#q-sentence").count() == 0 or page.input_value("#q-sentence") == ""


def test_a_key_that_is_not_shown_signs_nothing_and_the_page_says_so(film):
    n = film.ana.says("/api/board")["seen"]
    film.ana.present(False)
    film.ana.go("/crew")
    film.ana.page.locator("#stricter select").select_option(index=1)
    film.ana.page.click("#stricter button")
    film.ana.page.locator("#signing button[value=sign]").click()
    says = film.ana.page.locator("#signing .wrong")
    says.wait_for(state="visible")
    assert says.inner_text() == "The key was not used. Nothing was signed."
    film.ana.page.locator("#signing button[value=back]").click()
    film.ana.present(True)
    assert film.ana.says("/api/board")["seen"] == n


def test_somebody_is_invited_and_signed_in(film):
    page = film.ana.go("/crew")
    page.fill("#invite [name=name]", film.jo.name)
    page.locator("#invite [name=roles]").first.check()
    page.click("#invite [type=submit]")
    page.locator("#link .once").wait_for(state="visible")
    link = page.locator("#link .once").inner_text()
    film.jo.comes_in(link)
    film.jo.page.locator("#waits").wait_for(state="visible")
    film.ana.go("/crew")
    film.pictures.take(page, "crew")
    page.locator(".sign-in").click()
    film.ana.sign()
    film.jo.page.wait_for_url(film.served.origin + "/")  # their page goes on by itself
    assert [one["name"] for one in film.jo.says("/api/crew")["members"]] == ["Ana Ferrer", "Jo Abara"]


def test_the_board_shows_every_string_and_goes_on_by_itself(film):
    page = film.jo.go("/")
    film.pictures.take(page, "board")
    assert page.locator(".string").count() >= 6
    for picture in page.locator(".sheet img").all()[:3]:
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("one => one.decode().then(() => one.naturalWidth > 0)")


def test_any_word_of_any_attempt_plays_from_there(film):
    page = film.ana.go("/script")
    film.pictures.take(page, "script")
    page.locator(".pages .word[data-item='1'][data-word='2']").first.click()
    film.ana.until("document.querySelector('.dock video.on')?.currentTime > 0")
    page.keyboard.press("k")
    assert page.locator(".spoken-here button").all_inner_texts()[:3] == ["Morning", "starts", "before"]


def test_takes_are_seen_back_to_back_and_one_is_chosen_by_keyboard_alone(film):
    page = film.ana.go("/takes/1")
    if page.locator("#on-set").count():
        page.keyboard.press("y")
        page.wait_for_load_state()
        page.locator("#on-set").wait_for(state="detached")
    film.ana.until("document.getElementById('takes').player?.video.readyState > 1")
    film.pictures.take(page, "takes")
    page.keyboard.press("n")
    page.keyboard.press("c")
    page.locator("[data-attempt].picked").wait_for()
    assert page.locator("[data-attempt]").nth(1).get_attribute("class") == "picked"
    assert film.ana.says("/api/takes/1")["draft"]["mine"]


def test_an_address_that_leads_to_an_attempt_still_does_after_the_slates_were_hidden_and_shown(film):
    there = film.ana.says("/api/takes/1")
    assert not there["hidden"]
    wanted = there["attempts"][-1]["anchor"]
    film.ana.go("/script")
    page = film.ana.go(f"/takes/1#{quote(wanted)}")
    for hidden in ("true", "false"):
        film.ana.until("document.getElementById('takes').player")
        page.keyboard.press("h")
        film.ana.until(f"document.getElementById('hide').getAttribute('aria-pressed') === '{hidden}'")
        assert unquote(page.evaluate("location.hash")) == f"#{wanted}"
    film.ana.until("document.querySelector('[data-attempt][aria-current]')")
    assert page.locator("[data-attempt]").last.get_attribute("aria-current") == "true"


def test_two_who_choose_at_once_are_told_of_each_other(film):
    """Jo's page shows Ana's choice as soon as it is made; a choice over one that changed meanwhile is refused with what changed."""
    film.jo.go("/takes/2")
    attempts = film.ana.says("/api/takes/2")["attempts"]
    film.ana.go("/takes/2")
    status, _ = film.ana.ask("/api/takes/2/choose", {"attempt": attempts[0]["key"], "over": None})
    assert status == 200
    film.jo.until("document.getElementById('stands').textContent.includes('Ana Ferrer')")
    theirs = film.jo.says("/api/takes/2")["attempts"][-1]["key"]
    status, says = film.jo.ask("/api/takes/2/choose", {"attempt": theirs, "over": None})
    assert status == 409
    assert "Ana Ferrer" in says


def test_every_item_has_a_choice_and_the_selects_are_signed(film):
    page = film.ana.go("/takes/1")
    for item in film.ana.says("/api/takes/1")["items"][1:]:
        there = film.ana.says(f"/api/takes/{item}")
        status, said = film.ana.ask(f"/api/takes/{item}/choose", {"attempt": there["attempts"][0]["key"], "over": (there["draft"] or {}).get("at")})
        assert status == 200, said
    page = film.ana.go("/sign")
    film.pictures.take(page, "sign-selects")
    n = film.ana.says("/api/sign")["seen"]
    page.click(".offer[value=selects]")
    film.ana.sign()
    film.ana.until("!document.querySelector('.offer[value=selects]')")
    assert film.ana.says("/api/sign")["seen"] > n


def test_a_rough_cut_plays_and_a_shot_is_called_only_acceptable(film):
    page = film.ana.go("/cut")
    page.click("#rough")
    page.wait_for_url("**/cut/*")
    film.cut = page.url.rpartition("/")[2]
    film.ana.until("document.querySelector('#player video.on')?.readyState > 1", seconds=90)
    page.keyboard.press("a")
    film.ana.until("document.getElementById('acceptable').getAttribute('aria-pressed') === 'true'")
    page.keyboard.press(" ")
    film.ana.until("document.querySelector('#player video.on').currentTime > 0.4")
    page.keyboard.press("k")
    film.pictures.take(page, "cut")
    status, said = film.ana.ask(f"/api/cut/{film.cut}/choose", {"version": "master", "because": "It stops where the light does."})
    assert status == 200, said


def test_the_dp_objects_and_is_answered_by_name(film):
    page = film.jo.go("/arguments")
    page.fill("#object [name=text]", "The window is too polite.")
    page.click("#object [type=submit]")
    film.jo.sign()
    film.ana.go("/arguments")
    one = film.ana.page.locator(".argument.objection").first
    one.locator("summary").click()
    one.locator("textarea").fill("It is six in the morning.")
    film.pictures.take(film.ana.page, "arguments")
    one.locator("button[value=no]").click()
    film.ana.sign()
    film.ana.page.locator(".argument.objection .answer-to").wait_for()
    assert "It is six in the morning." in film.ana.page.locator(".argument.objection").first.inner_text()


def test_a_critics_idea_is_taken_up_in_a_persons_own_words_and_is_theirs_then(film):
    with film.served.room.house.writing() as record:
        record.append("idea", {"schema": 1, "critic": "camera", "on": "item:1", "text": "The eyeline crosses the window in both attempts."})
    page = film.jo.go("/arguments")
    one = page.locator(".argument.idea").first
    assert page.locator(".argument.objection.idea").count() == 0
    one.locator("summary").click()
    one.locator("textarea").fill("He looks at the wrong window.")
    one.locator("[type=submit]").click()
    film.jo.sign()
    film.jo.until("document.querySelectorAll('.argument.objection').length === 2")
    page = film.ana.go("/arguments")
    theirs = page.locator(".argument.objection:not(.quiet)").first
    assert "He looks at the wrong window." in theirs.inner_text()
    theirs.locator("summary").click()
    theirs.locator("textarea").fill("Yes. We hold on the cup instead.")
    theirs.locator("button[value=yes]").click()
    film.ana.sign()
    film.ana.until("document.querySelectorAll('.argument.objection:not(.quiet)').length === 0")


def test_the_cut_is_locked_and_the_finish_signed(film):
    page = film.ana.go("/sign")
    page.click(".offer[value=lock]")
    film.ana.sign()
    film.ana.until("!document.querySelector('.offer[value=lock]')")
    assets = film.served.room.house.production.path / "assets"
    assets.mkdir(exist_ok=True)
    (assets / "grade.cdl").write_text(CDL, encoding="utf-8")
    heard(assets / "mix.wav", 40, channels=2)
    heard(assets / "bed.wav")
    (assets.parent / "rights.csv").write_text("item,what,holder,applies to\nSalt,music,North Music,bed.wav\n", encoding="utf-8")
    for what, file, on in (("grade", "assets/grade.cdl", "this screen"), ("mix", "assets/mix.wav", "headphones"), ("bed", "assets/bed.wav", "headphones")):
        status, said = film.ana.ask(f"/api/finish/{what}", {"version": "master", "file": file, "judged_on": on})
        assert status == 200, said
    status, said = film.ana.ask("/api/framing/4/as-shot", {"version": "master"})
    assert status == 200, said
    page = film.ana.go("/sign")
    film.pictures.take(page, "sign-finish")
    page.click(".offer[value=finish]")
    film.ana.sign()
    film.ana.until("!document.querySelector('.offer[value=finish]')")


def test_the_film_is_rendered_in_the_room_and_waits_for_a_signature_by_its_seal(film):
    home = film.served.room.house.production.path
    (home / "specs").mkdir(exist_ok=True)
    (home / "specs" / "tiny.toml").write_text(SPEC, encoding="utf-8")
    film.ana.go("/sign")
    assert film.ana.page.locator("#question a[href='/deliver']").count() == 1
    page = film.ana.go("/deliver")
    page.check("#make [name=version][value=master]")
    page.check("#make [name=spec][value=tiny]")
    page.click("#make button[value=make]")
    film.ana.until("document.querySelector('.waits .film, #make .wrong:not([hidden])')", seconds=240)
    assert page.locator("#make .wrong:visible").all_inner_texts() == []
    film.pictures.take(page, "deliver-waits")
    (waits,) = film.ana.says("/api/deliver")["films"]
    assert (waits["version"], waits["stands"]) == ("master", True)
    assert not any(one["weight"] == "FAIL" for one in waits["findings"]), waits["findings"]
    page.check("#make [name=version][value=master]")
    page.check("#make [name=spec][value=tiny]")
    page.click("#make button[value=leave]")  # before anybody signed
    film.ana.until("document.querySelector('.came')?.textContent.trim()", seconds=90)  # what stopped it stands first on the page
    assert list((home / "out").glob("*.mp4")) == []


def test_the_easy_choices_are_looked_at_before_anybody_signs(film):
    page = film.ana.go("/report")
    page.click("#make button")
    film.ana.until("document.querySelector('#plate-3')", seconds=120)
    for number in (1, 2, 3):
        page.locator(f"#plate-{number} .verdict").scroll_into_view_if_needed()
    film.ana.until("document.querySelector('#report').dataset.looked")
    film.pictures.take(page, "report")
    assert film.ana.says("/api/report")["looked"]


def test_at_the_last_signature_the_first_thought_is_opened_beside_the_cut_and_the_question_answered(film):
    page = film.ana.go("/sign")
    page.click("#open")
    film.ana.sign()
    page.locator(".opened dd").first.wait_for()
    assert THOUGHT in page.locator(".opened").inner_text()
    film.ana.until("document.querySelector('#film-stage video')", seconds=90)
    for one in page.locator(".looked").all():
        one.click()
        page.wait_for_load_state()
    page.locator("#answers [name=judged_on]").first.check()
    for one in page.locator("#answers [name=ticked]").all():
        one.check()
    kept = page.locator(".warned textarea").evaluate_all("all => all.map((one) => one.dataset.keep)")
    assert len(set(kept)) == len(kept)  # what is said to one warning does not come back at another
    for one in page.locator(".warned textarea").all():
        one.fill("That is how it is meant.")
    film.pictures.take(page, "sign-question")
    page.click("#answers button[value=yes]")
    film.ana.sign()
    page.locator(".said-before").wait_for()
    assert verify(film.record).findings == ()


def test_the_signed_film_leaves_the_room_and_a_stranger_confirms_it_without_the_product(film):
    home = film.served.room.house.production.path
    page = film.ana.go("/deliver")
    page.check("#make [name=version][value=master]")
    page.check("#make [name=spec][value=tiny]")
    page.click("#make button[value=leave]")
    film.ana.until("document.querySelector('.left .take')", seconds=120)
    film.pictures.take(page, "deliver-left")
    (left,) = film.ana.says("/api/deliver")["left"]
    (path,) = (home / "out").glob("*.mp4")
    assert left["file"] == path.name
    papers = home / "out" / f"{path.stem} papers"
    run = [sys.executable, "-I", str(papers / "verify.py"), str(papers / "record.db"), "--film", str(path), "--papers", str(papers / "papers.json")]
    told = subprocess.run(run, capture_output=True, text=True, cwd=papers, timeout=120, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "Ana Ferrer" in told.stdout
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    (changed := papers.parent / "changed.mp4").write_bytes(data)
    run[run.index(str(path))] = str(changed)
    assert subprocess.run(run, capture_output=True, cwd=papers, timeout=120, check=False).returncode == 1
    changed.unlink()


def test_a_client_sees_one_version_notes_and_answers_and_nothing_else(film):
    page = film.ana.go("/rounds")
    page.locator("#send [name=versions]").first.check()
    page.fill("#send [name=to]", "Lena Faro, Larkfield")
    page.click("#send [type=submit]")
    film.ana.sign()
    page.locator(".give").first.wait_for(state="attached")
    page.locator("details:has(.give) summary").first.click()
    page.fill(".give [name=contact]", "Lena Faro")
    page.click(".give [type=submit]")
    page.locator(".give .made").wait_for(state="visible")
    link, code = page.locator(".give .once").all_inner_texts()
    film.pictures.take(page, "rounds")
    lena = Person.at(film.browser, film.served.origin, "Lena Faro")
    lena.page.goto(link)
    for _ in range(60):
        if lena.page.locator("#movie").count():
            break
        lena.page.wait_for_timeout(1000)
        lena.page.reload()
    lena.until("document.getElementById('movie')?.readyState > 1", seconds=60)
    assert lena.page.inner_text("#timecode") == "01:00:00:00"
    lena.page.fill("#note textarea", "The cup could be warmer.")
    lena.page.click("#note [type=submit]")
    lena.page.locator("#notes li").first.wait_for()
    film.pictures.take(lena.page, "client")
    for path in ("/", "/api/board", "/takes/1", "/record", "/cut", "/api/record", "/sign"):
        assert lena.context.request.get(film.served.origin + path).status in (401, 403), path
    lena.page.check("#answer [value=approved]")
    lena.page.fill("#answer [name=code]", code)
    lena.page.click("#answer [type=submit]")
    lena.page.locator("#answered").wait_for(state="visible")
    film.ana.go("/rounds")
    page.click(".told")
    film.ana.sign()
    film.ana.until("!document.querySelector('.told')")
    film.ana.page.locator(".end").first.click()
    film.ana.until("!document.querySelector('.end')")
    assert lena.context.request.get(film.served.origin + "/client").status in (401, 403)
    assert [one for one in lena.faults if "favicon" not in one] == []
    lena.context.close()


def test_a_cut_is_scrapped_with_a_reason_and_another_released_unsigned(film):
    page = film.ana.go("/sign")
    page.locator("summary[data-key=x]").click()
    page.fill("[name=scrap_because]", "It is polite. It is not his morning.")
    page.check("[name=next][value='this cut']")
    page.click("#answers button[value=scrap]")
    film.ana.sign()
    film.ana.until("document.querySelector('.said-before')")
    page = film.ana.go("/sign")
    film.pictures.take(page, "sign-scrapped")
    page.locator("summary[data-key=r]").click()
    page.fill("[name=release_because]", "The slot is on Monday.")
    page.click("#answers button[value=release]")
    page.locator("#answers .wrong", has_text="It is polite. It is not his morning.").wait_for()  # the same edit, just scrapped: is that meant?
    page.click("#answers button[value=release]")
    page.locator("#signing[open]").wait_for()
    film.ana.sign()
    with film.served.room.house.reading() as record:
        assert record is not None
        assert [entry.kind for entry in record.signed()][-2:] == ["refusal", "release"]


def test_the_record_is_read_and_checked_on_its_own_page(film):
    page = film.ana.go("/record")
    film.pictures.take(page, "record")
    assert "It is six in the morning." in page.inner_text("main")


def test_a_brief_is_brought_and_a_treatment_is_written_over_with_whose_it_is_beside_it(film):
    ana, page = film.ana, film.ana.go("/brief")
    page.set_input_files("#file", {"name": "brief.md", "mimeType": "text/markdown", "buffer": HOSPICE.encode()})
    ana.until("document.querySelector('.lines')")
    page.locator(".asks .line-of", has_text="line 28").first.click()
    assert page.locator("#line-28:target").inner_text().endswith("BUDGET: TBC")
    page.locator(".write-in[data-line='28']").click()
    page.keyboard.type(" 40,000 euro")
    page.locator("#correcting [type=submit]").click()
    ana.until("document.querySelector('#line-28')?.textContent.includes('40,000 euro')")
    ana.go("/drafts")
    page.locator("#making-concepts button").click()
    ana.until("document.querySelectorAll('.side-by-side article').length === 6")
    page.locator("#making-treatment button").click()
    assert page.evaluate("document.querySelector('#making-treatment :invalid') !== null")  # nobody chose yet
    page.locator("#making-treatment input").nth(2).check()
    page.locator("#making-treatment button").click()
    ana.until("document.querySelector('#writing')")
    page.locator("#write summary").click()
    ana.until("document.querySelectorAll('.origins .of-machine').length > 5")
    page.locator("#text").press("Control+End")
    page.keyboard.insert_text("\nNobody in this film is brave, and everybody gets up in the morning.")
    ana.until("document.querySelectorAll('.origins .of-person').length === 1")
    assert ana.says("/api/drafts")["open"]["counts"]["person"] == 0, "nothing is written before it is kept"
    page.locator("#writing [type=submit]").click()
    page.locator(".whole .passage.of-person").wait_for()
    assert ana.says("/api/drafts")["open"]["counts"]["person"] == 1


def test_a_still_is_brought_chosen_and_marked_by_keys_and_hand_and_stands_in_the_deck(film):
    ana, page = film.ana, film.ana.go("/frames?item=1")
    out = io.BytesIO()
    Image.new("RGB", (640, 360), (90, 90, 90)).save(out, "JPEG")
    page.set_input_files("#still-file", {"name": "kitchen.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()})
    page.locator(".still img").wait_for()
    page.locator(".still .open").click()
    page.locator("#large[open]").wait_for()
    page.keyboard.press("c")
    ana.until("document.activeElement.name === 'because'")
    page.keyboard.type("the window")
    page.locator(".choosing [type=submit]").click()
    page.locator(".still.is-chosen").wait_for()
    assert page.locator(".still .person").inner_text().startswith("the window")
    page.locator(".still .open").click()
    ana.until("document.querySelector('#large img').complete && document.querySelector('#large img').naturalWidth > 0")
    page.keyboard.press("m")
    ana.until("document.activeElement.name === 'who'")
    box = page.locator("#large img").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.4)
    page.mouse.up()
    page.locator("form.mark [name=who]").fill("Mara")
    page.locator("form.mark [name=at]").fill("Jon")
    page.locator("form.mark [type=submit]").click()
    page.locator(".looks").wait_for()
    (mark,) = ana.says("/api/frames?item=1")["walls"][0]["stills"][0]["marks"]
    assert (mark["who"], mark["side"], mark["at"]) == ("Mara", "left", "Jon")
    assert [round(one / 100) for one in mark["place"]] == [5, 4]
    ana.go("/deck")
    last = len(ana.says("/api/deck")["pages"])
    page.keyboard.press("End")
    ana.until(f"document.getElementById('number').textContent === '{last}'")
    ana.until(f"document.querySelector('#page-{last} img').naturalWidth === 960")
    page.keyboard.press("ArrowLeft")
    ana.until(f"location.hash === '#page-{last - 1}'")


def test_a_stock_slot_is_searched_for_filled_and_taken_by_name_and_each_question_shows_its_price_before(film, tmp_path, monkeypatch):
    with slotted(tmp_path, monkeypatch) as (opened, server, _):
        served = start(opened.path, Address(port=free_port()))
        try:
            hand, doors = opened.ana.hand, served.room.doors
            guest = doors.is_person(doors.use_setup(doors.setup_link()), hand.key_id, hand.name)
            ana = Person.at(film.browser, served.origin, "Ana Ferrer")
            ana.context.add_cookies([{"name": served.room.cookie, "value": guest.session, "url": served.origin}])
            page = ana.go("/slots")
            server.acts.append(photographs({}, {"photographer": HOSTILE}))
            stock, made = page.locator(".shelf.stock"), page.locator(".shelf.made")
            stock.locator("select[name=of]").select_option("photographs")
            stock.get_by_role("button", name="Look what it has").click()
            stock.get_by_role("button", name="Ask stock; nothing is charged").click()
            ana.until("document.querySelectorAll('.shelf.stock .fetch').length === 2")
            ana.settled()
            stock.locator(".fetch").first.click()
            stock.get_by_role("button", name="Ask stock; nothing is charged").click()
            ana.until("document.querySelector('.shelf.stock .take')")
            ana.settled()
            made.locator(".more summary").click()
            made.get_by_role("button", name="Ask for candidates").click()
            assert "rain on a window" in made.locator(".told q").inner_text()
            made.get_by_role("button", name="Ask stills, 0.08 USD at most").dblclick()
            ana.until("document.querySelectorAll('.shelf.made .take').length === 2")
            assert [path for _, path, _, _ in server.asked if "images" in path] == ["/v1/images/generations"]
            ana.press(".shelf.made .take", "document.querySelectorAll('.stands figure').length === 1", nth=1)
            assert page.locator(".stands .label").inner_text().startswith("Generated: it says of itself")
            assert [one["by"] for one in ana.says("/api/slots")["slots"][0]["stands"]] == ["Ana Ferrer"]
            ana.press(".stands .back", "!document.querySelector('.stands figure')")
            film.pictures.take(page, "slots")
            assert ana.faults == []
            ana.context.close()
        finally:
            served.close()


#: Pages that are looked at by axe as they stand at the end of the day.
PAGES = ("/", "/door", "/thought", "/brief", "/drafts", "/library", "/slots", "/frames?item=1", "/deck", "/crew", "/script", "/takes/1", "/accidents", "/cut", "/arguments", "/critics", "/floor", "/report", "/report/cost", "/sign", "/finish", "/framing", "/deliver", "/check", "/rounds", "/record")


def serious(person: Person, path: str) -> list[str]:
    """What axe-core finds on a page that keeps somebody out."""
    page = person.go(path)
    page.add_script_tag(content=files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
    return [f"{path} {one['id']}: {one['nodes'][0]['html'][:160]} {one['nodes'][0]['failureSummary'][:200]}" for one in found["violations"] if one["impact"] in ("serious", "critical")]


def test_nothing_on_any_page_keeps_somebody_out(film):
    context = film.browser.new_context(bypass_csp=True, storage_state=film.ana.context.storage_state(), viewport={"width": 1440, "height": 900})
    looking = Person(name="axe", context=context, page=context.new_page(), origin=film.served.origin)
    found = []
    for size in ({"width": 1440, "height": 900}, {"width": 390, "height": 844}):
        looking.page.set_viewport_size(size)
        for path in PAGES:
            found += [f"{size['width']}: {one}" for one in serious(looking, path)]
    context.close()
    assert found == []


def test_every_page_is_there_and_none_is_wider_than_its_window(film):
    page, wide = film.ana.page, []
    for path in PAGES:
        answer = page.goto(film.served.origin + path)
        assert answer is not None
        assert answer.ok, path
        film.pictures.take(page, f"end{re.sub('[^a-z0-9]+', '-', path)}".rstrip("-"))
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_timeout(100)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
            wide.append(path)
        page.set_viewport_size({"width": 1440, "height": 900})
    assert wide == []


def test_no_page_said_anything_wrong_to_its_browser(film):
    """A style or script that the policy refused, a picture that is not there, an error in a script: each would be here. A refusal with its reason is none."""
    assert [one for one in film.ana.faults + film.jo.faults if "favicon" not in one and "status of 409" not in one] == []


def test_what_was_signed_verifies(film):
    found = verify(film.record)
    assert found.findings == ()
