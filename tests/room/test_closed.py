"""The room is closed: who comes in, by which name, from which page, with how much, and to what."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from answerprint.room import doors as doors_of
from answerprint.room.app import make_app
from answerprint.room.asking import Room
from answerprint.room.guard import LARGE, MAX_BODY, Rates
from answerprint.spot import Spot
from tests.room.argued import argued
from tests.room.conftest import ORIGIN, Opened, Signer, open_room

__all__ = ["argued"]

#: Ways out of a folder, as people have tried them.
OUT = ["../record.db", "..%2frecord.db", "%2e%2e/record.db", "%252e%252e%252frecord.db", "....//record.db", "..\\record.db", "%5c..%5crecord.db",
       "%c0%ae%c0%ae/record.db", "/etc/passwd", "%2fetc%2fpasswd", "room.css/../../asking.py", "room.css%00.py", "file:///etc/passwd"]  # fmt: skip


@pytest.fixture(scope="module")
def still(day: Spot, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """One room for all who only look, or write into its doors."""
    return open_room(day, tmp_path_factory.mktemp("still") / "spot")


def nobody(room: Room, name: str = ORIGIN) -> TestClient:
    return TestClient(make_app(room), base_url=name, follow_redirects=False, raise_server_exceptions=False)


def client_of(room: Room, **link: object) -> tuple[TestClient, doors_of.Link, doors_of.Guest]:
    """A client's browser with a session by a link to one version."""
    made, token = room.doors.give_link(**{"round": 1, "version": "master", "contact": "Lena Faro", "days": 7, **link})
    guest = room.doors.use_link(token)
    assert guest is not None
    browser = nobody(room)
    browser.cookies.set("answerprint", guest.session)
    return browser, made, guest


def movie(opened) -> str:
    frame = next(one["frame"] for row in opened.ana.get("/api/board").json()["rows"] for one in row["attempts"] if one["frame"])
    return f"{frame.partition('/frame/')[0]}/movie.mp4"


# ---- by no way out of a folder


@pytest.mark.parametrize("place", ["/static/", "/static/fonts/", "/media/", "/media/x/frame/", "/api/peaks/", "/api/receipt/"])
def test_no_address_leads_out_of_its_folder(still, place):
    for way in OUT:
        answer = still.ana.get(place + way)
        assert answer.status_code in (400, 404, 405, 422), way
        for secret in (b"SQLite format", b"root:", b"import annotations"):
            assert secret not in answer.content, way


def test_a_frame_that_the_clip_does_not_have_is_not_there_and_leaves_nothing_on_the_disk(still):
    clip = movie(still).removesuffix("movie.mp4")
    before = set(still.room.house.viewing.iterdir())
    for number in ("-1", "99999", "9" * 30, "9" * 400):
        assert still.ana.get(f"{clip}frame/{number}.jpg").status_code in (404, 422)
    assert set(still.room.house.viewing.iterdir()) == before


# ---- ranges


def test_a_movie_is_given_by_range_and_an_odd_range_is_refused(still):
    place = movie(still)
    whole = still.ana.get(place).content
    for asked, status in (("bytes=0-99", 206), ("bytes=-100", 206), ("bytes=100-", 206), ("bytes=0-99999999999999999999", 206), ("bytes=0-0,-1", 206),
                          ("bytes=0-99,50-150", 206), ("bytes=99999999999-", 416)):  # fmt: skip
        assert still.ana.client.get(place, headers={"range": asked}).status_code == status, asked
    for asked in ("bytes=5-1", "bytes=-0", "bytes=-99999999999999999999", "bytes=a-b", "bytes=--1", "bytes=", "lines=1-2", "bytes=0-99;q=1", "x" * 4000):
        answer = still.ana.client.get(place, headers={"range": asked})
        assert answer.status_code in (200, 206, 400, 416), asked
        assert len(answer.content) <= len(whole), asked
    assert still.ana.client.get(place, headers={"range": "bytes=100-199"}).content == whole[100:200]


def test_a_thousand_ranges_are_no_way_to_make_the_room_work(still):
    place = movie(still)
    whole = len(still.ana.get(place).content)
    began = time.perf_counter()
    answer = still.ana.client.get(place, headers={"range": "bytes=" + ",".join(f"{at}-{at}" for at in range(0, 8000, 8))})
    assert time.perf_counter() - began < 1
    assert answer.status_code in (200, 400, 416)
    assert len(answer.content) <= whole


# ---- under one name, from one page


