"""Levelling: sound that the machine assembled comes out at the level a spec asks for, measured on the encoded file. A person's mix does not pass here."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

from answerprint.delivery import parts
from answerprint.delivery.encoding import durable
from answerprint.delivery.loudness import SILENT_LUFS, Measure, Meter, level, measure
from answerprint.delivery.mixing import Sound
from answerprint.delivery.plan import RATE_HZ
from answerprint.model.delivery import Loudness

__all__ = ["Levelled"]

_AGAIN = 3  #: encodings after the first, at most; the second is near where the first was off, and codecs overshoot by steps
_STEP_DB = 0.1  #: the last digit that a report prints: a smaller gain changes no figure
_BLOCK = 10 * RATE_HZ


class Levelled:
    """Finds one gain. Ask `again` after each encoding until it says no.

    Args: gain_db: to try first.  found: what a file measured that was encoded with it before, where that settled it.
    """

    def __init__(self, asked: Loudness, gain_db: float, found: Measure | None = None) -> None:
        self.asked, self.gain_db, self.encodings = asked, gain_db, 0
        self._found, self._settled = found, found is not None

    @classmethod
    def of(cls, sound: Sound, samples: int, asked: Loudness) -> Levelled:
        """With the gain that the film's sound asks for as it is, not yet encoded. Args: samples: of it."""
        meter = Meter(rate_hz=RATE_HZ, channels=sound.channels)
        for first in range(0, samples, _BLOCK):
            meter.push(sound.block(first, min(_BLOCK, samples - first)))
        return cls(asked, level(meter.finish(), asked, mixed=False).gain_db)

    @classmethod
    def kept(cls, path: Path, asked: Loudness) -> Levelled | None:
        """As it was settled for the same sound and written down; None where it was not, or cannot be read."""
        with suppress(OSError, ValueError, TypeError, KeyError):
            says, _, digest = path.read_text("ascii").rpartition("\n")
            if digest == hashlib.sha256(says.encode()).hexdigest():
                plain = json.loads(says)
                return cls(asked, float(plain["gain_db"]), Measure(*map(float, plain["found"])))
        return None

    def keep(self, path: Path) -> None:
        """Write down what is settled. Raises: OSError: the disk is full."""
        if self._found is None:
            return
        says = json.dumps({"gain_db": repr(self.gain_db), "found": [repr(one) for one in self._found]})
        part = parts.inside(path.parent, path.stem)
        try:
            part.write_text(f"{says}\n{hashlib.sha256(says.encode()).hexdigest()}", "ascii")
            durable(part, path)
        finally:
            part.unlink(missing_ok=True)

    def again(self, encoded: Path, *, from_s: Fraction) -> bool:
        """Measure a file that was encoded with `gain_db`; True where another gain has to be tried. Args: from_s: where its film begins."""
        if self._settled:
            return False
        self.encodings += 1
        self._found = measure(encoded, from_s=from_s)
        more_db = level(self._found, self.asked, mixed=False).gain_db
        if 0 <= more_db < _STEP_DB or self.encodings > _AGAIN:
            return False
        over = self._found.true_peak_dbtp > self.asked.true_peak_dbtp
        self.gain_db += more_db - (_STEP_DB / 2 if over else 0)  # an encoder's peaks do not follow a gain to the digit: it has to end under the ceiling
        return True

    @property
    def says(self) -> str:
        """What no gain could do, or ""."""
        found, asked = self._found, self.asked
        if found is None or found.integrated_lufs <= SILENT_LUFS or level(found, asked, mixed=False).holds:
            return ""
        rooms = [(asked.true_peak_dbtp - found.true_peak_dbtp, f"peaks reach {asked.true_peak_dbtp:.1f} dBTP")]
        if asked.short_term_max_lufs is not None:
            rooms.append((asked.short_term_max_lufs - found.short_term_max_lufs, f"loudest three seconds reach {asked.short_term_max_lufs:.1f} LUFS"))
        why = min(rooms)[1]
        return f"the cutting room's sound stands at {found.integrated_lufs:.1f} LUFS and not at {asked.target_lufs:.1f}: there its {why}. Have it mixed."
