"""The wire: what is tried again, what is not, and what a person reads when a service does not answer as it should."""

from __future__ import annotations

import json
import pickle
import socket
import sys
import threading
import time
from collections.abc import Iterator
from typing import ClassVar

import keyring
import keyring.core
import keyring.errors
import pytest
from keyring.backend import KeyringBackend

from answerprint.model.providers import ProviderError, Request, Setup, never
from answerprint.model.records import ModelError
from answerprint.providers import keys, openai_chat, wire
from tests.providers.serving import KEY, Handler, Local, local, setup

ASK = Request(kind="words", words="What does the rain want?")
FREE = {"price": {"free": True}}


@pytest.fixture(autouse=True)
def key_and_no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCAL_KEY", KEY)
    monkeypatch.setattr(wire, "PAUSE_S", 0.01)


@pytest.fixture
def server() -> Iterator[Local]:
    with local() as made:
        yield made


def status(number: int, said: str = "no", **headers: str) -> object:
    return lambda to: to.answer({"error": {"message": said}}, number, **headers)


def cut(to: Handler) -> bool:
    to.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{"choices": [{"mess')
    return True


def chat(server: Local, **more: object) -> openai_chat.Chat:
    return openai_chat.Chat(setup(server, **more))


def refused(made: openai_chat.Chat) -> str:
    with pytest.raises(ProviderError) as found:
        made.call(ASK, cancel=never)
    assert KEY not in str(found.value) + repr(found.value) + repr(made.__dict__)
    return str(found.value)


@pytest.mark.parametrize("number", [429, 500, 503, 529])
def test_a_service_that_is_busy_is_asked_again(server: Local, number: int) -> None:
    server.acts = [status(number), status(number)]
    assert chat(server).call(ASK, cancel=never).texts == ("Rain, and a hand that waits.",)
    assert len(server.asked) == 3


def test_a_service_that_stays_busy_is_asked_three_times_and_no_more(server: Local) -> None:
    server.acts = [status(429, "slow down")] * 5
    assert "(429). It says: slow down Asked 3 times." in refused(chat(server))
    assert len(server.asked) == 3


def test_a_service_that_asks_to_wait_is_waited_for_and_not_for_ever(server: Local) -> None:
    server.acts = [status(429, Retry_After="1")]
    began = time.monotonic()
    chat(server).call(ASK, cancel=never)
    assert time.monotonic() - began >= 1
    server.acts = [status(429, Retry_After="3600")]
    assert "It asks to wait 3600 s. Ask again then." in refused(chat(server))


def test_a_refused_key_is_named_by_where_it_lies_and_is_not_tried_again(server: Local) -> None:
    server.acts = [status(401, "Incorrect API key provided: sk-lo***def.")]
    assert "the key was refused (401); it was given LOCAL_KEY" in refused(chat(server))
    assert len(server.asked) == 1


def test_an_answer_that_holds_the_key_is_not_kept_and_not_shown(server: Local) -> None:
    for number in (200, 401):
        server.acts = [status(number, f"Incorrect API key provided: {KEY}.")]
        assert "its answer holds the key itself. Nothing of it was kept." in refused(chat(server))


def test_half_an_answer_is_none_and_a_paid_question_is_not_asked_twice(server: Local) -> None:
    server.acts = [cut, cut]
    said = refused(chat(server))
    assert "only a part of its answer came (19 bytes), then the line was cut. It was not asked again: it may have been charged already." in said
    assert len(server.asked) == 1
    assert chat(server, **FREE).call(ASK, cancel=never).whole  # one more cut, and then whole
    assert len(server.asked) == 3


def test_a_service_that_says_nothing_is_told_from_one_that_is_not_there(server: Local) -> None:
    server.acts = [lambda to: server.stop.wait(8)]
    said = refused(chat(server, timeout_s=1, **FREE))  # also where nothing is charged: the same work would be begun anew
    assert "127.0.0.1 did not answer in 1 s. It was not asked again: it may be at work still. Where it needs longer, say so in the settings: timeout_s = 5" in said
    assert len(server.asked) == 1
    server.acts = []
    address = server.address
    server.close()
    assert "nobody answers at 127.0.0.1:" in refused(openai_chat.Chat(Setup.read("writer", {"uses": "openai-chat", "address": address, "model": "small"})))


def test_a_machine_that_is_offline_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "create_connection", nowhere)
    made = openai_chat.Chat(Setup.read("writer", {"uses": "openai-chat", "address": "https://api.example.org/v1", "model": "small", "key": "LOCAL_KEY"}))
    assert refused(made) == "writer: there is no way to api.example.org: its name was not found. Is this machine offline? Nothing was sent."


def test_what_is_not_json_and_what_is_another_json_is_said(server: Local) -> None:
    server.acts = [lambda to: to.answer(b"<html>Welcome</html>")]
    assert "its answer is not JSON (20 bytes, beginning '<html>Welcome</html>')" in refused(chat(server))
    server.acts = [lambda to: to.answer({"done": True})]
    assert "its answer has no words where they stand" in refused(chat(server))
    server.says = ""
    assert "it answered with nothing (stop)" in refused(chat(server))


def test_nothing_goes_where_a_service_sends_on_to(server: Local) -> None:
    server.acts = [status(307, Location="http://127.0.0.1:9/steal")]
    assert "it sends elsewhere (307), and no key goes where nobody said so" in refused(chat(server))


def test_a_person_stops_it_while_it_waits_for_the_answer_and_while_it_pauses(server: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = threading.Event()
    server.acts = [lambda to: (stopped.set(), server.stop.wait(8))]  # type: ignore[list-item]
    with pytest.raises(ProviderError, match=r"stopped\. It had the question already, and may charge for it") as found:
        chat(server).call(ASK, cancel=stopped.is_set)
    assert found.value.perhaps_billed
    stopped.clear()
    monkeypatch.setattr(wire, "PAUSE_S", 30)
    server.acts = [lambda to: (stopped.set(), to.answer({}, 503))]  # type: ignore[list-item]
    began = time.monotonic()
    with pytest.raises(ProviderError, match="stopped"):
        chat(server).call(ASK, cancel=stopped.is_set)
    assert time.monotonic() - began < 10


def test_every_byte_that_went_out_is_counted(server: Local) -> None:
    made = chat(server)
    made.call(ASK, cancel=never)
    (one,) = made.traffic
    (_, _, headers, body) = server.asked[0]
    lines = "POST /v1/chat/completions HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
    assert (one.what, one.sent) == ("POST /v1/chat/completions", len(lines) + len(body))


# ---- keys


def test_a_key_is_in_no_text(server: Local) -> None:
    key = keys.secret(setup(server))
    assert KEY not in f"{key} {key!r} {[key]}"
    with pytest.raises(TypeError, match="not written down"):
        pickle.dumps(key)


def test_a_key_that_was_written_into_the_settings_is_refused_and_not_repeated() -> None:
    with pytest.raises(ModelError, match="never the key itself") as found:
        Setup.read("writer", {"uses": "openai-chat", "key": "sk-proj-verysecret"})
    assert "verysecret" not in str(found.value)


def test_a_key_goes_over_no_open_line_and_into_no_words(server: Local) -> None:
    with pytest.raises(ProviderError, match="over an open line"):
        openai_chat.Chat(Setup.read("writer", {"uses": "openai-chat", "address": "http://gpu.example.org/v1", "model": "small", "key": "LOCAL_KEY"}))
    with pytest.raises(ProviderError, match="holds the service's own key"):
        chat(server).call(Request(kind="words", words=f"Is {KEY} a good key?"), cancel=never)
    assert server.asked == []


def test_a_key_that_is_not_there_is_asked_for_where_it_should_lie(server: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOCAL_KEY")
    with pytest.raises(ProviderError, match=r"not in the environment as LOCAL_KEY\. Set LOCAL_KEY in the shell"):
        chat(server)


class InMemory(KeyringBackend):
    """A keyring that lies in this process."""

    priority = 1
    held: ClassVar[dict[tuple[str, str], str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


class Locked(InMemory):
    """One that nobody unlocked."""

    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked("not unlocked")


def test_a_key_comes_from_the_systems_keyring(server: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(InMemory, "held", {})
    monkeypatch.setattr(keyring.core, "_keyring_backend", InMemory())
    with pytest.raises(ProviderError, match=r"not in the system keyring under answerprint, writer\. Put it there: keyring set answerprint writer"):
        chat(server, key="keyring:answerprint/writer")
    keyring.set_password("answerprint", "writer", KEY)
    assert chat(server, key="keyring:answerprint/writer").call(ASK, cancel=never).texts
    assert server.asked[0][2]["authorization"] == f"Bearer {KEY}"
    monkeypatch.setattr(keyring.core, "_keyring_backend", Locked())
    with pytest.raises(ProviderError, match=r"the system keyring did not open \(KeyringLocked\)\. Unlock it"):
        chat(server, key="keyring:answerprint/writer")


def test_a_keyring_that_is_not_installed_is_a_sentence(server: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ProviderError, match=r'read with: pip install "answerprint\[providers\]"\. Or name an environment variable'):
        chat(server, key="keyring:answerprint/writer")


def test_json_that_is_asked_for_names_its_schema(server: Local) -> None:
    chat(server).call(Request(kind="words", words="Three ideas.", schema={"type": "object", "required": ["ideas"]}, seed=3, parameters={"temperature": "0.5"}), cancel=never)
    asked = json.loads(server.asked[0][3])
    assert asked["response_format"]["json_schema"]["schema"]["required"] == ["ideas"]
    assert (asked["seed"], asked["temperature"], asked["max_tokens"]) == (3, 0.5, 1024)


@pytest.mark.parametrize("number", [502, 504, 524])
def test_who_stands_between_and_does_not_know_what_became_of_it_is_not_asked_again_for_what_costs(server: Local, number: int) -> None:
    server.acts = [status(number)] * 3
    with pytest.raises(ProviderError, match=f"not well .{number}.* It was not asked again: it may be at work still, and have been charged already") as found:
        chat(server).call(ASK, cancel=never)
    assert found.value.perhaps_billed
    assert len(server.asked) == 1
    server.acts = [status(504)]
    assert chat(server, **FREE).call(ASK, cancel=never).texts, "what is free is asked again"


@pytest.mark.parametrize("address", ["http://[::1", "https://one.example:99999/v1", "https://one.example:x/v1"])
def test_an_address_that_is_none_is_a_sentence(address: str) -> None:
    with pytest.raises(ProviderError, match="is no address of a service"):
        openai_chat.Chat(Setup(name="writer", uses="openai-chat", address=address, model="small"))


@pytest.mark.parametrize("number", [200, 400])
def test_an_answer_that_is_nested_without_an_end_is_a_sentence(server: Local, number: int) -> None:
    server.acts = [lambda to: to.answer(b"[" * 200_000, number)]
    assert "not JSON" in (said := refused(chat(server))) or "does not take this request (400)" in said
