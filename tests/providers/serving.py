"""Local servers that speak the documented protocols of services which cannot be asked from a test. They are not those services, and are called local.

Chat completions, Messages, images, Pexels' search, and ComfyUI's HTTP and WebSocket interface, each as its documentation describes it.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import struct
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from answerprint.model.providers import Setup

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
MP4 = struct.pack("!I", 24) + b"ftypmp42\x00\x00\x00\x00mp42isom"  #: how a clip begins, and no more of it
KEY = "sk-local-0123456789abcdef"  #: of the local servers, and of nothing else


class Local:
    """A server on this machine. `acts` are what it does with the next questions, before it answers as it should."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []  #: method, path, headers, body
        self.acts: list[Callable[[Handler], bool]] = []  #: True: it answered by itself
        self.usage: dict[str, int] | None = {"prompt_tokens": 9, "completion_tokens": 4}
        self.says, self.finish = "Rain, and a hand that waits.", "stop"
        self.saves: dict[str, Any] = {}  #: what ComfyUI's history says that its last node saved; a still where empty
        self.stop = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._http.local = self  # type: ignore[attr-defined]
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def close(self) -> None:
        self.stop.set()
        self._http.shutdown()
        self._http.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def local(self) -> Local:
        return self.server.local  # type: ignore[attr-defined,no-any-return]

    def log_message(self, *_: object) -> None:
        """Nothing is written to a terminal."""

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _serve(self, body: bytes) -> None:
        self.close_connection = True
        self.local.asked.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        if self.local.acts and self.local.acts.pop(0)(self):
            return
        path = self.path.partition("?")[0]
        with contextlib.suppress(ConnectionError):
            ANSWERS.get(path, _named)(self, json.loads(body) if body[:1] == b"{" else {})

    def answer(self, value: Any, status: int = 200, **headers: str) -> bool:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        for name, said in {"Content-Type": "application/json", "Content-Length": str(len(data)), **{name.replace("_", "-"): said for name, said in headers.items()}}.items():
            self.send_header(name, said)
        self.end_headers()
        self.wfile.write(data)
        return True


# ---- what they answer


def _chat(to: Handler, asked: dict[str, Any]) -> None:
    usage = {} if to.local.usage is None else {"usage": to.local.usage}
    to.answer({"id": "c1", "object": "chat.completion", "model": asked["model"], "choices": [{"index": 0, "message": {"role": "assistant", "content": to.local.says}, "finish_reason": to.local.finish}], **usage})


