"""What there is: `status --json` prints the first view and is a stable interface; the second is everything about one clip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from answerprint.model.records import AnswerprintError, Digest, Fact, Facts
from answerprint.production import ProductionError
from answerprint.shoot import Shoot, open_problems, timecode_of

if TYPE_CHECKING:
    from answerprint.plan import Unit
    from answerprint.production import Production

__all__ = ["facts", "status"]


def status(production: Production) -> dict[str, Any]:
    """The shoot as other programs read it. Times are seconds from the start of the camera clip."""
    shoot = Shoot(production)
    names = {unit.digest: unit.file for unit in shoot.units}
    certificates, attempts, covered = shoot.certificates, shoot.attempts(), shoot.covered()
    problems = [{"file": problem.file, "says": problem.says} for problem in shoot.problems]
    problems += open_problems(production, shoot, {problem["file"] for problem in problems})
    takes = shoot.facts(None).get("takes")
    problems += [{"file": "the day's paper", "says": says} for says in (takes.value("takes.unmatched", []) if takes else [])]
    synced: set[Digest] = set()
    clips = []
    for unit in shoot.clips:
        sync = _sync(shoot, unit, certificates.get(unit.digest, []), names, synced)
        clips.append(_clip(shoot, unit, sync, _takes(attempts.get(unit.digest, []), covered.get(unit.digest, []))))
    loose = [unit for unit in shoot.sounds if unit.digest not in synced]
    return {
        "production": {"title": production.settings["title"], "rate": str(production.settings.rate)},
        "script": _script(shoot, problems),
        "clips": clips,
        "sound_only": [_sound(shoot, unit, covered.get(unit.digest, [])) for unit in loose],
        "problems": problems,
        "noticed": list(takes.value("takes.notes", [])) if takes else [],
        "waiting": shoot.waiting,
        "unfinished": _unfinished(shoot, {problem["file"] for problem in problems}),
    }


def _unfinished(shoot: Shoot, told: set[str]) -> int:
    """Steps of the plan that can be done now and are not: prep was stopped, or this version does something anew."""
    return sum(step.about not in told for step in shoot.plan.open())


def _script(shoot: Shoot, problems: list[dict[str, str]]) -> list[dict[str, Any]]:
    try:
        script = shoot.script()
    except AnswerprintError as error:
        problems.append({"file": "script", "says": str(error)})
        return []
    return [{"item": item.number, "kind": item.kind, "text": item.flat} for item in script.items] if script else []


def _sound(shoot: Shoot, unit: Unit, covered: list[dict[str, Any]]) -> dict[str, Any]:
    lining = shoot.facts(unit).get("lining")
    kind = lining.value("sound.kind") if lining else None
    placed = sound_belongs(shoot.facts(None).get("sounds"), unit.digest)
    return {
        "file": unit.file,
        "digest": unit.digest,
        "kind": placed.get("kind") or (kind["kind"] if isinstance(kind, dict) else kind or "unknown"),
        "setup": placed.get("setup"),
        "because": placed.get("because"),
        "items": [_covered(one) for one in covered],
        "off_script": [_spoken(one) for one in lining.value("lining.off_script", [])] if lining else [],
    }


def sound_belongs(sounds: Facts | None, digest: Digest) -> dict[str, Any]:
    """What the shoot says about one sound: {"kind", "because"} of a playback master, {"setup", "because"} of a room tone; {"because"} of
    a file that fits a take and is not called playback; else nothing."""
    for row in sounds.value("sounds.playback", []) if sounds else []:
        if row["sound"] == digest:
            return {"kind": "playback", "because": row["because"]}
    for row in (*sounds.value("sounds.room_tone", []), *sounds.value("sounds.unsure", [])) if sounds else ():
        if row["sound"] == digest:
            return {"setup": row.get("setup"), "because": row["because"]}
    return {}


def playback_notes(sounds: Facts | None, digest: Digest) -> list[str]:
    """Sentences for one clip: which master was played under it, and from where in that."""
    notes = []
    for row in sounds.value("sounds.playback", []) if sounds else []:
        for one in row["clips"]:
            if one["clip"] == digest:
                name, at_s = row["file"].rsplit("/", 1)[-1], one["offset_s"]
                notes.append(f"playback: {name}, {at_s:.3f} s into it at the first picture" if at_s >= 0 else f"playback: {name} begins {-at_s:.3f} s after the first picture")
    return notes


def _takes(attempts: list[dict[str, Any]], covered: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The attempts of a clip, each with the items that it covers."""
    names = (
        "scene",
        "slate",
        "take",
        "circled",
        "in_s",
        "out_s",
        "kind",
        "series",
        "slate_at",
        "circled_by",
        "comment",
        "comment_by",
        "conflicts",
    )
    return [
        {
            **{name: attempt.get(name) for name in names},
            "attempt": attempt["number"],
            "source": list(attempt.get("source", [])),
            "items": [_covered(one) for one in covered if one["attempt"] == attempt["number"]],
        }
        for attempt in attempts
    ]


def _covered(one: dict[str, Any]) -> dict[str, Any]:
    words = [word for word in one.get("words", []) if word["how"] != "said"]
    kept = {name: one[name] for name in ("item", "kind", "in_s", "out_s", "complete", "camera")}
    return {
        **kept,
        "attempt": one["attempt"],
        "differs": [{"how": word["how"], "script": word["script"], "heard": word["heard"]} for word in words],
    }


