"""A signature in the room is one fresh gesture over one text: nothing that was given before, for something else or by somebody else is taken."""

from __future__ import annotations

import base64

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as any_

from answerprint.ledger.verify import verify
from answerprint.room import passkeys, signing
from tests.ledger.signing import PasskeyHand
from tests.made import heard
from tests.room.argued import argued
from tests.room.conftest import Signer, split

__all__ = ["argued"]


def challenge(offer) -> bytes:
    return base64.urlsafe_b64decode(offer["options"]["challenge"] + "==")


def give(who: Signer, offer, assertion):
    return who.post("/api/sign", {"token": offer["token"], "assertion": assertion})


def skip(who: Signer):
    return who.post("/api/thought/skip").json()


def head(room) -> int:
    return room.house.book.head.n


def test_a_signature_is_over_exactly_the_text_that_the_room_showed(opened):
    offer = skip(opened.ana)
    assert opened.ana.sign(offer).status_code == 200
    assert verify(opened.path / ".answerprint" / "record.db").findings == ()


def test_a_signature_that_was_given_is_not_taken_again(opened):
    offer = skip(opened.ana)
    given_once = split(opened.ana.hand.over(challenge(offer)))
    assert give(opened.ana, offer, given_once).status_code == 200
    n = head(opened.room)
    again = give(opened.ana, offer, given_once)
    assert again.status_code == 409
    assert "was given before" in again.json()["says"]
    assert give(opened.ana, skip(opened.ana), given_once).status_code == 409  # nor for the next offer
    assert head(opened.room) == n


def test_a_signature_over_other_bytes_is_not_taken(opened):
    n = head(opened.room)
    offer, other = skip(opened.ana), skip(opened.ana)
    assert give(opened.ana, offer, split(opened.ana.hand.over(b"\0" * 32))).status_code == 409
    assert give(opened.ana, other, split(opened.ana.hand.over(challenge(offer)[::-1]))).status_code == 409
    assert head(opened.room) == n


def test_an_offer_belongs_to_the_session_that_asked_for_it(opened):
    other = Signer(opened.room, opened.ana.hand)
    offer = skip(opened.ana)
    assert give(other, offer, split(opened.ana.hand.over(challenge(offer)))).status_code == 409
    assert opened.ana.sign(offer).status_code == 200  # it was not used up by that


def test_an_offer_ends_after_ten_minutes(opened, monkeypatch):
    offer = skip(opened.ana)
    monkeypatch.setattr(signing.time, "monotonic", lambda now=signing.time.monotonic: now() + 601)
    late = opened.ana.sign(offer)
    assert late.status_code == 409
    assert "too long ago" in late.json()["says"]


@pytest.mark.parametrize(
    ("hand", "says"),
    [(PasskeyHand("Somebody Else"), "key"), (PasskeyHand("Ana Ferrer", origin="https://evil.example.com"), "page"), (PasskeyHand("Ana Ferrer", rp_id="evil.example.com"), ""),
     (PasskeyHand("Ana Ferrer", flags=0b001), ""), (PasskeyHand("Ana Ferrer", flags=0b100), "")],
)  # fmt: skip
def test_another_key_another_page_another_name_or_nobody_present_signs_nothing(opened, hand, says):
    n = head(opened.room)
    offer = skip(opened.ana)
    assert give(opened.ana, offer, split(hand.over(challenge(offer)))).status_code == 409
    assert head(opened.room) == n


def test_a_passkey_being_made_is_no_signature(opened):
    offer = skip(opened.ana)
    assert give(opened.ana, offer, split(opened.ana.hand.over(challenge(offer), kind="webauthn.create"))).status_code == 409


