"""A page that goes on by itself never takes anything out of somebody's hands; and whoever the room does not know any more finds the way back in."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

import answerprint
from answerprint.room.server import Address, Served, start
from tests.room.browser import Person, free_port, opened_browser

AGAIN = "async () => { const {again} = await import('/static/room.js'); window.mark = 'this page'; again(%d); }"


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Person, Served]]:
    """Somebody with a passkey in a room over an empty production."""
    home = tmp_path_factory.mktemp("going")
    with pytest.MonkeyPatch.context() as patch, opened_browser() as browser:
        patch.setenv("XDG_DATA_HOME", str(home / "data"))
        served = start(answerprint.new(home / "spot", rate="25").path, Address(port=free_port()))
        try:
            ana = Person.at(browser, served.origin, "Ana Ferrer")
            ana.comes_in(served.link, first=True)
            yield ana, served
        finally:
            served.close()


def slowly(page, pattern: str, seconds: float = 0.8) -> None:
    """From now on this address answers late, as on a machine that has much to do."""

    def late(route) -> None:
        time.sleep(seconds)
        route.continue_()

    page.route(pattern, late)


@pytest.mark.parametrize("after_ms", [0, 30, 200])
def test_a_click_of_ones_own_goes_where_it_leads(at, after_ms):
    ana, _ = at
    page = ana.go("/crew")
    slowly(page, "**/record")
    page.evaluate(AGAIN % after_ms)
    page.locator('nav a[href="/record"]').click(no_wait_after=True)
    page.wait_for_url("**/record")
    assert page.evaluate("window.mark ?? 'another page'") == "another page"
    page.unroute_all()


def test_whoever_asks_the_room_something_is_let_finish_first(at):
    ana, _ = at
    page = ana.go("/crew")
    slowly(page, "**/api/crew", 1.2)
    page.evaluate("async () => { const {look} = await import('/static/room.js'); window.answer = 'waits'; look('/api/crew').then(() => { sessionStorage.answered = window.mark; }); }")
    page.evaluate(AGAIN % 0)
    ana.until("window.mark === undefined")  # it did go on, and not before
    assert page.evaluate("sessionStorage.answered") == "this page"
    page.unroute_all()


def test_a_page_that_the_room_does_not_know_any_more_leads_back_in_and_to_itself(at):
    ana, served = at
    page = ana.go("/crew?from=here")
    for cookie in ana.context.cookies():
        if (guest := served.room.doors.guest(cookie["value"])) is not None:
            served.room.doors.leave(guest)
    status, says = ana.ask("/api/crew/invite", {"name": "Jo", "roles": ["editor"]})
    assert status == 401
    assert says.startswith("This page does not know you any more")
    page.evaluate("async () => { const {say} = await import('/static/room.js'); say('Not any more.'); }")
    page.locator("#said a").click()
    page.wait_for_url("**/door?to=**")
    page.click("#show")
    page.wait_for_url("**/crew?from=here")
    assert page.locator("nav a").count() > 3


@pytest.mark.parametrize("to", ["//elsewhere.example/", "https://elsewhere.example/", "/\\elsewhere.example", "javascript:alert(1)"])
def test_the_door_leads_to_this_room_only(at, to):
    ana, _ = at
    page = ana.page
    page.goto(f"{ana.origin}/door")
    page.evaluate("(to) => history.replaceState(null, '', '/door?to=' + encodeURIComponent(to))", to)
    page.reload()
    page.click("#show")
    page.wait_for_url(f"{ana.origin}/")


def test_a_page_whose_room_was_closed_says_so_and_whoever_opens_it_again_is_led_back(at):
    """Nothing that a page shows may look as if it still moved: a film at 47 % of a room that is not there."""
    ana, served = at
    ana.go("/deliver")
    ana.until("performance.getEntriesByName(location.origin + '/api/live').length || document.readyState === 'complete'")
    ana.page.evaluate("() => { window.mark = 'this page'; }")
    port = int(served.origin.rpartition(":")[2])
    served.close()
    ana.until("document.getElementById('said').textContent.includes('does not answer')", seconds=40)
    anew = start(served.room.house.production.path, Address(port=port))
    try:
        ana.until("document.querySelector('#said a')?.getAttribute('href') === '/door?to=%2Fdeliver'", seconds=60)
        assert ana.page.evaluate("window.mark") == "this page"
    finally:
        anew.close()
