"""Signing: the film stays what it is, the file appears whole or not at all, and nothing leaves that the producer kept home."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import namedtuple
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import cycle
from pathlib import Path

import pytest

from answerprint.delivery.credentials import DECIDED, DONE, Action, CredentialsError, Ingredient, Public
from answerprint.delivery.credentials.certificates import load
from answerprint.delivery.credentials.comparing import compare
from answerprint.delivery.credentials.embedding import embed
from answerprint.delivery.credentials.engine import library
from answerprint.delivery.credentials.reading import read
from answerprint.delivery.credentials.sources import ACTIONS, NOT_CLAIMED, SAYS
from answerprint.delivery.essence import essence
from tests.delivery.credentials.made import COLOURIST, DIRECTOR, EDIT, EVERYTHING, KEYS, Paper, Shot, film, issued, shot, signed_as


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mxf"])
def test_what_is_in_a_film_stays_what_it_is(suffix: str, tmp_path: Path) -> None:
    spot = shot(tmp_path, suffix=suffix)
    before, clean = essence(spot.film, edit=EDIT), spot.film.read_bytes()
    out = spot.sign(f"out{suffix}")
    assert essence(out, edit=EDIT) == before
    assert spot.film.read_bytes() == clean
    assert read(out).state == "valid, on no trust list"


def test_a_file_that_cannot_carry_credentials_is_a_plain_copy_with_them_beside(broadcast: Shot, tmp_path: Path) -> None:
    made = embed(
        broadcast.film,
        tmp_path / "out.mxf",
        broadcast.claims,
        broadcast.certificate,
        public=EVERYTHING,
        ingredients=broadcast.media,
    )
    assert made.sidecar == "out.c2pa"
    assert (tmp_path / "out.mxf").read_bytes() == broadcast.film.read_bytes()
    assert read(tmp_path / "out.mxf").where == "beside it"
    assert files(tmp_path) == {"out.mxf", "out.c2pa"}


def test_what_was_made_is_said_with_it(spot: Shot, tmp_path: Path) -> None:
    told: list[float] = []
    made = embed(
        spot.film,
        tmp_path / "out.mp4",
        spot.claims,
        spot.certificate,
        public=Public(),
        ingredients=spot.media,
        progress=told.append,
    )
    assert (made.file, made.sidecar, made.state, made.stamped) == ("out.mp4", None, "valid, on no trust list", None)
    assert (made.essence, made.certificate, made.signer) == (spot.claims.essence, spot.certificate.seal, "Self-made certificate")
    assert made.sentences == read(tmp_path / "out.mp4").sentences
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize("key", [name for name in KEYS if name not in ("RSA-1024", "K-256")])
def test_every_kind_of_key_signs(key: str, spot: Shot, tmp_path: Path) -> None:
    certificate = load(*issued(tmp_path, Paper(key=key)))
    said = read(spot.sign(str(tmp_path / "out.mp4"), certificate=certificate))
    assert (said.state, said.signer, said.seal) == ("valid, on no trust list", "Vogel Films", certificate.seal)


def test_a_name_on_the_trust_list_is_vouched_for(spot: Shot, tmp_path: Path) -> None:
    cert, key = issued(tmp_path)
    out = spot.sign(str(tmp_path / "out.mp4"), certificate=load(cert, key))
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes(b"-----BEGIN CERTIFICATE" + cert.read_bytes().split(b"-----BEGIN CERTIFICATE")[2])
    assert read(out, trust_list=trusted).state == "valid"
    assert read(out).state == "valid, on no trust list"


# ---- what stays home


def test_names_and_media_that_stay_home_are_nowhere_in_the_file(spot: Shot, tmp_path: Path) -> None:
    raw = spot.sign(str(tmp_path / "out.mp4"), public=Public()).read_bytes()
    for kept in (DIRECTOR, COLOURIST, "A001_C001", "blake3:a1", "T001.WAV", "bed.wav"):
        assert kept.encode() not in raw, kept
    open_ = spot.sign(str(tmp_path / "open.mp4")).read_bytes()
    for told in (DIRECTOR, COLOURIST, "A001_C001", "blake3:a1"):
        assert told.encode() in open_, told


def test_each_file_says_what_it_leaves_out(spot: Shot, tmp_path: Path) -> None:
    def lines(public: Public) -> list[str]:
        return [line for line in read(spot.sign(str(tmp_path / "out.mp4"), public=public)).sentences if line.startswith("Left out")]

    assert len(lines(Public())) == 2
    assert len(lines(Public(names=True))) == 1
    assert lines(EVERYTHING) == []


def test_a_short_name_is_not_cut_out_of_other_words(spot: Shot, tmp_path: Path) -> None:
    claims = replace(
        spot.claims,
        signed=replace(spot.claims.signed, by="Al"),
        actions=(Action(what="Also by Al, all of it", name="c2pa.edited"),),
    )
    said = read(spot.sign(str(tmp_path / "out.mp4"), claims=claims, public=Public()))
    assert said.actions[-1]["description"] == "Also by a named person, all of it"


# ---- ingredients


def test_an_ingredient_brings_its_own_credentials_along(spot: Shot, tmp_path: Path) -> None:
    said = read(spot.sign(str(tmp_path / "out.mp4")))
    own = {part.title: part.state for part in said.ingredients}
    assert own["dream.mp4"] == "valid, on no trust list"
    assert own["A001_C001.mov"] == "none"
    assert any("dream.mp4" in line and "generated by a trained model" in line for line in said.sentences)


def test_an_ingredient_with_broken_credentials_is_reported(spot: Shot, tmp_path: Path) -> None:
    said = read(spot.sign(str(tmp_path / "out.mp4")))
    assert said.state == "valid, on no trust list"
    assert "What came in with broken credentials of its own: stock.mp4." in said.sentences
    (part,) = [one for one in said.ingredients if one.title == "stock.mp4"]
    assert part.state == "broken"
    assert "changed after it was signed" in part.faults[0]


@pytest.mark.parametrize("claimed", [None, "valid"])
def test_broken_credentials_cannot_be_claimed_away(claimed: str | None, spot: Shot, tmp_path: Path) -> None:
    ingredients = tuple(replace(one, has_credentials=claimed) if one.kind == "stock" else one for one in spot.claims.ingredients)
    with pytest.raises(
        CredentialsError, match=r"stock.mp4: the record says its own credentials are (none|valid), the file's are broken"
    ):
        spot.sign(str(tmp_path / "out.mp4"), claims=replace(spot.claims, ingredients=ingredients))


def test_credentials_that_should_come_along_need_their_file(spot: Shot, tmp_path: Path) -> None:
    with pytest.raises(CredentialsError, match=r"dream.mp4 has credentials of its own, and the file is not at hand"):
        embed(
            spot.film,
            tmp_path / "out.mp4",
            spot.claims,
            spot.certificate,
            public=Public(),
            ingredients={"blake3:st": spot.media["blake3:st"]},
        )


# ---- texts from people

ODD = [
    "",
    " ",
    "a\nb\x00c\x1b[31m",
    "\u202eevil\u2066",
    "\ud800 half",
    '"}], {"',
    "'; --",
    "👩‍🎨 Käse 映画 فیلم",
    "x" * 100_000,
    "../../etc/passwd",
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize("text", ODD, ids=lambda text: ascii(text[:12]))
def test_any_title_is_safe(text: str, spot: Shot, tmp_path: Path) -> None:
    ingredients = (Ingredient(kind="camera original", title=text, digest="blake3:x"),)
    claims = replace(
        spot.claims,
        title=text,
        version=text,
        ingredients=ingredients,
        actions=(Action(what=text, name="c2pa.edited", agent=text, parameters={"why": text}),),
    )
    out = spot.sign(str(tmp_path / "out.mp4"), claims=claims)
    said = read(out)
    assert compare(said, claims, essence_now=spot.claims.essence) == ()
    assert all(line.isprintable() or "\u200d" in line for line in said.sentences)
    assert max(map(len, said.sentences)) < 2000


# ---- refusals


def given_to(spot: Shot, folder: Path) -> dict[str, object]:
    """Everything that signing is given."""
    return {
        "film": spot.film,
        "out": folder / "out.mp4",
        "claims": spot.claims,
        "certificate": spot.certificate,
        "public": EVERYTHING,
        "ingredients": spot.media,
    }


def refused(spot: Shot, folder: Path, words: str, **given: object) -> None:
    """Signing says so, and leaves nothing behind."""
    before = files(folder)
    asked = given_to(spot, folder) | given
    with pytest.raises(CredentialsError, match=words):
        embed(asked.pop("film"), asked.pop("out"), asked.pop("claims"), asked.pop("certificate"), **asked)  # type: ignore[arg-type]
    assert files(folder) == before


def test_another_film_is_refused(spot: Shot, tmp_path: Path) -> None:
    refused(spot, tmp_path, "is not the film that was signed", film=film(tmp_path / "other.mp4", seed=3))


def test_a_film_that_carries_credentials_is_refused(spot: Shot, tmp_path: Path) -> None:
    refused(spot, tmp_path, "carries credentials already", film=spot.sign(str(tmp_path / "signed.mp4")))


def test_a_film_is_never_signed_onto_itself(spot: Shot, tmp_path: Path) -> None:
    refused(spot, tmp_path, "cannot be signed onto itself", out=spot.film)


def test_signing_does_not_change_the_kind_of_file(spot: Shot, tmp_path: Path) -> None:
    refused(spot, tmp_path, "cannot become out.mov", out=tmp_path / "out.mov")


def test_a_folder_that_is_not_there_is_refused(spot: Shot, tmp_path: Path) -> None:
    refused(spot, tmp_path, "is no folder to write into", out=tmp_path / "no" / "out.mp4")


@pytest.mark.parametrize(("days", "words"), [((-9, -1), "ran out on"), ((1, 9), "is not valid before")])
def test_a_certificate_outside_its_time_is_refused(days: tuple[int, int], words: str, spot: Shot, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    other = replace(spot.certificate, valid_from=now + timedelta(days=days[0]), valid_until=now + timedelta(days=days[1]))
    refused(spot, tmp_path, words, certificate=other)


def test_everything_that_can_be_claimed_is_valid_in_a_reader(spot: Shot, tmp_path: Path) -> None:
    names = sorted({*ACTIONS} - {*NOT_CLAIMED})
    actions = tuple(
        Action(what=f"did {name}", name=name, source_type=source, about=("blake3:t1",))
        for name, source in zip(names, cycle(sorted(SAYS)), strict=False)
    )
    said = read(spot.sign(str(tmp_path / "out.mp4"), claims=replace(spot.claims, actions=actions)))
    assert said.state == "valid, on no trust list"
    tables = {name for name, _ in (*DONE.values(), *DECIDED.values())}
    assert tables <= {*names}
    assert {source for _, source in (*DONE.values(), *DECIDED.values())} - {None} <= {*SAYS}


@pytest.mark.parametrize("name", ["c2pa.created", "c2pa.opened", "c2pa.translated", "blessed"])
def test_an_action_that_nobody_knows_is_refused(name: str, spot: Shot, tmp_path: Path) -> None:
    refused(
        spot, tmp_path, "is no action that can be claimed here", claims=replace(spot.claims, actions=(Action(what="x", name=name),))
    )


def test_a_source_type_that_nobody_knows_is_refused(spot: Shot, tmp_path: Path) -> None:
    refused(
        spot,
        tmp_path,
        "is no IPTC digital source type",
        claims=replace(spot.claims, actions=(Action(what="x", name="c2pa.edited", source_type="handmade"),)),
    )


def test_a_full_disk_is_said_before_a_byte_is_written(spot: Shot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9 - 5, 5))
    refused(spot, tmp_path, r"out.mp4 needs 0.1 GB while it is signed, and .* has 0.0")


def test_what_signing_keeps_beside_a_large_film_lies_where_it_appears(
    spot: Shot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's place for temporary files may be memory, and a film of hours is larger."""
    seen: list[str | None] = []
    monkeypatch.setenv("TMPDIR", "/nowhere")
    embed(
        spot.film,
        tmp_path / "out.mp4",
        spot.claims,
        spot.certificate,
        public=Public(),
        ingredients=spot.media,
        progress=lambda share: seen.append(os.environ.get("TMPDIR")),
    )
    assert str(tmp_path) in seen
    assert os.environ["TMPDIR"] == "/nowhere"