def test_coming_in_takes_a_key_of_the_crew_and_a_question_that_was_just_asked(argued):
    asked = argued.mara.post("/api/passkey/ask").json()
    over = base64.urlsafe_b64decode(asked["challenge"] + "==")
    stranger = argued.mara.post("/api/passkey/shown", {"assertion": split(PasskeyHand("A stranger").over(over))})
    assert stranger.status_code == 409
    used = argued.mara.post("/api/passkey/shown", {"assertion": split(argued.mara.hand.over(over))})
    assert used.status_code == 409  # the question was used up
    asked = argued.mara.post("/api/passkey/ask").json()
    over = base64.urlsafe_b64decode(asked["challenge"] + "==")
    assert argued.jo.post("/api/passkey/shown", {"assertion": split(argued.jo.hand.over(over))}).status_code == 409  # another session's
    assert argued.mara.post("/api/passkey/shown", {"assertion": split(argued.mara.hand.over(over))}).status_code == 200


def test_an_answer_to_come_in_is_no_signature_and_a_signature_no_answer(opened):
    offer, asked = skip(opened.ana), opened.ana.post("/api/passkey/ask").json()
    over = base64.urlsafe_b64decode(asked["challenge"] + "==")
    assert give(opened.ana, offer, split(opened.ana.hand.over(over))).status_code == 409
    assert opened.ana.post("/api/passkey/shown", {"assertion": split(opened.ana.hand.over(challenge(offer)))}).status_code == 409


def test_a_name_of_nothing_or_of_a_page_is_no_name(opened):
    for name in ("", "   ", "a" * 121):
        assert opened.ana.post("/api/passkey/make", {"name": name}).status_code == 409
        assert opened.ana.post("/api/passkey/made", {"name": name, "credential": {}}).status_code == 409


def test_what_the_pages_choose_is_what_can_be_signed(opened):
    """A choice with all that the Finish page says of it - what it was judged on, the master and its seal - is bound, in words."""
    from urllib.parse import quote

    assets = opened.path / "assets"
    assets.mkdir(exist_ok=True)
    for name in ("grade.cdl", "master.mov"):
        (assets / name).write_bytes(name.encode())
    for name in ("mix.wav", "bed.wav"):
        heard(assets / name)
    cut = opened.ana.post("/api/cut/rough").json()["cuts"][0]
    assert opened.ana.post(f"/api/cut/{quote(cut)}/choose", {"version": "master"}).status_code == 200
    told = {"version": "master", "master": "assets/master.mov"}
    for what, file, on in (("grade", "grade.cdl", "this screen"), ("mix", "mix.wav", "headphones"), ("bed", "bed.wav", "headphones")):
        answer = opened.ana.post(f"/api/finish/{what}", {**told, "file": f"assets/{file}", "judged_on": on})
        assert answer.status_code == 200, answer.text
    page = opened.ana.get("/api/sign").json()
    offer = opened.ana.post("/api/sign/finish/offer", {"since": page["seen"], "shown": page["bound"][2]["shown"]}).json()
    lines = "\n".join(offer["lists"])
    for words in ("assets/grade.cdl, judged on this screen", "assets/mix.wav, judged on headphones", "assets/bed.wav", "of assets/master.mov ("):
        assert words in lines
    assert opened.ana.sign(offer).status_code == 200
    assert verify(opened.path / ".answerprint" / "record.db").findings == ()


JSON = any_.recursive(any_.none() | any_.booleans() | any_.integers() | any_.text(max_size=12), lambda inner: any_.lists(inner, max_size=3) | any_.dictionaries(any_.text(max_size=8), inner, max_size=3), max_leaves=6)
PART = any_.binary(max_size=80).map(passkeys.b64url) | JSON


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=JSON | any_.fixed_dictionaries({"response": JSON | any_.fixed_dictionaries({"authenticatorData": PART, "clientDataJSON": PART, "signature": PART, "attestationObject": PART})}))
def test_whatever_a_browser_sends_for_a_signature_is_a_sentence_at_most(argued, said):
    for path, body in (
        ("/api/sign", {"token": skip(argued.mara)["token"], "assertion": said}),
        ("/api/passkey/shown", {"assertion": said}),
        ("/api/passkey/made", {"name": "A", "credential": said}),
    ):
        if path != "/api/sign":
            argued.mara.post("/api/passkey/ask" if "shown" in path else "/api/passkey/make", {"name": "A"})
        answer = argued.mara.post(path, body)
        assert answer.status_code in (409, 422)
        assert answer.json()["says"]
