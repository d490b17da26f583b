"""ComfyUI: pictures and video by a workflow that somebody saved in its API format, over its HTTP and WebSocket interface.

A workflow is a file of the user's own settings. Where it holds one of these texts, the request fills it in: {{words}} {{not}} {{seed}} {{width}}
{{height}} {{frames}} {{rate}} {{count}} {{model}} {{picture}}. Any of a request's own parameters fills in {{ITS NAME}}.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import uuid
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from answerprint.model.providers import (
    Adapter,
    Attached,
    Came,
    Cancel,
    Kind,
    Price,
    ProviderError,
    Request,
    Response,
    Setup,
    Traffic,
    never,
)
from answerprint.providers.answers import came_wrong
from answerprint.providers.keys import secret
from answerprint.providers.pricing import each
from answerprint.providers.websocket import Listening
from answerprint.providers.wire import Wire

__all__ = ["ComfyUI", "provider"]

_ADDRESS = "http://127.0.0.1:8188"  #: where it listens by itself
_HOLE = re.compile(r"\{\{([a-z_][a-z0-9_]*)\}\}")
_TYPES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif", "mp4": "video/mp4", "webm": "video/webm", "mov": "video/quicktime", "mkv": "video/x-matroska"}


class ComfyUI:
    """One ComfyUI with one workflow.  Raises: ProviderError: the workflow is none; see `Wire`."""

    def __init__(self, setup: Setup) -> None:
        from dataclasses import replace

        setup = replace(setup, address=setup.address or _ADDRESS)
        if setup.workflow is None:
            raise ProviderError(f'{setup.name}: the settings name no workflow. Save one in ComfyUI as API format: workflow = "~/workflows/still.json"')
        self.kind: Kind = "video" if setup.kind == "video" else "pictures"
        self.name, self.address, self._setup = setup.name, setup.address, setup
        self._wire = Wire(setup, secret(setup))

    @property
    def traffic(self) -> Sequence[Traffic]:
        return self._wire.traffic

    def price(self, request: Request) -> Price:
        return self._costs(request, request.count)

    def call(self, request: Request, *, cancel: Cancel) -> Response:
        graph = self._workflow()
        holes = set(_holes(graph))
        seed = request.seed if request.seed is not None else secrets.randbelow(2**32)
        values: dict[str, Any] = {"words": request.words, "not": "", "seed": seed, "width": request.width, "height": request.height, "frames": request.frames,
                                  "rate": float(request.rate) if request.rate else None, "count": request.count, "model": self._setup.model, **self._setup.parameters, **request.parameters}  # fmt: skip
        if "words" not in holes:
            raise ProviderError(f"{self.name}: {self._setup.workflow} has no place for the words of a request. Write {{{{words}}}} into its prompt.")
        if len(request.attached) > 1 or bool(request.attached) != ("picture" in holes):
            raise ProviderError(f"{self.name}: the workflow takes {'one picture' if 'picture' in holes else 'no picture'} along, and the request has {len(request.attached)}.")
        if request.attached:
            values["picture"] = "picture"  # filled in when ComfyUI says under which name it took it
        if lacking := sorted(hole for hole in holes if values.get(hole) is None):
            raise ProviderError(f"{self.name}: {self._setup.workflow} asks for {{{{{lacking[0]}}}}}, and the request does not say it. Say it, or write a value into the workflow.")
        client = uuid.uuid4().hex
        with contextlib.closing(Listening(self._wire, f"{self._wire.base}/ws?clientId={client}")) as line:
            if request.attached:
                values["picture"] = self._upload(request.attached[0], cancel)
            job = self._queue(_filled(graph, values), client, cancel)
            try:
                self._wait(line, job, cancel)
                files = tuple(self._files(job, cancel))
            except BaseException as cause:
                if cancel() or isinstance(cause, KeyboardInterrupt):
                    self._stop(job)
                if isinstance(cause, ProviderError):
                    cause.perhaps_billed = True
                raise
        billed = self._costs(request, len(files))
        return Response(model=self._setup.model or self._setup.workflow.name if self._setup.workflow else "", files=files, whole=len(files) >= request.count, used={"files": len(files)}, billed=billed if billed.amount is not None else None,
                        seed=seed if "seed" in holes else None, parameters={**self._setup.parameters, **request.parameters}, terms=self._setup.terms)  # fmt: skip

    def _costs(self, request: Request, count: int) -> Price:
        """So many pictures, or so many clips of the length that is asked for."""
        if self.kind == "pictures":
            return each(self._setup.tariff, pictures=count)
        seconds = _seconds(request)
        return each(self._setup.tariff, seconds=seconds * count if seconds is not None else None)

    def test(self, cancel: Cancel) -> tuple[str, ...]:
        graph = self._workflow()
        stats = self._wire.get("/system_stats", cancel=cancel).json(self.name)
        with contextlib.closing(Listening(self._wire, f"{self._wire.base}/ws?clientId={uuid.uuid4().hex}")):
            pass
        version = stats.get("system", {}).get("comfyui_version", "") if isinstance(stats, dict) else ""
        return (f"{self.name} answers: ComfyUI {self._wire.clean(str(version))}".rstrip() + ".", f"Its workflow has {len(graph)} nodes and asks for: {', '.join(sorted(set(_holes(graph)))) or 'nothing'}.")

    def lacking(self) -> str:
        """What is lacking on this machine, in a sentence; nothing is asked.  Raises: ProviderError: that."""
        return "" if "words" in set(_holes(self._workflow())) else f"{self._setup.workflow} has no place for the words of a request. Write {{{{words}}}} into its prompt."

    # ---- the workflow

    def _workflow(self) -> dict[str, Any]:
        where = self._setup.workflow
        assert where is not None
        try:
            value = json.loads(where.read_text(encoding="utf-8"))
        except (OSError, ValueError) as cause:
            raise ProviderError(f"{self.name}: the workflow {where} cannot be read ({getattr(cause, 'strerror', None) or 'no JSON'}).") from cause
        if not isinstance(value, dict) or not value or not all(isinstance(node, dict) and "class_type" in node for node in value.values()):
            raise ProviderError(f"{self.name}: {where} is no workflow in the API format. In ComfyUI: Workflow, Export (API).")
        return value

    # ---- the job

    def _upload(self, one: Attached, cancel: Cancel) -> str:
        edge = uuid.uuid4().hex
        name = f"{uuid.uuid4().hex}.{one.media_type.partition('/')[2] or 'png'}"
        body = (f'--{edge}\r\nContent-Disposition: form-data; name="image"; filename="{name}"\r\nContent-Type: {one.media_type}\r\n\r\n').encode() + one.data + f"\r\n--{edge}--\r\n".encode()
        value = self._wire.upload("/upload/image", body, f"multipart/form-data; boundary={edge}", cancel=cancel).json(self.name)
        try:
            return f"{value['subfolder']}/{value['name']}" if value.get("subfolder") else str(value["name"])
        except (KeyError, TypeError, AttributeError) as cause:
            raise ProviderError(f"{self.name}: it took the picture, and does not say under which name.") from cause

    def _queue(self, graph: Mapping[str, Any], client: str, cancel: Cancel) -> str:
        value = self._wire.post("/prompt", {"prompt": graph, "client_id": client}, cancel=cancel).json(self.name)
        errors = value.get("node_errors") if isinstance(value, dict) else None
        if errors or not isinstance(value, dict) or not value.get("prompt_id"):
            raise ProviderError(f"{self.name}: it does not take the workflow: {self._wire.clean(json.dumps(errors or value))}")
        return str(value["prompt_id"])

    def _wait(self, line: Listening, job: str, cancel: Cancel) -> None:
        """Until it says that the job is done."""
        while True:
            text = line.next(cancel)
            try:
                message = json.loads(text) if text is not None else {}
            except ValueError as cause:
                raise ProviderError(f"{self.name}: what it says of the job is not JSON.") from cause
            data = message.get("data") if isinstance(message, dict) else None
            if not isinstance(data, dict) or data.get("prompt_id") != job:
                continue
            what = message.get("type")
            if what == "execution_error":
                node = f"{data.get('node_type', '')} (node {data.get('node_id', '?')})".strip()
                raise ProviderError(f"{self.name}: the workflow failed in {self._wire.clean(node)}: {self._wire.clean(str(data.get('exception_message', '')))}")
            if what == "execution_interrupted":
                raise ProviderError(f"{self.name}: the job was stopped in ComfyUI.")
            if what == "execution_success" or (what == "executing" and data.get("node") is None):
                return

    def _stop(self, job: str) -> None:
        """Take the job out of its queue, and stop it where it runs."""
        for path, value in (("/queue", {"delete": [job]}), ("/interrupt", {"prompt_id": job})):
            with contextlib.suppress(ProviderError):
                self._wire.post(path, value, cancel=never)

    def _files(self, job: str, cancel: Cancel) -> Iterator[Came]:
        """What it saved, in the order of the workflow's nodes; previews are not kept."""
        value = self._wire.get(f"/history/{quote(job)}", cancel=cancel).json(self.name)
        try:
            outputs = value[job]["outputs"]
            listed = [file for node in sorted(outputs, key=_node) for group in outputs[node].values() if isinstance(group, list) for file in group if isinstance(file, dict) and file.get("type") == "output" and "filename" in file]
        except (KeyError, TypeError, AttributeError) as cause:
            raise came_wrong(f"{self.name}: the job is done, and its history does not say what it made.") from cause
        if not listed:
            raise came_wrong(f"{self.name}: the job is done, and saved nothing. The workflow needs a node that saves.")
        typed = [(file, end, _TYPES.get(end, "")) for file in listed for end in [str(file["filename"]).rpartition(".")[2].lower()]]
        wanted = [one for one in typed if one[2].startswith("image/" if self.kind == "pictures" else "video/")]
        if not wanted:
            raise came_wrong(f"{self.name}: the job is done, and saved no {'picture' if self.kind == 'pictures' else 'clip'} ({self._wire.clean(', '.join(str(file['filename']) for file in listed))}). Is kind in the settings the workflow's?")
        for number, (file, end, kind) in enumerate(wanted, 1):
            query = urlencode({"filename": file["filename"], "subfolder": file.get("subfolder", ""), "type": "output"})
            yield Came(name=f"{number:02d}.{end}", data=self._wire.get(f"/view?{query}", cancel=cancel).data, media_type=kind)


