"""Words for things of the record: what something is about, a choice, cuts, a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from answerprint.model.judgments import CutSeal

__all__ = ["about", "chosen", "cuts", "day"]

#: The part of a choice that names it; the rest stands behind it.
_NAMES = ("attempt", "take", "name", "bed", "cut", "file", "clip", "version", "look", "framing", "text")


def about(thing: str) -> str:
    """What something is about, as people say it: "item:3" is item 3, "hero:7@square" item 7 in the square version."""
    kind, _, rest = thing.partition(":")
    if not rest:
        return thing
    name, _, version = rest.partition("@")
    if kind == "frame":
        return f"frame {version.partition('#')[0]} of {name}"
    within = f" in {version}" if version else ""
    if kind == "film":
        return ("the film" if name == "master" else f"the film, {name}") + within
    return f"{'item' if kind == 'hero' else kind} {name}{within}"


def chosen(choice: Mapping[str, str]) -> str:
    """A choice in one line: its name first, then what belongs to it; seals are for the check and are left out."""
    if "clip" in choice and choice.get("name"):
        slate = choice.get("slate", "")
        return f"{slate} ({choice['name']})" if slate and slate != choice["name"] else choice["name"]
    if "none" in (choice.get("take"), choice.get("bed")):
        return "none: shoot again" if choice.get("take") == "none" else "no music bed"
    said = {name: value for name, value in choice.items() if value and not value.startswith(("sha256:", "blake3:"))}
    if not said:
        return "as it stands"
    first = next((name for name in _NAMES if name in said), next(iter(said)))
    rest = [f"{name.replace('_', ' ')} {value}" for name, value in said.items() if name != first]
    named = said[first].rsplit("/", 1)[-1] if first == "file" else said[first]
    return ", ".join([named, *rest])


def cuts(sealed: Iterable[CutSeal]) -> str:
    """Cuts by version and file name."""
    return ", ".join(one.file.rsplit("/", 1)[-1] + ("" if one.version == "master" else f" ({one.version})") for one in sealed)


def day(at: str) -> str:
    """A time as people write it: "3 March 2026, 10:14 UTC". What is no time stays as it is."""
    from datetime import datetime

    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        return at
    months = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
    return f"{when.day} {months[when.month - 1]} {when.year}, {when:%H:%M} UTC"
