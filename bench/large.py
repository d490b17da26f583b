"""A shoot of thousands of clips, composed: the record and its facts as a prep would have left them, over twenty real proxies."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import answerprint
from answerprint.model.extend import Task
from answerprint.model.records import Fact, Facts, MediaInfo, VideoStream, to_plain
from answerprint.plan import Plan, Unit
from answerprint.production import _ingest_key
from answerprint.rushes import Seen
from answerprint.spot import Spot
from tests.room.counted import HIGH, RATE, WIDE, counted

FRAMES = 144
WORDS = "the kettle waits for nobody and the morning pours itself a second cup before the light does".split()


def proxies(home: Path, count: int = 20) -> Spot:
    """A production of clips that count their frames, prepared for real."""
    for number in range(1, count + 1):
        counted(home / "CARD" / f"A001_C{number:03d}.mp4", FRAMES, hue=number)
    small = answerprint.new(home / "small", rate="23.976", media=[home / "CARD"])
    small.prep()
    return small


def line(item: int) -> str:
    return " ".join(WORDS[(item + n) % len(WORDS)] for n in range(4 + item % 9)).capitalize() + f" {item}."


def compose(home: Path, *, clips: int, items: int, small: Spot | None = None, words: str = "") -> Spot:
    """`clips` clips of two attempts each over `items` lines. Every clip's facts are those of one of the twenty, under its own name.

    Args: small: where the proxies are; a production without clips gives none.  words: stands in the title, in every line, slate, remark
          and note as well: to see what the pages make of it.
    """
    small = small or proxies(home)
    large = answerprint.new(home / "large", rate="23.976", title=f"A large day {words}".strip())
    (large.path / "script.fountain").write_text("Title: A large day\n\nINT. KITCHEN - DAY\n\n" + "".join(f"MARA\n{line(n)} {words}".strip() + "\n\n" for n in range(1, items + 1)), encoding="utf-8")
    seen = Seen(small.inside / "index.db", read_only=True)
    real = small.units(seen, _finished(small))[0] if small.inside.joinpath("record.db").exists() else [_bare()]
    seen.close()
    plan = _plan(small, real) if real[0].file else None
    finished: dict[str, str] = {}
    entries: list[dict[str, Any]] = []
    seen = Seen(_there(large.inside) / "index.db")
    for number in range(clips):
        (large.path / "rushes" / f"B{number // 100:03d}_C{number % 100:03d}.mp4").write_bytes(b"")
    found = large.scan()[0]
    for number, one in enumerate(found):
        seen.put(one, f"blake3:{number:064x}", {})
    tasks = large.tasks()
    for number, one in enumerate(found):
        digest, like = f"blake3:{number:064x}", real[number % len(real)]
        info = replace(like.info, reel=one.file[7:11], timecode=f"{8 + number // 720 % 12:02d}:{number // 12 % 60:02d}:{number % 12 * 5:02d}:00", created=f"2026-11-14T08:00:{number % 60:02d}.{number:06d}Z")
        seal = {"file.name": one.file, "file.size_bytes": 0, "file.volume": "/", "file.medium": str(large.path / "rushes"), "mhl.verified": None}
        _done(large, entries, finished, tasks.get("seal", "seal"), f"seal {number}", digest, one.file, seal)
        from answerprint.plan import Medium

        key, _ = _ingest_key(tasks["ingest"], Medium(file=one.file, digest=digest, path=one.path))
        _done(large, entries, finished, tasks["ingest"], key, digest, one.file, {"media.info": to_plain(info)})
    with large.writer() as record:
        record.append_many([("task", one) for one in entries])
    units = large.units(seen, finished)[0]
    seen.close()
    whole = Plan(tasks=tasks, units=units, settings=large.settings, folder=large.path, finished=finished, looking=True)
    entries = []
    for task in whole.order():
        for number, unit in enumerate(units if task.each != "shoot" else [None]):
            step = whole._step(task, unit) if unit is None or whole._applies(task, unit) else None
            if step is None:
                continue
            values = _values(task, units, number if unit else None, items, words)
            _done(large, entries, finished, task, step.key, unit.digest if unit else "the shoot", step.about, values, step.inputs)
            if unit is not None and plan is not None and task.name == "picture":
                _linked(small, plan, real[number % len(real)], large, step.key)
    with large.writer() as record:
        record.append_many([("task", one) for one in entries])
    return answerprint.open(large.path)


def _bare() -> Unit:
    """A clip that is nowhere, as every clip of a shoot without proxies is."""
    video = VideoStream(index=0, codec="h264", width=WIDE, height=HIGH, pixel_format="yuv420p", bit_depth=8, rate=RATE, frames=FRAMES, duration_s=FRAMES / RATE)
    info = MediaInfo(kind="clip", container="mov,mp4", duration_s=FRAMES / RATE, video=video, timecode_rate=RATE, timecode_from="tmcd", camera="B")
    return Unit(file="", digest="", path=None, info=info, ingest="")


def _plan(production: Spot, units: list[Unit]) -> Plan:
    return production.plan(finished=_finished(production), tasks=production.tasks(), units=units, looking=True)


def _finished(production: Spot) -> dict[str, str]:
    record = production.reader()
    assert record is not None
    with record:
        return production.finished(record)


def _there(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _done(home: Spot, entries: list[dict[str, Any]], finished: dict[str, str], task: Task | str, key: str, digest: str, about: str, values: Mapping[str, Any], inputs: Any = ()) -> None:
    """A finished task: its facts in keep/, written without waiting for the disk, and what the record says of it."""
    from blake3 import blake3

    name, version = (task, 1) if isinstance(task, str) else (task.name, task.version)
    facts = Facts(task=name, version=version, inputs=tuple(inputs) or (digest,), facts=tuple(Fact(about=digest, name=one, value=value, method="composed") for one, value in values.items()))
    raw = facts.to_bytes()
    kept = "blake3:" + blake3(raw).hexdigest()
    path = home.keep.path(kept)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    finished[key] = kept
    entries.append({"schema": 1, "task": name, "version": version, "key": key, "inputs": list(inputs) or [digest], "facts": kept, "file": about})


def _covered(number: int, items: int) -> list[dict[str, Any]]:
    """What the two attempts of a clip say: its line, whole, then its line and the next."""
    out = []
    for attempt, item in ((1, number % items + 1), (2, number % items + 1)):
        at = 0.6 + 2.7 * (attempt - 1)
        words = [{"script": word, "heard": word.strip(".").lower(), "how": "said", "in_s": round(at + 0.15 * n, 2), "out_s": round(at + 0.15 * n + 0.14, 2)} for n, word in enumerate(line(item).split())]
        out.append({"attempt": attempt, "item": item, "kind": "line", "camera": "on", "complete": True, "in_s": words[0]["in_s"], "out_s": words[-1]["out_s"], "words": words})
    return out


def _attempts(number: int, items: int, words: str = "") -> list[dict[str, Any]]:
    scene, take = f"{number % items + 1}A{words}", number // items * 2
    return [{"number": n, "in_s": 0.3 + 2.7 * (n - 1), "out_s": 2.9 + 2.7 * (n - 1), "kind": "take", "series": False, "scene": scene, "slate": None, "take": take + n, "slate_at": "head", "circled": bool(words),
             "circled_by": words or None, "comment": words or None, "comment_by": words or None, "source": ["spoken slate"], "readings": [], "conflicts": []} for n in (1, 2)]  # fmt: skip


def _values(task: Task, units: list[Unit], number: int | None, items: int, said: str) -> dict[str, Any]:
    if task.name == "takes":
        return {"takes": [{"clip": unit.digest, "attempts": _attempts(n, items, said)} for n, unit in enumerate(units)], "takes.angles": [], "takes.unmatched": [], "takes.notes": []}
    if task.name == "coverage":
        return {"coverage": [{"digest": unit.digest, "file": unit.file, "covered": _covered(n, items)} for n, unit in enumerate(units)]}
    if number is None:
        return {}
    if task.name == "transcript":
        return {"transcript.words": [[word["in_s"], word["out_s"], word["heard"], 0.97] for one in _covered(number, items) for word in one["words"]]}
    if task.name == "attempts":
        return {"attempts": _attempts(number, items, said)}
    if task.name == "lining":
        return {"lining": _covered(number, items), "lining.off_script": [{"attempt": 1, "in_s": 2.2, "out_s": 2.4, "text": said, "speaker": None}] if said else [], "lining.remarks": [{"attempt": 1, "in_s": 2.95, "out_s": 3.2, "text": f"that's the one {said}", "speaker": said or None}] if number % 7 == 0 else []}
    return {}


def _linked(small: Spot, plan: Plan, unit: Unit, large: Spot, key: str) -> None:
    """A clip's proxy and peaks: those of the one it is like, linked."""
    made = plan.artefacts(unit, small.cache)
    there = large.cache.path(key, "proxy.mp4").parent
    there.mkdir(parents=True, exist_ok=True)
    names = []
    for name, path in made.items():
        if name.startswith("picture/"):
            os.link(path, there / path.name)
            names.append(path.name)
    (there / "made.json").write_text(str(names).replace("'", '"'))


__all__ = ["compose", "proxies", "shutil"]
