"""Anthropic's Messages API."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from answerprint.model.providers import Adapter, Cancel, Kind, Price, ProviderError, Request, Response, Setup, Traffic
from answerprint.providers.answers import as_number, behind, came_wrong, said_once
from answerprint.providers.keys import secret
from answerprint.providers.openai_chat import listed
from answerprint.providers.pricing import billed_words, most_words
from answerprint.providers.wire import Wire

__all__ = ["Messages", "provider"]

_ADDRESS = "https://api.anthropic.com/v1"
_VERSION = "2023-06-01"  #: of the API, as its documentation asks for it in a header


class Messages:
    """Anthropic's models.  Raises: ProviderError: see `Wire`."""

    kind: Kind = "words"

    def __init__(self, setup: Setup) -> None:
        if not setup.model or not setup.key:
            raise ProviderError(f'{setup.name}: the settings name no {"key" if setup.model else "model"}. Write it into [providers.{setup.name}].')
        said_once(setup.name, setup.parameters, "model", "messages", "system", "stream")
        from dataclasses import replace

        setup = replace(setup, address=setup.address or _ADDRESS)
        self.name, self.address, self._setup = setup.name, setup.address, setup
        self._wire = Wire(setup, secret(setup), header=("x-api-key", ""), fixed={"anthropic-version": _VERSION})

    @property
    def traffic(self) -> Sequence[Traffic]:
        return self._wire.traffic

    def price(self, request: Request) -> Price:
        return most_words(request, self._setup)

    def call(self, request: Request, *, cancel: Cancel) -> Response:
        if request.schema is not None:
            raise ProviderError(f"{self.name}: an answer by a schema is not asked of it here. Ask in words, or use a server for chat completions.")
        asked = self._body(request)
        texts: list[str] = []
        used: dict[str, int] = {}
        whole, model = True, self._setup.model
        for _ in range(request.count):
            with behind(texts):
                text, stopped, tokens, model = self._answer(self._wire.post("/messages", asked, cancel=cancel).json(self.name))
            texts.append(text)
            whole = whole and stopped
            for what, count in tokens.items():
                used[what] = used.get(what, 0) + count
        return Response(
            model=model, texts=tuple(texts), whole=whole, used=used, billed=billed_words(used, self._setup.tariff, len(request.attached) * request.count),
            parameters={**self._setup.parameters, **request.parameters}, terms=self._setup.terms,
        )  # fmt: skip

    def test(self, cancel: Cancel) -> tuple[str, ...]:
        return listed(self.name, self._setup.model, self._wire.get("/models?limit=1000", cancel=cancel))

    def _body(self, request: Request) -> dict[str, Any]:
        pictures = []
        for one in request.attached:
            if not one.media_type.startswith("image/"):
                raise ProviderError(f"{self.name}: {one.name} is no picture ({one.media_type}), and only pictures go along here.")
            pictures.append({"type": "image", "source": {"type": "base64", "media_type": one.media_type, "data": base64.b64encode(one.data).decode()}})
        content = [*pictures, {"type": "text", "text": request.words}]
        out: dict[str, Any] = {"model": self._setup.model, "max_tokens": request.most_tokens, "messages": [{"role": "user", "content": content}]}
        if request.manner:
            out["system"] = request.manner
        return {**out, **{name: as_number(value) for name, value in {**self._setup.parameters, **request.parameters}.items()}}

    def _answer(self, value: Any) -> tuple[str, bool, dict[str, int], str]:
        try:
            text = "".join(block["text"] for block in value["content"] if block["type"] == "text")
            why = value["stop_reason"]
            tokens = {"tokens in": int(value["usage"]["input_tokens"]), "tokens out": int(value["usage"]["output_tokens"])}
            model = self._wire.clean(str(value["model"]))
        except (KeyError, TypeError, ValueError) as cause:
            raise came_wrong(f"{self.name}: its answer has no words where they stand in an answer of this kind (content, text). Is the address the right one?") from cause
        if not text.strip():
            raise came_wrong(f"{self.name}: it answered with nothing ({self._wire.clean(str(why))}).")
        return text, why != "max_tokens", tokens, model


def opens(setup: Setup) -> Messages:
    """Anthropic with these settings."""
    return Messages(setup)


provider = Adapter(name="anthropic", kinds=("words",), address=_ADDRESS, opens=opens, says="words, from Anthropic")
