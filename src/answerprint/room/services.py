"""Asking a service from a page, in one place for all pages.

A page shows which services can be asked (`offered`), then what one of them would be asked: its price, the words that leave, to whom, and every reason against
it (`POST /api/asking/plan`). Somebody of the crew says yes once more, with that price on the screen (`POST /api/asking/start`, which takes `agreed` back as it
came): the room looks again, and starts a process of its own that looks a third time and then asks. This process loads nobody else's code and asks nobody. What
changed since it stood on the screen is refused with a sentence. `POST /api/asking/stop` cuts the line; the record says what had left.

For another page: write a road (room/asked/__init__.py says how), name it in `ROADS`, call `offered(room, kinds)` and `work(room, road, wanted)` in its view, put
the macro of templates/asking.html into its template, and import static/asking.js.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from answerprint import calling
from answerprint.calling import own
from answerprint.desk import Desk
from answerprint.model.providers import Kind
from answerprint.production import Production
from answerprint.room import RoomError, asked, footage
from answerprint.room.asked import Asking, Wanted
from answerprint.room.asking import Room
from answerprint.room.doors import Guest
from answerprint.room.signing import signer
from answerprint.room.words import on_a_page

__all__ = ["Service", "Work", "desk", "offered", "plan", "start", "stop", "work"]


@dataclass(frozen=True, kw_only=True)
class Service:
    """A service of one's own settings that can be asked for something."""

    name: str
    kind: Kind
    where: str  #: its address; "" for what runs on this machine
    lacking: str  #: why it cannot be asked now, in a sentence; "" where nothing is known to be lacking


@dataclass(frozen=True, kw_only=True)
class Work:
    """A question while it is asked, or what went wrong with it; both empty where nothing is asked."""

    job: str
    now: Mapping[str, str | float] | None


def offered(room: Room, *kinds: Kind) -> tuple[Service, ...]:
    """The services that can be asked for these kinds, in the order of the settings. None is asked, and none that lacks something is left out."""
    there = calling.there(_fresh(room).settings)
    return tuple(Service(name=one.name, kind=one.kind, where=one.address, lacking=on_a_page(one.lacking)) for one in there if one.kind in kinds)


def plan(room: Room, guest: Guest, road: str, service: str, wanted: Wanted) -> Asking:
    """What would be asked. Nothing is sent and nothing is written down.

    Raises: RoomError: who asks is not of the crew, or there is no such road.  CallError, ProviderError: the service cannot be opened.
            AnswerprintError: it cannot be planned: a hero shot, for example.
    """
    signer(room, guest)
    way, production = asked.road(road), _fresh(room)
    setup = calling.setups(production.settings).get(service)
    if setup is not None and setup.uses == own.NAME and (says := footage.closed(room, guest)):
        raise RoomError(says)
    _of_the_crew(room, guest)
    told = asked.told(desk(room), way, calling.opened(production.settings, service), wanted)
    return replace(told, why_not=tuple(on_a_page(one) for one in told.why_not))


def start(room: Room, guest: Guest, road: str, service: str, wanted: Wanted, agreed: Mapping[str, str]) -> str:
    """Ask it, in a process of its own, if all of it is as it stood on the screen. Gives the name of the work.

    Raises: RoomError: something changed, or a question for the same place is being asked.  AnswerprintError: as `plan`.
    """
    person = signer(room, guest)
    way = asked.road(road)
    asked.still(plan(room, guest, road, service, wanted), agreed)
    name, says = way.place(wanted), room.texts["asking"]
    told = {"road": road, "service": service, "by": person.name, "person": person.id, "wanted": dict(wanted), "agreed": dict(agreed)}
    work = ["ask", "--production", str(room.house.production.path)]
    if not room.jobs.start(name, says["asked_by"].format(name=person.name), work, said=json.dumps(told)):
        held = room.jobs.of(name)
        raise RoomError(says["busy"].format(title=held.title if held is not None else says["somebody"]))
    return name


def stop(room: Room, guest: Guest, road: str, wanted: Wanted) -> None:
    """Cut the line; or put away what went wrong. What had left stands in the record."""
    signer(room, guest)
    _of_the_crew(room, guest)
    room.jobs.stop(asked.road(road).place(wanted))


def _of_the_crew(room: Room, guest: Guest) -> None:
    """Raises: RoomError: whoever asks sits for the agency or the client alone. They give notes and answers; the production's money is spent by its crew."""
    if footage.outside(room, guest):
        raise RoomError(room.texts["asking"]["outside"])


def desk(room: Room) -> Desk:
    """The desk over what the room holds warm, with the settings as they are now: a price may have been mended since the room was opened."""
    made = Desk(_fresh(room))
    vars(made)["table"] = room.house.table
    vars(made)["book"] = room.house.book
    return made


def _fresh(room: Room) -> Production:
    return Production(room.house.production.path)


def work(room: Room, road: str, wanted: Wanted) -> Work:
    """How far a question is."""
    name = asked.road(road).place(wanted)
    held = room.jobs.of(name)
    return Work(job=name, now=held.plain if held is not None else None)
