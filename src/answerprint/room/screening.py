"""The cut of a version as the pages of the finish play it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from answerprint.model.records import AnswerprintError
from answerprint.room import movies, showing
from answerprint.room.pages.playing import Clip
from answerprint.room.words import on_a_page

if TYPE_CHECKING:
    from answerprint.desk import Desk
    from answerprint.room.asking import Room
    from answerprint.room.doors import Guest
    from answerprint.room.showing import Showing

__all__ = ["Screen", "screen"]


@dataclass(frozen=True, kw_only=True)
class Screen:
    """A version's cut, to play."""

    version: str
    cut: str | None
    clip: Clip | None  #: None while the movie is made, or where there is no cut
    frames: int
    making: bool
    wrong: str | None


def screen(room: Room, guest: Guest, desk: Desk, version: str) -> tuple[Screen, Showing | None]:
    """A version's cut as it is now; whoever asks first has its movie made.

    Args: version: by its own name.
    """
    file = desk.cut_name(version)
    if file is None or not (desk.path / file).is_file():
        return Screen(version=version, cut=None, clip=None, frames=0, making=False, wrong=room.texts["finish"]["no_cut"].format(version=version)), None
    try:
        shown = showing.showing(room, desk, file)
    except AnswerprintError as error:
        return Screen(version=version, cut=None, clip=None, frames=0, making=False, wrong=on_a_page(f"{file}: {error}")), None
    ready = movies.ready(room, shown)
    return Screen(version=version, cut=shown.title, clip=movies.clip(guest, shown) if ready else None, frames=shown.frames, making=not ready, wrong=None), shown
