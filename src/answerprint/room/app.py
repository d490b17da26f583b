"""The application: one router per page, the room's own pictures and sound, and nothing that comes from another host."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as Stopped
from starlette.requests import ClientDisconnect

from answerprint import __version__
from answerprint.model.records import AnswerprintError
from answerprint.room import entry, live, stage
from answerprint.room.asking import Room, room_of, show
from answerprint.room.guard import Guard
from answerprint.room.pages import routers
from answerprint.room.words import on_a_page, serve

__all__ = ["Room", "make_app"]


def make_app(room: Room) -> Guard:
    """The whole room as an ASGI application, guarded."""
    app = FastAPI(title="Answerprint: the review room", version=__version__, openapi_url="/api/openapi.json", docs_url=None, redoc_url=None)
    app.state.room = room
    serve(room.house.production.path)
    for router in (entry.router, stage.router, live.router, *routers()):
        app.include_router(router)
    app.mount("/static", StaticFiles(packages=[("answerprint.room", "static")]), name="static")
    app.add_exception_handler(AnswerprintError, _said)
    app.add_exception_handler(Stopped, _stopped)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _broken)
    return Guard(app, origins=room.origins, knows=lambda said: room.doors.guest(_cookie(said, room.cookie)) is not None)


def _cookie(said: str, wanted: str) -> str:
    """The session in a request's Cookie line; nothing where there is none."""
    return next((value for name, _, value in (one.strip().partition("=") for one in said.split(";")) if name == wanted), "")


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


async def _said(request: Request, error: Exception) -> Response:
    """What the house says in a sentence stays a sentence."""
    if _is_api(request):
        return JSONResponse({"says": on_a_page(str(error)), "missing": [on_a_page(one) for one in getattr(error, "missing", ())]}, status_code=409)
    return _page(request, 409, on_a_page(str(error)))


async def _stopped(request: Request, error: Exception) -> Response:
    assert isinstance(error, Stopped)
    room = room_of(request)
    says = room.texts["stopped"].get(str(error.status_code)) or room.texts["stopped"]["other"]
    if isinstance(error.detail, str) and " " in error.detail:
        says = error.detail
    if _is_api(request):
        says = room.texts["stopped"]["gone"] if error.status_code == 401 else says
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


async def _gone(request: Request, error: Exception) -> Response:
    """Whoever asked went away, or brought too much: the guard has said so."""
    return Response(status_code=400)


async def _broken(request: Request, error: Exception) -> Response:
    """A fault of ours: said in a sentence; what it was stands in the terminal."""
    says = room_of(request).texts["stopped"]["500"]
    if _is_api(request):
        return JSONResponse({"says": says, "missing": []}, status_code=500)
    return _page(request, 500, says)


def _page(request: Request, status: int, says: str) -> Response:
    guest = room_of(request).doors.guest(request.cookies.get(room_of(request).cookie))
    answer = show(request, "stopped.html", guest, says=says, status=status, to=request.url.path if status == 401 else "")
    answer.status_code = status
    return answer
