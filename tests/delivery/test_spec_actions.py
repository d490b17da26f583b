"""What a spec asks for beyond a codec: no lettering, sound in parts, silent edges, a name and a clock that carry the number."""

from __future__ import annotations

import dataclasses
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import opentimelineio as otio
import pytest
from PIL import Image

from answerprint.delivery import DeliveryError
from answerprint.delivery.cards import Cards
from answerprint.delivery.conform import conform, graded, mixed
from answerprint.delivery.naming import file_name, length_words, plain_name, slate_lines
from answerprint.delivery.plan import Plan
from answerprint.delivery.qc import check, examine
from answerprint.delivery.render import render
from answerprint.delivery.specs import SpecError, read, spec, specs
from answerprint.delivery.stems import stem_of
from answerprint.film import cut_of
from answerprint.media.lettering import card, lacking
from answerprint.model.delivery import PictureSpec
from answerprint.model.time import Timecode
from answerprint.timeline.cut import ClipInfo, Media, attach, file_url, reference, span
from answerprint.turnover import safe_name
from tests.delivery.exact import FFV1, SIZE
from tests.delivery.rushes import RATE_HZ, clip, cut, film, gap, roll, rush

R = Fraction(25)
TEXTLESS = dataclasses.replace(FFV1, name="textless", textless=True)
MINUS = dataclasses.replace(FFV1, name="m-and-e", without_voice=True)
PARTS = dataclasses.replace(FFV1, name="stems", stems=True, container="mov", picture=PictureSpec(codec="libx264", options={"preset": "ultrafast"}))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rushes")


@pytest.fixture(scope="module")
def media(home: Path) -> dict[str, Path]:
    return {name: rush(home / name, number, frames=60, rate=R, size=SIZE) for number, name in enumerate(("A.mov", "B.mov", "C.mov"), 1)}


# ---- textless


def super_over(home: Path, name: str, frames: int) -> Any:
    """A still picture in assets/, as a cut carries it."""
    path = home / "assets" / name
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", SIZE, (200, 200, 200)).save(path)
    known = Media(name=name, file=f"assets/{name}", video=True, still=True)
    made = otio.schema.Clip(name=name, media_reference=reference(known, None, url=file_url(path)))
    made.source_range = span(Fraction(0), frames / R, R)
    return made


def lettered(home: Path, media: dict[str, Path]) -> tuple[Any, dict[str, Path]]:
    """60 frames of A, a super over frames 20 to 30, then an end card of 10 frames on the lowest track."""
    picture = [clip(media["A.mov"], Fraction(0), 60 / R, R), super_over(home, "end.png", 10)]
    over = [gap(20 / R, R), super_over(home, "price.png", 10)]
    there = media | {f"assets/{name}": home / "assets" / name for name in ("end.png", "price.png")}
    return cut(R, [picture, over], [[clip(media["A.mov"], Fraction(0), 60 / R, R)]]), there


def test_a_textless_film_shows_what_lies_under_its_supers_and_is_as_long(home: Path, media: dict[str, Path], tmp_path: Path) -> None:
    timeline, there = lettered(home, media)
    without = cut_of("master", "cuts/v01.otio", timeline).replaceable
    assert without == {"assets/end.png", "assets/price.png"}
    plan = conform(timeline, there, rate=R, size=SIZE, without=without)
    made = render(plan, TEXTLESS, tmp_path / "film.mkv", scratch=tmp_path / "s")
    pictures, sound = film(tmp_path / "film.mkv")
    assert pictures == [(n, 1) for n in range(60)] + [(0, 0)] * 10
    assert (sound[0, : 60 * 1920] == np.arange(60 * 1920)).all()
    assert [says for says in made.warnings if "textless" in says] == [
        "end.png is the picture itself, with nothing below it: the textless film is black there. Lay its background under it."
    ]
    assert plan.edit == conform(timeline, there, rate=R, size=SIZE).edit


def test_cards_that_are_left_out_need_not_be_there(home: Path, media: dict[str, Path]) -> None:
    timeline, _ = lettered(home, media)
    assert len(conform(timeline, media, rate=R, size=SIZE, without={"assets/end.png", "price.png"}).media) == 1
    with pytest.raises(DeliveryError, match=r"2 of the media in this cut are not to be had"):
        conform(timeline, media, rate=R, size=SIZE)


