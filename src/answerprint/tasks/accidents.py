"""Accidents: what nobody planned in any attempt, held against the other attempts of its set-up. Nothing is judged and nothing is removed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from answerprint.model.accidents import Accident
from answerprint.model.attempts import Attempt, Covered, Heard, OffScript
from answerprint.model.charter import Execution
from answerprint.model.extend import Input, Task, Work
from answerprint.model.records import AnswerprintError, Fact, MediaInfo, from_plain, to_plain

_METHOD = "words against the script, levels of the sound, series and key frames of the proxy; each against the other attempts of its set-up"
_AROUND_S = 5.0  #: of a clip before "action" and after "cut" that still belong to the attempt
_SAME_PLACE_S, _SAME_PLACE = 1.5, 0.12  # what half of the others have at the same time after "action" was planned


@dataclass
class Try:
    """One attempt while it is being searched."""

    clip: Input
    info: MediaInfo
    attempt: Attempt
    setup: str
    covered: tuple[Covered, ...]
    off_script: tuple[OffScript, ...]
    remarks: tuple[OffScript, ...]
    words: tuple[Heard, ...]
    inside: tuple[float, float] = (0.0, 0.0)
    around: tuple[float, float] = (0.0, 0.0)  #: with what lies before "action" and after "cut", as far as the attempts beside it
    kept: dict[str, Any] = field(default_factory=dict)  #: what was measured of it

    def found(self, kind: str, in_s: float, out_s: float, evidence: str, against: str, *, where: str = "", apart: float = 1.0) -> Accident:
        return Accident(
            clip=self.clip.digest, file=self.clip.file, attempt=self.attempt.number, setup=self.setup, kind=kind, in_s=round(max(0.0, in_s), 3),
            out_s=round(max(in_s + 0.04, out_s), 3), evidence=evidence, against=against, where=where, apart=round(apart, 2),
        )  # fmt: skip


def run(work: Work) -> Iterable[Fact]:
    """Facts about the shoot. `accidents`: plain Accidents in the order of the clips; `accidents.setups`: [{"setup", "attempts", "picture"}], what
    was held against what; `accidents.unseen`: [[file, why]], clips whose picture could not be looked at. All may be empty.
    """
    from answerprint.tasks import accidents_heard, accidents_seen

    tries = _tries(work)
    setups: dict[str, list[Try]] = {}
    for one in tries:
        setups.setdefault(one.setup, []).append(one)
    found: list[Accident] = []
    unseen: dict[str, str] = {}
    done = 0
    for group in setups.values():
        for one in group:
            accidents_heard.listen(one)
            try:
                accidents_seen.look(one)
            except AnswerprintError as cause:
                unseen[one.clip.file] = str(cause)
        here = [*accidents_heard.accidents(group), *accidents_seen.accidents(group)]
        found += _unplanned(here, group)
        for one in group:
            done += 1
            one.kept.clear()
            work.progress(done / max(1, len(tries)))
    order = {one.clip.digest: number for number, one in enumerate(tries)}
    found.sort(key=lambda one: (order[one.clip], one.in_s, one.kind))
    about = min((one.digest for one in (*work.clips, *work.sounds)), default="")
    held = [{"setup": name, "attempts": len(group), "picture": sum(one.attempt.kind != "wild" for one in group)} for name, group in setups.items()]
    yield Fact(about=about, name="accidents", value=to_plain(found), method=_METHOD)
    yield Fact(about=about, name="accidents.setups", value=held, method="scene or slate, and camera; one clip alone where nobody named it")
    yield Fact(about=about, name="accidents.unseen", value=[list(row) for row in sorted(unseen.items())], method="proxies that were opened")


def _tries(work: Work) -> list[Try]:
    settled = work.shoot["takes"].value("takes", []) if "takes" in work.shoot else []
    named = {row["clip"]: row["attempts"] for row in settled}
    out = []
    for clip in sorted((*work.clips, *work.sounds), key=lambda one: one.file):
        info = from_plain(MediaInfo, clip.facts["ingest"].value("media.info"))
        lining, heard = clip.facts.get("lining"), clip.facts.get("transcript")
        own = lining.value("lining.attempts", []) if lining and clip in work.sounds else []
        plain = named.get(clip.digest) or (clip.facts["attempts"].value("attempts", []) if "attempts" in clip.facts else own)
        rows = heard.value("transcript.words", []) if heard else []
        words = tuple(Heard(in_s=in_s, out_s=out_s, text=text, probability=chance) for in_s, out_s, text, chance in rows)

        def said(name: str, kind: type[Any], of: Any = lining) -> list[Any]:
            return [from_plain(kind, one) for one in of.value(name, [])] if of else []

        covered, off, remarks = said("lining", Covered), said("lining.off_script", OffScript), said("lining.remarks", OffScript)
        attempts = [from_plain(Attempt, one) for one in plain]
        for attempt in attempts:
            inside = (attempt.in_s, min(attempt.out_s, float(info.duration_s)))
            around = (
                max([0.0, inside[0] - _AROUND_S, *(other.out_s for other in attempts if other.out_s <= inside[0])]),
                min([float(info.duration_s), inside[1] + _AROUND_S, *(other.in_s for other in attempts if other.in_s >= inside[1])]),
            )
            out.append(Try(
                clip=clip, info=info, attempt=attempt, setup=_setup(clip, info, attempt), inside=inside, around=around,
                covered=tuple(one for one in covered if one.attempt == attempt.number), off_script=tuple(one for one in off if one.attempt == attempt.number),
                remarks=tuple(one for one in remarks if one.attempt == attempt.number), words=tuple(one for one in words if inside[0] <= one.in_s < inside[1]),
            ))  # fmt: skip
            out[-1].kept["all words"] = words
    return out


def _setup(clip: Input, info: MediaInfo, attempt: Attempt) -> str:
    name = attempt.scene or attempt.slate
    if attempt.kind == "wild":
        return "wild"
    if name is None:
        return clip.file.rsplit("/", 1)[-1]
    return f"{name} {info.camera}" if info.camera else name


def _unplanned(found: Sequence[Accident], group: Sequence[Try]) -> list[Accident]:
    """Without what half of the others have at the same place: that was wanted; and without what something else explains."""
    starts = {(one.clip.digest, one.attempt.number): one.inside for one in group}
    out = []
    for one in found:
        in_s, out_s = starts[one.clip, one.attempt]
        if one.kind in ("light", "flare", "crossing", "bump", "focus breath", "wind seen"):
            near = max(_SAME_PLACE_S, _SAME_PLACE * (out_s - in_s))
            same = {
                (other.clip, other.attempt) for other in found
                if other.kind == one.kind and (other.clip, other.attempt) != (one.clip, one.attempt)
                and abs((other.in_s - starts[other.clip, other.attempt][0]) - (one.in_s - in_s)) < near
            }  # fmt: skip
            if same and len(same) * 2 >= len(group) - 1:
                continue
        if any(_explains(other, one) for other in found if other is not one and (other.clip, other.attempt) == (one.clip, one.attempt)):
            continue
        out.append(one)
    return out


_EXPLAINS = {
    "wind seen": ("crossing", "bump", "light", "flare", "focus breath"), "focus breath": ("crossing", "bump", "light", "flare"),
    "light": ("crossing", "flare"), "flare": ("crossing",), "pause": ("held breath",), "laughter": ("wind heard",),
}  # fmt: skip


def _explains(other: Accident, one: Accident) -> bool:
    if other.kind not in _EXPLAINS.get(one.kind, ()):
        return False
    common = min(one.out_s, other.out_s) - max(one.in_s, other.in_s)
    return common >= 0.4 * min(one.out_s - one.in_s, other.out_s - other.in_s)


task = Task(
    name="accidents",
    execution=Execution.ACCIDENTS,
    version=9,
    run=run,
    each="shoot",
    after=("ingest", "picture", "listen", "synced", "wild", "transcript", "attempts", "takes", "lining"),
    says="looking for accidents",
)