def _messages(to: Handler, asked: dict[str, Any]) -> None:
    if to.headers["x-api-key"] != KEY or to.headers["anthropic-version"] != "2023-06-01":
        to.answer({"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}}, 401)
        return
    usage = to.local.usage or {}
    to.answer({"id": "m1", "type": "message", "role": "assistant", "model": asked["model"], "content": [{"type": "text", "text": to.local.says}], "stop_reason": "end_turn", "usage": {"input_tokens": usage.get("prompt_tokens", 11), "output_tokens": usage.get("completion_tokens", 7)}})


def _images(to: Handler, asked: dict[str, Any]) -> None:
    to.answer({"created": 1, "data": [{"b64_json": base64.b64encode(PNG).decode()} for _ in range(asked["n"])]})


def _photographs(to: Handler, asked: dict[str, Any]) -> None:
    photo = {"id": 7, "width": 4000, "height": 3000, "url": "https://www.pexels.com/photo/7/", "photographer": "Ine Roos", "src": {"original": f"{to.local.address}/photos/7.png"}, "alt": "Rain on a window"}
    to.answer({"page": 1, "per_page": 1, "total_results": 1, "photos": [photo]}, X_Ratelimit_Remaining="19999")


def _clips(to: Handler, asked: dict[str, Any]) -> None:
    files = [{"id": 1, "quality": "sd", "file_type": "video/mp4", "width": 640, "height": 360, "link": "https://videos.pexels.com/8-sd.mp4"}, {"id": 2, "quality": "hd", "file_type": "video/mp4", "width": 1920, "height": 1080, "link": "https://videos.pexels.com/8-hd.mp4"}, {"id": 3, "quality": "hls", "width": None, "height": None, "link": "x"}]
    to.answer({"page": 1, "videos": [{"id": 8, "width": 1920, "height": 1080, "duration": 12, "url": "https://www.pexels.com/video/8/", "user": {"name": "Ine Roos"}, "video_files": files}]})


def _prompt(to: Handler, asked: dict[str, Any]) -> None:
    to.answer({"prompt_id": "job-1", "number": 1, "node_errors": {}})


def _history(to: Handler, asked: dict[str, Any]) -> None:
    if to.local.saves:
        to.answer({"job-1": {"outputs": {"9": to.local.saves}, "status": {"status_str": "success", "completed": True}}})
        return
    to.answer({"job-1": {"outputs": {"9": {"images": [{"filename": "still_1.png", "subfolder": "", "type": "output"}]}, "8": {"images": [{"filename": "look.png", "subfolder": "", "type": "temp"}]}}, "status": {"status_str": "success", "completed": True}}})


def _websocket(to: Handler, asked: dict[str, Any]) -> None:
    """What ComfyUI tells of a job, with a preview in bytes, a ping and a message in two frames."""
    accept = base64.b64encode(hashlib.sha1(to.headers["Sec-WebSocket-Key"].encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()).decode()
    to.wfile.write(f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n".encode())

    def frame(code: int, data: bytes, final: bool = True) -> None:
        size = bytes([len(data)]) if len(data) < 126 else b"\x7e" + struct.pack("!H", len(data))
        to.wfile.write(bytes([(0x80 if final else 0) | code]) + size + data)

    def says(what: str, **data: Any) -> bytes:
        return json.dumps({"type": what, "data": data}).encode()

    frame(1, says("status", status={"exec_info": {"queue_remaining": 0}}))
    while not to.local.stop.wait(0.005) and not any(path == "/prompt" for _, path, _, _ in to.local.asked):
        pass
    frame(9, b"there?")
    frame(2, b"\x00\x00\x00\x01" + bytes(300))
    frame(1, says("progress", prompt_id="job-1", value=1, max=20, node="3"))
    if to.local.says == "fails":
        frame(1, says("execution_error", prompt_id="job-1", node_id="3", node_type="KSampler", exception_message="out of memory"))
    elif to.local.says == "hangs":
        to.local.stop.wait(20)
    elif to.local.says == "is cut":
        return
    else:
        frame(1, says("executing", prompt_id="another", node=None))
        done = says("executing", prompt_id="job-1", node=None)
        frame(1, done[:20], final=False)
        frame(0, done[20:])
    with contextlib.suppress(OSError):
        to.connection.settimeout(2)
        to.rfile.read(2)  # the close


def _named(to: Handler, asked: dict[str, Any]) -> None:
    if to.path.startswith("/view") and ".mp4" in to.path:
        to.answer(MP4, Content_Type="video/mp4")
    elif to.path.startswith("/view"):
        to.answer(PNG, Content_Type="image/png")
    elif to.path.startswith("/photos/"):
        to.answer(PNG, Content_Type="image/png")
    else:
        to.answer({"error": {"message": f"no {to.path}"}}, 404)


ANSWERS: dict[str, Callable[[Handler, dict[str, Any]], Any]] = {
    "/v1/chat/completions": _chat, "/v1/messages": _messages, "/v1/images/generations": _images, "/v1/search": _photographs, "/videos/search": _clips,
    "/v1/models": lambda to, _: to.answer({"object": "list", "data": [{"id": "small"}]}), "/ws": _websocket, "/prompt": _prompt, "/history/job-1": _history,
    "/system_stats": lambda to, _: to.answer({"system": {"comfyui_version": "0.3.60"}}), "/upload/image": lambda to, _: to.answer({"name": "a.png", "subfolder": "", "type": "input"}),
    "/interrupt": lambda to, _: to.answer({}), "/queue": lambda to, _: to.answer({}),
}  # fmt: skip

#: A workflow as ComfyUI saves one in its API format, small.
WORKFLOW = {
    "3": {"class_type": "KSampler", "inputs": {"seed": "{{seed}}", "steps": 20, "model": ["4", 0], "positive": ["6", 0]}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": "{{width}}", "height": "{{height}}", "batch_size": "{{count}}"}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a still, {{words}}", "clip": ["4", 1]}},
    "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "still", "images": ["8", 0]}},
}  # fmt: skip


@contextlib.contextmanager
def local() -> Iterator[Local]:
    made = Local()
    try:
        yield made
    finally:
        made.close()


_LISTED = 'currency = "USD", dated = 2026-10-01'
PRICED = f'price = {{ {_LISTED}, million_in = "1", million_out = "1000" }}\n'  #: of "writer"


def services(address: str, folder: Path, *names: str) -> str:
    """The user's own settings with these services at one local server; all of them where none is named. ComfyUI's workflow is put into the folder."""
    key = 'key = "LOCAL_KEY"'
    known = {
        "writer": f'uses = "openai-chat"\naddress = "{address}/v1"\nmodel = "small"\n{key}\nterms = "local, 2026-10-01"\n{PRICED}',
        "stills": f'uses = "openai-images"\naddress = "{address}/v1"\nmodel = "small"\n{key}\nprice = {{ {_LISTED}, picture = "0.04" }}\n',
        "comfy": f'uses = "comfyui"\naddress = "{address}"\nworkflow = "{workflow(folder)}"\nprice = {{ free = true }}\n',
        "stock": f'uses = "pexels"\naddress = "{address}"\n{key}\n',
    }  # fmt: skip
    return "".join(f"[providers.{name}]\n{known[name]}" for name in names or known)


@contextlib.contextmanager
def set_up(folder: Path, patch: Any, *names: str) -> Iterator[tuple[Local, Path]]:
    """A local server with its key in the environment, and the settings of a user who has these services there; tried again without a pause.

    Args: patch: pytest's MonkeyPatch.
    """
    from answerprint import config
    from answerprint.providers import wire

    patch.setenv("LOCAL_KEY", KEY)
    patch.setattr(wire, "PAUSE_S", 0.01)
    own = folder / "own" / "config.toml"
    own.parent.mkdir()
    patch.setattr(config, "user_file", lambda: own)
    with local() as server:
        own.write_text(services(server.address, own.parent, *names), encoding="utf-8")
        yield server, own


def setup(server: Local, uses: str = "openai-chat", *, path: str = "/v1", **more: Any) -> Setup:
    """As the user's own settings would have it."""
    return Setup.read("writer", {"uses": uses, "address": server.address + path, "model": "small", "key": "LOCAL_KEY", "timeout_s": 5, **more})


def workflow(folder: Path, value: Any = None) -> str:
    path = folder / "still.json"
    path.write_text(json.dumps(WORKFLOW if value is None else value))
    return str(path)