def test_a_disk_that_fills_up_leaves_nothing(spot: Shot, tmp_path: Path) -> None:
    """A limit on how long a file may get is the disk that fills in the middle."""
    code = (
        "import resource, signal, sys, pickle; from pathlib import Path; from answerprint.delivery.credentials.embedding import embed\n"
        "from answerprint.delivery.credentials import CredentialsError\n"
        "asked = pickle.load(sys.stdin.buffer); signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "try: embed(**asked)\n"
        "except CredentialsError as error: print(error); sys.exit(7)"
    )
    ended = in_a_process(spot, tmp_path, code)
    assert ended.returncode == 7, ended.stderr
    assert "could not be signed" in ended.stdout or "cannot be written" in ended.stdout
    assert files(tmp_path) == set()


def test_a_killed_signing_leaves_no_film_and_the_next_one_sweeps(spot: Shot, tmp_path: Path) -> None:
    code = (
        "import os, sys, pickle; from answerprint.delivery.credentials.embedding import embed\n"
        "asked = pickle.load(sys.stdin.buffer)\n"
        "embed(**asked, progress=lambda share: share > 0.5 and os.kill(os.getpid(), 9))"
    )
    assert in_a_process(spot, tmp_path, code).returncode == -signal.SIGKILL
    left = files(tmp_path)
    assert len(left) == 1
    assert "out.mp4" not in left
    spot.sign(str(tmp_path / "out.mp4"))
    assert files(tmp_path) == {"out.mp4"}


