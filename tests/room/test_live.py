"""The room over a real socket: what others do comes by itself; whoever holds connections open is let go; a kill in the middle loses nothing."""

from __future__ import annotations

import base64
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

import answerprint
from answerprint.ledger.verify import verify
from answerprint.model.judgments import Enrol, Stand
from answerprint.room import guard, server
from answerprint.room.doors import cookie_of
from answerprint.room.server import Address, Served, start
from tests.ledger.signing import PasskeyHand, everything
from tests.room.browser import free_port
from tests.room.conftest import split


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(server, "PATIENCE_S", 1)
    monkeypatch.setattr(guard, "PATIENCE_S", 1)
    monkeypatch.setattr(server, "_MOST", 24)
    spot = answerprint.new(tmp_path / "spot", rate="25", title="Salt")
    opened = start(spot.path, Address(port=free_port()))
    yield opened
    opened.close()


def port_of(origin: str) -> int:
    return int(origin.rpartition(":")[2])


def raw(origin: str, *, text: bytes = b"") -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port_of(origin)), timeout=10)
    if text:
        made.sendall(text)
    return made


@contextmanager
def asked(origin: str, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str) -> Iterator[http.client.HTTPResponse]:
    with closing(http.client.HTTPConnection("localhost", port_of(origin), timeout=15)) as line:
        line.request(method, path, body=body, headers={"origin": origin, **{name.replace("_", "-"): value for name, value in headers.items()}})
        yield line.getresponse()


def enrolled(hand: PasskeyHand) -> Enrol:
    """Their enrolment for the page that they are at."""
    made = hand.enrols("producer", "director")
    return replace(made, key=replace(made.key, origins=(hand.origin,)))


def comes_in(served: Served, hand: PasskeyHand) -> dict[str, str]:
    """A session of somebody who holds every seat: what each request of theirs carries."""
    with served.room.house.writing() as record:
        record.sign(enrolled(hand), hand)
        record.sign(everything(hand), hand)
    guest = served.room.doors.use_setup(served.room.doors.setup_link())
    assert guest is not None
    served.room.doors.is_person(guest, hand.key_id, hand.name)
    return {"cookie": f"{served.room.cookie}={guest.session}", "x_answerprint": guest.form, "content_type": "application/json"}


def events(answer: http.client.HTTPResponse, wanted: str) -> dict[str, object]:
    """The next event of that name."""
    name = ""
    while line := answer.readline().decode():
        if line.startswith("event: "):
            name = line[7:].strip()
        if line.startswith("data: ") and name == wanted:
            found: dict[str, object] = json.loads(line[6:])
            return found
    raise AssertionError(f"the stream ended before {wanted}")


def test_what_somebody_signs_comes_to_everybody_by_itself(served):
    hand = PasskeyHand("Ana Ferrer", origin=served.origin)
    carries = comes_in(served, hand)
    with asked(served.origin, "/api/live", **carries) as answer:
        assert answer.readline() == b": open\n"
        with served.room.house.writing() as record:
            entry = record.sign(Stand(part="Pace", text="Slow until the crack.", about="film:master"), hand)
        assert events(answer, "record") == {"n": entry.n, "seal": entry.hash}


def test_a_stream_is_for_the_crew_only(served):
    with asked(served.origin, "/api/live") as answer:
        assert answer.status == 401


def test_a_stream_that_is_left_lets_go(served):
    carries = comes_in(served, PasskeyHand("Ana Ferrer", origin=served.origin))
    for _ in range(40):  # more than there may be at once
        with asked(served.origin, "/api/live", **carries) as answer:
            assert answer.status == 200
            answer.readline()
    with asked(served.origin, "/door") as answer:
        assert answer.status == 200


def test_whoever_connects_and_says_nothing_or_little_is_let_go(served):
    """A flood of half requests from one machine fills the room's lines for as long as its patience lasts, and no longer."""
    host = f"Host: localhost:{port_of(served.origin)}\r\n".encode()
    silent = [raw(served.origin) for _ in range(14)]
    half = [raw(served.origin, text=b"GET / HTTP/1.1\r\n" + host) for _ in range(14)]
    with asked(served.origin, "/door") as answer:
        assert answer.status == 503
    until = time.monotonic() + 8
    while time.monotonic() < until:
        time.sleep(0.2)
        for one in half:
            with suppress(OSError):
                one.sendall(b"X: y\r\n")  # a little at a time keeps nobody waiting longer
        with asked(served.origin, "/door") as answer:
            if answer.status == 200:
                break
    else:
        pytest.fail("the room stayed shut")
    for one in [*silent, *half]:
        one.close()


