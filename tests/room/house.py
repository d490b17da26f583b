"""A room that is really open, and somebody who holds everything at a browser in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, BrowserContext

from answerprint.production import Production
from answerprint.room.doors import Guest
from answerprint.room.server import Address, Served, start
from tests.ledger.signing import Hand
from tests.room.browser import Person, Pictures, free_port, opened_browser


@dataclass
class Opened:
    """What a test of a page has in hand."""

    served: Served
    browser: Browser
    pictures: Pictures
    mara: Person

    @property
    def spot(self) -> Production:
        return self.served.room.house.production

    def session(self, guest: Guest) -> BrowserContext:
        """A browser of its own in which that session is open."""
        context = self.browser.new_context()
        context.add_cookies([{"name": self.served.room.cookie, "value": guest.session, "url": self.served.origin}])
        return context

    def client(self) -> Guest:
        """Somebody who came by a link."""
        _, token = self.served.room.doors.give_link(round=1, version="master", contact="Lena Faro", days=1)
        guest = self.served.room.doors.use_link(token)
        assert guest is not None
        return guest


Kind = TypeVar("Kind", bound=Opened)


@contextmanager
def opened(kind: type[Kind], home: Path, hand: Hand, folder: Path) -> Iterator[Kind]:
    """The room of a production, open, with the owner of that key in it.

    Args: folder: for what the room keeps outside of the production, and for pictures of pages.
    """
    (folder / "pages").mkdir()
    with pytest.MonkeyPatch.context() as patch, opened_browser() as browser:
        patch.setenv("XDG_DATA_HOME", str(folder / "data"))
        served = start(home, Address(port=free_port()))
        try:
            person = Person.at(browser, served.origin, hand.name)
            guest = served.room.doors.known(hand.key_id, hand.name)
            person.context.add_cookies([{"name": served.room.cookie, "value": guest.session, "url": served.origin}])
            yield kind(served=served, browser=browser, pictures=Pictures(folder / "pages"), mara=person)
        finally:
            for context in browser.contexts:
                context.close()
            served.close()
