"""Pictures from a diffusion model in a folder on this disk, with the library diffusers. Nothing leaves; nothing is fetched.

Only weights in the safetensors format are read: the older files of weights can hold programs.
"""

from __future__ import annotations

import importlib.util
import io
import json
import os
import secrets
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from answerprint.model.providers import Adapter, Came, Cancel, Kind, Price, ProviderError, Request, Response, Setup, Traffic
from answerprint.providers.answers import as_number

__all__ = ["Diffusion", "provider"]

_EXTRA = 'pip install "answerprint[gen]"'


class Diffusion:
    """One model folder.  Raises: ProviderError: it is none."""

    kind: Kind = "pictures"
    address = ""  #: it runs in this process

    def __init__(self, setup: Setup) -> None:
        self.name, self._setup = setup.name, setup
        if setup.folder is None:
            raise ProviderError(f'{setup.name}: the settings name no model folder: folder = "~/models/NAME"')
        self._folder: Path = setup.folder
        self._pipeline: Any = None

    @property
    def traffic(self) -> Sequence[Traffic]:
        return ()

    def price(self, request: Request) -> Price:
        return Price(amount=Decimal(0), how="it runs on this machine")

    def call(self, request: Request, *, cancel: Cancel) -> Response:
        if request.attached:
            raise ProviderError(f"{self.name}: no picture goes along with this request. ComfyUI takes one, by a workflow.")
        torch, pipeline = self._opened()
        first = request.seed if request.seed is not None else secrets.randbelow(2**31)
        given = {name: as_number(value) for name, value in {**self._setup.parameters, **request.parameters}.items() if name != "device"}
        given = {name: value for name, value in (("width", request.width), ("height", request.height)) if value} | given  # a size in the settings is the model's own

        def step(pipe: Any, number: int, time: Any, values: dict[str, Any]) -> dict[str, Any]:
            if cancel():
                raise ProviderError(f"{self.name}: stopped.")
            return values

        files = []
        for number in range(request.count):  # one at a time: the same seed gives the same picture, whatever else is asked for
            try:
                generator = torch.Generator("cpu").manual_seed(first + number)
                picture = pipeline(prompt=request.words, generator=generator, callback_on_step_end=step, **given).images[0]
            except (TypeError, ValueError, RuntimeError, OverflowError) as cause:  # a seed may be larger than torch takes
                raise ProviderError(f"{self.name}: the model does not make this picture: {' '.join(str(cause).split())[:300]}") from cause
            out = io.BytesIO()
            picture.save(out, "PNG")
            files.append(Came(name=f"{number + 1:02d}.png", data=out.getvalue(), media_type="image/png"))
        return Response(model=self._setup.model or self._folder.name, files=tuple(files), used={"pictures": len(files)}, billed=Price(amount=Decimal(0)), seed=first,
                        parameters={**self._setup.parameters, **request.parameters}, terms=self._setup.terms, notes=_unread(pipeline, request.words))  # fmt: skip

    def test(self, cancel: Cancel) -> tuple[str, ...]:
        kind = self._described()
        _imported(self.name)
        return (f"{self.name}: {self._folder} holds a {kind}, and diffusers is installed. It was not loaded.",)

    def lacking(self) -> str:
        """What is lacking on this machine, in a sentence; nothing is loaded.  Raises: ProviderError: that."""
        self._described()
        return "" if all(importlib.util.find_spec(one) for one in ("torch", "diffusers")) else f"a model on this disk needs torch and diffusers, which are not installed: {_EXTRA}"

    def _described(self) -> str:
        """What the folder says that it is.  Raises: ProviderError."""
        where = self._folder / "model_index.json"
        try:
            value = json.loads(where.read_text(encoding="utf-8"))
            kind = str(value["_class_name"])
        except (OSError, ValueError, KeyError, TypeError) as cause:
            raise ProviderError(f"{self.name}: {self._folder} is no folder of a diffusion model: it has no model_index.json that says what it is.") from cause
        if any(isinstance(one, list) and one and one[0] not in (None, "diffusers", "transformers") for name, one in value.items() if not name.startswith("_")):
            raise ProviderError(f"{self.name}: {where} names parts that are neither of diffusers nor of transformers, which would be programs of their own. They are not loaded.")
        return kind

    def _opened(self) -> tuple[Any, Any]:
        """(torch, the pipeline), loaded once."""
        self._described()
        torch, diffusers = _imported(self.name)
        if self._pipeline is None:
            try:
                self._pipeline = diffusers.DiffusionPipeline.from_pretrained(str(self._folder), local_files_only=True, use_safetensors=True)
            except (OSError, ValueError, TypeError, RuntimeError, AttributeError) as cause:
                raise ProviderError(f"{self.name}: the model in {self._folder} does not load: {' '.join(str(cause).split())[:300]}") from cause
            self._pipeline.set_progress_bar_config(disable=True)
            device = str(self._setup.parameters.get("device", ""))
            if device:
                self._pipeline.to(device)
        return torch, self._pipeline


def _unread(pipeline: Any, words: str) -> tuple[str, ...]:
    """What of the words a model did not read, in a sentence: a text encoder reads so many tokens and drops the rest (CLIP's 77 are some fifty words). A model with two reads as far as the longer of them."""
    ends = []
    for tokenizer in (getattr(pipeline, one, None) for one in ("tokenizer", "tokenizer_2", "tokenizer_3")):
        most = getattr(tokenizer, "model_max_length", None)
        if tokenizer is None or not isinstance(most, int) or most > 1_000_000:  # without a limit, the library says a very large number
            continue
        read = list(tokenizer(words, truncation=False)["input_ids"])
        ends.append(str(tokenizer.decode(read[most - 1 :], skip_special_tokens=True)).strip() if len(read) > most else "")
    rest = min(ends, key=len, default="")
    return (f"the model did not read all of the words; it left out the end: “{rest}”. Say less, or the important things first.",) if rest else ()


def _imported(name: str) -> tuple[Any, Any]:
    """torch and diffusers, which are told first that there is no hub to look anything up at."""
    for told in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        os.environ[told] = "1"
    try:
        import diffusers
        import torch
    except ImportError as cause:
        raise ProviderError(f"{name}: a model on this disk needs torch and diffusers, which are not installed: {_EXTRA}") from cause
    return torch, diffusers


def opens(setup: Setup) -> Diffusion:
    """The model of these settings."""
    return Diffusion(setup)


provider = Adapter(name="diffusers", kinds=("pictures",), address=None, opens=opens, says="pictures, from a diffusion model in a folder on this disk")
