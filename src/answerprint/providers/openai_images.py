"""Pictures as OpenAI's API makes them, and other servers that speak it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from answerprint.model.providers import Adapter, Came, Cancel, Kind, Price, ProviderError, Request, Response, Setup, Traffic
from answerprint.providers.answers import as_number, came_wrong, said_once
from answerprint.providers.keys import secret
from answerprint.providers.openai_chat import listed
from answerprint.providers.pricing import each
from answerprint.providers.wire import Wire

__all__ = ["Images", "picture_type", "provider"]

_SIGNS = ((0, b"\x89PNG\r\n\x1a\n", "image/png"), (0, b"\xff\xd8\xff", "image/jpeg"), (8, b"WEBP", "image/webp"))  #: a sound begins with RIFF too


class Images:
    """One server that makes pictures.  Raises: ProviderError: see `Wire`."""

    kind: Kind = "pictures"

    def __init__(self, setup: Setup) -> None:
        if not setup.model:
            raise ProviderError(f'{setup.name}: the settings name no model: model = "NAME"')
        said_once(setup.name, setup.parameters, "model", "prompt", "n", "stream")
        self.name, self.address, self._setup = setup.name, setup.address, setup
        self._wire = Wire(setup, secret(setup))

    @property
    def traffic(self) -> Sequence[Traffic]:
        return self._wire.traffic

    def price(self, request: Request) -> Price:
        return each(self._setup.tariff, pictures=request.count)

    def call(self, request: Request, *, cancel: Cancel) -> Response:
        if request.attached:
            raise ProviderError(f"{self.name}: no picture goes along with this request. ComfyUI takes one, by a workflow.")
        asked: dict[str, Any] = {"model": self._setup.model, "prompt": request.words, "n": request.count}
        if request.width and request.height:
            asked["size"] = f"{request.width}x{request.height}"
        asked |= {name: as_number(value) for name, value in {**self._setup.parameters, **request.parameters}.items()}
        value = self._wire.post("/images/generations", asked, cancel=cancel).json(self.name)
        data, files, notes = self._data(value), list[Came](), list[str]()
        for number, one in enumerate(data, 1):
            try:
                files.append(self._file(number, one, cancel))
            except ProviderError as error:  # what else came was paid for, and is kept
                if cancel() or (number == len(data) and not files):
                    raise
                notes.append(str(error).removeprefix(f"{self.name}: "))
        return Response(
            model=self._setup.model, files=tuple(files), whole=len(files) >= request.count, used={"pictures": len(data)}, billed=each(self._setup.tariff, pictures=len(data)) if self._priced() else None,
            parameters={**self._setup.parameters, **request.parameters}, terms=self._setup.terms, notes=tuple(notes),
        )  # fmt: skip

    def test(self, cancel: Cancel) -> tuple[str, ...]:
        return listed(self.name, self._setup.model, self._wire.get("/models", cancel=cancel))

    def _priced(self) -> bool:
        return each(self._setup.tariff, pictures=1).amount is not None

    def _data(self, value: Any) -> list[Any]:
        data = value.get("data") if isinstance(value, dict) else None
        if not isinstance(data, list) or not data:
            raise came_wrong(f"{self.name}: its answer has no pictures where they stand in an answer of this kind (data).")
        return data

    def _file(self, number: int, one: Any, cancel: Cancel) -> Came:
        """One picture, from inside the answer or from where the answer says that it lies."""
        try:
            data = base64.b64decode(one["b64_json"], validate=True) if one.get("b64_json") else self._wire.fetch(str(one["url"]), cancel=cancel).data
        except (KeyError, AttributeError, binascii.Error, TypeError, ValueError) as cause:
            raise came_wrong(f"{self.name}: picture {number} of its answer is none.") from cause
        except ProviderError as error:
            error.perhaps_billed = True
            raise
        media_type = picture_type(data)
        if media_type is None:
            raise came_wrong(f"{self.name}: picture {number} of its answer is neither PNG, JPEG nor WebP ({len(data)} bytes).")
        return Came(name=f"{number:02d}.{media_type.partition('/')[2]}", data=data, media_type=media_type)


def picture_type(data: bytes) -> str | None:
    """What sort of picture these bytes begin as; None for none of them."""
    return next((kind for at, sign, kind in _SIGNS if data[at : at + len(sign)] == sign), None)


def opens(setup: Setup) -> Images:
    """The server of these settings."""
    return Images(setup)


provider = Adapter(name="openai-images", kinds=("pictures",), opens=opens, says="pictures, from OpenAI or a server that speaks its API")
