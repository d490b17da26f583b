"""A first thought: nothing of it is readable before its author opens it, and skipping is a record too."""

from __future__ import annotations

import stat
from pathlib import Path

from answerprint import intent
from answerprint.ledger.verify import verify
from answerprint.room import envelopes
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