def test_a_film_with_its_lettering_is_never_called_textless(home: Path, media: dict[str, Path], tmp_path: Path) -> None:
    timeline, there = lettered(home, media)
    with pytest.raises(DeliveryError, match="textless is the film without lettering; the film was worked out with it"):
        render(conform(timeline, there, rate=R, size=SIZE), TEXTLESS, tmp_path / "film.mkv", scratch=tmp_path / "s")
    plan = conform(timeline, there, rate=R, size=SIZE, without=["assets/end.png", "assets/price.png"])
    master = rush(tmp_path / "master.mov", 7, frames=70, rate=R, size=SIZE, sound=False)
    with pytest.raises(DeliveryError, match=r"master\.mov is a finished picture.* textless graded master"):
        graded(plan, master)
    assert len(graded(plan, master, textless=True).frames) == 70


def test_words_that_the_cut_writes_itself_are_no_loss_in_a_textless_film(media: dict[str, Path]) -> None:
    words = otio.schema.Clip(name="Title", media_reference=otio.schema.GeneratorReference(generator_kind="Text", parameters={"text": "Now in red"}), source_range=span(Fraction(0), 5 / R, R))
    timeline = cut(R, [[clip(media["A.mov"], Fraction(0), 10 / R, R)], [words]])
    assert conform(timeline, media, rate=R, size=SIZE, without=()).warnings == ()
    assert "'Now in red'" in conform(timeline, media, rate=R, size=SIZE).warnings[0]


# ---- stems


@pytest.mark.parametrize(
    ("roles", "track", "stem"),
    [
        (("dialogue.Boom", "dialogue.Lav 1"), "A1", "dialogue"), (("music.Bed",), "Dialogue", "music"), (("effects",), "", "effects"),
        (("dialogue.Boom?captionFormat=x",), "", "dialogue"), ((), "MX 1", "music"), ((), "SFX2", "effects"), ((), "VO", "dialogue"), ((), "Music Bed", "music"),
        ((), "A1", ""), ((), "", ""), ((), "Dialogue & Music", ""), (("video",), "Effects", "effects"), ((), "Demo", ""), ((), "Boom", ""),
    ],
)  # fmt: skip
def test_what_a_sound_is_says_its_role_else_its_track(roles: tuple[str, ...], track: str, stem: str) -> None:
    assert stem_of(roles, track) == stem


def spoken(media: dict[str, Path], names: tuple[str, ...], roles: tuple[tuple[str, ...], ...] = ((), (), ())) -> Plan:
    """Three sounds of a second each on tracks of these names, one after the other."""
    tracks = []
    for n, path in enumerate(media.values()):
        one = clip(path, Fraction(0), Fraction(1), R)
        if roles[n]:
            attach(one, ClipInfo(roles=roles[n]))
        tracks.append([gap(Fraction(n), R), one] if n else [one])
    timeline = cut(R, [[clip(media["A.mov"], Fraction(0), Fraction(2), R), clip(media["B.mov"], Fraction(0), Fraction(1), R)]], tracks)
    for track, name in zip(timeline.audio_tracks(), names, strict=True):
        track.name = name
    return conform(timeline, media, rate=R, size=SIZE)


def streams(path: Path) -> list[np.ndarray]:
    """Every stream of sound: int, shape (channels, n), 24 bits."""
    found = []
    for number in range(3):
        with av.open(str(path)) as container:
            found.append(np.concatenate([frame.to_ndarray().reshape(-1, 2).T >> 8 for frame in container.decode(audio=number)], axis=1))
    return found


def test_stems_are_streams_of_their_own_that_add_up_to_the_film(media: dict[str, Path], tmp_path: Path) -> None:
    plan = spoken(media, ("VO", "Music", "A3"), ((), (), ("effects.Foley",)))
    made = render(plan, PARTS, tmp_path / "film.mov", scratch=tmp_path / "s")
    whole = render(plan, dataclasses.replace(PARTS, stems=False), tmp_path / "whole.mov", scratch=tmp_path / "s")
    parts = streams(tmp_path / "film.mov")
    assert made.samples == whole.samples == 3 * RATE_HZ
    for n, part in enumerate(parts):
        here = part[:, n * RATE_HZ : (n + 1) * RATE_HZ]
        assert (here[0] == np.arange(RATE_HZ)).all()
        assert (here[1] == n + 1).all()
        assert np.count_nonzero(part) == np.count_nonzero(here)
    with av.open(str(tmp_path / "film.mov")) as container:
        assert [stream.metadata["handler_name"] for stream in container.streams.audio] == ["Dialogue", "Music", "Effects"]
    assert (sum(parts) == film(tmp_path / "whole.mov")[1]).all()
    render(plan, MINUS, tmp_path / "minus.mkv", scratch=tmp_path / "s")
    assert (film(tmp_path / "minus.mkv")[1] == parts[1] + parts[2]).all()
    with pytest.raises(DeliveryError, match=r"no sound of the cut is dialogue, so there is no voice to leave out of it"):
        render(spoken(media, ("MX", "SFX", "MX 2")), MINUS, tmp_path / "minus.mkv", scratch=tmp_path / "s")