def _node(name: str) -> tuple[int, str]:
    return (int(name) if name.isdecimal() else 2**31, name)


def _holes(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from _HOLE.findall(value)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _holes(one)
    elif isinstance(value, list):
        for one in value:
            yield from _holes(one)


def _filled(value: Any, values: Mapping[str, Any]) -> Any:
    """A text that is one hole becomes the value itself, a number too; a hole within a text becomes text."""
    if isinstance(value, str):
        if (whole := _HOLE.fullmatch(value)) is not None:
            found = values[whole[1]]
            return float(found) if isinstance(found, str) and whole[1] not in ("words", "not", "model", "picture") and re.fullmatch(r"\d+\.\d+", found) else found
        return _HOLE.sub(lambda hole: str(values[hole[1]]), value)
    if isinstance(value, Mapping):
        return {name: _filled(one, values) for name, one in value.items()}
    return [_filled(one, values) for one in value] if isinstance(value, list) else value


def _seconds(request: Request) -> Decimal | None:
    """How long one clip is to be; None where the request does not say."""
    if not request.frames or not request.rate:
        return None
    length = request.frames / request.rate
    return Decimal(length.numerator) / Decimal(length.denominator)


def opens(setup: Setup) -> ComfyUI:
    """The ComfyUI of these settings."""
    return ComfyUI(setup)


provider = Adapter(name="comfyui", kinds=("pictures", "video"), address=_ADDRESS, opens=opens, says="pictures and video, from ComfyUI by a workflow of yours")
