"""Transcript: what was said, unprompted, word by word, with what the model said and nobody else kept apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from answerprint.model.charter import Execution
from answerprint.model.extend import Input, Task, Work
from answerprint.model.records import Fact

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from answerprint.media.speech import Listener, Phrase

__all__ = ["Heard", "SetAside", "Word", "hear"]

_LISTEN_ON, _LISTEN_OFF = 0.25, 0.15  # listened to generously: half the voice detector's own thresholds, so that a whisper is heard
_PIECE_S = 14.0  # half of what the model hears at a time: readers' long takes had 3.9 % wrong in pieces of 28 s, 3.4 % in these
_VOICE_SHARE = 0.2  # a word with less voice than this under it was not spoken there
_DOUBT, _UNLIKELY = 0.6, -1.0  # the model's own doubt that anybody speaks, and the likelihood below which it counts (its authors' values)
_FAINT, _THIN = -0.8, 0.35  # an unlikely phrase of unlikely words over sound that is only partly voice
_MEASURES = (
    ("probability", "higher", "mean probability of the word's tokens, unprompted"),
    ("voice_share", "higher", "how much of the word is voice by the voice detector"),
    ("edge_db", "higher", "how much louder the 50 ms after its start are than the 50 ms before"),
)


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word that was heard, on the sound's own edges, and three measures of how far to trust it (each: higher is surer)."""

    text: str
    start_s: float
    end_s: float
    probability: float
    voice_share: float
    edge_db: float


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """Words the model said that the sound does not bear out, and the measure that says so."""

    text: str
    start_s: float
    end_s: float
    why: str


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A whole listening: the cleaned words, what was set aside, the raw pass as it came, and where somebody speaks."""

    words: tuple[Word, ...]
    set_aside: tuple[SetAside, ...]
    raw: tuple[Phrase, ...]
    voice: tuple[tuple[float, float], ...]


def hear(
    listener: Listener, samples: NDArray[np.float32], stretches: Sequence[tuple[float, float]] | None = None,
    progress: Callable[[float], None] = lambda done: None,
) -> Heard:  # fmt: skip
    """Listen to a sound and keep what the sound bears out.

    Args:    samples: float, shape (n,), 16 kHz, full scale 1.0.  stretches: (in_s, out_s) to listen to; all of it if None.
    Returns: times in seconds from the first sample. Empty where nobody speaks.
    Raises:  MediaError for a sound that cannot be listened to.
    """
    import numpy as np

    from answerprint.media.speech import RATE_HZ, VOICE_HOP_S
    from answerprint.signal import edges, voice

    wanted = [(0.0, len(samples) / RATE_HZ)] if stretches is None else list(stretches)
    chance = np.zeros(-(-len(samples) // 512), np.float32)
    for in_s, out_s in wanted:
        first, last = int(in_s / VOICE_HOP_S), min(len(chance), int(np.ceil(out_s / VOICE_HOP_S)))
        chance[first:last] = listener.voice(samples[first * 512 : last * 512])
    pieces = voice.pieces(chance, hop_s=VOICE_HOP_S, longest_s=_PIECE_S, on=_LISTEN_ON, off=_LISTEN_OFF)
    pieces = [(start_s, min(end_s, len(samples) / RATE_HZ)) for start_s, end_s in pieces]
    raw = listener.decode(samples, pieces, chance, progress)
    profile = edges.profile(samples, rate_hz=RATE_HZ)
    spoken = voice.spans(chance, hop_s=VOICE_HOP_S)
    said = [(phrase, word) for phrase in raw for word in phrase.words]
    why: dict[int, str] = {}
    while True:  # edges are found again without the words that were set aside, so that they take no room from the others
        kept = [index for index in range(len(said)) if index not in why]
        times = [(said[index][1].start_s, said[index][1].end_s, said[index][1].text) for index in kept]
        edged = edges.refine(times, profile)
        shares = [  # in noise the edges are less sure than the model
            max(voice.share(chance, start_s, end_s, hop_s=VOICE_HOP_S) for start_s, end_s in ((edge.start_s, edge.end_s), time[:2]))
            for edge, time in zip(edged, times, strict=True)
        ]
        circles = voice.repeats(times)
        fresh = {}
        for place, index in enumerate(kept):
            phrase, word = said[index]
            sure = max(voice.inside(spoken, edged[place].start_s, edged[place].end_s), voice.inside(spoken, *times[place][:2]))
            doubt = circles.get(place) or _doubt(phrase, word.probability, shares[place], sure)
            if doubt:
                fresh[index] = doubt
        if not fresh:
            break
        why.update(fresh)
    words = tuple(
        Word(
            text=said[index][1].text, start_s=edge.start_s, end_s=edge.end_s, probability=round(said[index][1].probability, 3),
            voice_share=round(share, 2), edge_db=edge.sharpness_db,
        )
        for index, edge, share in zip(kept, edged, shares, strict=True)
    )  # fmt: skip
    return Heard(words=words, set_aside=tuple(_gathered(said, why)), raw=tuple(raw), voice=tuple(spoken))


def _doubt(phrase: Phrase, probability: float, share: float, sure: float) -> str | None:
    """The measure by which a word was not spoken, in words; None where it stands.

    `share` counts every frame that may be voice, `sure` only stretches that are: a faint word stands if the model is sure of it.
    """
    if share < _VOICE_SHARE:
        return f"no voice where it was heard (voice activity {share:.0%})"
    if sure < _VOICE_SHARE and (phrase.no_speech > _DOUBT or phrase.log_probability < _FAINT):
        return f"hardly a voice where it was heard (no speech {phrase.no_speech:.2f}, log probability {phrase.log_probability:.2f})"
    if phrase.no_speech > _DOUBT and phrase.log_probability < _UNLIKELY:
        return f"the model doubts that anybody speaks ({phrase.no_speech:.2f}) and its own words (log probability {phrase.log_probability:.2f})"
    if phrase.log_probability < _FAINT and probability < _THIN and share < 0.9:
        return f"unlikely (probability {probability:.2f}, log probability {phrase.log_probability:.2f}) over sound that is {share:.0%} voice"
    return None


def _gathered(said: Sequence[tuple[Phrase, Any]], why: dict[int, str]) -> Iterable[SetAside]:
    """Neighbours with the same reason as one entry."""
    run: list[int] = []
    for index in [*sorted(why), -1]:
        if run and (index != run[-1] + 1 or why[index] != why[run[-1]]):
            words = [said[one][1] for one in run]
            yield SetAside(text=" ".join(word.text for word in words), start_s=words[0].start_s, end_s=words[-1].end_s, why=why[run[0]])
            run = []
        run.append(index)


def run(work: Work) -> Iterable[Fact]:
    """Facts about one clip (seconds from its first picture frame) or one recorder file (seconds from its first sample).

    `transcript.words` [[start_s, end_s, text, probability], ...]; `transcript.trust` {"measures": [{"name", "better", "says"}],
    "words": [[probability, voice_share, edge_db], ...]} in the same order; `transcript.set_aside` [{"start_s", "end_s", "text", "why"}];
    `transcript.raw` [{"start_s", "end_s", "text", "words", "log_probability", "compression", "no_speech"}]; `transcript.voice`
    [[start_s, end_s], ...]; `transcript.model` the model's digest. A clip without sound, or a file that lies under clips from end
    to end, has the same facts, empty.
    """
    from answerprint.media import speech, whisper

    subject = work.subject
    assert subject is not None
    setting = str(work.params.get("speech_model") or "")
    found = _sound(subject)
    heard = Heard(words=(), set_aside=(), raw=(), voice=())
    if found is not None:
        heard = hear(speech.listener(setting), found[0], found[1], work.progress)
    method = "Whisper, unprompted, each piece by itself; edges by the sound; voice by Silero"
    values: dict[str, Any] = {
        "words": [[word.start_s, word.end_s, word.text, word.probability] for word in heard.words],
        "trust": {
            "measures": [{"name": name, "better": better, "says": says} for name, better, says in _MEASURES],
            "words": [[word.probability, word.voice_share, word.edge_db] for word in heard.words],
        },
        "set_aside": [{"start_s": one.start_s, "end_s": one.end_s, "text": one.text, "why": one.why} for one in heard.set_aside],
        "raw": [_plain(phrase) for phrase in heard.raw],
        "voice": [list(span) for span in heard.voice],
        "model": whisper.model_digest(setting),
    }
    for name, value in values.items():
        yield Fact(about=subject.digest, name=f"transcript.{name}", value=value, method=method)


def _sound(subject: Input) -> tuple[NDArray[np.float32], list[tuple[float, float]] | None] | None:
    """Samples at 16 kHz and the stretches to listen to (None: all); None where there is nothing to listen to."""
    import numpy as np

    from answerprint.signal.resample import decimated

    if "synced/heard.npy" in subject.artefacts:
        samples = np.load(subject.artefacts["synced/heard.npy"]).astype(np.float32) / np.float32(32768)
        return (samples, None) if len(samples) else None
    spans = subject.facts["wild"].value("wild.spans", []) if "wild" in subject.facts else []
    if not spans or "listen/sound.npy" not in subject.artefacts:
        return None
    return decimated(np.load(subject.artefacts["listen/sound.npy"], mmap_mode="r"), 3), [(float(in_s), float(out_s)) for in_s, out_s in spans]


def _plain(phrase: Phrase) -> dict[str, Any]:
    return {
        "start_s": phrase.start_s, "end_s": phrase.end_s, "text": phrase.text,
        "words": [[word.start_s, word.end_s, word.text, round(word.probability, 3)] for word in phrase.words],
        "log_probability": round(phrase.log_probability, 3), "compression": round(phrase.compression, 2), "no_speech": round(phrase.no_speech, 3),
    }  # fmt: skip


task = Task(
    name="transcript",
    execution=Execution.TRANSCRIPT,
    version=2,
    run=run,
    each="clip or sound",
    after=("synced", "wild", "listen"),
    params=("speech_model",),
    says="transcribing",
)
