"""Pexels: photographs and clips that people shot, by its API. A search brings offers; a file is fetched when somebody chose it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from answerprint.model.providers import (
    Adapter,
    Came,
    Cancel,
    Kind,
    Offer,
    Price,
    ProviderError,
    Request,
    Response,
    Setup,
    Tariff,
    Traffic,
)
from answerprint.model.time import number
from answerprint.providers.keys import secret
from answerprint.providers.wire import Wire

__all__ = ["Pexels", "provider"]

_ADDRESS = "https://api.pexels.com"
_FILES = ("images.pexels.com", "videos.pexels.com")  #: where its files lie, as its answers name them
_MOST = 80  #: hits of one question, by its documentation
_SMALL = 2 * 2**20  #: bytes of a small picture: theirs have about 30,000
LICENCE = "Pexels licence"


class Pexels:
    """Its library. `parameters = {of = "clips"}` in a request searches clips, else photographs; `{fetch = ADDRESS}` brings one file,
    and `{previews = true}` a small picture of each hit, under the hit's name.

    Raises: ProviderError: see `Wire`.
    """

    kind: Kind = "stock"

    def __init__(self, setup: Setup) -> None:
        if not setup.key:
            raise ProviderError(f'{setup.name}: Pexels asks for a key, and the settings name none: key = "PEXELS_API_KEY"')
        setup = replace(setup, address=setup.address or _ADDRESS, also=(*_FILES, *setup.also), tariff=Tariff(free=True))
        self.name, self.address, self._setup = setup.name, setup.address, setup
        self._wire = Wire(setup, secret(setup), header=("Authorization", ""))

    @property
    def traffic(self) -> Sequence[Traffic]:
        return self._wire.traffic

    def price(self, request: Request) -> Price:
        return Price(amount=Decimal(0), how="nothing is charged; 200 questions an hour, 20,000 a month")

    def call(self, request: Request, *, cancel: Cancel) -> Response:
        if request.attached:
            raise ProviderError(f"{self.name}: it is searched by words alone; nothing goes along.")
        free = Price(amount=Decimal(0))
        if address := str(request.parameters.get("fetch", "")):
            reply = self._wire.fetch(address, cancel=cancel)
            name = address.partition("?")[0].rsplit("/", 1)[-1]
            kind = reply.headers.get("content-type", "").partition(";")[0].strip()
            if not reply.data or not kind.startswith(("image/", "video/")):
                raise ProviderError(f"{self.name}: {name} came as neither a picture nor a clip ({kind or 'no type'}).")
            return Response(model="", files=(Came(name=name, data=reply.data, media_type=kind),), billed=free, terms=self._setup.terms or LICENCE)
        clips = request.parameters.get("of") == "clips"
        asked: dict[str, Any] = {"query": request.words, "per_page": min(request.count, _MOST)}
        if request.width and request.height:
            asked["orientation"] = "landscape" if request.width > request.height else "portrait" if request.width < request.height else "square"
        value = self._wire.get(f"{'/videos' if clips else '/v1'}/search?{urlencode(asked)}", cancel=cancel).json(self.name)
        try:
            offers = tuple(one for raw in value["videos"] if (one := _clip(raw)) is not None) if clips else tuple(_photograph(one) for one in value["photos"])
        except (KeyError, TypeError, ValueError) as cause:
            raise ProviderError(f"{self.name}: its answer is no list of {'clips' if clips else 'photographs'} as its documentation has it ({type(cause).__name__}: {self._wire.clean(str(cause))}).") from cause
        files = tuple(self._previews(offers, cancel)) if request.parameters.get("previews") is True else ()
        return Response(model="", offers=offers, files=files, used={"hits": len(offers)}, billed=free, terms=self._setup.terms or LICENCE)

    def _previews(self, offers: Sequence[Offer], cancel: Cancel) -> Iterator[Came]:
        """Small pictures of the hits; one that does not come is left out, and the hit stays."""
        for one in offers:
            if cancel():
                raise ProviderError(f"{self.name}: stopped. Nothing more was sent.")
            if not one.preview:
                continue
            try:
                reply = self._wire.fetch(one.preview, cancel=cancel)
            except ProviderError:
                continue
            kind = reply.headers.get("content-type", "").partition(";")[0].strip()
            if kind in ("image/jpeg", "image/png", "image/webp") and len(reply.data) <= _SMALL:
                yield Came(name=one.name, data=reply.data, media_type=kind)

    def test(self, cancel: Cancel) -> tuple[str, ...]:
        reply = self._wire.get("/v1/search?query=sky&per_page=1", cancel=cancel)
        reply.json(self.name)
        left = reply.headers.get("x-ratelimit-remaining", "")
        return (f"{self.name} answers, and takes the key." + (f" {left} questions are left this month." if left.isdecimal() else ""),)


def _photograph(one: Any) -> Offer:
    return Offer(name=f"pexels-{int(one['id'])}", page=str(one["url"]), address=str(one["src"]["original"]), author=str(one["photographer"]), width=int(one["width"]), height=int(one["height"]),
                 says=str(one.get("alt") or ""), licence=LICENCE, preview=str(one["src"].get("medium") or ""))  # fmt: skip


def _clip(one: Any) -> Offer | None:
    """A clip, in the largest of its files; None for one whose files have no size, which only a player takes."""
    files = [file for file in one["video_files"] if file.get("width") and file.get("height")]
    if not files:
        return None
    best = max(files, key=lambda file: int(file["width"]) * int(file["height"]))
    return Offer(name=f"pexels-{int(one['id'])}", page=str(one["url"]), address=str(best["link"]), author=str(one["user"]["name"]), width=int(best["width"]), height=int(best["height"]),
                 duration_s=number(str(one["duration"])), licence=LICENCE, preview=str(one.get("image") or ""))  # fmt: skip


def opens(setup: Setup) -> Pexels:
    """Pexels with these settings."""
    return Pexels(setup)


provider = Adapter(name="pexels", kinds=("stock",), address=_ADDRESS, opens=opens, says="photographs and clips that people shot, from Pexels")
