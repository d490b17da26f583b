"""What a cut shows that is not of today: an asset that another took the place of, supers drawn with one or from a row that says something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from answerprint import assets, finishing
from answerprint.plan import small_digest
from answerprint.rushes import shown
from answerprint.supering import since

if TYPE_CHECKING:
    from answerprint.desk import Desk
    from answerprint.film import Cut

__all__ = ["outdated", "stale"]


def stale(desk: Desk) -> dict[str, tuple[str, ...]]:
    """Every version whose cut shows what is not of today, and why; in the order of the list."""
    return {version: says for version, cut in desk.cuts.items() if (says := outdated(desk, cut))}


def outdated(desk: Desk, cut: Cut) -> tuple[str, ...]:
    """What a cut shows that somebody exchanged since, in sentences: an old asset laid in as it is, supers drawn with one or from
    a row that says something else now, supers that somebody refused, supers over a cut that their parent has no more.

    Raises: AssetError: the book cannot be read.
    """
    there = assets.shelf(desk.path)
    seen = {digest: file for file, digest in cut.digests.items() if file in cut.picture or file in cut.heard}
    found = [f"{cut.version}: {shown(file)} is not what counts any more: {_instead(new)} Exchange it in {cut.file}." for digest, file in seen.items() if (new := there.after(digest))]
    refused = finishing.refused(desk.production, "supers")
    told: set[str] = set()
    latest = {digest: one for one in finishing.history(desk.production) if one.what == "supers" for digest in one.files.values()}
    for digest, file in seen.items():
        if (one := latest.get(digest)) is None:
            continue
        again = _again(one)
        drawn: Mapping[str, Any] = next((each for each in one.values.get("supers", ()) if each.get("digest") == digest), {})
        for name, used in drawn.get("assets", ()):
            if new := there.after(used):
                found.append(f"{cut.version}: {file} was drawn with {name}. {_instead(new)} {again}")
            elif used in one.inputs and small_digest(desk.path / name) not in (used, "missing"):
                found.append(f"{cut.version}: {file} was drawn with {name}, which is another file now. {again}")
        found += [f"{cut.version}: {says} {again}" for says in since(desk.production, one)] if one.about not in told else []
        told.add(one.about)
        if (no := refused.get(one.about)) is not None:
            why = f": {no.because}" if no.because else ""
            found.append(f"{cut.version}: {file} is shown, and {no.by} refused the supers of {one.about}{why}. Take it out of {cut.file}, or take the refusal back.")
    mine = next((one for one in latest.values() if one.about == cut.version), None)
    if mine is not None and cut.written in mine.files.values() and desk.family.stranger(cut.version, desk.cuts):
        found.append(f"{cut.version}: {mine.values.get('of', 'the version it comes from')} was cut anew since its supers were laid over it. {_again(mine)}")
    return tuple(dict.fromkeys(found))


def _again(one: finishing.Made) -> str:
    return f"Make it again: answerprint supers FOLDER --data {one.values.get('data', 'markets.csv')}"


def _instead(new: assets.Asset) -> str:
    return f"{new.file} took its place ({new.says})."