def in_a_process(spot: Shot, folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    import pickle

    asked = given_to(spot, folder)
    (folder.parent / "asked").write_bytes(pickle.dumps(asked))
    with open(folder.parent / "asked", "rb") as given:
        return subprocess.run([sys.executable, "-c", code], stdin=given, capture_output=True, text=True, timeout=60)


def test_who_stops_it_stops_it(spot: Shot, tmp_path: Path) -> None:
    (tmp_path / "out.mp4").write_bytes(b"an older film")

    def stop(share: float) -> None:
        if share > 0.2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embed(
            spot.film, tmp_path / "out.mp4", spot.claims, spot.certificate, public=EVERYTHING, ingredients=spot.media, progress=stop
        )
    assert files(tmp_path) == {"out.mp4"}
    assert (tmp_path / "out.mp4").read_bytes() == b"an older film"


def test_what_reads_back_differently_does_not_leave(spot: Shot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from answerprint.delivery.credentials import embedding

    def lying(*given: object) -> object:
        manifest = embedding_definition(*given)  # type: ignore[arg-type]
        manifest["assertions"][1]["data"]["spec"] = "tv-eu"
        return manifest

    embedding_definition = embedding.definition
    monkeypatch.setattr(embedding, "definition", lying)
    refused(spot, tmp_path, 'says something else than the record, so it was not kept: Another spec: the file says "tv-eu"')


# ---- the package, and the world


def test_without_the_package_it_is_a_sentence(spot: Shot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "c2pa", None)
    refused(spot, tmp_path, r"Content Credentials need one more package. Run: pip install 'answerprint\[deliver\]'")
    with pytest.raises(CredentialsError, match="need one more package"):
        read(spot.film)


def test_the_records_are_light(tmp_path: Path) -> None:
    code = "import sys, answerprint.delivery.credentials; print(*sys.modules)"
    loaded = set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())
    assert not loaded & {"av", "numpy", "c2pa", "cryptography", "cbor2"}


class _Door(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    do_POST = do_GET

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def door() -> object:
    server = HTTPServer(("127.0.0.1", 0), _Door)
    _Door.asked.clear()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_credentials_that_lie_elsewhere_are_named_and_not_fetched(spot: Shot, tmp_path: Path, door: str) -> None:
    builder = library().Builder(
        {
            "assertions": [
                {
                    "label": "c2pa.actions.v2",
                    "data": {
                        "actions": [{"action": "c2pa.created", "digitalSourceType": "http://c2pa.org/digitalsourcetype/empty"}]
                    },
                }
            ]
        }
    )
    builder.set_no_embed()
    builder.set_remote_url(f"{door}/credentials")
    said = read(signed_as(spot.film, tmp_path / "out.mp4", builder, spot.certificate))
    assert (said.state, said.where) == ("none", "elsewhere")
    assert f"{door}/credentials" in said.sentences[0]
    assert _Door.asked == []


def test_a_timestamp_authority_that_gives_none_is_a_sentence(spot: Shot, tmp_path: Path, door: str) -> None:
    refused(spot, tmp_path, f"The timestamp authority {door}/stamp gave no timestamp", tsa=f"{door}/stamp")
    assert _Door.asked == ["/stamp"]
    refused(spot, tmp_path, "is no address of a timestamp authority", tsa="ftp://stamps")


def test_nobody_is_asked_for_a_timestamp_unless_somebody_says_so(spot: Shot, tmp_path: Path, door: str) -> None:
    spot.sign(str(tmp_path / "out.mp4"))
    assert _Door.asked == []
    assert os.path.exists(tmp_path / "out.mp4")