def _spoken(one: dict[str, Any]) -> dict[str, Any]:
    return {name: one.get(name) for name in ("in_s", "out_s", "text", "attempt", "speaker")}


def _clip(shoot: Shoot, unit: Unit, sync: list[dict[str, Any]], takes: list[dict[str, Any]]) -> dict[str, Any]:
    known = shoot.facts(unit)
    video = unit.info.video
    rate = video.rate if video else None
    picture, lining = known.get("picture"), known.get("lining")
    question = picture.value("look.question") if picture else None
    return {
        "file": (unit.original or unit).file,
        "digest": (unit.original or unit).digest,
        "proxy_of": None if unit.original is None else unit.file,
        "duration_s": round(float(unit.info.duration_s), 6),
        "timecode": timecode_of(unit, known),
        "camera": unit.info.camera,
        "roll": unit.info.reel,
        "fps": str(rate) if rate else None,
        "fps_shot": str((video.fps_shot if video else None) or rate) if rate else None,
        "volumes": len(unit.volumes),
        "mhl": unit.mhl,
        "connected": unit.path is not None,
        "sync": sync,
        "takes": takes,
        "off_script": [_spoken(one) for one in lining.value("lining.off_script", [])] if lining else [],
        "remarks": [_spoken(one) for one in lining.value("lining.remarks", [])] if lining else [],
        "asks": [question] if question else [],
        "notes": [fact.value for facts in known.values() for fact in facts.find("note")]
        + playback_notes(shoot.facts(None).get("sounds"), unit.digest),
    }


def _sync(
    shoot: Shoot, unit: Unit, certificates: list[dict[str, Any]], names: dict[Digest, str], synced: set[Digest]
) -> list[dict[str, Any]]:
    """Certificates as the interface shows them: every pair that holds, else why the clip abstained."""
    rows = []
    for one in sorted(certificates, key=lambda one: (one["abstained"] is not None, names.get(one["sound"] or "", ""))):
        row: dict[str, Any] = {"sound": names.get(one["sound"] or ""), "method": one["method"], "abstained": one["abstained"]}
        if one["abstained"] is None:
            synced.add(one["sound"])
            row["offset_s"] = float(one["offset_s"])
            row["drift_ppm"] = float(one["drift_ppm"])
            row["residual_ms"] = float(one["residual_ms"])
            for name in ("camera_late_ms", "camera_late_error_ms", "camera_late_m"):
                if one.get(name) is not None:
                    row[name] = one[name]
        if one.get("runner_up") is not None:
            row["runner_up"] = float(one["runner_up"])
        if one.get("notes"):
            row["notes"] = list(one["notes"])
        rows.append(row)
    held = [row for row in rows if row["abstained"] is None]
    if held:
        return held
    if rows:
        return rows[:1] if len({row["abstained"] for row in rows}) == 1 else rows
    reason = _why_not(shoot, unit)
    return [{"sound": None, "method": None, "abstained": reason}] if reason else []


def _why_not(shoot: Shoot, unit: Unit) -> str | None:
    if unit.info.kind == "camera original":
        return "this camera original does not open here. Add the DIT's proxy of the same name, timecode and length."
    if not unit.info.audio:
        return "MOS: this clip has no sound."
    if "picture" in shoot.facts(unit) and not shoot.sounds:
        return "there is no recorder sound in this shoot."
    return None


def facts(production: Production, name: str) -> dict[str, Any]:
    """One clip's or sound's facts, by task, each with how it was measured and how far to trust it."""
    shoot = Shoot(production)
    found = [unit for unit in shoot.units if _called(unit, name)]
    found = found or [unit for unit in shoot.units if unit.file.rsplit("/", 1)[-1].startswith(name)]
    if not found:
        raise ProductionError(f"nothing here is called {name!r}. `answerprint status` lists every clip and sound by name.")
    exact = [unit for unit in found if unit.file == name]
    if len(found) > 1 and len(exact) != 1:
        raise ProductionError(f"{name!r} could be {', '.join(unit.file for unit in found[:5])}. Give the whole name.")
    unit = (exact or found)[0]
    tasks = {task: [_fact(fact) for fact in one.facts] for task, one in shoot.facts(unit).items()}
    certificates = shoot.certificates.get(unit.digest, [])
    if certificates:
        tasks["drift"] = [
            {"name": "sync.certificate", "value": one, "method": "pooled over the shoot", "trust": None} for one in certificates
        ]
    artefacts = {name: str(path) for name, path in shoot.plan.artefacts(unit, production.cache).items()}
    return {"file": unit.file, "digest": unit.digest, "tasks": tasks, "made": artefacts}


def _called(unit: Unit, name: str) -> bool:
    base = unit.file.rsplit("/", 1)[-1]
    names = {unit.file, base, base.rsplit(".", 1)[0]}
    return name in names or (
        len(name) >= 8 and name.removeprefix("blake3:") in unit.digest[7 : 7 + len(name.removeprefix("blake3:"))]
    )


def _fact(fact: Fact) -> dict[str, Any]:
    trust = None if fact.trust is None else {"measure": fact.trust.measure, "value": fact.trust.value, "better": fact.trust.better}
    return {"name": fact.name, "value": fact.value, "method": fact.method, "trust": trust}
