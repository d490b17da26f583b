"""The crew in the room: seats, invitations, signing in, the charter, keys that sign no more."""

from __future__ import annotations

from answerprint.ledger.verify import verify
from answerprint.model.judgments import Enrol, Objection
from tests.ledger.signing import PasskeyHand
from tests.room.argued import argued
from tests.room.conftest import ORIGIN

__all__ = ["argued"]


def test_an_empty_chair_is_shown_as_one(argued):
    chairs = {one["role"]: one["people"] for one in argued.mara.get("/api/crew").json()["chairs"]}
    assert chairs["DP"] == ["Jo Abara"]
    assert chairs["gaffer"] == []
    assert "an empty chair" in argued.mara.get("/crew").text


def test_an_invitation_opens_once_and_a_producer_signs_in_whoever_comes(argued):
    made = argued.mara.post("/api/crew/invite", {"name": "Ed Itor", "roles": ["editor"]}).json()
    token = made["link"].rpartition("/")[2]
    guest = argued.room.doors.use_invitation(token)
    assert argued.room.doors.use_invitation(token) is None
    ed = PasskeyHand("Ed Itor")
    argued.room.doors.wait(guest, name="Ed Itor", roles=("editor",), key=ed.key, key_id=ed.key_id)
    (waits,) = argued.mara.get("/api/crew").json()["waiting"]
    offer = argued.mara.post("/api/crew/sign-in", {"invitation": waits["invitation"]}).json()
    assert "Ed Itor is on the crew as editor" in offer["lists"][0]
    assert argued.mara.sign(offer).status_code == 200
    page = argued.mara.get("/api/crew").json()
    assert page["waiting"] == []
    assert "Ed Itor" in [one["name"] for one in page["members"]]


def test_only_a_producer_invites_and_changes_the_charter(argued):
    for path, body in (("invite", {"name": "A B", "roles": ["editor"]}), ("sign-in", {"invitation": "x"}), ("roles", {"person": "Jo Abara", "take": ["gaffer"]})):
        assert "producer" in argued.jo.post(f"/api/crew/{path}", body).json()["says"]
    assert "producer" in argued.jo.post("/api/charter", {"holders": {"grade": argued.jo.hand.key_id}}).json()["says"]


def test_a_judgment_goes_to_a_person_to_the_machine_with_its_reason_and_back(argued):
    mara = argued.mara
    assert mara.sign(mara.post("/api/charter", {"holders": {"grade": argued.jo.hand.key_id}}).json()).status_code == 200
    assert "reason" in mara.post("/api/charter", {"machine": {"music bed": " "}}).json()["says"]
    offer = mara.post("/api/charter", {"machine": {"music bed": "A price card, three seconds."}}).json()
    assert offer["lists"] == ["music bed: handed to the machine. A price card, three seconds."]
    assert mara.sign(offer).status_code == 200
    seats = {one["judgment"]: one for one in mara.get("/api/crew").json()["seats"]}
    assert (seats["grade"]["name"], seats["music bed"]["machine"], seats["music bed"]["by"]) == ("Jo Abara", True, "Mara Lind")
    assert "A price card, three seconds." in mara.get("/crew").text
    assert mara.sign(mara.post("/api/charter", {"holders": {"music bed": "Mara Lind"}, "stricter": ["captions"]}).json()).status_code == 200
    page = mara.get("/api/crew").json()
    assert page["stricter"] == ["captions"]
    assert verify(argued.path / ".answerprint" / "record.db").findings == ()


def test_a_key_is_revoked_with_its_reason_and_what_it_signed_is_struck_from_an_entry_on(argued):
    with argued.room.house.writing() as record:
        n = record.sign(Objection(on="film:master", text="Too polite."), argued.jo.hand).n
    assert argued.mara.post("/api/crew/revoke", {"key": argued.jo.hand.key_id, "because": ""}).status_code == 409
    offer = argued.mara.post("/api/crew/revoke", {"key": argued.jo.hand.key_id, "because": "Her laptop was stolen.", "from_entry": n}).json()
    assert offer["lists"][1] == f"What it signed from entry {n} on is struck: 1 of them."
    assert argued.mara.sign(offer).status_code == 200
    members = {one["name"]: one for one in argued.mara.get("/api/crew").json()["members"]}
    assert members["Jo Abara"]["gone"]
    assert argued.room.house.book.objections[0].open is False


