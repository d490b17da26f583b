"""A finished film against a record: the same seal as the house's own reader, and a sentence for everything that is not the film."""

from __future__ import annotations

import json
import os
import random
import struct
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from answerprint.delivery.conform import conform
from answerprint.delivery.essence import essence
from answerprint.delivery.render import render
from answerprint.ledger import Record
from answerprint.ledger import verify as law
from answerprint.ledger.verify import Film, NoFilm, check_film, read_film, verify
from answerprint.model.delivery import Card, PictureSpec, SoundSpec, Spec
from answerprint.model.judgments import CutSeal, FilmSeal, Refusal, Release, Revoke, SignOff
from tests.delivery.rushes import clip, cut, rush
from tests.ledger.signing import Hand, everything

EDIT = "sha256:" + 64 * "e"
PLACES = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf")
WEB = Spec(
    name="web", title="Web", source="the tests", dated="2026-11-22", container="mp4",
    picture=PictureSpec(codec="libx264", options={"preset": "veryfast", "bf": "2", "flags": "+cgop"}), sound=SoundSpec(codec="aac", bit_rate=128_000),
)  # fmt: skip
MASTER = Spec(
    name="master", title="Master", source="the tests", dated="2026-11-22", container="mov", film_at="01:00:00:00", head=(Card(what="black", frames=5),),
    picture=PictureSpec(codec="prores_ks", pixel_format="yuv422p10le", options={"profile": "proxy"}), sound=SoundSpec(codec="pcm_s24le"),
)  # fmt: skip
SILENT = replace(WEB, sound=None)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What the house renders: MP4 with AAC, MOV with ProRes, PCM and a timecode track, a silent one, at 25 and 23.976."""
    home = tmp_path_factory.mktemp("films")
    found = {}
    for name, rate in (("25", Fraction(25)), ("23976", Fraction(24000, 1001))):
        medium = rush(home / f"{name}.mov", 1, frames=60, rate=rate, size=(96, 64))
        picture, sound = ([clip(medium, 5 / rate, 47 / rate, rate)] for _ in range(2))
        plan = conform(cut(rate, [picture], [sound], start=90_000), {medium.name: medium}, rate=rate, size=(96, 64))
        for spec in (WEB, MASTER, SILENT) if name == "25" else (WEB, MASTER):
            what = f"{spec.name}{'' if spec.sound else ' silent'} {name}"
            path = home / f"{what}.{spec.container}"
            render(plan, spec, path, scratch=home / "scratch")
            found[what] = path
    return found


@pytest.fixture(scope="module")
def mxf(made: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MPEG-2 with two channels, each a track of its own, as a broadcaster's own spec may ask for it."""
    home = tmp_path_factory.mktemp("mxf")
    medium = rush(home / "clip.mov", 1, frames=20, rate=Fraction(25), size=(96, 64))
    picture, sound = ([clip(medium, Fraction(0), Fraction(12, 25), Fraction(25))] for _ in range(2))
    plan = conform(cut(Fraction(25), [picture], [sound], start=90_000), {medium.name: medium}, rate=Fraction(25), size=(96, 64))
    spec = replace(MASTER, container="mxf", head=(), film_at=None, picture=PictureSpec(codec="mpeg2video", pixel_format="yuv422p", options={"g": "12"}))
    render(plan, spec, home / "film.mxf", scratch=home / "scratch")
    return home / "film.mxf"


@pytest.fixture(scope="module")
def web(made: dict[str, Path]) -> bytes:
    return made["web 25"].read_bytes()


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def seals(path: Path) -> Film:
    """The film as the check reads it, held to what the house itself reads."""
    film, ours = read_film(path), essence(path, edit=EDIT)
    assert (film.streams, film.essence(EDIT)) == (ours.streams, ours.digest)
    return film


