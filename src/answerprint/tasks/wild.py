"""Wild: the stretches of a recorder file that lie under no clip: voice-over, wild lines, room tone, what was said between takes."""

from __future__ import annotations

from collections.abc import Iterable

from answerprint.model.charter import Execution
from answerprint.model.extend import Task, Work
from answerprint.model.records import Fact

SHORTEST_S = 1.0  #: a stretch with room for a word and the silence around it


def run(work: Work) -> Iterable[Fact]:
    """Facts: `wild.spans`, [in_s, out_s] in the sound file's own time, half-open, in order; empty for a silent file."""
    sound = work.subject
    assert sound is not None
    length_s = _length_s(sound.facts["ingest"].value("media.info"))
    covered = []
    for clip in work.clips:
        info = clip.facts["ingest"].value("media.info")
        for pair in (fact.value for fact in clip.facts["sync"].find("sync.pair")):
            if pair["sound"] == sound.digest and pair["abstained"] is None:
                start_s = float(pair["offset_s"])
                covered.append((start_s, start_s + _length_s(info) * (1 + float(pair["drift_ppm"]) * 1e-6)))
    spans = [] if sound.facts["listen"].value("sound.silent") else _between(sorted(covered), length_s)
    yield Fact(about=sound.digest, name="wild.spans", value=spans, method="the file less every clip that is synced to it")


def _length_s(info: dict[str, str]) -> float:
    from fractions import Fraction

    return float(Fraction(info["duration_s"]))


def _between(covered: list[tuple[float, float]], length_s: float) -> list[list[float]]:
    spans, at_s = [], 0.0
    for start_s, end_s in [*covered, (length_s, length_s)]:
        if start_s - at_s >= SHORTEST_S:
            spans.append([round(at_s, 4), round(min(start_s, length_s), 4)])
        at_s = max(at_s, end_s)
    return spans


task = Task(
    name="wild",
    execution=Execution.READING,
    version=1,
    run=run,
    each="sound with clips",
    after=("ingest", "listen", "sync"),
    says="finding wild sound",
)