def test_qc_hears_stems_together(media: dict[str, Path], tmp_path: Path) -> None:
    made = render(spoken(media, ("VO", "VO", "VO")), PARTS, tmp_path / "film.mov", scratch=tmp_path / "s")
    report = examine(tmp_path / "film.mov", PARTS, expected=made)
    assert not {"dead air", "channels", "sound"} & {one.check for one in report.findings}
    assert [one.measured for one in report.findings if one.check == "dead channel"] == ["channel 2"]  # as in the rushes; empty stems are none


def test_a_cut_that_does_not_say_what_is_what_is_a_sentence_before_anything_is_rendered(media: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"does not say which of its sounds are dialogue, music and effects: A\.mov, B\.mov, C\.mov\. Name their tracks"):
        render(spoken(media, ("A1", "A2", "A3")), PARTS, tmp_path / "film.mov", scratch=tmp_path / "s")
    assert not (tmp_path / "s").exists()


def test_beside_sounds_with_roles_one_without_is_dialogue_as_in_final_cut_and_that_is_said(media: dict[str, Path], tmp_path: Path) -> None:
    made = render(spoken(media, ("A1", "A2", "A3"), ((), ("music",), ("effects",))), PARTS, tmp_path / "film.mov", scratch=tmp_path / "s")
    assert streams(tmp_path / "film.mov")[0][1, 0] == 1
    assert "A.mov: no role stands on it, while others have one; it is heard in the dialogue, as in Final Cut." in made.warnings


def test_stems_come_out_of_a_mixers_stems_and_never_out_of_a_mix(media: dict[str, Path], tmp_path: Path) -> None:
    plan = spoken(media, ("A1", "A2", "A3"))
    with pytest.raises(DeliveryError, match=r"mix\.wav has 2 channels, and nothing is taken out of a mix here\. Ask the mixer .* 6 channels"):
        render(mixed(plan, roll(tmp_path / "mix.wav", 5, samples=3 * RATE_HZ)), PARTS, tmp_path / "film.mov", scratch=tmp_path / "s")
    brought = tmp_path / "stems.mov"
    with av.open(str(brought), "w") as out:
        tracks: list[Any] = [out.add_stream("pcm_s24le", rate=RATE_HZ, layout="stereo") for _ in range(3)]
        for n, track in enumerate(tracks):
            both = np.full((3 * RATE_HZ, 2), 1000 * (n + 1), np.int32) << 8
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(both.reshape(1, -1)), format="s32", layout="stereo")
            frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, 0, Fraction(1, RATE_HZ)
            out.mux(track.encode(frame))
            out.mux(track.encode(None))
    made = render(mixed(plan, brought), PARTS, tmp_path / "film.mov", scratch=tmp_path / "s")
    assert made.mix
    assert [set(part.ravel().tolist()) for part in streams(tmp_path / "film.mov")] == [{1000}, {2000}, {3000}]
    render(mixed(plan, brought), MINUS, tmp_path / "minus.mkv", scratch=tmp_path / "s")
    assert set(film(tmp_path / "minus.mkv")[1].ravel().tolist()) == {5000}  # music and effects, as the mixer left them
    with pytest.raises(DeliveryError, match=r"mix\.wav has 2 channels, and nothing is taken out of a mix here"):
        render(mixed(plan, tmp_path / "mix.wav"), MINUS, tmp_path / "minus.mkv", scratch=tmp_path / "s")