def remuxed(source: Path, to: Path, **options: str) -> Path:
    """The same packets in another file."""
    with av.open(str(source)) as before, av.open(str(to), "w", options=options) as after:
        streams = {one.index: after.add_stream_from_template(one) for one in before.streams if one.type in ("video", "audio")}
        for packet in before.demux([one for one in before.streams if one.index in streams]):
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                after.mux(packet)
    return to


# ---- boxes


def boxes(data: bytes, start: int = 0, end: int | None = None, inside: tuple[bytes, ...] = ()) -> Iterator[tuple[tuple[bytes, ...], int, int]]:
    """Every box of a small file: its names from the outermost, where it begins and where it ends."""
    at = start
    while at + 8 <= (len(data) if end is None else end):
        length, name = struct.unpack_from(">I4s", data, at)
        yield (*inside, name), at, at + length
        if name in PLACES:
            yield from boxes(data, at + 8, at + length, (*inside, name))
        at += length


def place(data: bytes, *names: bytes, track: int = 1) -> tuple[int, int]:
    """Where the box of these last names lies, in the track of that number."""
    found = [(at, end) for path, at, end in boxes(data) if path[-len(names) :] == names]
    return found[track - 1]


def patched(data: bytes, form: str, *values: int, names: tuple[bytes, ...], offset: int, track: int = 1) -> bytes:
    """Other numbers, `offset` bytes into what a box holds."""
    at, _ = place(data, *names, track=track)
    changed = bytearray(data)
    struct.pack_into(form, changed, at + 8 + offset, *values)
    return bytes(changed)


def renamed(data: bytes, name: bytes, *names: bytes, track: int = 1) -> bytes:
    at, _ = place(data, *names, track=track)
    return data[: at + 4] + name + data[at + 8 :]


# ---- the same seal


@pytest.mark.parametrize("what", ["web 25", "web 23976", "web silent 25", "master 25", "master 23976"])
def test_what_the_house_renders_has_the_seal_that_the_house_gave_it(made: dict[str, Path], what: str) -> None:
    film = seals(made[what])
    assert film.odd == ()
    assert film.rate == ("25" if what.endswith("25") else "24000/1001")
    assert film.frames == (52 if what.startswith("master") else 47)
    assert [one.partition(" ")[0] for one in film.streams] == (["video"] if "silent" in what else ["video", "audio"])


@pytest.mark.parametrize("container", ["mp4", "mov"])
@pytest.mark.parametrize("options", [{}, {"movflags": "+faststart"}, {"video_track_timescale": "90000"}])
def test_another_wrapping_has_the_same_seal(made: dict[str, Path], tmp_path: Path, container: str, options: dict[str, str]) -> None:
    film = seals(remuxed(made["web 25"], tmp_path / f"again.{container}", **options))
    assert film.streams == read_film(made["web 25"]).streams
    assert film.digest != read_film(made["web 25"]).digest


def test_long_addresses_long_sizes_and_a_last_box_without_a_size_are_read(made: dict[str, Path], tmp_path: Path, web: bytes) -> None:
    behind = remuxed(made["web 25"], tmp_path / "behind.mp4").read_bytes()  # the index last: nothing before it moves
    assert [path[-1] for path, _, _ in boxes(behind) if len(path) == 1] == [b"ftyp", b"free", b"mdat", b"moov"]
    at, end = place(behind, b"mdat")
    long = behind[: at - 8] + struct.pack(">I4sQ", 1, b"mdat", end - at + 8) + behind[at + 8 :]
    assert seals(written(tmp_path / "long.mp4", long)).streams == read_film(made["web 25"]).streams
    assert seals(written(tmp_path / "co64.mp4", _co64(behind))).streams == read_film(made["web 25"]).streams
    at, end = place(web, b"mdat")
    assert end == len(web)
    assert seals(written(tmp_path / "open.mp4", web[:at] + struct.pack(">I", 0) + web[at + 4 :])).streams == read_film(made["web 25"]).streams


