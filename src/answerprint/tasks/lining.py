"""Lining: what every attempt covers of the script, word by word; what was said beside it; and what the crew said around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.model.attempts import Attempt, Heard
from answerprint.model.charter import Execution
from answerprint.model.extend import Input, Task, Work
from answerprint.model.records import Fact, from_plain, to_plain

if TYPE_CHECKING:
    from answerprint.script import Item
    from answerprint.script.wording import Weigh

METHOD = "the words of the unprompted pass matched to the script; where they differ, both wordings weighed against the sound"
RATE_HZ = 16_000
NEVER = 1e-6  #: a word the model holds impossible still has a logarithm
ROOM = 0.001  #: an empty room's level, -60 dB full scale: a listener to digital silence expects nothing at all


def run(work: Work) -> Iterable[Fact]:
    """Line one clip, or one recorder file where it lies under no clip.

    Facts: `lining`, a list of plain Covered; `lining.off_script` and `lining.remarks`, lists of plain OffScript. For a sound also
    `lining.attempts`, plain Attempts of the kind "wild", and `sound.kind`, {"kind", "because"}. All lists may be empty.
    """
    from answerprint.script import lining

    subject = work.subject
    assert subject is not None
    items = _items(work.params.get("script"))
    heard = _heard(subject)
    weigh = _weigh(subject, str(work.params.get("speech_model") or ""))
    if "attempts" in subject.facts and "synced" in subject.facts:
        attempts = [from_plain(Attempt, one) for one in subject.facts["attempts"].value("attempts", [])]
        found = lining.lined(items, heard, attempts, weigh=weigh, called_at=_called_at(attempts))
    else:
        spans = subject.facts["wild"].value("wild.spans", []) if "wild" in subject.facts else []
        wild = [one for one in heard if any(in_s <= (one.in_s + one.out_s) / 2 < out_s for in_s, out_s in spans)]
        made, found = lining.read_wild(items, wild, weigh=weigh)
        yield Fact(about=subject.digest, name="lining.attempts", value=to_plain(list(made)), method="one reading of an item is one attempt")
        yield Fact(about=subject.digest, name="sound.kind", value=_kind(subject, spans, wild, items, found), method="what was heard in it")
    yield Fact(about=subject.digest, name="lining", value=to_plain(list(found.covered)), method=METHOD)
    yield Fact(about=subject.digest, name="lining.off_script", value=to_plain(list(found.off_script)), method="words that no item holds")
    yield Fact(about=subject.digest, name="lining.remarks", value=to_plain(list(found.remarks)), method="words outside every attempt, less the set's calls")


def _items(path: Any) -> Sequence[Item]:
    if not path:
        return ()
    from answerprint.script import read

    return read(Path(path).name, Path(path).read_bytes()).items


def _heard(subject: Input) -> list[Heard]:
    facts = subject.facts.get("transcript")
    rows = facts.value("transcript.words", []) if facts is not None else []
    return [Heard(in_s=in_s, out_s=out_s, text=text, probability=probability) for in_s, out_s, text, probability in rows]


def _called_at(attempts: Sequence[Attempt]) -> list[float]:
    return [reading.at_s for one in attempts for reading in one.readings if reading.source == "spoken slate" and reading.at_s is not None]


def _weigh(subject: Input, model: str) -> Weigh | None:
    """Asks the listener which wording a stretch bears better; the model is loaded with the first question."""
    path = subject.artefacts.get("synced/heard.npy")
    factor = 1
    if path is None:
        path, factor = subject.artefacts.get("listen/sound.npy"), 3
    if path is None:
        return None
    return weigher(lambda in_s, out_s: stretch(path, in_s, out_s, factor), model)


def stretch(path: Path, in_s: float, out_s: float, factor: int) -> Any:
    """Part of a sound file of ours as float samples at 16 kHz; `factor` is its rate over that."""
    import numpy as np

    whole = np.load(path, mmap_mode="r")
    part = np.asarray(whole[max(0, int(in_s * RATE_HZ)) * factor : max(0, int(out_s * RATE_HZ)) * factor])
    if factor > 1:
        from answerprint.signal.resample import decimated

        return np.asarray(decimated(part, factor), np.float32)
    return part.astype(np.float32) / 32768


def weigher(cut: Callable[[float, float], Any], model: str = "") -> Weigh:
    """How well a stretch of sound bears each of several texts: the sum over words of the logarithm of their probability.

    Args: cut: (in_s, out_s) -> the samples there, 16 kHz.
    """

    def weigh(in_s: float, out_s: float, texts: Sequence[str]) -> list[tuple[float, float]]:
        import numpy as np

        from answerprint.media import speech

        samples = cut(max(0.0, in_s), out_s)
        length_s = len(samples) / RATE_HZ
        ears = speech.listener(model)
        empty = np.random.default_rng(0).normal(0, ROOM, len(samples)).astype(np.float32)
        return [(_likely(ears.align(samples, text, [(0.0, length_s)])), _likely(ears.align(empty, text, [(0.0, length_s)]))) for text in texts]

    return weigh


def _likely(words: Sequence[tuple[str, float, float, float]]) -> float:
    from math import log

    return sum(log(max(probability, NEVER)) for *_, probability in words)


# ---- what a recorder file is


def _kind(subject: Input, spans: Sequence[Sequence[float]], heard: Sequence[Heard], items: Sequence[Item], found: Any) -> dict[str, str]:
    """What a file that lies under no clip was recorded for, and why that is thought; "unknown" where nothing tells."""
    wild_s = sum(out_s - in_s for in_s, out_s in spans)
    spoken_s = sum(one.out_s - one.in_s for one in heard)
    text = " ".join(one.text for one in heard).casefold()
    if found.covered:
        voices = sum(one.kind == "voice-over" for one in found.covered)
        kind = "voice-over" if voices * 2 > len(found.covered) else "wild lines"
        return {"kind": kind, "because": f"{len(found.covered)} readings of the script, {voices} of them voice-over lines"}
    if not wild_s:
        return {"kind": "unknown", "because": "all of it lies under clips"}
    called = "room tone" in text or "atmos" in text
    steady = _steady(subject, spans, heard)
    if steady is not None and spoken_s < 0.5 * wild_s and steady[0] >= QUIET_S and (called or not heard):
        says = f"{steady[0]:.0f} s without speech, level within {steady[1]:.1f} dB"
        if steady[1] <= STEADY_DB:
            return {"kind": "room tone", "because": says + (", called so" if called else "")}
    return {"kind": "unknown", "because": f"{len(heard)} words in {wild_s:.0f} s, none of the script" if heard else "no words, and not steady"}


QUIET_S = 2.0  #: of sound without a word; less is a pause
STEADY_DB = 6.0  #: middle nine tenths of 0.2 s levels: rooms and wind noise of the sample shoot 1 to 3 dB, pours and music 10 and more


def _steady(subject: Input, spans: Sequence[Sequence[float]], heard: Sequence[Heard]) -> tuple[float, float] | None:
    """(seconds without speech, spread of their level in dB); None without a sound."""
    import numpy as np

    path = subject.artefacts.get("listen/sound.npy")
    if path is None:
        return None
    whole = np.load(path, mmap_mode="r")
    step = 9_600
    levels = []
    for in_s, out_s in spans:
        for start in range(int(in_s * 48_000), int(out_s * 48_000) - step, step):
            if not any(one.in_s - 0.3 < (start + step) / 48_000 and start / 48_000 < one.out_s + 0.3 for one in heard):
                block = np.asarray(whole[start : start + step], np.float64)
                levels.append(10 * np.log10(np.mean(block**2) + 1e-3))
    if not levels:
        return None
    low, high = np.percentile(levels, [5, 95])
    return len(levels) * step / 48_000, float(high - low)


task = Task(
    name="lining",
    execution=Execution.LINING,
    version=3,
    run=run,
    each="clip or sound",
    after=("ingest", "picture", "listen", "synced", "wild", "transcript", "attempts"),
    params=("script", "speech_model"),
    says="lining the script",
)
