"""A first thought: nothing of it is readable before its author opens it, and skipping is a record too."""

from __future__ import annotations

import io
import stat
import time
import wave
from pathlib import Path

import numpy as np
import pytest

from answerprint import intent
from answerprint.ledger.verify import verify
from answerprint.room import RoomError, envelopes, hearing
from answerprint.room.pages import thought as page
from tests.room.argued import argued
from tests.room.conftest import ORIGIN, Signer

WORDS = {"sentence": "A father hears what his daughter heard.", "rhythm": "Slow until the crack.", "palette": "", "music": "Perhaps none at all.", "take": ""}
__all__ = ["argued"]
STILL = b"\xff\xd8\xff\xe0" + b"the window at six in the morning" * 40


def bring(who: Signer, name: str, raw: bytes):
    headers = {"origin": ORIGIN, "x-answerprint": who.guest.form, "content-type": "application/octet-stream"}
    return who.client.post(f"/api/thought/bring?name={name}", content=raw, headers=headers)


def holding(folder: Path, what: bytes) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and what in path.read_bytes()]


def test_nothing_of_a_sealed_thought_is_readable_in_the_production(argued):
    assert bring(argued.mara, "window.jpg", STILL).status_code == 200
    offer = argued.mara.post("/api/thought/seal", {"words": WORDS}).json()
    assert not any(word in str(offer) for word in WORDS.values() if word)
    assert argued.mara.sign(offer).status_code == 200
    for word in (b"daughter heard", b"until the crack", b"none at all", STILL[:40]):
        assert holding(argued.path, word) == []
    sealed = argued.mara.get("/api/thought").json()["thoughts"][0]
    assert (sealed["opened"], sealed["words"], sealed["brought"], sealed["here"]) == (None, [], [], True)
    assert argued.mara.get("/api/thought").json()["held"] == []


def test_its_author_opens_it_with_what_was_brought_and_the_record_verifies(argued):
    bring(argued.mara, "window.jpg", STILL)
    n = argued.mara.sign(argued.mara.post("/api/thought/seal", {"words": WORDS}).json()).json()["entry"]
    assert argued.mara.sign(argued.mara.post("/api/thought/open", {"n": n}).json()).status_code == 200
    found = argued.mara.get("/api/thought").json()["thoughts"][0]
    assert found["words"] == [["sentence", WORDS["sentence"]], ["rhythm", WORDS["rhythm"]], ["music", WORDS["music"]]]
    answer = argued.mara.get(found["brought"][0]["href"])
    assert (answer.content, answer.headers["content-type"]) == (STILL, "image/jpeg")
    assert verify(argued.path / ".answerprint" / "record.db").findings == ()
    assert intent.thoughts(argued.room.house.book)[0].opened


def test_the_key_lies_with_its_author_and_without_it_the_thought_stays_shut(argued):
    n = argued.mara.sign(argued.mara.post("/api/thought/seal", {"words": WORDS}).json()).json()["entry"]
    folder = envelopes.kept_in(argued.room.house.production)
    (key,) = folder.iterdir()
    assert not folder.is_relative_to(argued.path)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.unlink()
    refused = argued.mara.post("/api/thought/open", {"n": n})
    assert refused.status_code == 409
    assert "is not on this computer" in refused.json()["says"]


def test_only_its_author_opens_it(argued):
    n = argued.mara.sign(argued.mara.post("/api/thought/seal", {"words": WORDS}).json()).json()["entry"]
    refused = argued.jo.post("/api/thought/open", {"n": n})
    assert refused.status_code == 409
    assert "Mara Lind" in refused.json()["says"]


def test_a_skip_is_in_the_record(argued):
    assert argued.mara.sign(argued.mara.post("/api/thought/skip").json()).status_code == 200
    assert argued.mara.get("/api/thought").json()["thoughts"][0]["skipped"]
    silent = argued.mara.post("/api/thought/seal", {"words": dict.fromkeys(WORDS, " ")}).json()
    assert silent["lists"] == ["I say no first thought."]


def test_what_is_neither_still_nor_sound_or_too_large_is_not_taken(argued):
    assert "neither a still" in bring(argued.mara, "page.html", b"<html><script>").json()["says"]
    assert bring(argued.mara, "large.jpg", STILL[:4] + bytes(envelopes.LARGEST)).status_code in (409, 413)
    for number in range(envelopes.MOST):
        assert bring(argued.mara, f"{number}.jpg", STILL).status_code == 200
    assert bring(argued.mara, "one-more.jpg", STILL).status_code == 409


# ---- spoken