def _co64(data: bytes) -> bytes:
    """Chunk addresses in eight bytes each, in a file whose index comes last."""
    while (found := next(((path, at, end) for path, at, end in boxes(data) if path[-1] == b"stco"), None)) is not None:
        path, at, end = found
        count = struct.unpack_from(">I", data, at + 12)[0]
        rows = struct.unpack_from(f">{count}I", data, at + 16)
        table = struct.pack(f">I4sII{count}Q", 16 + 8 * count, b"co64", 0, count, *rows)
        grown = len(table) - (end - at)
        around = [start for names, start, stop in boxes(data) if start < at and stop >= end and path[: len(names)] == names]
        changed = bytearray(data[:at] + table + data[end:])
        for start in around:
            struct.pack_into(">I", changed, start, struct.unpack_from(">I", data, start)[0] + grown)
        data = bytes(changed)
    return data


def test_sound_of_any_length_has_the_same_seal(tmp_path: Path) -> None:
    """An edit list counts in thousandths of a second; where the last samples of a coded sound lie behind its end, they are in the file all the same."""
    noise = np.random.default_rng(7).normal(0, 0.1, (2, 60_000)).astype(np.float32)
    for count in (1, 17, 1023, 1024, 1025, 1040, 1041, 2050, 27_674, 48_026):
        path = tmp_path / f"{count}.mp4"
        with av.open(str(path), "w", options={"movflags": "+faststart"}) as out:
            stream = out.add_stream("aac", rate=48_000, layout="stereo")
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(noise[:, :count]), format="fltp", layout="stereo")
            frame.sample_rate, frame.pts, frame.time_base = 48_000, 0, Fraction(1, 48_000)
            out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        seals(path)


# ---- what is not a film, or not all of it