def test_a_further_key_says_who_enrolled_it_where_its_owner_did_not(argued):
    further = PasskeyHand("Jo's telephone")
    with argued.room.house.writing() as record:
        record.sign(Enrol(person=argued.jo.hand.key_id, name="Jo Abara", roles=("DP",), key=further.key), argued.mara.hand)
    members = {one["name"]: one for one in argued.mara.get("/api/crew").json()["members"]}
    assert [one["given_by"] for one in members["Jo Abara"]["keys"]] == [None, "Mara Lind"]
    assert "enrolled by Mara Lind" in argued.mara.get("/crew").text


def test_a_change_without_the_sessions_own_token_is_refused(argued):
    answer = argued.mara.client.post("/api/crew/invite", json={"name": "A B", "roles": ["editor"]}, headers={"origin": ORIGIN})
    assert answer.status_code == 403


def test_whoever_waits_sees_what_the_producer_asks_to_hear_also_after_a_reload(argued):
    made = argued.mara.post("/api/crew/invite", {"name": "Ed Itor", "roles": ["editor"]}).json()
    guest = argued.room.doors.use_invitation(made["link"].rpartition("/")[2])
    ed = PasskeyHand("Ed Itor")
    there = argued.jo.client
    there.cookies.set(argued.room.cookie, guest.session)
    assert ed.key_id[7:19] not in there.get("/welcome").text
    argued.room.doors.wait(guest, name="Ed Itor", roles=("editor",), key=ed.key, key_id=ed.key_id)
    (waits,) = argued.mara.get("/api/crew").json()["waiting"]
    page = there.get("/welcome").text
    assert waits["words"] in page
    assert '<form id="make" hidden>' in page


def test_a_judgment_whose_holder_has_no_key_left_says_that_nobody_can_sign_it(argued):
    def grade() -> tuple[bool, dict]:
        seat = next(one for one in argued.mara.get("/api/crew").json()["seats"] if one["judgment"] == "grade")
        return seat["keyless"], next(one for one in argued.mara.get("/api/board").json()["lamps"] if one["name"] == "Grade")

    offer = argued.mara.post("/api/charter", {"holders": {"grade": argued.jo.hand.key_id}}).json()
    assert argued.mara.sign(offer).status_code == 200
    assert grade()[0] is False
    argued.mara.sign(argued.mara.post("/api/crew/revoke", {"key": argued.jo.hand.key_id, "because": "Her laptop was stolen."}).json())
    keyless, lamp = grade()
    assert keyless
    assert (lamp["state"], lamp["who"], lamp["says"]) == ("lit", "Jo Abara", "no key left that signs")
    assert "Jo Abara has no key left that signs, so nobody can decide this." in argued.mara.get("/crew").text
    assert "Nobody can sign the grade: Jo Abara has no key left" in [one["says"] for one in argued.mara.get("/api/board").json()["waits"]]


def test_whoever_comes_in_as_director_begins_with_the_first_thought_and_everybody_else_with_the_board(argued):
    def first_page(name: str, role: str) -> str:
        made = argued.mara.post("/api/crew/invite", {"name": name, "roles": [role]}).json()
        guest, hand, there = argued.room.doors.use_invitation(made["link"].rpartition("/")[2]), PasskeyHand(name), argued.jo
        argued.room.doors.wait(guest, name=name, roles=(role,), key=hand.key, key_id=hand.key_id)
        waits = next(one for one in argued.mara.get("/api/crew").json()["waiting"] if one["name"] == name)
        argued.mara.sign(argued.mara.post("/api/crew/sign-in", {"invitation": waits["invitation"]}).json())
        there.client.cookies.set(argued.room.cookie, guest.session)
        there.guest = guest
        found = there.post("/api/passkey/mine").json()
        assert there.get("/welcome").headers["location"] == found["next"]
        return found["next"]

    assert first_page("Ed Itor", "editor") == "/"
    assert first_page("Di Rector", "director") == "/thought"
