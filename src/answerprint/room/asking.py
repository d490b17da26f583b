"""What every page needs of a request: the room it came to, who asks, and how a page is shown."""

from __future__ import annotations

import hmac
import threading
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.responses import Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from answerprint import __version__
from answerprint.room.doors import Doors, Guest, cookie_of
from answerprint.room.house import House
from answerprint.room.jobs import Jobs
from answerprint.room.tabs import BEFORE, REPORT, TABS

__all__ = ["Anybody", "Crew", "Room", "room_of", "show", "still_here"]

#: The pages of the bar, in the order of the work: (path, word in texts).
PAGES = ("board", "thought", "brief", "script", "takes", "accidents", "cut", "finish", "arguments", "floor", "report", "sign", "deliver", "check", "rounds", "record")


class Room:
    """Everything a request needs: the production, the doors, the texts, the templates."""

    def __init__(self, folder: Path, *, origins: tuple[str, ...]) -> None:
        self.house = House(folder)
        self.doors = Doors(self.house.production.inside / "doors.json")
        self.origins = origins
        self.cookie = cookie_of(origins[0])
        self.closing = threading.Event()  #: streams end by themselves when it is set
        self.stage: dict[str, tuple[Any, dict[str, Any]]] = {}  #: session -> what its names of media mean, for one table
        self.rp_id = origins[0].split("://", 1)[1].split(":")[0]
        self.texts: dict[str, Any] = tomllib.loads((files("answerprint") / "texts" / "room.toml").read_text(encoding="utf-8"))
        self.jobs = Jobs(self.closing, broke_off=self.texts["check"]["broke_off"])
        self.pages = Environment(loader=PackageLoader("answerprint.room", "templates"), autoescape=select_autoescape(default=True),
                                 undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)  # fmt: skip
        self.pages.globals.update(t=self.texts, version=__version__, BEFORE=BEFORE, TABS=TABS, REPORT=REPORT)


def room_of(request: Request) -> Room:
    """The room that a request came to."""
    found: Room = request.app.state.room
    return found


def _guest(request: Request) -> Guest:
    """Whoever asks, by their session; a change carries the session's own token.

    Raises: HTTPException 401: nobody known; 403: another page's form.
    """
    room = room_of(request)
    guest = room.doors.guest(request.cookies.get(room.cookie))
    if guest is None or _gone(room, guest):
        raise HTTPException(401, "nobody")
    if request.method not in ("GET", "HEAD") and not hmac.compare_digest(request.headers.get("x-answerprint", "").encode(), guest.form.encode()):
        raise HTTPException(403, "form")
    return guest


def _gone(room: Room, guest: Guest) -> bool:
    """Whether every key of theirs was revoked since they came in; also of somebody who was signed in, and whose page did not ask for that yet."""
    book = room.house.book
    if book is None:
        return False
    waits = room.doors.waiting_of(guest) if guest.person is None else None
    known = book.of_key(waits.key_id) if waits is not None else book.people.get(guest.person or "")
    return known is not None and not known.live


def still_here(request: Request) -> bool:
    """Whether whoever opened a stream may still see what it tells: their session has not ended, and no key of theirs was the last to be revoked."""
    try:
        _crew(request)
    except HTTPException:
        return False
    return True


def _crew(request: Request) -> Guest:
    """Somebody of the crew, with a session.

    Raises: HTTPException 401, 403.
    """
    guest = _guest(request)
    if guest.kind != "crew":
        raise HTTPException(403, "crew")
    return guest


Crew = Annotated[Guest, Depends(_crew)]  #: a parameter of whatever only the crew may see or do
Anybody = Annotated[Guest, Depends(_guest)]


def show(request: Request, template: str, guest: Guest | None, *, here: str = "", **values: Any) -> Response:
    """A page from its template. `here` is the page of the bar that is open."""
    room = room_of(request)
    text = room.pages.get_template(template).render(
        here=here, guest=guest, title=room.house.title, form=guest.form if guest else "", bar=PAGES if guest and guest.kind == "crew" else (), **values
    )
    return Response(text, media_type="text/html; charset=utf-8")
