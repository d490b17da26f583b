"""Words that something under them covers, at the levels of the cut: how much of each is left, and whether another attempt's would stand over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from answerprint.model.records import AnswerprintError, Fact

if TYPE_CHECKING:
    from answerprint.captioning.speech import Speech
    from answerprint.delivery.captioning.heard import Stretch
    from answerprint.desk import Desk
    from answerprint.model.ideas import Shot, Tried

__all__ = ["facts", "mixed"]

_HOW = "Speech Intelligibility Index (ANSI S3.5-1997, third octaves) of the word in its speaker's spectrum over what the cut plays under it, both at the cut's levels"
_RATE_HZ = 16_000
_LEAST_S = Fraction(1, 5)  #: of a word: an average syllable of talk (Greenberg, Speech Communication 29, 1999); what is shorter is swallowed by every voice
_VOICE_S = 1.0  #: of words before a voice has a spectrum of its own
_LISTS = (".fcpxml", ".xml")  #: formats that write a level down wherever it is not as recorded


def facts(desk: Desk, timeline: Any, rate: Fraction, said: Speech, stretches: Sequence[Stretch], shots: Sequence[Shot], tries: Sequence[Tried], *, version: str) -> Iterator[Fact]:
    """Facts named "covered:5:2", the second such word in shot 5: {"shot", "word", "at_s", "to_s", "left", "under"}, and {"slate", "there"} of the first other
    attempt in which the word stands well over the same bed.

    Nothing where the cut's program says nothing of levels, or a person's mix lies over the film.
    """
    from answerprint.signal.audibility import GOOD
    from answerprint.timeline.levels import told

    if mixed(desk, version) or not (told(timeline) or desk.cuts[version].file.casefold().endswith(_LISTS)):
        return
    ears = _Ears(desk, said, stretches, tries)
    counts: dict[int, int] = {}
    for word, place in zip(said.words, said.places, strict=True):
        shot = next((one for one in shots if one.film[0] <= (word.in_s + word.out_s) / 2 * rate < one.film[1]), None)
        row = ears.row(word, place) if shot is not None and word.out_s - word.in_s >= _LEAST_S else None
        if shot is None or row is None or float(row["left"]) >= GOOD:
            continue
        counts[shot.number] = counts.get(shot.number, 0) + 1
        yield Fact(about=shot.clip, name=f"covered:{shot.number}:{counts[shot.number]}", value={"shot": shot.number, **row}, method=_HOW)


def mixed(desk: Desk, version: str) -> bool:
    """Whether a person's mix is chosen for the film: then the levels of its cut are nobody's last word."""
    from answerprint import films

    return any(str(one.judgment) == "mix" and one.choice.get("file") for one in films.chosen(desk, version, drafts_first=True))


class _Ears:
    """Hears the sounds of a cut apart."""

    def __init__(self, desk: Desk, said: Speech, stretches: Sequence[Stretch], tries: Sequence[Tried]) -> None:
        self._desk, self._said, self._tries = desk, said, tries
        self._under = [one for one in stretches if one in said.beds or one.stem == "effects"]
        self._voices = [one for one in stretches if one not in self._under]
        self._units = {one.digest: unit for unit in desk.shoot.units for one in (unit, unit.original) if one is not None}
        self._files = {one.file: unit for unit in desk.shoot.units for one in (unit, unit.original) if one is not None}
        self._strung = {f"{one.clip.digest} {one.attempt.number}": one for one in desk.table.strung()}
        self._read: dict[tuple[str, Fraction, Fraction], Any] = {}
        self._spectra: dict[str, Any] = {}

    def row(self, word: Any, place: int) -> dict[str, Any] | None:
        """What is left of a word; None where nothing lies under it, or it cannot be listened to."""
        import numpy as np

        from answerprint.signal.audibility import GOOD, audible

        at = word.in_s, word.out_s
        beds = [(one, heard) for one in self._under if one.start_s <= at[0] and at[1] <= one.end_s and (heard := self._bands(one, *at)) is not None]
        if not beds:
            return None
        own = [(one, heard) for one in self._voices if one.start_s <= sum(at) / 2 < one.end_s and (heard := self._bands(one, *at)) is not None]
        if not own:
            return None
        stretch, heard = max(own, key=lambda pair: float((10 ** (pair[1] / 10)).sum()))
        voice = self._voice(stretch)
        if voice is None:
            return None
        bed = 10 * np.log10(sum(10 ** (one / 10) for _, one in beds))
        left = audible(_shaped(voice, heard), bed, voice=voice)
        row: dict[str, Any] = {"word": word.text, "at_s": f"{float(at[0]):.2f}", "to_s": f"{float(at[1]):.2f}", "left": f"{left:.2f}", "under": beds[0][0].media.name}
        for slate, again in self._again(word, place, stretch):
            there = audible(_shaped(voice, again + stretch.level.db(at[0] - stretch.clip_s)), bed, voice=voice)
            if there >= GOOD:
                return row | {"slate": slate, "there": f"{there:.2f}"}
        return row

    def _bands(self, one: Stretch, in_s: Fraction, out_s: Fraction) -> Any:
        """The spectrum of a moment of the film in one stretch, as loud as the cut plays it; None where it cannot be read, or is silent."""
        from answerprint.signal.audibility import bands

        samples = self._samples(one)
        if samples is None:
            return None
        first, end = (int((moment - one.start_s) * one.speed * _RATE_HZ) for moment in (in_s, out_s))
        part = samples[:, max(first, 0) : end]
        if part.shape[1] < _RATE_HZ // 20 or not part.any():
            return None
        return bands(_loudest(part) if one in self._voices else part, rate_hz=_RATE_HZ) + one.level.db((in_s + out_s) / 2 - one.clip_s)

    def _voice(self, one: Stretch) -> Any:
        """The spectrum of everything that is said in a stretch's medium, as loud as here; None where that is too little."""
        import numpy as np

        from answerprint.signal.audibility import bands

        key = f"{one.media.digest or one.media.file} {one.start_s}"
        if key not in self._spectra:
            samples = self._samples(one)
            spoken = [(word.in_s, word.out_s) for word in self._said.words if one.start_s <= word.in_s and word.out_s <= one.end_s]
            parts = [samples[:, int((a - one.start_s) * one.speed * _RATE_HZ) : int((b - one.start_s) * one.speed * _RATE_HZ)] for a, b in spoken] if samples is not None else []
            whole = np.concatenate(parts, axis=1) if parts else np.zeros((1, 0))
            self._spectra[key] = bands(_loudest(whole), rate_hz=_RATE_HZ) + one.level.db(Fraction(0)) if whole.shape[1] >= _VOICE_S * _RATE_HZ and whole.any() else None
        return self._spectra[key]

    def _again(self, word: Any, place: int, stretch: Stretch) -> Iterator[tuple[str, Any]]:
        """(slate, spectrum as recorded) of the same word of the script in other attempts at its item, in shooting order."""
        from answerprint.signal.audibility import bands

        for one in self._tries:
            other = self._strung.get(f"{one.clip} {one.name.rpartition('#')[2]}") if one.item == word.item and one.clip != stretch.media.digest else None
            covered = other.of(one.item) if other is not None else None
            words = [each for each in covered.words if each.script is not None] if covered is not None else []
            if other is None or not 0 <= place < len(words) or words[place].how != "said":
                continue
            in_s, out_s = words[place].in_s, words[place].out_s
            path = self._desk.shoot.plan.artefacts(self._units[one.clip], self._desk.production.cache).get("synced/heard.npy") if one.clip in self._units else None
            if path is None or not path.is_file() or in_s is None or out_s is None:
                continue
            import numpy as np

            heard = np.load(path, mmap_mode="r")[int(in_s * _RATE_HZ) : int(out_s * _RATE_HZ)].astype(np.float32) / np.float32(32768)
            if heard.size >= _RATE_HZ // 20 and heard.any():
                yield one.slate, bands(heard, rate_hz=_RATE_HZ)

    def _samples(self, one: Stretch) -> Any:
        """The sound of a stretch, shape (channels, n) at 16 kHz; None where its file is not at hand."""
        from answerprint.media import audio
        from answerprint.media.probe import probe
        from answerprint.timeline.cut import start_and_length

        unit = self._units.get(one.media.digest or "") or self._files.get(one.media.file)
        path = unit.path if unit is not None and unit.path is not None else self._desk.path / one.media.file
        key = str(path), one.source_s, one.source_end_s
        if key not in self._read:
            self._read[key] = None
            if one.media.file and path.is_file():
                try:
                    info = unit.info if unit is not None else probe(path)
                    begins = start_and_length(info).start_s if one.clocked else Fraction(0)
                    self._read[key] = audio.read(path, info, start_s=one.source_s - begins, duration_s=one.source_end_s - one.source_s, rate_hz=_RATE_HZ).samples
                except AnswerprintError:
                    pass  # it says so itself where it is conformed
        return self._read[key]


def _loudest(samples: Any) -> Any:
    """Of several microphones the one that hears most."""
    return samples[int((samples.astype(float) ** 2).sum(axis=1).argmax())]


def _shaped(voice: Any, word: Any) -> Any:
    """The voice's own spectrum, as loud as the word is: an "s" has no low notes, and is not hidden for want of them."""
    import numpy as np

    from answerprint.signal.audibility import overall

    return np.asarray(voice) + overall(word) - overall(voice)
