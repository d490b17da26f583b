"""The faults that QC has to find, one to a film, and the clean films that it has to let be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from answerprint.model.delivery import Spec
from tests.delivery.films import (
    RATE_HZ,
    Film,
    Planes,
    black,
    carded,
    everywhere,
    faded,
    flat,
    put,
    shots,
    sound,
    tv,
    uk,
    web,
    web_film,
)

__all__ = ["CLEAN", "FAULTS", "Fault"]


@dataclass(frozen=True)
class Fault:
    """A film with one thing wrong, which check has to say so, and how gravely."""

    name: str
    check: str
    weight: str
    film: Film
    spec: Spec | None
    at: int | None = None  #: a frame that the finding has to show, give or take one


def _bars(top: int = 0, bottom: int = 0, left: int = 0, right: int = 0) -> Callable[[Planes], Planes]:
    def change(planes: Planes) -> Planes:
        for plane, part in zip(planes, (1, 2, 2)):
            height, width = plane.shape
            value = 16 if part == 1 else 128
            plane[: top // part] = value
            plane[height - bottom // part :] = value
            plane[:, : left // part] = value
            plane[:, width - right // part :] = value
        return planes

    return change


def _blown(film: Film, pictures: list[Planes], number: int) -> Planes:
    y, cb, cr = (plane.copy() for plane in pictures[number])
    y[20:60, 30:90] = 255
    return y, cb, cr


def _loud_colour(film: Film, pictures: list[Planes], number: int) -> Planes:
    y, cb, cr = (plane.copy() for plane in pictures[number])
    y[20:60, 30:90], cr[10:30, 15:45] = 200, 240
    return y, cb, cr


def _blink(low: tuple[int, int, int], high: tuple[int, int, int], every: int, part: float = 1.0) -> Callable[[Film, list[Planes], int], Planes]:
    def one(film: Film, pictures: list[Planes], number: int) -> Planes:
        y, cb, cr = (plane.copy() for plane in pictures[number])
        wide = round(part * film.size[0] / 2)
        values = high if number // every % 2 else low
        y[:, : 2 * wide], cb[:, :wide], cr[:, :wide] = values
        return y, cb, cr

    return one


def _other(film: Film, pictures: list[Planes], number: int) -> Planes:
    return shots(replace(film, seed=film.seed + 50, look="bright", frames=2))[0]


def _again(film: Film, pictures: list[Planes], number: int) -> Planes:
    return pictures[number - 1]


def _held(first: int) -> Callable[[Film, list[Planes], int], Planes]:
    return lambda film, pictures, number: pictures[first]


def _step(at_s: float, size: float) -> Callable[[np.ndarray], np.ndarray]:
    def mix(samples: np.ndarray) -> np.ndarray:
        out = samples.copy()
        at = round(at_s * RATE_HZ)
        out[:, at : at + 3] += size
        return out

    return mix


def _gain(first_s: float, end_s: float, gain: float) -> Callable[[np.ndarray], np.ndarray]:
    def mix(samples: np.ndarray) -> np.ndarray:
        out = samples.copy()
        first, end = round(first_s * RATE_HZ), round(end_s * RATE_HZ)
        ramp = np.minimum(np.minimum(np.arange(end - first), np.arange(end - first)[::-1]) / 240, 1)
        out[:, first:end] *= 1 + (gain - 1) * ramp
        return out

    return mix


def _steady_step(samples: np.ndarray) -> np.ndarray:
    noise = np.random.default_rng(5).normal(0, 0.05, samples.shape)
    return _gain(samples.shape[1] / RATE_HZ / 2, samples.shape[1] / RATE_HZ, 0.25)(noise)


def _wide(samples: np.ndarray) -> np.ndarray:
    """More difference than sum: much is lost in mono."""
    noise = np.random.default_rng(6).normal(0, 0.05, samples.shape)
    return np.stack([noise[0] + 0.35 * noise[1], -0.65 * noise[0] + 0.35 * noise[1]])


def _cut_off(share: float) -> Callable[[Path], None]:
    def after(path: Path) -> None:
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * share)])

    return after


def _scratched(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    start = whole.find(b"mdat")
    for at in range(start + len(whole) // 2, start + len(whole) // 2 + 3000):
        whole[at] ^= 0x5A
    path.write_bytes(bytes(whole))


def _other_colr(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    at = whole.find(b"colrnclx")
    whole[at + 8 : at + 14] = b"\0\x09\0\x10\0\x09"
    path.write_bytes(bytes(whole))


def _cues(*times: tuple[str, str]) -> str:
    return "\n\n".join(f"{number}\n{start} --> {end}\nA word {number}" for number, (start, end) in enumerate(times, 1)) + "\n"


_EU, _WEB, _UK = tv(), web(), tv("tv-uk")
_NAMED = replace(_EU, clock_number="[A-Z]{3}/[A-Z]{4}/[0-9]{3}/[0-9]{3}")
_AT_TEN, _CAPTIONED = replace(_EU, film_at="10:00:00:00"), replace(_EU, captions=("srt",))

FAULTS: tuple[Fault, ...] = (
    # what carries the film
    Fault("another container", "container", "FAIL", web_film(suffix=".mov"), _WEB),
    Fault("index behind the pictures", "faststart", "FAIL", web_film(muxer={}), _WEB),
    Fault("another codec", "codec", "FAIL", Film(codec="mpeg4", options={"qscale": "3"}), _EU),
    Fault("another profile", "profile", "FAIL", web_film(options={"preset": "ultrafast", "profile": "baseline"}), _WEB),
    Fault("another raster", "raster", "FAIL", Film(size=(160, 90)), _EU),
    Fault("4:2:2 for 4:2:0", "sampling", "FAIL", Film(pixel_format="yuv422p"), _EU),
    Fault("another rate", "rate", "FAIL", Film(rate=Fraction(30)), _EU),
    Fault("frames that came late", "variable rate", "FAIL", web_film(stamps=lambda n: n * 40 + (60 if n >= 50 else 0) + (13 if n % 7 == 3 else 0)), _WEB),
    Fault("pixels that are not square", "pixel aspect", "FAIL", Film(sar=Fraction(4, 3)), _EU),
    Fault("fields", "scan", "FAIL", Film(options={"preset": "ultrafast", "flags": "+ildct+ilme", "x264-params": "interlaced=1"}), _EU),
    Fault("no colour tags", "colour tags", "FAIL", Film(tags=None), _EU),
    Fault("wrong colour tags", "colour tags", "FAIL", Film(tags=(9, 16, 9, 1)), _EU),
    Fault("container and pictures disagree", "colour tags", "FAIL", web_film(after=_other_colr), _WEB),
    Fault("full range", "range", "FAIL", Film(tags=(1, 1, 1, 2)), _EU),
    Fault("damaged pictures", "damage", "FAIL", Film(after=_scratched, options={"preset": "ultrafast", "crf": "10"}, sound_codec=None), None),
    Fault("cut off", "frames", "FAIL", web_film(after=_cut_off(0.6)), _WEB),
    Fault("no sound", "sound", "FAIL", Film(sound_codec=None), _EU),
    Fault("another sound codec", "sound codec", "FAIL", Film(sound_codec="aac"), _EU),
    Fault("44.1 kHz", "sound rate", "FAIL", Film(sound_rate=44_100), _EU),
    Fault("mono", "channels", "FAIL", Film(layouts=("mono",)), _EU),
    Fault("sound ends early", "length", "FAIL", Film(mix=lambda s: s[:, : -RATE_HZ // 2]), _EU, at=87),
    Fault("sound begins late", "start", "FAIL", web_film(sound_late_s=0.12, mix=lambda s: s[:, : -round(0.12 * RATE_HZ)]), _WEB, at=0),
    Fault("a hole in the stamps", "sound hole", "FAIL", web_film(sound_gap_s=0.3, mix=lambda s: s[:, : -round(0.3 * RATE_HZ)]), _WEB, at=50),
    # where things lie
    Fault("three frames too long", "duration", "FAIL", Film(frames=103), _EU),
    Fault("no black after the clock", "head", "FAIL", uk(picture=lambda f, p: put(40, 2, lambda f, q, n: flat(f, 90))(f, carded(f))), _UK, at=40),
    Fault("a tone on the clock", "head", "FAIL", uk(mix=lambda s: s + 0.1 * np.sin(np.arange(s.shape[1]) * 0.13) * (np.arange(s.shape[1]) < RATE_HZ)), _UK, at=0),
    Fault("a tail that moves", "tail", "FAIL", uk(picture=lambda f, p: [*carded(f)[:150], *shots(replace(f, frames=25, seed=8))]), _UK, at=151),
    Fault("sound to the last frame", "edge silence", "FAIL", uk(mix=lambda s: s * ((np.arange(s.shape[1]) > 2.3 * RATE_HZ) & (np.arange(s.shape[1]) < 6 * RATE_HZ))), _UK, at=148),
    Fault("timecode from zero", "timecode", "FAIL", Film(timecode="00:00:00:00"), _AT_TEN),
    Fault("no clock number in the name", "name", "WARN", Film(), _NAMED),
    # pictures
    Fault("one black frame", "black", "WARN", Film(picture=put(60, 1, lambda f, p, n: black(f))), _EU, at=60),
    Fault("frozen in the middle", "frozen", "WARN", Film(picture=put(20, 55, _held(20))), _EU, at=30),
    Fault("a neighbour's frame at a cut", "stray frame", "WARN", Film(picture=put(50, 1, _other)), _EU, at=50),
    Fault("a frame twice", "repeated frame", "WARN", Film(picture=put(45, 1, _again)), _EU, at=45),
    Fault("white above white", "levels", "FAIL", Film(picture=put(30, 20, _blown)), _EU, at=35),
    Fault("red beyond red", "gamut", "FAIL", Film(picture=put(30, 20, _loud_colour)), _EU, at=35),
    Fault("letterbox", "bars", "WARN", Film(picture=everywhere(_bars(top=14, bottom=14))), _EU),
    Fault("a dark column", "bars", "WARN", Film(picture=everywhere(_bars(right=2))), _EU),
    Fault("eight flashes a second", "flash", "WARN", Film(picture=put(30, 30, _blink((40, 128, 128), (190, 128, 128), 2))), _EU, at=40),
    Fault("flashes on a third of it", "flash", "WARN", Film(picture=put(30, 40, _blink((40, 128, 128), (190, 128, 128), 3, 0.36))), _EU, at=45),
    Fault("red flashes", "red flash", "WARN", Film(picture=put(30, 30, _blink((30, 128, 128), (62, 102, 235), 2))), _EU, at=40),
    # sound
    Fault("two LU too loud", "loudness", "FAIL", Film(lufs=-21.0), _EU),
    Fault("peaks too high", "true peak", "FAIL", Film(mix=lambda s: s + 0.95 * np.sin(np.arange(s.shape[1]) * 0.05) * (np.abs(np.arange(s.shape[1]) - 96_000) < 380)), _EU, at=50),
    Fault("a loud three seconds", "short-term loudness", "FAIL", Film(frames=500, mix=lambda s: _gain(0, 16.5, 0.14)(s) * 1.9), replace(_EU, durations_frames=())),
    Fault("silence", "silent", "FAIL", Film(mix=lambda s: s * 0), _EU),
    Fault("dead air", "dead air", "WARN", Film(mix=_gain(1.2, 3.5, 0.0)), _EU, at=40),
    Fault("nothing on the right", "dead channel", "WARN", Film(mix=lambda s: s * np.array([[1.0], [0.0]])), None),
    Fault("a click in music", "click", "WARN", Film(mix=_step(2.013, 0.25)), _EU, at=50),
    Fault("a click in speech, in AAC", "click", "WARN", web_film(music="speech", lufs=-20, mix=_step(2.213, 0.5)), None, at=55),
    Fault("a hole of 40 ms", "drop-out", "WARN", Film(music="drums", mix=lambda s: s * ((np.arange(s.shape[1]) < 98_000) | (np.arange(s.shape[1]) > 99_920))), _EU, at=51),
    Fault("clipped", "clipping", "WARN", Film(mix=lambda s: np.clip(s * 9, -0.99, 0.99)), None),
    Fault("direct current", "offset", "WARN", Film(mix=lambda s: s + 0.02), _EU),
    Fault("a step of 12 dB", "level jump", "WARN", Film(frames=150, mix=_steady_step), None, at=75),
    Fault("right upside down", "phase", "WARN", Film(mix=lambda s: np.stack([s.mean(axis=0), -s.mean(axis=0)])), _EU),
    Fault("gone in mono", "mono", "WARN", Film(mix=_wide), None),
    # captions
    Fault("no captions", "captions", "FAIL", Film(), _CAPTIONED),
    Fault("captions after the end", "captions", "FAIL", Film(cues=_cues(("00:00:00,500", "00:00:01,500"), ("00:00:03,000", "00:00:05,000"))), _CAPTIONED, at=75),
    Fault("captions backwards", "captions", "FAIL", Film(cues=_cues(("00:00:02,000", "00:00:01,000"))), _CAPTIONED, at=50),
    Fault("captions that overlap", "captions", "WARN", Film(cues=_cues(("00:00:00,500", "00:00:02,500"), ("00:00:02,000", "00:00:03,000"))), _CAPTIONED, at=50),
    Fault("captions without times", "captions", "FAIL", Film(cues="1\nsoon\nA word\n"), _CAPTIONED),
)  # fmt: skip


def _pulled_down(film: Film, pictures: list[Planes]) -> list[Planes]:
    """24 pictures in 30 frames."""
    return [pictures[number * 4 // 5] for number in range(len(pictures))]


def _pauses(samples: np.ndarray) -> np.ndarray:
    return _gain(1.0, 2.6, 0.0)(samples)


def _two_flashes(film: Film, pictures: list[Planes]) -> list[Planes]:
    lit = shots(replace(film, look="bright"))
    return [lit[number] if number // 10 in (1, 5) else one for number, one in enumerate(pictures)]


def _titles(film: Film, pictures: list[Planes]) -> list[Planes]:
    """White words on black."""
    made = []
    for number in range(len(pictures)):
        y, cb, cr = black(film)
        y[50:58, 40 + number // 2 : 120 + number // 2] = 220
        made.append((y, cb, cr))
    return made


#: (name, film, spec): nothing may be said about these but notes
CLEAN: tuple[tuple[str, Film, Spec | None], ...] = (
    ("television, 25", Film(), _EU),
    ("television with clock and hold", uk(seed=3), _UK),
    ("web, 24", web_film(rate=Fraction(24), frames=96), _WEB),
    ("web, 23.976", web_film(rate=Fraction(24000, 1001), frames=96), _WEB),
    ("web, 29.97", web_film(rate=Fraction(30000, 1001), frames=120), _WEB),
    ("web, 50", web_film(rate=Fraction(50), frames=200), _WEB),
    ("web, 59.94", web_film(rate=Fraction(60000, 1001), frames=200), _WEB),
    ("upright", web_film(size=(108, 192)), web(108, 192)),
    ("square, 44.1 kHz, no spec", web_film(size=(108, 108), sound_rate=44_100), None),
    ("speech with pauses", Film(music="speech", mix=_pauses), _EU),
    ("drums in AAC", web_film(music="drums", lufs=-19.0), None),
    ("drums in PCM", Film(music="drums", seed=4), None),
    ("from black and to black", Film(picture=lambda f, p: faded(85, 15, way="out")(f, faded(0, 15, way="in")(f, p))), _EU),
    ("night", Film(look="night", seed=9), _EU),
    ("snow", Film(look="bright", seed=11), _EU),
    ("an end card that stands", Film(picture=put(45, 55, _held(45))), _EU),
    ("24 in 30", Film(rate=Fraction(30), frames=120, picture=_pulled_down), None),
    ("two slow flashes", Film(picture=_two_flashes), None),
    ("words on black", Film(picture=_titles), _EU),
    ("ProRes at ten", Film(codec="prores_ks", pixel_format="yuv422p10le", options={"profile": "hq"}, sound_codec="pcm_s24le", timecode="10:00:00:00"), None),
    ("MXF with two tracks of one channel", Film(suffix=".mxf", codec="mpeg2video", options={"qscale": "2"}, size=(192, 112), layouts=("mono", "mono")), None),
    ("5.1", Film(layouts=("5.1",), sound_codec="pcm_s24le"), None),
    ("captions in time", Film(cues=_cues(("00:00:00,500", "00:00:01,500"), ("00:00:02,000", "00:00:03,900"))), _CAPTIONED),
    ("different left and right", Film(mix=lambda s: np.stack([s[0], sound(Film(music="speech", seed=7))[0] * 0.2])), None),
)  # fmt: skip