def sound(samples: np.ndarray, rate_hz: int) -> bytes:
    """16-bit mono as a file."""
    raw = io.BytesIO()
    with wave.open(raw, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(samples.astype("<i2").tobytes())
    return raw.getvalue()


def waiting(who: Signer) -> dict:
    """What was brought, once nobody listens to it any more."""
    ends = time.monotonic() + 120
    while (found := who.get("/api/thought/held").json()[0])["state"] == "hearing":
        assert time.monotonic() < ends
        time.sleep(0.1)
    return found


def test_what_is_said_aloud_is_written_down_and_sealed_as_its_author_corrects_it(opened):
    ana, table = opened.ana, opened.room.house.table
    one = next(one for one in table.strung() if one.covered and one.covered[0].complete and one.covered[0].item == 1)
    shot = table.whole(next(unit for unit in table.shoot.units if unit.digest == one.clip.digest))
    begin = float(shot.sound.offset_s) + one.covered[0].in_s
    said = np.load(shot.sound.path, mmap_mode="r")[round((begin - 0.4) * 48_000) : round((begin + one.covered[0].out_s - one.covered[0].in_s + 1.2) * 48_000)]
    assert bring(ana, "spoken.wav", sound(np.asarray(said), 48_000)).json()[0]["state"] == "hearing"
    found = waiting(ana)
    assert (found["state"], found["words"].casefold()[:36]) == ("heard", "morning starts before the light does")
    assert ana.client.get(f"/media/thought/held/{found['id']}").content[:4] == b"RIFF"
    assert ana.post("/api/thought/said", {"id": found["id"], "words": "Morning starts when she does."}).json()[0]["words"] == "Morning starts when she does."
    offer = ana.post("/api/thought/seal", {"words": {}, "said": {found["id"]: "Morning starts when she says so."}}).json()
    assert offer["lists"][1] == "Sealed with it: spoken.wav with the words that stand beside it"
    n = ana.sign(offer).json()["entry"]
    assert holding(opened.path, b"when she says so") == []
    ana.sign(ana.post("/api/thought/open", {"n": n}).json())
    assert [one["words"] for one in ana.get("/api/thought").json()["thoughts"][0]["brought"]] == ["Morning starts when she says so."]
    assert verify(opened.path / ".answerprint" / "record.db").findings == ()


def test_no_words_are_sealed_that_their_author_did_not_send(argued, monkeypatch):
    monkeypatch.setattr(hearing, "words", lambda raw, model="": "What the machine believes.")
    bring(argued.mara, "spoken.wav", sound(np.zeros(4800), 48_000))
    assert waiting(argued.mara)["words"] == "What the machine believes."
    n = argued.mara.sign(argued.mara.post("/api/thought/seal", {"words": WORDS}).json()).json()["entry"]
    argued.mara.sign(argued.mara.post("/api/thought/open", {"n": n}).json())
    assert argued.mara.get("/api/thought").json()["thoughts"][0]["brought"][0]["words"] == ""


def test_where_the_model_is_missing_a_sentence_says_so_and_the_sound_stays(argued, tmp_path):
    raw = sound(np.zeros(4800), 48_000)
    with pytest.raises(RoomError, match="no speech model here"):
        hearing.words(raw, str(tmp_path))
    argued.room.brought = page._Desk(str(tmp_path))
    bring(argued.mara, "spoken.wav", raw)
    found = waiting(argued.mara)
    assert (found["state"], found["words"]) == ("unheard", "")
    assert "no speech model here" in found["says"]
    n = argued.mara.sign(argued.mara.post("/api/thought/seal", {"words": {}, "said": {found["id"]: "By hand."}}).json()).json()["entry"]
    argued.mara.sign(argued.mara.post("/api/thought/open", {"n": n}).json())
    (brought,) = argued.mara.get("/api/thought").json()["thoughts"][0]["brought"]
    assert (brought["words"], argued.mara.get(brought["href"]).content) == ("By hand.", raw)


def test_a_sound_that_is_none_or_says_nothing_is_told_apart(tmp_path):
    assert hearing.words(sound(np.zeros(48_000), 48_000)) == ""
    with pytest.raises(RoomError, match="cannot be read"):
        hearing.words(b"OggS" + bytes(400))


def test_another_session_hears_nothing_that_waits(argued):
    bring(argued.mara, "spoken.wav", sound(np.zeros(480), 48_000))
    (found,) = argued.mara.get("/api/thought/held").json()
    assert argued.jo.get("/api/thought/held").json() == []
    assert argued.jo.get(f"/media/thought/held/{found['id']}").status_code == 404
    assert argued.jo.post("/api/thought/said", {"id": found["id"], "words": "mine"}).status_code == 409
