"""The room opens on this machine, and to a network only under a real name with a certificate for it."""

from __future__ import annotations

import http.client
import socket
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import answerprint
from answerprint import cli
from answerprint.room import RoomError
from answerprint.room.server import Address, start


def certificate(folder: Path, name: str, days: int = 30) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key()).serial_number(7)
    made = made.not_valid_before(now - timedelta(days=60)).not_valid_after(now + timedelta(days=days))
    signed = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False).sign(key, hashes.SHA256())
    path = folder / "room.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture
def spot(tmp_path):
    return answerprint.new(tmp_path / "spot", rate="25")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_the_room_opens_before_prep_and_its_link_opens_once(spot):
    served = start(spot.path, Address(port=free_port()))
    try:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        assert b"You are the first one here." in opener.open(served.link).read()
        with pytest.raises(urllib.error.HTTPError) as stopped:
            urllib.request.urlopen(served.link)
        assert stopped.value.code == 403
        script = opener.open(f"{served.link.rpartition('/in/')[0]}/static/sign.js")
        assert "no-cache" in script.headers["cache-control"], "yesterday's script beside today's page signs nothing, however often it is loaded"
    finally:
        served.close()


def test_an_answer_does_not_wait_for_the_browser_to_confirm_its_headers(spot):
    served = start(spot.path, Address(port=free_port()))
    times = []
    try:
        door = http.client.HTTPConnection("localhost", int(served.origin.rpartition(":")[2]), timeout=20)
        for _ in range(60):
            began = time.perf_counter()
            door.request("GET", "/door")
            door.getresponse().read()
            times.append(time.perf_counter() - began)
    finally:
        served.close()
    later = times[30:]  # a new connection confirms at once for a while
    assert min(later) < 0.035, f"{min(later) * 1000:.0f} ms: a confirmation that is held back comes after 40 (Linux TCP_DELACK_MIN)"


def test_a_port_that_is_taken_is_a_sentence(spot):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(RoomError, match="Is another room open"):
            start(spot.path, Address(port=taken.getsockname()[1]))


@pytest.mark.parametrize("name", [None, "", "localhost", "192.168.0.7"])
def test_the_network_needs_a_real_name(name):
    with pytest.raises(RoomError, match="a real name"):
        Address(host="0.0.0.0", name=name).check()


def test_the_network_needs_a_certificate_for_that_name(tmp_path):
    with pytest.raises(RoomError, match="needs a certificate"):
        Address(host="0.0.0.0", name="room.example.com").check()
    with pytest.raises(RoomError, match=r"it is for other\.example\.com, not for room\.example\.com"):
        Address(host="0.0.0.0", name="room.example.com", certificate=certificate(tmp_path, "other.example.com")).check()
    with pytest.raises(RoomError, match="it ended on"):
        Address(host="0.0.0.0", name="room.example.com", certificate=certificate(tmp_path, "room.example.com", days=-1)).check()
    Address(host="0.0.0.0", name="room.example.com", certificate=certificate(tmp_path, "room.example.com")).check()


def test_a_file_that_is_no_certificate_is_a_sentence(tmp_path):
    (tmp_path / "room.pem").write_text("no")
    with pytest.raises(RoomError, match="cannot be used"):
        Address(host="0.0.0.0", name="room.example.com", certificate=tmp_path / "room.pem").check()


def test_answerprint_room_without_a_production_is_a_sentence(tmp_path, capsys):
    assert cli.main(["room", str(tmp_path / "nothing"), "--no-browser"]) == 2
    assert "is not there" in capsys.readouterr().err


def test_answerprint_room_says_where_it_is_and_ends_with_ctrl_c(spot, capsys, monkeypatch):
    from answerprint.room import server

    def stopped():
        raise KeyboardInterrupt

    real = server.start

    def start(folder, address):
        served = real(folder, address)
        return server.Served(room=served.room, origin=served.origin, link=served.link, close=served.close, wait=stopped)

    monkeypatch.setattr(server, "start", start)
    port = free_port()
    assert cli.main(["room", str(spot.path), "--no-browser", "--port", str(port)]) == 0
    out = capsys.readouterr().out
    assert f"http://localhost:{port}/in/" in out
    assert "The room is closed." in out


def test_two_rooms_on_one_machine_do_not_sign_each_other_out(tmp_path):
    one, other = (start(answerprint.new(tmp_path / name, rate="25").path, Address(port=free_port())) for name in ("one", "other"))
    try:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        for served in (one, other):
            assert b"You are the first one here." in opener.open(served.link).read()
        assert b"You are the first one here." in opener.open(f"{one.origin}/welcome").read()
    finally:
        one.close()
        other.close()
