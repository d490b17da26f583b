"""What a person asks of a production. This is the Python API; the command line only prints what it returns.

>>> spot = answerprint.open("spot/")       # doctest: +SKIP
>>> outcome = spot.prep()                  # doctest: +SKIP
>>> spot.status()["problems"]              # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint import production
from answerprint.production import Production, home_of

if TYPE_CHECKING:
    from answerprint.assistant import Lined
    from answerprint.run import Outcome, Watch
    from answerprint.slots import StockSlot
    from answerprint.timeline.rough import Event
    from answerprint.timeline.strings import String
    from answerprint.turnover import Arrived, Exported

__all__ = ["Spot", "new", "open"]


def new(
    folder: str | Path,
    *,
    rate: str,
    media: Sequence[str | Path] = (),
    script: str | Path | None = None,
    title: str | None = None,
    copy: bool = False,
    watch: Any = None,
) -> Spot:
    """Start a production. See `answerprint.production.new`."""
    made = production.new(folder, rate=rate, media=media, script=script, title=title, copy=copy, watch=watch)
    return Spot(made.path)


def open(folder: str | Path) -> Spot:
    """Open a production.

    Raises: ProductionError where the folder is not one.
    """
    return Spot(home_of(folder))


class Spot(Production):
    """One film in one folder, and all that the machine does for it when somebody asks."""

    def prep(self, *, executor: Executor | None = None, watch: Watch | None = None) -> Outcome:
        """Read, sync and prepare everything that is new. See `answerprint.run.prep`."""
        from answerprint import run

        return run.prep(self, executor=executor, watch=watch)

    def status(self) -> dict[str, Any]:
        """Clips, sound, what abstained and why, what is wrong: the stable interface that `status --json` prints."""
        from answerprint.status import status

        return status(self)

    def facts(self, name: str) -> dict[str, Any]:
        """Everything measured about one clip or sound, by task.

        Args:   name: a file ("rushes/A001_C003.mp4"), its stem, or the start of its digest.
        Raises: ProductionError where nothing, or more than one thing, is called that.
        """
        from answerprint.status import facts

        return facts(self, name)

    def export(self, format: str, *, to: Path | None = None, options: Mapping[str, Any] | None = None) -> Exported:
        """Write every synced clip as a timeline into cuts/. See `answerprint.assistant`."""
        from answerprint.assistant import export_dailies

        return export_dailies(self, format, to=to, options=options)

    def strings(self) -> tuple[String, ...]:
        """Every attempt at each item of the script, in shooting order. See `answerprint.assistant`."""
        from answerprint.assistant import strings

        return strings(self)

    def movies(
        self, *, item: int | None = None, burn: bool = True, watch: Callable[[str, float], None] | None = None
    ) -> list[Path]:
        """Make each string a watermarked movie in cuts/strings/."""
        from answerprint.assistant import movies

        return movies(self, item=item, burn=burn, watch=watch)

    def contact_sheets(self, *, item: int | None = None, width: int = 1600) -> list[Path]:
        """Write a contact sheet for each string into cuts/strings/."""
        from answerprint.assistant import contact_sheets

        return contact_sheets(self, item=item, width=width)

    def export_strings(self, format: str, *, to: Path | None = None, options: Mapping[str, Any] | None = None) -> list[Exported]:
        """Write every string as a timeline into cuts/strings/."""
        from answerprint.assistant import export_strings

        return export_strings(self, format, to=to, options=options)

    def rough(
        self,
        format: str = "otio",
        *,
        slugs: bool = False,
        guide: str | None = None,
        to: Path | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> tuple[Exported, tuple[Event, ...]]:
        """Write a rough cut, because somebody asked; each event with a sentence why it stands there."""
        from answerprint.assistant import export_rough

        return export_rough(self, format, slugs=slugs, guide=guide, to=to, options=options)

    def lined(self, *, to: Path | None = None) -> Lined:
        """Write the lined script as PDF and HTML."""
        from answerprint.assistant import lined

        return lined(self, to=to)

    def take_notes(self, file: str | Path) -> Path:
        """Take the day's paper into the production."""
        from answerprint.assistant import take_notes

        return take_notes(self, Path(file))

    def slot(self, name: str) -> StockSlot:
        """A stock slot of the script by its name, STOCK:1 or item:3: the only thing that may be filled with something generated.

        Raises: SlotError: it is a hero shot, a line, lettering or the story; the sentence says which slots there are. See `answerprint.slots`.
        """
        from answerprint.desk import Desk
        from answerprint.slots import named

        return named(Desk(self), name)

    def import_cut(self, file: str | Path) -> Arrived:
        """Read a timeline back, match its media, keep the file. See `answerprint.turnover`."""
        from answerprint.turnover import import_cut

        return import_cut(self, Path(file))

    def verify(
        self, *, held: Sequence[tuple[int, str]] = (), producer: str | None = None, checkpoint: bytes | None = None
    ) -> dict[str, Any]:
        """Check the record against itself, and everything it names against what is kept.

        Args: held: numbers and seals of entries that somebody noted earlier.  producer: a producer's key as they told it.
              checkpoint: one that somebody kept; only that, or a held seal, shows a cut-off end.
        """
        from answerprint.vouching import verify

        return verify(self, held=held, producer=producer, checkpoint=checkpoint)

    def record(self) -> list[dict[str, Any]]:
        """The record, entry by entry, oldest first."""
        from answerprint.vouching import record

        return record(self)