def test_a_body_that_stops_coming_is_let_go(served):
    carries = comes_in(served, PasskeyHand("Ana Ferrer", origin=served.origin))
    head = f"POST /api/passkey/make HTTP/1.1\r\nHost: localhost:{port_of(served.origin)}\r\nOrigin: {served.origin}\r\nContent-Type: application/json\r\nContent-Length: 90\r\n"
    head += f"Cookie: {carries['cookie']}\r\nX-Answerprint: {carries['x_answerprint']}\r\n\r\n{{\"name\""
    began = time.monotonic()
    with closing(raw(served.origin, text=head.encode())) as line:
        said = line.recv(4096)
    assert said.startswith(b"HTTP/1.1 408")
    assert time.monotonic() - began < 6


def test_what_is_no_request_gets_no_more_than_a_refusal(served):
    for text in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 9, b"GET " + b"a" * 200_000 + b" HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"\r\n" * 50 + b"\0\r\n\r\n"):
        with closing(raw(served.origin)) as line:
            try:
                line.sendall(text)
                said = line.recv(65536)
            except OSError:
                continue
            assert said == b"" or said.split(b" ")[1] in (b"400", b"421", b"431")
    with asked(served.origin, "/door") as answer:
        assert answer.status == 200


def test_who_asks_is_the_machine_that_asks_whatever_it_says(served):
    """Nobody changes the address that is counted by writing another one into the request."""
    told = []
    for number in range(16):
        with asked(served.origin, f"/in/guess{number}", x_forwarded_for=f"10.9.8.{number}") as answer:
            told.append(answer.status)
    assert 429 in told


def test_a_room_closes_quietly_under_open_streams(served, capfd):
    """Ctrl-C with people in the room: their streams end, and nobody at the terminal reads a traceback."""
    carries = comes_in(served, PasskeyHand("Ana Ferrer", origin=served.origin))
    with asked(served.origin, "/api/live", **carries) as answer:
        answer.readline()
        began = time.monotonic()
        served.close()
        assert time.monotonic() - began < 2.5
        assert answer.read() is not None
    told = capfd.readouterr()
    assert "Traceback" not in told.err + told.out


ROOM = """
import sys
from pathlib import Path
from answerprint.room.server import Address, start
served = start(Path(sys.argv[1]), Address(port=int(sys.argv[2])))
guest = served.room.doors.use_setup(served.room.doors.setup_link())
served.room.doors.is_person(guest, sys.argv[3], "Ana Ferrer")
print(guest.session, guest.form, flush=True)
served.wait()
"""


@pytest.mark.parametrize("after_ms", [0, 3, 30])
def test_a_room_that_is_killed_in_the_middle_of_a_signature_wrote_it_whole_or_not_at_all(tmp_path, after_ms):
    """Killed before, while and after it writes: the entry is there and holds, or it is not there and the room said nothing of one."""
    port = free_port()
    origin = f"http://localhost:{port}"
    hand = PasskeyHand("Ana Ferrer", origin=origin)
    spot = answerprint.new(tmp_path / "spot", rate="25", title="Salt")
    spot.inside.mkdir(exist_ok=True)
    with spot.writer() as record:
        record.sign(enrolled(hand), hand)
        record.sign(everything(hand), hand)
    process = subprocess.Popen([sys.executable, "-c", ROOM, str(spot.path), str(port), hand.key_id], stdout=subprocess.PIPE, text=True, env={**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")})
    try:
        assert process.stdout is not None
        session, form = process.stdout.readline().split()
        carries = {"cookie": f"{cookie_of(origin)}={session}", "x_answerprint": form, "content_type": "application/json"}
        with asked(origin, "/api/thought/skip", method="POST", body=b"{}", **carries) as answer:
            assert answer.status == 200
            offer = json.loads(answer.read())
        assertion = split(hand.over(base64.urlsafe_b64decode(offer["options"]["challenge"] + "==")))
        body = json.dumps({"token": offer["token"], "assertion": assertion}).encode()
        line = http.client.HTTPConnection("localhost", port, timeout=10)
        line.request("POST", "/api/sign", body=body, headers={"origin": origin, **{name.replace("_", "-"): value for name, value in carries.items()}})
        time.sleep(after_ms / 1000)
        process.send_signal(signal.SIGKILL)
        process.wait()
        try:
            told = line.getresponse().status
        except (OSError, http.client.HTTPException):
            told = None  # the page says: the room does not answer
        line.close()
    finally:
        process.kill()
        process.wait()
    found = verify(spot.inside / "record.db")
    assert found.findings == ()
    with spot.reader() as record:
        entries = [entry.kind for entry in record.entries()]
    assert entries in (["enrol", "charter"], ["enrol", "charter", "intent"])
    assert told is None or len(entries) == 3