def _short(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def _twice(data: bytes) -> bytes:
    at, end = place(data, b"moov")
    return data + data[at:end]


def _beyond(data: bytes) -> bytes:
    return patched(data, ">I", len(data) - 10, names=(b"stbl", b"stco"), offset=8)


def _overlapping(data: bytes) -> bytes:
    """Every chunk of the sound is most of the file: the same bytes, again and again."""
    first = place(data, b"mdat")[0] + 8
    count = struct.unpack_from(">I", data, place(data, b"stbl", b"stco", track=2)[0] + 12)[0]
    data = patched(data, f">{count}I", *[first] * count, names=(b"stbl", b"stco"), offset=8, track=2)
    sizes = struct.unpack_from(">I", data, place(data, b"stbl", b"stsz", track=2)[0] + 16)[0]
    return patched(data, f">{sizes}I", *[(len(data) - first) // 3] * sizes, names=(b"stbl", b"stsz"), offset=12, track=2)


#: what somebody made of the file, and what the check says of it
REFUSED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "nothing": (lambda data: b"", "no index"),
    "text": (lambda data: b"a film, believe me\n", "neither an MP4 or QuickTime file nor an MXF"),
    "zeros": (lambda data: bytes(4096), "neither an MP4 or QuickTime file nor an MXF"),
    "cut off": (_short, "cut off or damaged at byte"),
    "cut off in its first box": (lambda data: data[:12], "cut off or damaged at byte 0"),
    "without its index": (lambda data: renamed(data, b"free", b"moov"), "no index"),
    "two indexes": (_twice, "two indexes"),
    "in fragments": (lambda data: data + struct.pack(">I4s", 8, b"moof"), "in fragments"),
    "made for fragments": (lambda data: renamed(data, b"mvex", b"moov", b"udta"), "in fragments"),
    "a picture beyond its end": (_beyond, "names pictures or sound beyond its end"),
    "the same sound over and over": (_overlapping, "names more pictures and sound than the file holds"),
    "a table longer than it is": (lambda data: patched(data, ">I", 2**31, names=(b"stbl", b"stsz"), offset=8), "shorter than it says"),
    "addresses longer than they are": (lambda data: patched(data, ">I", 2**32 - 1, names=(b"stbl", b"stco"), offset=4), "shorter than it says"),
    "nothing in a chunk": (lambda data: patched(data, ">I", 0, names=(b"stbl", b"stsc"), offset=12), "does not add up"),
    "all in a chunk": (lambda data: patched(data, ">I", 2**32 - 1, names=(b"stbl", b"stsc"), offset=12), "does not add up"),
    "fewer frames": (lambda data: patched(data, ">I", 12, names=(b"stbl", b"stsz"), offset=8), "does not add up"),
    "without a table": (lambda data: renamed(data, b"free", b"stbl", b"stsz"), "0 tables called stsz where one belongs"),
    "two tables": (lambda data: renamed(data, b"stsz", b"stbl", b"stss"), "2 tables called stsz where one belongs"),
    "pictures elsewhere": (lambda data: patched(data, ">I", 0, names=(b"dinf", b"dref"), offset=16), "lie in another file"),
    "a track of another kind": (lambda data: patched(data, ">I", 0x6D657461, names=(b"mdia", b"hdlr"), offset=8), "a track of the kind 'meta'"),
    "a box as long as nothing": (lambda data: patched(data, ">I", 3, names=(b"moov", b"mvhd"), offset=-8), "its index is damaged"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_read_as_a_film_is_a_sentence(tmp_path: Path, web: bytes, what: str) -> None:
    change, says = REFUSED[what]
    with pytest.raises(NoFilm, match=says):
        read_film(written(tmp_path / "film.mp4", change(web)))


#: what somebody made of the index, with every picture and sound still in the file
ODD: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "half of it": (lambda data: patched(data, ">I", 900, names=(b"edts", b"elst"), offset=8), r"track 1 \(video\): its index plays less of it"),
    "from another frame": (lambda data: patched(data, ">i", 12_800, names=(b"edts", b"elst"), offset=12), r"track 1 \(video\): its index plays it from another place"),
    "twice as fast": (lambda data: patched(data, ">h", 2, names=(b"edts", b"elst"), offset=16), r"track 1 \(video\): .*at another speed"),
    "sound later": (lambda data: patched(data, ">i", -1, names=(b"edts", b"elst"), offset=12, track=2), r"track 2 \(audio\): its index plays it from another place"),
    "no time for frames": (lambda data: patched(data, ">I", 3, names=(b"stbl", b"stts"), offset=8), r"track 1 \(video\): its index does not give each piece its time"),
}


@pytest.mark.parametrize("what", ODD)
def test_an_index_that_plays_something_else_is_said(tmp_path: Path, web: bytes, made: dict[str, Path], what: str) -> None:
    change, says = ODD[what]
    film = read_film(written(tmp_path / "film.mp4", change(web)))
    assert film.streams == read_film(made["web 25"]).streams
    with pytest.raises(AssertionError, match=says):
        assert not film.odd, " ".join(film.odd)


def test_a_folder_a_pipe_and_a_name_that_is_not_there_are_sentences(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    report = verify(_record(tmp_path / "record.db"))
    for name, says in ((".", "not a file"), ("pipe.mp4", "not a file"), ("away.mp4", "cannot be read")):
        assert [says in one for one in check_film(report, tmp_path / name).findings] == [True]


def test_an_index_as_large_as_a_disk_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with open(path, "wb") as file:
        file.write(struct.pack(">I4s", 64 * 2**20, b"moov"))
        file.truncate(64 * 2**20)
    tracemalloc.start()
    try:
        with pytest.raises(NoFilm, match="which no film needs"):
            read_film(path)
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


def test_ten_thousand_boxes_come_to_an_end(tmp_path: Path, web: bytes) -> None:
    with pytest.raises(NoFilm, match="cut off or damaged at byte"):
        read_film(written(tmp_path / "film.mp4", web + 10_000 * struct.pack(">I4s", 8, b"free")))


def test_any_flipped_byte_of_an_index_is_read_or_refused(tmp_path: Path, web: bytes) -> None:
    """Nothing else comes out of it than a film or a sentence, and soon."""
    start, end = place(web, b"moov")
    chance, path, began, refused = random.Random(5), tmp_path / "film.mp4", time.monotonic(), 0
    for _ in range(300):
        changed = bytearray(web)
        for _ in range(chance.choice((1, 1, 4))):
            changed[chance.randrange(start, end)] = chance.choice((0, 1, 127, 128, 255, chance.randrange(256)))
        try:
            read_film(written(path, bytes(changed)))
        except NoFilm as error:
            refused += bool(str(error))
    assert 0 < refused < 300
    assert time.monotonic() - began < 60


# ---- whose film it is


MARA, JO = Hand("Mara Lind"), Hand("Jo Abara")
SEALED = CutSeal(version="master", file="cuts/v1.otio", seal=EDIT)


def _record(path: Path) -> Path:
    with Record.create(path) as record:
        record.sign(MARA.enrols("producer", "director"), MARA)
        record.sign(everything(MARA), MARA)
    return path


def named(film: Film, **more: object) -> tuple[FilmSeal, ...]:
    return (FilmSeal(version="master", spec="web", file="Salt.mp4", essence=film.essence(EDIT), **more),)  # type: ignore[arg-type]


def proposal(film: Film, **more: object) -> dict[str, object]:
    return {"schema": 1, "what": "film", "version": "master", "spec": "web", "essence": film.essence(EDIT), "edit": EDIT, "frames": film.frames, "rate": film.rate, **more}


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with Record.open(_record(tmp_path / "record.db"), write=True) as opened:
        yield opened


def asked(record: Record, path: Path) -> law.FilmReport:
    return check_film(verify(record.path), path)


def yes(film: Film) -> SignOff:
    return SignOff(question="Would I?", cuts=(SEALED,), films=named(film))


def test_a_signed_film_is_confirmed_with_its_signer_and_its_entry(record: Record, made: dict[str, Path]) -> None:
    film = read_film(made["web 25"])
    record.append("proposal", proposal(film))
    n = record.sign(yes(film), MARA).n
    found = asked(record, made["web 25"])
    assert (found.entry, found.findings) == (n, ())
    assert f"the film that Mara Lind signed off in entry {n}: master for web. Every picture and every sound in it is what was signed." in found.says[0]
    assert "is not under this seal" in found.says[1]


def test_one_picture_that_is_two_films_is_said_to_be_both(record: Record, made: dict[str, Path]) -> None:
    film = read_film(made["web 25"])
    both = (*named(film), replace(named(film)[0], version="textless", file="Salt textless.mp4"))
    cuts = (SEALED, replace(SEALED, version="textless"))
    n = record.sign(SignOff(question="Would I?", cuts=cuts, films=both), MARA).n
    assert f"signed off in entry {n}: master for web and textless for web." in asked(record, made["web 25"]).says[0]
    record.sign(SignOff(question="Would I?", cuts=(replace(SEALED, version="de"),), films=(replace(both[0], version="de"),)), MARA)
    says = asked(record, made["web 25"]).says
    assert f"signed off in entry {n + 1}: de for web." in says[0]
    assert says[1] == f"The same pictures and the same sound, to the frame, are also master for web and textless for web, entry {n}."


@pytest.mark.parametrize("of", ["master", "textless", "de"])
def test_papers_say_which_of_two_films_of_one_picture_is_meant(record: Record, made: dict[str, Path], tmp_path: Path, of: str) -> None:
    film = read_film(made["web 25"])
    versions = {"master": 0, "textless": 0, "de": 0}
    for version in ("master", "textless", "de"):
        if version != "textless":  # it is signed with the master
            here = [version, *(("textless",) if version == "master" else ())]
            n = record.sign(SignOff(question="Would I?", cuts=tuple(replace(SEALED, version=one) for one in here),
                                    films=tuple(replace(named(film)[0], version=one) for one in here)), MARA).n  # fmt: skip
            versions |= dict.fromkeys(here, n)
    whole = verify(record.path)
    said = {"version": of, "spec": "web", "file": "Salt.mp4", "essence": film.essence(EDIT), "edit": EDIT, "seal": None}
    papers = {"form": 1, "film": said, "answer": {"kind": "signoff", "entry": versions[of], "by": "Mara Lind", "key": MARA.key_id},
              "checkpoint": {"entry": whole.entries, "seal": whole.head}, "papers": []}  # fmt: skip
    path = written(tmp_path / "papers.json", json.dumps(papers).encode())
    found = check_film(whole, made["web 25"], path)
    assert (found.entry, found.findings) == (versions[of], ())
    assert f"signed off in entry {versions[of]}: {of} for web." in found.says[0]


def test_a_film_in_the_record_s_place_is_told_from_a_record(made: dict[str, Path], mxf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for film in (made["web 25"], mxf):
        assert law.main([str(film)]) == 2
        assert "it is a film. The record is the file record.db, and the film goes after --film." in capsys.readouterr().out


def test_what_left_after_the_last_signature_is_called_the_machine_s_note(record: Record, made: dict[str, Path]) -> None:
    film = read_film(made["web 25"])
    n = record.sign(yes(film), MARA).n
    body = {"schema": 1, "version": "master", "spec": "web", "essence": film.essence(EDIT), "digest": film.digest}
    record.append("released", body)
    assert verify(record.path).vouched == (
        f"A person's signature covers every entry up to {n}. Entry {n + 1} is the machine's note of what left after it, and nothing is vouched for there yet: "
        "a checkpoint covers it, or the next thing that anybody signs."
    )
    record.append("released", body)
    assert f"Entries {n + 1} to {n + 2} are the machine's note of what left" in verify(record.path).vouched
    record.append("proposal", proposal(film))
    assert verify(record.path).vouched.startswith(f"From entry {n + 1} on nothing is vouched for")


def test_a_released_film_says_that_it_was_not_signed(record: Record, made: dict[str, Path]) -> None:
    film = read_film(made["web 25"])
    n = record.sign(Release(cuts=(SEALED,), because="Friday.", missing=("Mara Lind: sign-off",), films=named(film)), MARA).n
    assert f"the film that Mara Lind released in entry {n}, not signed: master for web." in asked(record, made["web 25"]).says[0]


def test_other_pictures_other_films_and_films_that_nobody_signed_are_refused(record: Record, made: dict[str, Path], tmp_path: Path, web: bytes) -> None:
    film, other = read_film(made["web 25"]), read_film(made["web 23976"])
    assert "no signed entry of this record names a finished film" in asked(record, made["web 25"]).findings[0]
    record.append("proposal", proposal(other))
    record.sign(yes(film), MARA)
    assert "the machine made it, entry 3, and no signed entry names it" in asked(record, made["web 23976"]).findings[0]
    assert "pictures or its sound were changed, or it is another film" in asked(record, made["master 25"]).findings[0]
    _, end = place(web, b"mdat")
    changed = written(tmp_path / "Salt.mp4", web[: end - 1] + bytes([web[end - 1] ^ 1]))
    assert "names a film of this name with other pictures, other sound or another cut" in asked(record, changed).findings[0]


def test_a_film_whose_index_was_changed_is_the_film_and_is_not_let_pass(record: Record, made: dict[str, Path], tmp_path: Path, web: bytes) -> None:
    film = read_film(made["web 25"])
    record.append("proposal", proposal(film))
    record.sign(yes(film), MARA)
    slow = patched(patched(web, ">I", 1024, names=(b"stbl", b"stts"), offset=12), ">I", 3760, names=(b"edts", b"elst"), offset=8)
    assert "are not shown at the rate that entry 3 says" in " ".join(asked(record, written(tmp_path / "slow.mp4", slow)).findings)
    half = ODD["half of it"][0](web)
    assert "its index plays less of it" in " ".join(asked(record, written(tmp_path / "half.mp4", half)).findings)


def test_a_revocation_and_a_later_scrapping_are_said(record: Record, made: dict[str, Path]) -> None:
    film = read_film(made["web 25"])
    record.sign(MARA.enrols("producer", other=JO), MARA)
    n = record.sign(yes(film), MARA).n
    record.sign(Refusal(question="Would I?", cuts=(SEALED,), because="Not any more.", next="strings"), MARA)
    assert [f"Mara Lind scrapped this very cut afterwards, in entry {n + 1}" in one for one in asked(record, made["web 25"]).findings] == [True]
    record.sign(Revoke(key=MARA.key_id, because="lost", from_entry=n), JO)
    found = asked(record, made["web 25"])
    assert any(f"a revocation strikes entry {n}" in one for one in found.findings)


def test_the_file_that_left_is_known_byte_for_byte_and_another_wrapping_is_said(record: Record, made: dict[str, Path], tmp_path: Path) -> None:
    film = read_film(made["web 25"])
    record.sign(yes(film), MARA)
    record.append("released", {"schema": 1, "version": "master", "spec": "web", "essence": film.essence(EDIT), "digest": film.digest})
    assert "byte for byte, the file that left; the machine wrote that down in entry 4, and no signature covers" in asked(record, made["web 25"]).says[1]
    again = asked(record, remuxed(made["web 25"], tmp_path / "again.mp4"))
    assert again.findings == ()
    assert "not byte for byte the file that left, entry 4" in again.says[1]


def test_an_mxf_is_read_as_the_house_reads_it(record: Record, mxf: Path) -> None:
    film = seals(mxf)
    assert (len(film.streams), film.frames, film.rate) == (3, 12, None)
    record.append("proposal", {**proposal(film), "rate": "25/1"})
    record.sign(yes(film), MARA)
    found = asked(record, mxf)
    assert found.findings == ()
    assert "in this MXF - how much of them is played" in found.says[1]
    record.append("released", {"schema": 1, "version": "master", "spec": "web", "essence": film.essence(EDIT), "digest": film.digest})
    assert "byte for byte, the file that left" in asked(record, mxf).says[1]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: data[: len(data) // 2], "cut off or damaged at byte"),
        (lambda data: data + b"\x06", "cut off or damaged at byte"),
        (lambda data: data[:16] + b"\x89" + data[17:], "cut off or damaged at byte 0"),
        (lambda data: data[:16] + b"\x88" + 8 * b"\xff" + data[25:], "cut off or damaged at byte 0"),
        (lambda data: data.replace(bytes.fromhex("0d01030115"), bytes.fromhex("0d01030118")), "wrapped in one"),
        (lambda data: data.replace(bytes.fromhex("0d010301"), bytes.fromhex("0d010399")), "neither picture nor sound"),
    ],
)
def test_an_mxf_that_cannot_be_read_is_a_sentence(mxf: Path, tmp_path: Path, change: Callable[[bytes], bytes], says: str) -> None:
    with pytest.raises(NoFilm, match=says):
        read_film(written(tmp_path / "film.mxf", change(mxf.read_bytes())))


def test_an_mxf_with_another_picture_is_another_film(mxf: Path, tmp_path: Path) -> None:
    data = bytearray(mxf.read_bytes())
    at = data.index(bytes.fromhex("0d01030115")) + 100
    data[at] ^= 1
    film, other = read_film(mxf), read_film(written(tmp_path / "film.mxf", bytes(data)))
    assert [one != two for one, two in zip(film.streams, other.streams, strict=True)] == [True, False, False]


def test_a_record_that_does_not_hold_confirms_no_film(record: Record, made: dict[str, Path]) -> None:
    film = read_film(made["web 25"])
    record.sign(yes(film), MARA)
    found = check_film(verify(record.path, held=[(9, EDIT)]), made["web 25"])
    assert "nothing that it says of this film is confirmed" in found.findings[-1]
    assert "nobody can say whose film it is" in check_film(verify(made["web 25"]), made["web 25"]).findings[0]
