"""Synced: the sound a clip is heard with from here on: the recorder's where the clip is synced, else the camera's own."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from answerprint.model.charter import Execution
from answerprint.model.extend import Input, Task, Work
from answerprint.model.records import Fact

RATE_HZ = 16_000  #: what speech is heard at: its band ends below 8 kHz
_BLOCK = 60 * RATE_HZ  # laid at a time: an hour in one go would take gigabytes


def run(work: Work) -> Iterable[Fact]:
    """Publish `heard.npy`, int16 mono 16 kHz, sample 0 at the first picture frame; empty for a clip without any sound.

    Facts: `synced.from`, the certificates it was taken from ({"sound", "offset_s", "drift_ppm"}, empty for the camera's own).
    """
    import numpy as np

    clip = work.subject
    assert clip is not None
    own = _load(clip, "picture/sound.npy")
    heard = _at_16k(own) if own is not None else np.zeros(0, np.int16)
    used = []
    for pair in _held(clip):
        sound = next((one for one in work.sounds if one.digest == pair["sound"]), None)
        samples = _load(sound, "listen/sound.npy") if sound is not None else None
        if samples is not None and _lay(heard, samples, pair):
            used.append({name: pair[name] for name in ("sound", "offset_s", "drift_ppm")})
    np.save(work.scratch / "heard.npy", heard)
    yield Fact(about=clip.digest, name="synced.from", value=used, method="the certificates of sync, longest common stretch last")


def _held(clip: Input) -> list[dict[str, Any]]:
    pairs = [fact.value for fact in clip.facts["sync"].find("sync.pair")]
    return sorted((pair for pair in pairs if pair["abstained"] is None), key=lambda pair: (pair.get("overlap_s") or 0.0, pair["sound"]))


def _load(one: Input | None, name: str) -> Any:
    import numpy as np

    path = one.artefacts.get(name) if one is not None else None
    return None if path is None else np.load(path, mmap_mode="r")


def _at_16k(samples: Any) -> Any:
    import numpy as np

    from answerprint.signal.resample import decimated

    return np.clip(np.round(decimated(samples, 48_000 // RATE_HZ) * 32767), -32768, 32767).astype(np.int16)


def _lay(heard: Any, samples: Any, pair: dict[str, Any]) -> bool:
    """Write the recorder's stretch over the clip, drift taken out; False where it does not reach into the clip."""
    import numpy as np

    offset_s, drift = float(Fraction(str(pair["offset_s"]))), 1 + float(pair["drift_ppm"]) * 1e-6
    first = max(0, int(np.ceil(-offset_s / drift * RATE_HZ)))
    last = min(len(heard), int((len(samples) / 48_000 - offset_s) / drift * RATE_HZ))
    if last <= first:
        return False
    for start in range(first, last, _BLOCK):
        end = min(start + _BLOCK, last)
        from_s, to_s = offset_s + start / RATE_HZ * drift, offset_s + end / RATE_HZ * drift
        begin = max(0, int(from_s * 48_000) - 4_800) // 3 * 3
        part = _at_16k(samples[begin : int(to_s * 48_000) + 4_800])
        wanted = (offset_s + np.arange(start, end) / RATE_HZ * drift) * RATE_HZ - begin // 3
        heard[start:end] = np.round(np.interp(wanted, np.arange(len(part)), part)).astype(np.int16)
    return True


task = Task(
    name="synced",
    execution=Execution.SYNC,
    version=2,
    run=run,
    each="clip with sounds",
    after=("ingest", "picture", "listen", "sync"),
    artefacts=("heard.npy",),
    says="laying the recorder's sound",
)