def test_another_name_is_refused_before_anything_is_read(still):
    """A name of somebody else's that was pointed at this machine (DNS rebinding) sees nothing, whatever cookie it brings."""
    for name in ("evil.example.com", "localhost:1", "localhost", "localhost:8484.evil.com", "[::1]:9", "[::1]", "127.0.0.1", "127.0.0.1.nip.io:8484", "", "LOCALHOST:8484@evil.com"):
        for path in ("/", "/api/board", "/static/room.css", "/in/x"):
            assert still.ana.client.get(path, headers={"host": name}).status_code == 421, name
        assert still.ana.post("/api/prep", host=name).status_code == 421


@pytest.mark.parametrize(
    ("path", "query", "place"),
    [("/", b"", "/"), ("/takes/1", b"at=2", "/takes/1?at=2"), ("//evil.example.com/x", b"", "//evil.example.com/x"), ("/\r\nset-cookie:a=b", b"", "/%0D%0Aset-cookie:a=b"),
     ("/\u00e9\u4e2d", b"\xff\r\n", "/%C3%A9%E4%B8%AD?%C3%BF%0D%0A"), ("/\\evil.example.com", b"", "/%5Cevil.example.com")],
)  # fmt: skip
def test_by_its_number_the_room_sends_to_its_own_name_and_to_no_other(still, path, query, place):
    for host in (b"127.0.0.1:8484", b"[::1]:8484"):
        answer = _asked(still, path=path, query=query, host=host)
        assert answer["status"] == 307
        assert answer["headers"][b"location"].decode() == ORIGIN + place


def test_a_target_that_is_no_path_is_refused(still):
    """`GET @evil.example.com/` would otherwise become http://localhost:8484@evil.example.com/."""
    answer = _asked(still, path="@evil.example.com/", host=b"127.0.0.1:8484")
    assert (answer["status"], answer["headers"].get(b"location")) == (400, None)


def _asked(opened, *, path: str, host: bytes, query: bytes = b"") -> dict:
    import asyncio

    said: dict = {}

    async def send(message):
        if message["type"] == "http.response.start":
            said.update(status=message["status"], headers=dict(message["headers"]))

    async def receive():
        return {"type": "http.request", "body": b""}

    scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": [(b"host", host)], "client": ("127.0.0.1", 1), "scheme": "http"}
    asyncio.run(opened.ana.client.app(scope, receive, send))
    return said


def test_a_change_that_comes_from_another_page_is_refused(still):
    for origin in ("https://evil.example.com", "http://localhost:3000", "http://localhost", "null", "http://localhost:8484.evil.com", "https://localhost:8484", ""):
        assert still.ana.post("/api/prep", origin=origin).status_code == 403, origin
    assert still.room.house.at_work is None


def test_a_change_that_does_not_say_which_page_it_is_from_is_refused(still):
    answer = still.ana.client.post("/api/prep", json={}, headers={"x-answerprint": still.ana.guest.form})
    assert answer.status_code == 403


def test_a_change_without_the_sessions_own_token_is_refused(still):
    for token in ("", "x", still.ana.guest.session, Signer(still.room, still.ana.hand).guest.form):
        assert still.ana.post("/api/leave", **{"x-answerprint": token}).status_code == 403
    assert still.ana.client.post("/api/leave", headers={"origin": ORIGIN}).status_code == 403
    assert still.ana.get("/api/board").status_code == 200


def test_pictures_are_not_given_to_another_page(still):
    answer = still.ana.client.get(movie(still), headers={"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"})
    assert answer.status_code == 403
    assert still.ana.get(movie(still)).headers["cross-origin-resource-policy"] == "same-origin"


# ---- links and sessions


def test_the_terminals_link_opens_once_and_a_newer_one_ends_it(still):
    room, browser = still.room, nobody(still.room)
    first, second = room.doors.setup_link(), room.doors.setup_link()
    assert browser.get(f"/in/{first}").status_code == 403
    assert browser.get(f"/in/{second}").status_code == 303
    assert nobody(room).get(f"/in/{second}").status_code == 403


def test_the_terminals_link_ends_after_an_hour(still, monkeypatch):
    token = still.room.doors.setup_link()
    monkeypatch.setattr(doors_of.time, "time", lambda now=time.time: now() + doors_of.SETUP_S + 1)
    assert nobody(still.room).get(f"/in/{token}").status_code == 403


def test_a_wrong_link_does_not_use_up_the_right_one(still):
    token = still.room.doors.setup_link()
    assert nobody(still.room).get("/in/guess").status_code == 403
    assert nobody(still.room).get(f"/in/{token}").status_code == 303


def test_an_invitation_is_used_once(still):
    _, token = still.room.doors.invite("Jo Abara", ("DP",), still.ana.hand.key_id)
    assert nobody(still.room).get(f"/in/{token}").status_code == 303
    again = nobody(still.room).get(f"/in/{token}")
    assert again.status_code == 403
    assert "set-cookie" not in again.headers


