"""One's own library among the stock services: it runs on this machine, charges nothing, and nothing leaves for it.

It is there as soon as a folder was taken in, without any setting. Its offers are shots as they lie on disk; a file comes when somebody chose its offer.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from answerprint.config import Settings
from answerprint.library.known import INDEX
from answerprint.model.extend import ExtendError, found
from answerprint.model.providers import Adapter, Came, Cancel, Kind, Offer, Price, ProviderError, Request, Response, Setup, Traffic
from answerprint.rights.paper import COLUMNS
from answerprint.shelving.shelf import home

if TYPE_CHECKING:
    from answerprint.rights.lists import Licence
    from answerprint.shelving import Candidate

__all__ = ["NAME", "Own", "adapters", "setups", "shots"]

NAME = "library"
_MOST = 48  #: offers of one question
_LARGEST = 2**29  #: bytes of a file that is brought: an answer goes through memory, and two minutes of ProRes 422 in HD are as large
_TYPES = {".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime", ".mkv": "video/x-matroska", ".webm": "video/webm", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


class Own:
    """The library as a stock service. `parameters = {of = "clips"}` in a request asks for clips, "photographs" for stills; `{fetch = ADDRESS}` brings one file.

    Empty: `lacking` says so, and nothing is offered.
    """

    kind: Kind = "stock"
    address = ""
    traffic: Sequence[Traffic] = ()

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name

    def lacking(self) -> str:
        return "" if shots() else "no folder was taken in yet: answerprint library add FOLDER"

    def price(self, request: Request) -> Price:
        return Price(amount=Decimal(0), how="your own footage: nothing is charged, and nothing leaves this machine")

    def call(self, request: Request, *, cancel: Cancel) -> Response:
        if request.attached:
            raise ProviderError(f"{self.name}: it is searched by words alone; nothing goes along.")
        if address := str(request.parameters.get("fetch", "")):
            came, licence = self._fetched(address)
            rows = tuple({name: value for name, value in one.written.items() if name in COLUMNS and value} for one in licence.rows)
            return Response(model="", files=(came,), billed=Price(amount=Decimal(0)), terms=licence.says, rights=rows)
        offers, previews = self._found(request)
        return Response(
            model="", offers=offers, files=previews if request.parameters.get("previews") is True else (), used={"hits": len(offers)}, billed=Price(amount=Decimal(0)),
            terms="your own library: each shot under what its list of rights says",
        )  # fmt: skip

    def test(self, cancel: Cancel) -> tuple[str, ...]:
        if lacking := self.lacking():
            raise ProviderError(f"{self.name}: {lacking}")
        return (f"{self.name} holds {shots()} shots on this machine. Nothing was sent.",)

    def _found(self, request: Request) -> tuple[tuple[Offer, ...], tuple[Came, ...]]:
        """Offers as they lie on disk, and a small picture of each; what may not be used today is held back."""
        from answerprint import shelving
        from answerprint.library.finding import Filters

        of = str(request.parameters.get("of", ""))
        least = (request.width, request.height) if request.width and request.height else None
        asked = Filters(kind={"clips": "clip", "photographs": "still picture"}.get(of, ""), raster=least)
        there = [one for one in shelving.candidates(None, request.words, filters=asked, most=min(request.count, _MOST)) if one.connected]
        offers = tuple(
            Offer(
                name=f"{NAME}-{one.shot}", page="", address=f"{one.digest}@{one.in_s}", author="", width=one.raster[0], height=one.raster[1], duration_s=one.out_s - one.in_s or None,
                says=_says(one), licence=one.rights,
            )
            for one in there
        )  # fmt: skip
        return offers, tuple(Came(name=offer.name, data=_labelled(one), media_type="image/jpeg") for offer, one in zip(offers, there, strict=True) if one.preview)

    def _fetched(self, address: str) -> tuple[Came, Licence]:
        """The file of an offer, byte for byte, and what its list says today.

        Raises: ProviderError: it is not there any more, is another one, is too large, is generated, or may not be used today.
        """
        from answerprint.media.digests import read
        from answerprint.shelving import Shelf
        from answerprint.shelving.searching import matches

        digest, _, at = address.partition("@")
        with Shelf() as shelf:
            there = shelf.index.file_of(digest)
            path = next((Path(place) for place in (shelf.index.places_of(there) if there is not None else ()) if Path(place).is_file()), None)
            if path is None:
                raise ProviderError(f"{self.name}: that shot is not on any disk that is connected now. Connect it, and ask again.")
            n = shelf.index.shot_at(str(path), Fraction(at or 0))
            (one,) = matches(shelf, [n]) if n is not None else (None,)
        if one is None or one.licence.held_back:
            raise ProviderError(f"{self.name}: {path.name} is held back: {one.rights if one is not None else 'the library knows no such shot any more'}.")
        if one.generated:
            raise ProviderError(f"{self.name}: {path.name} was generated ({one.generated}), and it would lose that word on its way. Lay it into the production beside a row of rights.csv that says so.")
        if path.stat().st_size > _LARGEST:
            raise ProviderError(f"{self.name}: {path.name} has {path.stat().st_size // 2**20} MB, and {_LARGEST // 2**20} are brought at most. Copy it into the production's folder yourself.")
        if read(path, also=()).blake3 != digest:
            raise ProviderError(f"{self.name}: {path.name} is another file now than the one that was offered. Take its folder in again: answerprint library add FOLDER")
        kind = _TYPES.get(path.suffix.casefold(), "application/octet-stream")
        return Came(name=path.name, data=path.read_bytes(), media_type=kind), one.licence


def _labelled(one: Candidate) -> bytes:
    """A small picture of a shot; what was generated says so in it too, wherever it is saved to."""
    from answerprint.media import labelling, origin

    raw = one.preview or b""
    return (labelling.label(raw, origin.TRAINED, says=one.generated) or raw) if one.generated else raw


def _says(one: Candidate) -> str:
    stretch = "" if one.in_s == one.out_s else f", {float(one.in_s):.2f} to {float(one.out_s):.2f} s"
    return f"{'generated, ' if one.generated else ''}{Path(one.file).name}{stretch}: {', '.join(one.facts)}"


def shots() -> int:
    """How many shots the library holds; 0 where there is none."""
    import sqlite3

    place = home() / INDEX
    if not place.is_file():
        return 0
    try:
        with contextlib.closing(sqlite3.connect(f"{place.absolute().as_uri()}?mode=ro", uri=True)) as index:
            return int(index.execute("SELECT count(*) FROM shot").fetchone()[0])
    except sqlite3.Error:
        return 0


def adapters(*, load_outside: bool = False) -> Mapping[str, Adapter]:
    """Every sort of service that can be set up, by the name that `uses` says."""
    known = dict(found("providers", load_outside=load_outside))
    if NAME in known:
        raise ExtendError(f"another package brings a provider called {NAME!r}, which is the name of one's own library. Remove one of them.")
    return {**known, NAME: _ADAPTER}


def setups(settings: Settings) -> dict[str, Setup]:
    """The services in the user's own settings, by name; and the library, where a folder was taken in."""
    return dict(_setups(settings))


def _setups(settings: Settings) -> Iterator[tuple[str, Setup]]:
    tables = settings["providers"]
    yield from ((name, Setup.read(name, table)) for name, table in tables.items())
    if NAME not in tables and shots():
        yield NAME, Setup(name=NAME, uses=NAME)


_ADAPTER = Adapter(name=NAME, kinds=("stock",), opens=Own, says="your own library on this machine: nothing to set up, nothing leaves", address=None)
