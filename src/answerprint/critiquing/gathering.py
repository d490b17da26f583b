"""The case that critics are given: a version's cut, shot by shot, with everything that was measured about it and about the attempts it left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from answerprint.model.ideas import Case, Shot, Tried
from answerprint.model.records import Fact, Facts, to_plain
from answerprint.model.time import Span
from answerprint.plan import digest_of

if TYPE_CHECKING:
    from answerprint.desk import Desk
    from answerprint.reframing.shots import Shot as Framed

__all__ = ["VERSION", "gather"]

VERSION = 2  #: of the facts: another way of measuring is another number
_TASK = "critics"
Watch = Callable[[str, float], None]


def gather(desk: Desk, version: str, *, watch: Watch = lambda what, share: None) -> Case:
    """Everything that is known about a version's cut.

    Args:   watch: called with (what is looked at, share done); whatever it raises stops the work, and what was looked at stays in the cache.
    Raises: ReframingError, TimelineError, MediaError: the cut or a proxy cannot be read.
    """
    from answerprint.critiquing import listening, looking
    from answerprint.reframing import shots as framed
    from answerprint.timeline.cut import cut_info

    name = desk.family[version].name
    there = framed.cut(desk, name)
    timeline = desk.timeline(name)
    rate = cut_info(timeline).rate
    tries = tuple(_tries(desk))
    shots = tuple(_shot(desk, one, tries) for one in there.shots)
    found = [fact for shot in shots for fact in _known(shot)]
    found += [_fact(one.clip, f"try:{one.name}@{one.item} lies", f"{one.slate} {_s(one.in_s)}-{_s(one.out_s)}", "the attempt from action to cut, seconds of its clip") for one in tries]
    found += _accidents(desk, tries)
    found += looking.facts(desk, there.shots, shots, tries, watch=watch)
    found += listening.facts(desk, timeline, rate, there.shots, shots, tries, version=name)
    known = Facts(task=_TASK, version=VERSION, inputs=tuple(dict.fromkeys(one.clip for one in shots)), facts=tuple(found))
    cut = desk.cuts[name]
    return Case(version=name, cut=cut.file, seal=cut.seal, rate=rate, timeline=timeline.to_json_string(), shots=shots, tries=tries, known=known, digest=digest_of(known.to_bytes()))


def _s(moment: Fraction) -> str:
    return f"{float(moment):.3f}"


def _fact(about: str, name: str, value: Any, method: str) -> Fact:
    return Fact(about=about, name=name, value=value, method=method)


# ---- attempts


def _tries(desk: Desk) -> Iterator[Tried]:
    """Every attempt at every item, in shooting order."""
    from answerprint.timeline.cut import file_url, know_media, start_and_length
    from answerprint.timeline.slates import slate_name

    for one in desk.table.strung():
        if not one.clip.picture:
            continue
        whole = start_and_length(one.clip.media)
        media = {"media": to_plain(know_media(one.clip.media, file=one.clip.file, digest=one.clip.digest)), "url": file_url(one.clip.path), "available": [str(whole.start_s), str(whole.duration_s)]}
        video = one.clip.media.video
        for item in dict.fromkeys(covered.item for covered in one.covered):
            covered = one.of(item)
            if covered is None or item not in desk.items:
                continue
            spoken = covered.kind in ("line", "voice-over")
            yield Tried(
                name=f"{PurePosixPath(one.clip.file).stem}#{one.attempt.number}", slate=slate_name(one), file=one.clip.file, clip=str(one.clip.digest), item=item,
                in_s=Fraction(str(one.attempt.in_s)), out_s=Fraction(str(one.attempt.out_s)), first_s=Fraction(str(covered.in_s)), last_s=Fraction(str(covered.out_s)),
                complete=covered.complete, spoken=spoken, off=spoken and covered.camera == "off", rate=video.rate if video else Fraction(25), media=media,
            )  # fmt: skip


def _shot(desk: Desk, one: Framed, tries: tuple[Tried, ...]) -> Shot:
    in_s, out_s = one.start / one.rate, one.end / one.rate
    item = desk.items.get(one.item) if one.item is not None else None
    digests = {one.unit.digest, one.unit.original.digest if one.unit.original else ""}
    seen = Span(start_s=in_s, end_s=out_s)
    best: tuple[Fraction, Any] = (Fraction(0), None)
    for strung in desk.table.strung():
        if strung.clip.digest in digests:
            shared = seen.overlap(Span(start_s=Fraction(str(strung.attempt.in_s)), end_s=max(Fraction(str(strung.attempt.in_s)), Fraction(str(strung.attempt.out_s)))))
            if shared is not None and shared.duration_s > best[0]:
                best = shared.duration_s, strung
    attempt = best[1].attempt if best[1] is not None else None
    setup = (attempt.scene or attempt.slate) if attempt is not None else None
    camera = one.unit.info.camera
    return Shot(
        number=one.number, file=one.file, clip=(one.unit.original or one.unit).digest, film=one.film, in_s=in_s, out_s=out_s, rate=one.rate, size=one.size, speed=one.speed,
        item=one.item, scene=(item.heading or item.scene) if item is not None else None, setup=f"{setup} {camera or ''}".strip() if setup else None,
        hero=item.hero if item is not None else None, attempt=f"{PurePosixPath(one.file).stem}#{attempt.number}" if attempt is not None else None,
    )  # fmt: skip


def _known(shot: Shot) -> Iterator[Fact]:
    """What a shot of the cut is, as facts that can be cited."""
    how = "the cut, and the attempt and item that most of the shot lies in"
    yield _fact(shot.clip, f"cut:{shot.number} uses", f"{PurePosixPath(shot.file).stem} {_s(shot.in_s)}-{_s(shot.out_s)} at {shot.film[0]}", how)
    for name, value in (("item", shot.item), ("scene", shot.scene), ("setup", shot.setup), ("hero", shot.hero)):
        if value is not None:
            yield _fact(shot.clip, f"cut:{shot.number} {name}", value, how)


def _accidents(desk: Desk, tries: tuple[Tried, ...]) -> list[Fact]:
    """What nobody planned inside attempts at items, as the search for it said; none where it was not made."""
    found = desk.shoot.facts(None).get("accidents")
    rows = found.value("accidents", []) if found is not None else []
    out: list[Fact] = []
    for row in rows:
        name = f"{PurePosixPath(str(row['file'])).stem}#{row['attempt']}"
        tried = next((one for one in tries if one.name == name), None)
        if tried is not None and not row.get("where"):
            value = {"item": tried.item, "attempt": name, "kind": row["kind"], "in_s": f"{row['in_s']:.3f}", "out_s": f"{row['out_s']:.3f}", "evidence": row["evidence"], "against": row["against"]}
            out.append(_fact(tried.clip, f"accident:{len(out) + 1}", value, "the attempt against the others of its set-up"))
    return out