def test_a_spec_of_stems_asks_for_no_loudness() -> None:
    with pytest.raises(SpecError, match="no loudness is asked of a part"):
        read(
            'title = "A"\nsource = "b"\ndated = "2026-11-22"\ncontainer = "mov"\nstems = true\n[picture]\ncodec = "prores_ks"\n[sound]\ncodec = "pcm_s24le"\n'
            "[sound.loudness]\ntarget_lufs = -23\ntolerance_lu = 1\ntrue_peak_dbtp = -1\n", "house",
        )  # fmt: skip


# ---- silent edges


EDGES = dataclasses.replace(FFV1, edge_silence_frames=6)


def test_the_machines_own_sound_is_silent_at_the_edges_and_untouched_between(media: dict[str, Path], tmp_path: Path) -> None:
    plan = conform(cut(R, [[clip(media["B.mov"], Fraction(0), 60 / R, R)]], [[clip(media["B.mov"], Fraction(0), 60 / R, R)]]), media, rate=R, size=SIZE)
    made = render(plan, EDGES, tmp_path / "film.mkv", scratch=tmp_path / "s")
    _, sound = film(tmp_path / "film.mkv")
    edge, fade, end = 6 * 1920, 1920, 60 * 1920
    assert not sound[:, :edge].any()
    assert not sound[:, end - edge :].any()
    assert (sound[0, edge + fade : end - edge - fade] == np.arange(edge + fade, end - edge - fade)).all()
    rising = sound[0, edge : edge + fade] / np.arange(edge, edge + fade)
    assert (np.diff(rising) >= -1e-4).all()
    assert rising[0] < 0.001
    assert rising[-1] > 0.999
    assert made.warnings == ("the film's first and last 6 frames are silent, as Exact asks; the cutting room's sound was heard there and is faded.",)


def test_where_nothing_was_heard_at_the_edges_nothing_is_said(media: dict[str, Path], tmp_path: Path) -> None:
    timeline = cut(R, [[clip(media["B.mov"], Fraction(0), 60 / R, R)]], [[gap(10 / R, R), clip(media["B.mov"], Fraction(0), 30 / R, R)]])
    assert render(conform(timeline, media, rate=R, size=SIZE), EDGES, tmp_path / "film.mkv", scratch=tmp_path / "s").warnings == ()
    assert (film(tmp_path / "film.mkv")[1][0, 10 * 1920 : 40 * 1920] == np.arange(30 * 1920)).all()


def test_a_persons_mix_is_not_faded_and_qc_forbids_it_with_a_sentence(media: dict[str, Path], tmp_path: Path) -> None:
    samples = 60 * 1920
    loud = tmp_path / "mix.wav"
    with av.open(str(loud), "w") as out:
        track: Any = out.add_stream("pcm_s24le", rate=RATE_HZ, layout="stereo")
        tone = (np.sin(np.arange(samples) * 0.05)[:, None] * [2**21, 2**21]).astype(np.int32) << 8
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(tone.reshape(1, -1)), format="s32", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, 0, Fraction(1, RATE_HZ)
        out.mux(track.encode(frame))
        out.mux(track.encode(None))
    plan = mixed(conform(cut(R, [[clip(media["B.mov"], Fraction(0), 60 / R, R)]]), media, rate=R, size=SIZE), loud)
    asked = dataclasses.replace(PARTS, stems=False, edge_silence_frames=6)
    made = render(plan, asked, tmp_path / "film.mov", scratch=tmp_path / "s")
    assert made.mix
    assert (film(tmp_path / "film.mov")[1] == tone.T >> 8).all()
    said = [one.says for one in check(tmp_path / "film.mov", asked, expected=made) if one.check == "edge silence"]
    assert said == [f"the {which} 6 frames of the film have to be silent, and are not; nothing in a person's mix is altered, so it goes back to the mixer" for which in ("first", "last")]


# ---- name and clock


def test_a_clock_is_lettered_with_every_accent_of_its_title(tmp_path: Path) -> None:
    for letter, plain in zip("äöüßéñçåø–łŽŐğ", "aousencao-lZOg", strict=True):
        drawn, bare, box = (card((640, 360), [line])[0] for line in (f"Caf{letter}", f"Caf{plain}", "Caf\uffff"))
        assert (drawn != bare).any()
        assert (drawn != box).any()
    assert (card((640, 360), ["Cafe\u0301"])[0] == card((640, 360), ["Café"])[0]).all()  # as one file system writes it and as the other
    assert lacking(["Café äöüß", "ñ ç å ø – ł", "Ωραία", "Щука"]) == ""


