"""Whatever people and files say stands on every page as words: a name, a note, a slate, a line of the script is never a tag, a style or a script."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import answerprint
from answerprint.model.judgments import Answer, Enrol, Objection, Stand
from answerprint.room.app import Room
from bench.large import compose
from tests.ledger.signing import PasskeyHand, everything
from tests.room.conftest import ORIGIN, Signer

EVIL = "<img src=x onerror=steal()>\"'><script>steal()</script>{{7*7}}${7*7}</textarea></title><!--"
TAGS = {"img": {"src", "alt", "loading", "width", "height", "class", "id", "hidden", "data-src", "decoding"}}


class Looked(HTMLParser):
    """Whether any tag of a page came from somebody's words."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if any(name.startswith("on") or name == "style" for name in names) or names.get("src") == "x" or (tag == "script" and "src" not in names and names.get("type") != "application/json"):
            self.found.append(f"<{tag} {attrs}>"[:200])
        if any((value or "").strip().lower().startswith("javascript:") for name, value in attrs if name in ("href", "src", "action")):
            self.found.append(f"<{tag} {attrs}>"[:200])

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    """A small composed shoot in which every field that somebody writes is an attack."""
    home = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(home / "data"))
        small = answerprint.new(home / "small", rate="23.976")
        made = compose(home, clips=6, items=3, small=small, words=EVIL)
        room = Room(made.path, origins=(ORIGIN,))
        ana, jo = PasskeyHand(f"Ana {EVIL}"[:110]), PasskeyHand(f"Jo {EVIL}"[:110])
        with room.house.writing() as record:
            record.sign(ana.enrols("producer", "director"), ana)
            record.sign(everything(ana), ana)
            record.sign(Enrol(person=jo.key_id, name=jo.name, roles=("DP",), key=jo.key), ana)
            record.sign(Stand(part=EVIL, text=EVIL, about="film:master"), jo)
            objection = record.sign(Objection(on="item:1", text=EVIL), jo)
            record.sign(Objection(on="item:2", text=f"still open {EVIL}"), jo)
            record.sign(Answer(objection=objection.n, answer="no", because=EVIL), ana)
        room.doors.invite(EVIL, ("DP",), ana.key_id)
        return Signer(room, ana)


def pages(who: Signer) -> list[str]:
    """Every page that is an address without a part to fill in, and those of the first items."""
    app = who.client.app.app
    told = {route.path for route in routes(app) if "GET" in (getattr(route, "methods", None) or ())}
    plain = [path for path in told if "{" not in path and not path.startswith(("/api/", "/static/", "/media/"))]
    return sorted({*plain, "/takes/1", "/takes/2", "/takes/other", "/framing/1", "/cut/none.otio", "/record?q=%3Cscript%3E", "/script?all=true", "/script/leaf/pages/0", "/script/leaf/column/0", f"/nothing/{EVIL[:20]}"})


def routes(app) -> list:
    found = []
    for one in app.router.routes:
        inner = getattr(one, "original_router", None) or getattr(one, "router", None)
        found += [one] if inner is None else list(inner.routes)
    return found


def test_nothing_that_anybody_wrote_is_a_tag_on_any_page(hostile):
    seen, found = 0, []
    for path in pages(hostile):
        answer = hostile.get(path)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        looked = Looked(answer.text)
        found += [f"{path}: {one}" for one in looked.found]
        seen += "steal()" in answer.text
        assert answer.status_code < 500, path
        assert ">49<" not in answer.text, path
    assert found == []
    assert seen >= 4  # the attacks are on the pages, as words


def test_what_is_handed_to_the_pages_scripts_is_data(hostile):
    """JSON in a page ends with its own element, and no script of ours makes tags of words."""
    for path in pages(hostile):
        for block in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', hostile.get(path).text, re.S):
            assert "<" not in block, path
    for script in (Path(answerprint.__file__).parent / "room" / "static").glob("*.js"):
        text = script.read_text(encoding="utf-8")
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
            assert word not in text, f"{script.name}: {word}"


def test_a_receipt_and_every_other_file_has_a_name_that_is_only_a_name(hostile):
    head = hostile.room.house.book.head.n
    for n in range(1, head + 1):
        answer = hostile.get(f"/api/receipt/{n}")
        if answer.status_code == 200:
            assert re.fullmatch(r'attachment; filename="answerprint-receipt-\d+\.json"', answer.headers["content-disposition"])
