"""The application: one router per page, the room's own pictures and sound, and nothing that comes from another host."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.exceptions import HTTPException as Stopped

from answerprint import __version__
from answerprint.model.records import AnswerprintError
from answerprint.room.doors import COOKIE, Doors, Guest
from answerprint.room.guard import Guard
from answerprint.room.house import House

__all__ = ["Crew", "Room", "make_app", "room_of", "show"]

#: The pages of the bar, in the order of the work: (path, word in texts).
PAGES = ("board", "thought", "script", "takes", "cut", "finish", "arguments", "floor", "sign", "rounds", "record")


class Room:
    """Everything a request needs: the production, the doors, the texts, the templates."""

    def __init__(self, folder: Path, *, origins: tuple[str, ...]) -> None:
        self.house = House(folder)
        self.doors = Doors(self.house.production.inside / "doors.json")
        self.origins = origins
        self.rp_id = origins[0].split("://", 1)[1].split(":")[0]
        self.texts: dict[str, Any] = tomllib.loads((files("answerprint") / "texts" / "room.toml").read_text(encoding="utf-8"))
        self.pages = Environment(loader=PackageLoader("answerprint.room", "templates"), autoescape=select_autoescape(default=True),
                                 undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)  # fmt: skip
        self.pages.globals.update(t=self.texts, version=__version__)


def room_of(request: Request) -> Room:
    """The room that a request came to."""
    found: Room = request.app.state.room
    return found


def _guest(request: Request) -> Guest:
    """Whoever asks, by their session.

    Raises: HTTPException 401: nobody known.
    """
    guest = room_of(request).doors.guest(request.cookies.get(COOKIE))
    if guest is None:
        raise HTTPException(401, "nobody")
    return guest


def _crew(request: Request) -> Guest:
    """Somebody of the crew, with a session; a change carries the session's own token.

    Raises: HTTPException 401, 403.
    """
    guest = _guest(request)
    if guest.kind != "crew":
        raise HTTPException(403, "crew")
    if request.method not in ("GET", "HEAD") and request.headers.get("x-answerprint") != guest.form:
        raise HTTPException(403, "form")
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


def make_app(room: Room) -> Guard:
    """The whole room as an ASGI application, guarded."""
    from answerprint.room import entry, live, stage
    from answerprint.room.pages import routers

    app = FastAPI(title="Answerprint: the review room", version=__version__, openapi_url="/api/openapi.json", docs_url=None, redoc_url=None)
    app.state.room = room
    for router in (entry.router, stage.router, live.router, *routers()):
        app.include_router(router)
    app.mount("/static", StaticFiles(packages=[("answerprint.room", "static")]), name="static")
    app.add_exception_handler(AnswerprintError, _said)
    app.add_exception_handler(Stopped, _stopped)
    app.add_exception_handler(RequestValidationError, _unreadable)
    return Guard(app, origins=room.origins)


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


async def _said(request: Request, error: Exception) -> Response:
    """What the house says in a sentence stays a sentence."""
    if _is_api(request):
        return JSONResponse({"says": str(error), "missing": list(getattr(error, "missing", ()))}, status_code=409)
    return _page(request, 409, str(error))


async def _stopped(request: Request, error: Exception) -> Response:
    assert isinstance(error, Stopped)
    room = room_of(request)
    says = room.texts["stopped"].get(str(error.status_code)) or room.texts["stopped"]["other"]
    if isinstance(error.detail, str) and " " in error.detail:
        says = error.detail
    if _is_api(request):
        return JSONResponse({"says": says, "missing": []}, status_code=error.status_code, headers=error.headers)
    if error.status_code == 401 and request.url.path == "/":
        return RedirectResponse("/door", status_code=303)
    return _page(request, error.status_code, says)


async def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or "it"
    says = f"{where}: {first['msg']}."
    return JSONResponse({"says": says, "missing": []}, status_code=422) if _is_api(request) else _page(request, 404, room_of(request).texts["stopped"]["404"])


def _page(request: Request, status: int, says: str) -> Response:
    guest = room_of(request).doors.guest(request.cookies.get(COOKIE))
    answer = show(request, "stopped.html", guest, says=says, status=status)
    answer.status_code = status
    return answer


Shown = Callable[..., Response]
