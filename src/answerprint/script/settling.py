"""Several sources say what an attempt is called: agreement decides, and what disagrees becomes a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from answerprint.model.attempts import Attempt, Reading

__all__ = ["by_slate", "clean_scene", "clean_take", "settle"]

#: in the order in which a person would believe them when they disagree
_ORDER = ("notes", "ALE", "slate picture", "spoken slate", "iXML", "bext", "file name", "running order")
_Told = tuple[str, Reading]  # a value as it is compared, and who says it
_SAYS = {
    "notes": "the notes say", "ALE": "the ALE says", "slate picture": "the slate's picture says", "spoken slate": "the slate says", "iXML": "the recorder says",
    "bext": "the recorder says", "file name": "the file name says", "running order": "the running order says",
}  # fmt: skip


def clean_scene(text: str) -> str:
    """A scene as it is compared and shown: "Sc. 01a" is "1A", "12-B" is "12B". Empty for nothing."""
    text = re.sub(r"^(?:scene|sc|slate|sl|shot)[\s._-]*(?=\d)", "", text.strip(), flags=re.IGNORECASE)
    text = re.sub(r"(?<=\d)[\s_-]+(?=[A-Za-z]{1,3}$)", "", text)
    return re.sub(r"^0+(?=\d)", "", text).upper()


def clean_take(text: str) -> tuple[int | None, bool]:
    """A take as a number, and whether it is marked as a pickup: "T03" is 3, "3PU" is 3 and a pickup. None where no number stands."""
    match = re.match(r"^\s*(?:take|tk|t)?[\s._#-]*0*(\d{1,3})\s*(?:(pu|p/u|pick-?up)|[a-z]{0,2})\s*$", text, flags=re.IGNORECASE)
    return (int(match[1]), bool(match[2])) if match else (None, False)


def settle(attempt: Attempt, readings: Iterable[Reading] = ()) -> Attempt:
    """The attempt with everything that is said about it: what it had, and more.

    Scene, slate and take are each what most sources agree on; among as many, what a person would believe first (a spoken word that
    was taken for another, or writing that is not clear, comes after the recorder). Who disagrees is a sentence in `conflicts`. Circles and comments are a
    person's: their name is shown; a recorder's circle is the recordist's button and has no name.
    """
    known = list(dict.fromkeys((*attempt.readings, *readings)))
    conflicts: list[str] = []
    sources: list[str] = []
    slates, scenes = _said(known, "slate", clean_scene), _said(known, "scene", clean_scene)
    if slates and not {one.source for _, one in slates} & {one.source for _, one in scenes}:  # nobody keeps scene and slate apart here
        # recorders and file names have one field: in a shoot that slates by running number, that number stands where a scene would
        slates += [(value, one) for value, one in scenes if value.isdigit()]
        scenes = [(value, one) for value, one in scenes if not value.isdigit()]
        scenes, slates = _one_name(scenes, slates, conflicts)
    scene = _agreed("scene", scenes, conflicts, sources)
    slate = _agreed("slate", slates, conflicts, sources)
    take = _agreed("take", _said(known, "take", lambda text: str(clean_take(text)[0] or "")), conflicts, sources)
    circled = next((one for one in _believed(known, "circled") if one.value == "yes"), None)
    comment = next(iter(_believed(known, "comment")), None)
    pickup = attempt.kind == "take" and any(one.what == "pickup" for one in known)
    return replace(
        attempt, scene=scene, slate=slate, take=int(take) if take else None, kind="pickup" if pickup else attempt.kind,
        slate_at="tail" if any(one.what == "tail slate" for one in known) else attempt.slate_at,
        circled=circled is not None, circled_by=circled.by if circled else None, comment=comment.value if comment else None,
        comment_by=comment.by if comment else None, source=tuple(name for name in _ORDER if name in sources), readings=tuple(known), conflicts=tuple(conflicts),
    )  # fmt: skip


def by_slate(attempts: Sequence[Attempt]) -> list[tuple[Attempt, ...]]:
    """The attempts of one clip by the slate they were shot on, in order: each slate that was spoken or seen begins a group, unless the group
    before has it; an attempt without one stands with those before it. Empty for no attempts."""
    groups: list[list[Attempt]] = []
    last: float | None = None
    for one in attempts:
        at_s = next((said.at_s for source in ("spoken slate", "slate picture") for said in one.readings if said.source == source and said.what in ("scene", "slate", "take")), None)
        if not groups or (at_s is not None and at_s != last):
            groups.append([])
        groups[-1].append(one)
        last = last if at_s is None else at_s
    return [tuple(group) for group in groups]


def _believed(known: Sequence[Reading], what: str) -> list[Reading]:
    return sorted((one for one in known if one.what == what and one.value), key=lambda one: _ORDER.index(one.source))


def _said(known: Sequence[Reading], what: str, clean: object) -> list[_Told]:
    assert callable(clean)
    return [(value, one) for one in known if one.what == what and (value := clean(one.value))]


def _one_name(scenes: list[_Told], slates: list[_Told], conflicts: list[str]) -> tuple[list[_Told], list[_Told]]:
    """Scenes and slates that stand beside each other, where nobody names both: what was not heard clearly is no second name, but a conflict."""
    rivals = {("scene", "slate"): (scenes, slates), ("slate", "scene"): (slates, scenes)}
    for (what, other), (sure, doubted) in rivals.items():
        if sure and doubted and any(_share(one) == 1 for _, one in sure) and all(_share(one) < 1 for _, one in doubted):
            value, first = min(sure, key=lambda said: _ORDER.index(said[1].source))
            conflicts += dict.fromkeys(f"{_SAYS[first.source]} {what} {value}, {_SAYS[one.source]} {other} {against}" for against, one in doubted)
            return (sure, []) if what == "scene" else ([], sure)
    return scenes, slates


def _share(one: Reading) -> float:
    """What one reading counts: half where a word was taken for another, or writing is not clear."""
    return 0.5 if one.measure and re.search("heard as|read from|not clear", one.measure) else 1.0


def _agreed(what: str, said: Sequence[_Told], conflicts: list[str], sources: list[str]) -> str | None:
    """The value most sources agree on; names them in `sources`, and whoever disagrees in `conflicts`."""
    if not said:
        return None
    values = list(dict.fromkeys(value for value, _ in said))
    best = max(values, key=lambda value: _weight(value, said, values))
    full = [value for value in values if _part_of(best, value) and what == "scene"]
    best = max(full, key=len) if full else best
    for value, one in said:
        if (value == best or _part_of(value, best)) and one.source not in sources:
            sources.append(one.source)
    others: dict[str, str] = {}
    for value, one in said:
        if value != best and not (what == "scene" and _part_of(value, best)):
            others.setdefault(one.source, value)
    agreeing = [one.source for value, one in said if value == best or (what == "scene" and _part_of(value, best))]
    first = min(agreeing, key=_ORDER.index)
    for source, value in others.items():
        says = f"and {what} {value} as well" if source == first else f"{_SAYS[source]} {what} {value}"
        conflicts.append(f"{_SAYS[first]} {what} {best}, {says}")
    return best


def _weight(value: str, said: Sequence[_Told], values: Sequence[str]) -> tuple[float, int]:
    here = {one.source: one for other, one in said if other == value or _part_of(other, value)}
    doubt = {source: _share(one) for source, one in here.items()}
    rank = min(_ORDER.index(source) + (3 if doubt[source] < 1 else 0) for source in here)
    return sum(doubt.values()), -rank


def _part_of(short: str, whole: str) -> bool:
    """Whether one scene is the other without its letter: "11" of "11C"."""
    return short.isdigit() and len(whole) > len(short) and whole.startswith(short) and whole[len(short) :].isalpha()