def test_an_invitation_is_used_once_by_the_next_room_too(still):
    """The room may be closed and still between: what was used stands on the disk."""
    _, token = still.room.doors.invite("Jo Abara", ("DP",), still.ana.hand.key_id)
    assert nobody(still.room).get(f"/in/{token}").status_code == 303
    later = Room(still.path, origins=(ORIGIN,))
    assert nobody(later).get(f"/in/{token}").status_code == 403


def test_an_invitation_ends(still):
    _, token = still.room.doors.invite("Jo Abara", ("DP",), still.ana.hand.key_id, days=-1)
    assert nobody(still.room).get(f"/in/{token}").status_code == 403


def test_links_that_are_guessed_are_soon_not_even_looked_at(still):
    browser = nobody(still.room)
    told = [browser.get(f"/in/{number}").status_code for number in range(20)]
    assert told[:10] == [403] * 10
    assert told[10:] == [429] * 10


def test_a_session_ends_after_twelve_hours_and_with_the_room(still, monkeypatch):
    assert nobody(Room(still.path, origins=(ORIGIN,))).get("/api/board", cookies={"answerprint": still.ana.guest.session}).status_code == 401
    monkeypatch.setattr(doors_of.time, "time", lambda now=time.time: now() + doors_of.SESSION_S + 1)
    assert still.ana.get("/api/board").status_code == 401


def test_whoever_leaves_has_left(still):
    ana = Signer(still.room, still.ana.hand)
    assert ana.post("/api/leave").status_code == 204
    ana.client.cookies.set("answerprint", ana.guest.session)
    assert ana.get("/api/board").status_code == 401


def test_a_session_whose_every_key_was_revoked_is_nobodys(argued):
    from answerprint.model.judgments import Revoke

    assert argued.jo.get("/api/board").status_code == 200
    with argued.room.house.writing() as record:
        record.sign(Revoke(key=argued.jo.hand.key_id, because="left the crew"), argued.mara.hand)
    assert argued.jo.get("/api/board").status_code == 401
    assert argued.mara.get("/api/board").status_code == 200


def test_the_cookie_is_out_of_reach_of_pages_and_of_other_sites(still):
    said = nobody(still.room).get(f"/in/{still.room.doors.setup_link()}").headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=lax" in said
    assert "path=/" in said
    assert "domain" not in said


def test_under_a_real_name_the_cookie_travels_encrypted_only(still):
    room = Room(still.path, origins=("https://room.example.com",))
    said = nobody(room, "https://room.example.com").get(f"/in/{room.doors.setup_link()}").headers["set-cookie"].lower()
    assert "secure" in said


# ---- clients


def test_a_clients_link_opens_no_page_no_api_and_no_picture_of_the_crews(still):
    place = movie(still)
    browser, _, guest = client_of(still.room)
    described = browser.app.app.openapi()["paths"]
    own = ("/api/code/", "/client", "/link")
    for path, verbs in described.items():
        if not path.startswith("/api/") or path.startswith(own):
            continue
        where = path.replace("{", "").replace("}", "")
        for verb in verbs:
            answer = browser.request(verb, where, headers={"origin": ORIGIN, "x-answerprint": guest.form}, json={} if verb != "get" else None)
            assert answer.status_code in (401, 403, 404), f"{verb} {where}: {answer.status_code}"
    for path in ("/", "/thought", "/crew", "/takes", "/takes/1", "/cut", "/record", "/floor", "/script", "/sign", "/welcome", "/api/live", place, place.replace("movie.mp4", "frame/0.jpg")):
        assert browser.get(path).status_code in (401, 403, 404), path


def test_a_revoked_links_session_ends_at_once(still):
    browser, made, _ = client_of(still.room)
    assert still.room.doors.guest(browser.cookies["answerprint"]) is not None
    still.room.doors.revoke_link(made.id)
    assert still.room.doors.guest(browser.cookies["answerprint"]) is None
    assert browser.get("/api/board").status_code == 401


def test_a_links_session_ends_with_the_link(still, monkeypatch):
    _, made, guest = client_of(still.room, days=0.1)
    monkeypatch.setattr(doors_of.time, "time", lambda: made.ends + 1)
    assert still.room.doors.guest(guest.session) is None


def test_a_clients_change_needs_the_sessions_token_as_well(still):
    browser, _, _ = client_of(still.room)
    for path, verbs in browser.app.app.openapi()["paths"].items():
        if "post" in verbs and path.startswith(("/api/client", "/client")):
            where = path.replace("{", "").replace("}", "")
            assert browser.post(where, json={}, headers={"origin": ORIGIN, "x-answerprint": "x"}).status_code in (401, 403, 404, 422), where


# ---- how much at once


