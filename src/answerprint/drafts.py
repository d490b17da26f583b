"""Drafts: what somebody chose and nobody signed. Free, instant, anybody's; they bind nobody.

They lie in .answerprint/drafts.json, written whole under a lock, so that several people at once do not lose each other's.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from answerprint.keep import KeepError, disk_sentence, write_whole
from answerprint.locking import held
from answerprint.model.records import AnswerprintError, ModelError, from_plain, to_plain

__all__ = ["Draft", "DraftError", "clear", "put", "read"]

_SCHEMA = 1


class DraftError(AnswerprintError):
    """Drafts that cannot be read or written."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One choice, not signed."""

    judgment: str
    about: str
    choice: dict[str, str]
    because: str = ""
    at: str = ""
    by: str = ""  #: the name of whoever chose in the room; empty from a terminal

    @property
    def which(self) -> tuple[str, str]:
        """The judgment and the thing: there is one draft for each."""
        return self.judgment, self.about


def read(inside: Path) -> dict[tuple[str, str], Draft]:
    """Every draft, the oldest first.

    Args:   inside: the production's .answerprint folder.
    Raises: DraftError where the file is damaged or from a newer release.
    """
    path = inside / "drafts.json"
    try:
        raw = json.loads(path.read_bytes())
        if raw["schema"] > _SCHEMA:
            raise DraftError(f"{path.name}: these drafts were written by a newer release. Update first.")
        drafts = [from_plain(Draft, one) for one in raw["drafts"]]
    except FileNotFoundError:
        return {}
    except OSError as cause:
        raise DraftError(disk_sentence(cause, str(path))) from cause
    except (ValueError, KeyError, TypeError, ModelError) as cause:
        raise DraftError(f"{path}: the drafts cannot be read ({cause}). Nothing signed is lost: move the file away and choose again.") from cause
    return {one.which: one for one in drafts}


def put(inside: Path, *drafts: Draft) -> None:
    """Add drafts; one on the same judgment and thing is replaced. What is put later says a later time, also within one tick of the clock.

    Raises: DraftError where the disk refuses.
    """

    def add(known: dict[tuple[str, str], Draft]) -> None:
        stamp = _later_than([one.at for one in known.values()])
        for one in drafts:
            known.pop(one.which, None)
            known[one.which] = one if one.at else Draft(**{**vars(one), "at": stamp})

    _change(inside, add)


def _later_than(times: Iterable[str]) -> str:
    """Now, to the microsecond, or one after the latest of these times where the clock says no later; what is no time is passed over."""
    now = datetime.now(UTC)
    for one in times:
        with contextlib.suppress(ValueError, TypeError):
            there = datetime.fromisoformat(one.replace("Z", "+00:00"))
            if now <= there < now + timedelta(minutes=1):  # a clock that was set back is not followed for long
                now = there + timedelta(microseconds=1)
    return now.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def clear(inside: Path, *drafts: Draft) -> list[Draft]:
    """Take drafts away, each only if it is still the one that is meant; returns those that were there.

    Raises: DraftError where the disk refuses.
    """
    gone: list[Draft] = []

    def take(known: dict[tuple[str, str], Draft]) -> None:
        for one in drafts:
            if known.get(one.which) == one:
                gone.append(known.pop(one.which))

    _change(inside, take)
    return gone


def _change(inside: Path, change: Callable[[dict[tuple[str, str], Draft]], None]) -> None:
    try:
        inside.mkdir(parents=True, exist_ok=True)
        with held(inside, "drafts"):
            known = read(inside)
            change(known)
            rows = [to_plain(one) for one in known.values()]
            write_whole(inside / "drafts.json", json.dumps({"schema": _SCHEMA, "drafts": rows}, ensure_ascii=False, indent=1).encode("utf-8"))
    except OSError as cause:
        raise DraftError(disk_sentence(cause, str(inside / "drafts.json"))) from cause
    except KeepError as cause:
        raise DraftError(str(cause)) from cause
