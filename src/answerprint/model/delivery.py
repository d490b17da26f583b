"""What leaves the house: what a platform or broadcaster asks for, what was found about a file, what exactly was made."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from answerprint.model.records import Digest

__all__ = ["WAY", "Card", "Essence", "Finding", "Loudness", "PictureSpec", "Rendered", "SoundSpec", "Spec", "Window"]

#: How films are rendered, as a number: raised when the same cut, choices and spec give another film. From 2 on the levels that a cut tells of its clips are heard.
WAY = 2


@dataclass(frozen=True, kw_only=True)
class Loudness:
    """What a programme's loudness has to be (ITU-R BS.1770, EBU R 128, ATSC A/85)."""

    target_lufs: float
    tolerance_lu: float
    true_peak_dbtp: float
    short_term_max_lufs: float | None = None
    binding: bool = True  #: False: a custom, not a rule; a mix outside it is a WARN


@dataclass(frozen=True, kw_only=True)
class PictureSpec:
    """How the picture is coded. `None`: as the film is."""

    codec: str  #: FFmpeg's encoder: "libx264", "prores_ks", "dnxhd", "ffv1", "mpeg2video"
    width: int | None = None
    height: int | None = None
    rates: tuple[Fraction, ...] = ()  #: frames a second that are taken; empty: any
    pixel_format: str = "yuv420p"
    options: dict[str, str] | None = None
    primaries: str = "bt709"
    transfer: str = "bt709"
    matrix: str = "bt709"
    full_range: bool = False
    interlaced: bool = False


@dataclass(frozen=True, kw_only=True)
class SoundSpec:
    """How the sound is coded."""

    codec: str  #: "aac", "pcm_s24le"
    rate_hz: int = 48_000
    layout: str = "stereo"
    bit_rate: int | None = None
    loudness: Loudness | None = None


@dataclass(frozen=True, kw_only=True)
class Card:
    """Something before or after the film."""

    what: Literal["clock", "slate", "black", "freeze", "bars"]
    frames: int
    sound: Literal["silence", "tone", "film"] = "silence"


@dataclass(frozen=True, kw_only=True)
class Spec:
    """One way to deliver a film, as a dated document asks for it."""

    name: str  #: "youtube", "tv-eu"
    title: str
    source: str  #: the document, with its own date
    dated: str  #: when we read it: "2026-11-22"
    container: str  #: "mp4", "mov", "mxf"
    picture: PictureSpec
    sound: SoundSpec | None = None
    durations_frames: tuple[int, ...] = ()  #: of the film itself; empty: any
    head: tuple[Card, ...] = ()
    tail: tuple[Card, ...] = ()
    film_at: str | None = None  #: timecode of the film's first frame: "10:00:00:00"
    edge_silence_frames: int = 0  #: that have to be silent at the film's start and at its end
    textless: bool = False
    stems: bool = False
    without_voice: bool = False  #: mix-minus-voice: music and effects alone
    captions: tuple[str, ...] = ()  #: formats that have to be there: "srt", "ttml"
    clock_number: str | None = None  #: a pattern for Ad-ID or a clock number
    naming: str = "{title}_{version}_{spec}"
    credentials: bool = True
    burn: str = ""  #: the language whose captions are drawn into the picture; "" for none
    broadcast: bool = False  #: goes to air: levels and gamut outside EBU R 103 are a FAIL, not a WARN


@dataclass(frozen=True, kw_only=True)
class Window:
    """Where in a file something was found; frames from its first, half-open."""

    first: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that technical QC found. A FAIL is never waived; a WARN needs a person's note."""

    check: str
    weight: Literal["FAIL", "WARN", "note"]
    says: str
    where: tuple[Window, ...] = ()
    measured: str | None = None
    allowed: str | None = None
    source: str | None = None  #: the rule, with its document


@dataclass(frozen=True, kw_only=True)
class Essence:
    """What a file is, whatever is written around it: SHA-256 over each stream's packets in order, and the edit's seal."""

    streams: tuple[str, ...]  #: "video sha256:...", in stream order
    edit: str  #: seal of the edit
    digest: str  #: SHA-256 over these lines


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """What was made."""

    path: str
    spec: str
    version: str
    frames: int  #: of the whole file
    film_first: int  #: frame at which the film begins
    film_frames: int
    rate: Fraction
    samples: int
    essence: Essence
    inputs: tuple[Digest, ...]  #: every medium that is in it, in order of use
    warnings: tuple[str, ...] = ()
    mix: bool = False  #: its sound is a person's mix
    levelled_db: float | None = None  #: the one gain over all of its sound: laid by the machine, over a mix taken by a person; None: there is none
