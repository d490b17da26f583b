"""Chat completions as OpenAI defined them and others speak them: OpenAI, Ollama, llama.cpp, vLLM, LM Studio. The address and the model are settings."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from answerprint.model.providers import Adapter, Attached, Cancel, Kind, Price, ProviderError, Request, Response, Setup, Traffic
from answerprint.providers.answers import as_number, behind, came_wrong, said_once
from answerprint.providers.keys import secret
from answerprint.providers.pricing import billed_words, most_words
from answerprint.providers.wire import Reply, Wire

__all__ = ["Chat", "listed", "picture_url", "provider"]


class Chat:
    """One server that answers in words.  Raises: ProviderError: see `Wire`."""

    kind: Kind = "words"

    def __init__(self, setup: Setup) -> None:
        if not setup.model:
            raise ProviderError(f'{setup.name}: the settings name no model. Ask the server which it has: answerprint providers test {setup.name}, with any name in model = "NAME"')
        said_once(setup.name, setup.parameters, "model", "messages", "n", "stream")
        self.name, self.address, self._setup = setup.name, setup.address, setup
        self._wire = Wire(setup, secret(setup))

    @property
    def traffic(self) -> Sequence[Traffic]:
        return self._wire.traffic

    def price(self, request: Request) -> Price:
        return most_words(request, self._setup, json.dumps(request.schema) if request.schema else "")

    def call(self, request: Request, *, cancel: Cancel) -> Response:
        asked = self._body(request)
        texts: list[str] = []
        used: dict[str, int] = {}
        whole, counted, model = True, True, self._setup.model
        for number in range(request.count):  # n is not spoken by every server
            if request.seed is not None:
                asked["seed"] = request.seed + number
            with behind(texts):
                text, stopped, tokens, model = self._answer(self._wire.post("/chat/completions", asked, cancel=cancel).json(self.name))
            texts.append(text)
            whole = whole and stopped
            counted = counted and bool(tokens)
            for what, count in tokens.items():
                used[what] = used.get(what, 0) + count
        return Response(
            model=model, texts=tuple(texts), whole=whole, used=used, billed=billed_words(used if counted else {}, self._setup.tariff, len(request.attached) * request.count),
            seed=request.seed, parameters={**self._setup.parameters, **request.parameters}, terms=self._setup.terms,
        )  # fmt: skip

    def test(self, cancel: Cancel) -> tuple[str, ...]:
        return listed(self.name, self._setup.model, self._wire.get("/models", cancel=cancel))

    def _body(self, request: Request) -> dict[str, Any]:
        content: Any = request.words
        if request.attached:
            content = [{"type": "text", "text": request.words}, *({"type": "image_url", "image_url": {"url": picture_url(self.name, one)}} for one in request.attached)]
        messages = [{"role": "system", "content": request.manner}] if request.manner else []
        # OpenAI's own newer models take the limit under another name, and refuse this one; the others know only this one
        limit = "max_completion_tokens" if self._wire.host == "api.openai.com" else "max_tokens"
        out: dict[str, Any] = {"model": self._setup.model, "messages": [*messages, {"role": "user", "content": content}], limit: request.most_tokens}
        if request.schema is not None:
            out["response_format"] = {"type": "json_schema", "json_schema": {"name": "answer", "schema": dict(request.schema), "strict": True}}
        return {**out, **{name: as_number(value) for name, value in {**self._setup.parameters, **request.parameters}.items()}}

    def _answer(self, value: Any) -> tuple[str, bool, dict[str, int], str]:
        """(text, whether it is whole, tokens, model)."""
        try:
            choice = value["choices"][0]
            text, why = choice["message"]["content"], choice.get("finish_reason")
            counted = value.get("usage") or {}
            tokens = {"tokens in": int(counted["prompt_tokens"]), "tokens out": int(counted["completion_tokens"])} if "prompt_tokens" in counted and "completion_tokens" in counted else {}
            model = str(value.get("model") or self._setup.model)
            said = choice["message"].get("refusal")
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as cause:
            raise came_wrong(f"{self.name}: its answer has no words where they stand in an answer of this kind (choices, message, content). Is it a server for chat completions?") from cause
        if said or not isinstance(text, str) or not text.strip():
            raise came_wrong(f"{self.name}: it answered with nothing" + (f", and says why: {self._wire.clean(str(said))}" if said else f" ({why or 'no reason'})."))
        return text, why != "length", tokens, self._wire.clean(model)


def listed(name: str, model: str, reply: Reply) -> tuple[str, ...]:
    """What a list of models says of the one in the settings."""
    value = reply.json(name)
    try:
        known = [str(one["id"]) for one in value["data"]]
    except (KeyError, TypeError) as cause:
        raise ProviderError(f"{name}: it answers, and with no list of models. Is the address the right one?") from cause
    if model in known:
        return (f"{name} answers, and has {model}.",)
    return (f"{name} answers, and its list has no {model}: {', '.join(known[:8]) or 'nothing'}{' …' if len(known) > 8 else ''}.",)


def picture_url(name: str, one: Attached) -> str:
    """A picture as it stands inside a request.  Raises: ProviderError: it is none."""
    if not one.media_type.startswith("image/"):
        raise ProviderError(f"{name}: {one.name} is no picture ({one.media_type}), and only pictures go along here.")
    return f"data:{one.media_type};base64,{base64.b64encode(one.data).decode()}"


def opens(setup: Setup) -> Chat:
    """The server of these settings."""
    return Chat(setup)


provider = Adapter(name="openai-chat", kinds=("words",), opens=opens, says="words, from any server for chat completions: OpenAI, Ollama, llama.cpp, vLLM, LM Studio")
