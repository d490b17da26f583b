"""A production with one stock slot beside a hero shot: a stock service and a maker of pictures on this machine, both let by a producer, and nothing asked yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import answerprint
from answerprint import calling
from answerprint.book import Book
from tests.providers.serving import Local, set_up
from tests.room.conftest import Opened, seated
from tests.test_filling import SCRIPT

__all__ = ["slotted"]


@contextmanager
def slotted(folder: Path, patch: Any) -> Iterator[tuple[Opened, Local, Path]]:
    """(the room with Ana Ferrer in it, the local server, the user's settings).  Args: patch: pytest's MonkeyPatch."""
    with set_up(folder, patch, "stock", "stills", "writer") as (server, own):
        patch.setenv("XDG_CONFIG_HOME", str(folder / "home"))
        (folder / "home").mkdir()
        (folder / "home" / "answerprint").symlink_to(own.parent)  # where the process that asks looks for the same settings
        spot = answerprint.new(folder / "spot", rate="25", title="Salt")
        (spot.path / "script.fountain").write_text(SCRIPT, encoding="utf-8")
        opened = seated(spot.path)
        with opened.room.house.writing() as record:
            now = Book(record).charter
            assert now is not None
            lets = ["stills=words of the brief", "stock=words of the brief"]
            record.sign(calling.granted(now.content, now.n, lets=lets, spends=["1 USD"], providers=calling.openable(spot.settings)), opened.ana.hand)
        try:
            yield opened, server, own
        finally:
            opened.room.closing.set()
