"""The lined script in a real browser: what is not in sight is not there yet, and is when somebody comes near, looks for it, or was sent to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

import answerprint
from answerprint.room.server import Address, start
from bench.large import compose, line
from tests.room.browser import DESK, PHONE, Person, free_port, opened_browser

ITEMS = 60


@pytest.fixture(scope="module")
def ana(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """Somebody in a room whose script has twenty sheets."""
    home = tmp_path_factory.mktemp("script")
    with pytest.MonkeyPatch.context() as patch, opened_browser() as browser:
        patch.setenv("XDG_DATA_HOME", str(home / "data"))
        spot = compose(home, clips=2 * ITEMS, items=ITEMS, small=answerprint.new(home / "small", rate="23.976"))
        served = start(spot.path, Address(port=free_port()))
        try:
            one = Person.at(browser, served.origin, "Ana Ferrer")
            one.page.goto(served.link)
            yield one
        finally:
            served.close()


def drawn(page: Page) -> int:
    return page.locator(".pages .leaf > svg").count()


def in_sight(what: str) -> str:
    return f"(() => {{ const box = document.querySelector('{what}')?.getBoundingClientRect(); return box && box.top >= 0 && box.bottom <= innerHeight && box.width; }})()"


def test_leaves_come_when_somebody_is_near_and_stand_where_they_stood(ana):
    page = ana.go("/script")
    all_of_them = page.locator(".pages .leaf").count()
    assert drawn(page) < all_of_them / 2
    tall = page.evaluate("document.querySelector('.pages').offsetHeight")
    last = page.locator(".pages .leaf").last
    last.scroll_into_view_if_needed()
    ana.until("document.querySelector('.pages .leaf:last-child > svg')")
    assert page.evaluate("document.querySelector('.pages').offsetHeight") == tall
    assert ana.faults == []


def test_a_search_goes_to_words_that_were_not_there_and_back(ana):
    page = ana.go("/script")
    page.keyboard.press("/")
    page.keyboard.type(line(ITEMS - 2))
    page.keyboard.press("Enter")
    ana.until(in_sight("rect.found"))
    assert page.locator(".find output").inner_text() == "1 of 1"
    assert page.locator(f'.leaf:has(rect.found) .word[data-item="{ITEMS - 2}"]').count() > 0
    page.locator("#find").fill("12a-1")
    page.keyboard.press("Enter")
    ana.until("document.querySelector('.find output').textContent.startsWith('1 of')")
    ana.until(in_sight("rect.found"))
    page.locator("#find").fill("no such words anywhere")
    page.keyboard.press("Enter")
    ana.until("document.querySelector('.find output').textContent === 'not there'")
    assert page.locator("rect.found").count() == 0
    page.keyboard.press("Escape")
    assert ana.faults == []


def test_an_address_leads_to_its_word_and_a_pressed_word_is_an_address(ana):
    page = ana.go(f"/script?item={ITEMS - 5}&word=2")
    ana.until(in_sight(f'.word.meant[data-item="{ITEMS - 5}"][data-word="2"]'))
    page.locator(f'.word[data-item="{ITEMS - 5}"][data-word="3"]').first.click()
    ana.until("document.querySelector('.dock.open .spoken-here button')")
    assert page.url.endswith(f"/script?item={ITEMS - 5}&word=3")
    assert page.locator(".spoken-here").inner_text().split() == line(ITEMS - 5).split()
    first = page.locator(".dock .where").inner_text()
    page.keyboard.press("n")
    ana.until(f"document.querySelector('.dock .where').textContent !== '{first}'")


def test_on_a_phone_the_column_comes_block_by_block(ana):
    page = ana.go("/script")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    try:
        assert page.locator(".column .leaf > .block").count() < ITEMS
        page.locator("#find").fill(line(ITEMS))
        page.keyboard.press("Enter")
        ana.until("document.querySelector('.column .leaf.found .block')")
        assert line(ITEMS) in page.locator(".leaf.found").inner_text()
    finally:
        page.set_viewport_size(DESK)  # type: ignore[arg-type]


def test_the_whole_sheet_is_printed_where_no_script_runs(ana):
    browser = ana.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False, viewport=DESK)  # type: ignore[arg-type]
    plain.add_cookies(ana.context.cookies())  # type: ignore[arg-type]
    page = plain.new_page()
    page.goto(f"{ana.origin}/script")
    page.locator(".sheets .quiet a").click()
    page.wait_for_url("**/script?all=true")
    page.wait_for_load_state("load")
    assert page.locator(".pages .leaf > svg").count() == page.locator(".pages .leaf").count() > 10
    page.emulate_media(media="print")
    assert page.locator(".pages .leaf > svg").first.is_visible()
    assert not page.locator(".dock-side").is_visible()
    plain.close()