def test_a_clock_that_cannot_be_lettered_stops_the_film_and_says_the_character(tmp_path: Path) -> None:
    uk = spec("tv-uk")
    plan = Plan(title="x", rate=R, drop=False, size=(1920, 1080), start=Timecode(frames=0, rate=R), edit="", frames=((),) * 250, pieces=(), segments=((0, 250),), media={})
    with pytest.raises(DeliveryError, match=r"the clock cannot say '漢字 Tea': there is no 漢 字 in its lettering"):
        Cards(plan, uk, ("ABC/DEFG001/030", "漢字 Tea"))
    Cards(plan, uk, ("ABC/DEFG001/030", "Thé à la crème"))


def test_a_british_film_goes_by_its_clock_number() -> None:
    uk = spec("tv-uk")
    assert file_name(uk, title="Spot", version="master", clock_number="ABC/DEFG001/030") == "ABC-DEFG001-030.mov"
    lines = slate_lines(uk, title="Spot", version="master", frames=750, rate=R, clock_number="ABC/DEFG001/030", client="Tea & Co")
    assert lines == ("ABC/DEFG001/030", "Spot", "master", "Tea & Co", "30 seconds, 750 frames at 25")


@pytest.mark.parametrize(("number", "says"), [("", "goes by the clock number or Ad-ID, and 15 French has none"), ("ABC/DEF001/030", r"'ABC/DEF001/030' has not the form")])
def test_no_british_film_is_made_without_its_number(number: str, says: str) -> None:
    uk = spec("tv-uk")
    for ask in (lambda: file_name(uk, title="Spot", version="15 French", clock_number=number), lambda: slate_lines(uk, title="S", version="15 French", frames=750, rate=R, clock_number=number)):
        with pytest.raises(DeliveryError, match=says):
            ask()


def test_other_films_are_named_by_title_version_and_spec() -> None:
    assert file_name(spec("youtube"), title='What: "tea"? 1/2', version="9:16", clock_number="") == "What - tea 1-2_9_16_youtube.mp4"
    assert plain_name('The "10"') == "The 10"
    assert safe_name('The "10": a/b?') == plain_name('The "10": a/b?') == "The 10 - a-b"  # previews and exports go by the same rule
    assert (plain_name("9:16"), plain_name('"?"'), safe_name('"?"')) == ("9_16", "", "untitled")
    assert slate_lines(spec("youtube"), title="Spot", version="Spot", frames=720, rate=Fraction(24)) == ("Spot", "30 seconds, 720 frames at 24")


def test_the_name_that_is_made_is_one_that_qc_takes(tmp_path: Path) -> None:
    for which, number in (("tv-uk", "ABC/DEFG001/030"), ("tv-us", "ABCD1234000H")):
        one = spec(which)
        assert re.search(one.clock_number or "", Path(file_name(one, title="Spot", version="master", clock_number=number)).stem)


@pytest.mark.parametrize(
    ("frames", "rate", "says"),
    [
        (900, Fraction(30000, 1001), "30 seconds, 900 frames at 29.97"), (24, Fraction(24), "1 second, 24 frames at 24"),
        (751, Fraction(25), "30.04 seconds, 751 frames at 25"), (720, Fraction(24000, 1001), "30 seconds, 720 frames at 23.976"),
    ],
)  # fmt: skip
def test_a_length_is_said_as_it_is_sold(frames: int, rate: Fraction, says: str) -> None:
    assert length_words(frames, rate) == says


@pytest.mark.parametrize(("naming", "says"), [("{titel}", r"\{titel\} is none of \{title\}"), ("film", "names every film alike"), ("{title", "expected '}'"), ("{}", "is none of")])
def test_a_naming_pattern_that_cannot_name_is_a_sentence(naming: str, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        read(f'title = "A"\nsource = "b"\ndated = "2026-11-22"\ncontainer = "mov"\nnaming = "{naming}"\n[picture]\ncodec = "prores_ks"\n', "house")


def test_every_spec_of_the_house_names_its_files() -> None:
    number = {"tv-uk": "ABC/DEFG001/030", "tv-us": "ABCD1234000H"}
    made = {file_name(one, title="Spot", version="master", clock_number=number.get(name, "")) for name, one in specs().items()}
    assert len(made) == len(specs())