def test_an_upload_that_is_too_large_is_refused_by_what_it_says_and_by_what_it_is(still):
    headers = {"origin": ORIGIN, "x-answerprint": still.ana.guest.form, "content-type": "application/json"}
    large = b'{"name":"' + b"a" * MAX_BODY + b'"}'
    assert still.ana.client.post("/api/passkey/make", content=large, headers=headers).status_code == 413

    def dripped():
        for at in range(0, len(large), 65536):
            yield large[at : at + 65536]

    for path in ("/api/passkey/make", "/api/thought/bring?name=a.jpg"):
        answer = still.ana.client.post(path, content=dripped(), headers=headers)
        assert "content-length" not in answer.request.headers
        assert answer.status_code == 413, path
    assert still.ana.client.post("/api/passkey/make", content=b"{}", headers={**headers, "content-length": "many"}).status_code == 400
    assert still.ana.client.post("/api/passkey/make", content=b"{}", headers={**headers, "content-length": "-5"}).status_code == 400


def test_whoever_has_no_session_may_not_bring_large_files(still):
    for path in LARGE:
        answer = nobody(still.room).post(path, content=bytes(MAX_BODY + 1), headers={"origin": ORIGIN, "content-type": "application/octet-stream"})
        assert answer.status_code == 413, path


def test_a_flood_from_one_place_is_held_and_does_not_hold_others(still):
    app = make_app(still.room)
    app.rates = Rates(per_s=0.001, burst=40)
    loud, calm = TestClient(app, base_url=ORIGIN, client=("10.0.0.7", 1)), TestClient(app, base_url=ORIGIN, client=("10.0.0.8", 1))
    told = [loud.get("/static/room.css").status_code for _ in range(60)]
    assert told == [200] * 40 + [429] * 20
    assert calm.get("/static/room.css").status_code == 200


# ---- what an answer says, and what it does not


def test_every_answer_tells_the_browser_what_it_may_do(still):
    paths = ["/", "/door", "/nothing", "/api/board", "/api/nothing", "/static/room.js", "/static/nothing", "/in/x", movie(still), "/api/openapi.json"]
    answers = [*(still.ana.get(path) for path in paths), still.ana.post("/api/sign", {}), still.ana.client.get("/", headers={"host": "x"})]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http:" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in answer.headers


def test_no_page_carries_a_style_or_a_script_of_its_own(still):
    from answerprint.room.asking import PAGES

    for name in PAGES:
        page = still.ana.get(f"/{'' if name == 'board' else name}").text
        assert " style=" not in page, name
        assert " onclick" not in page, name
        assert "<style" not in page, name
        assert "<script>" not in page, name
        assert "//cdn" not in page, name


def test_what_breaks_is_said_in_a_sentence_and_shows_nothing_of_the_inside(still, monkeypatch):
    from answerprint.room import house

    def broken(self):
        raise ZeroDivisionError(f"at {still.path}")

    browser = nobody(still.room)
    browser.cookies.set("answerprint", still.ana.guest.session)
    monkeypatch.setattr(house.House, "table", property(broken))
    answer = browser.get("/api/board")
    assert (answer.status_code, answer.json()["says"]) == (500, "Something broke here, and nothing was lost. Reload the page.")
    page = browser.get("/")
    assert page.status_code == 500
    assert "Something broke here" in page.text
    assert str(still.path) not in page.text


def test_no_secret_lies_in_the_production_or_in_what_the_room_says_aloud(opened, caplog):
    caplog.set_level("DEBUG")
    room = opened.room
    setup = room.doors.setup_link()
    _, invited = room.doors.invite("Jo Abara", ("DP",), opened.ana.hand.key_id)
    made, linked = room.doors.give_link(round=1, version="master", contact="Lena", days=7, code="482913-and-nothing-by-chance")
    browser = nobody(room)
    for token in (setup, invited, linked):
        browser.get(f"/in/{token}")
        browser.get(f"/link/{token}")
    offer = opened.ana.post("/api/thought/skip").json()
    secrets = [setup, invited, linked, offer["token"], opened.ana.guest.session, opened.ana.guest.form, "482913-and-nothing-by-chance"]
    opened.ana.sign(offer)
    files = [path for path in opened.path.rglob("*") if path.is_file() and path.suffix not in (".npy", ".mp4", ".jpg")]
    assert opened.path / ".answerprint" / "doors.json" in files
    for path in files:
        raw = path.read_bytes()
        assert not any(secret.encode() in raw for secret in secrets), path
    # the test's own client writes each address it asks for; the room's words are everything else
    told = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore")))
    assert not any(secret in told for secret in secrets)
    assert room.doors.code_fits(replace(made, code=made.code), "482913-and-nothing-by-chance")
