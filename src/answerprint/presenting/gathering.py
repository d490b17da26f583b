"""A production's deck: what the treatment, the brief, the script, the chosen references and the budget say, each in its place, and what is silent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from answerprint import briefing, drafting, referencing
from answerprint.delivery.costs import Budget
from answerprint.desk import Desk
from answerprint.passages import Passage as Drafted
from answerprint.presenting.letters import FONTS
from answerprint.presenting.records import KINDS, Deck, DeckError, Part, PartKind, Passage, Picture, Table

__all__ = ["TITLES", "as_written", "deck_of", "treatments"]

TITLES: dict[PartKind, str] = {
    "idea": "Idea", "tone": "Tone", "story": "Story", "frames": "Frames", "look": "Look", "light": "Light", "cast": "Cast", "sound": "Sound", "edit": "Edit", "schedule": "Schedule",
    "budget": "Budget",
}  # fmt: skip
#: How people head the parts of a treatment.
_HEADS: dict[str, PartKind] = {
    "idea": "idea", "concept": "idea", "tone": "tone", "mood": "tone", "story": "story", "characters": "cast", "casting": "cast", "cast": "cast", "people": "cast", "look": "look", "style": "look",
    "camera": "look", "light": "light", "lighting": "light", "sound": "sound", "music": "sound", "edit": "edit", "editing": "edit", "rhythm": "edit", "references": "frames", "schedule": "schedule",
    "timing": "schedule", "budget": "budget",
}  # fmt: skip
_FIELDS: dict[PartKind, tuple[briefing.Field, ...]] = {"idea": ("message",), "tone": ("tone",), "story": ("must-haves",), "look": ("look",), "cast": ("people",), "sound": ("sound",), "edit": ("deliverables",)}
_ASIDE = ("what could go wrong", "before we go on")  #: parts of a treatment that are for whoever makes the film
_DATED = re.compile(r"^(?P<what>(?:[^:]|(?<=\d):(?=\d)){2,60}):(?!(?<=\d:)\d)\s*(?P<when>.+)$")  #: "Call 10:30: studio" is parted behind the time, not in it


def deck_of(desk: Desk, *, by: str = "", dated: str = "", treatment: str = "", cover: Path | None = None, faces: Sequence[Path] = ()) -> Deck:
    """What there is, in the order of a deck. A part of which nothing is said has no page, and a sentence says so.

    Args:   by: who presents it; the director of the crew where nobody is named.  treatment: a file of drafts/; the latest treatment where none is named.
            faces: font files for letters that the house's faces lack; those of the production come after them.
    Raises: DeckError: there is nothing to show, or no such treatment.
    """
    brief = briefing.current(desk.production) if (desk.path / briefing.FILE).is_file() else None
    by = by or _director(desk)
    words, says = _treatment(desk, treatment, by or "the director")
    pictures = _pictures(desk)
    client = str(desk.production.settings["client"] or (brief.first("client") if brief else ""))
    parts: list[Part] = []
    lacking: list[PartKind] = []
    for kind in KINDS:
        passages = words.get(kind, ())
        if not passages and brief is not None:
            passages = tuple(Passage(text=one.text, by=client or "The brief") for field in _FIELDS.get(kind, ()) for one in brief.says(field))
        table = _table(desk, kind, brief, says)
        if kind == "frames":
            part = Part(kind=kind, title=TITLES[kind], passages=passages, pictures=pictures)
        else:
            part = Part(kind=kind, title=TITLES[kind], passages=passages, table=table)
        if part.empty:
            lacking.append(kind)
        else:
            parts.append(part)
    says += _without(lacking)
    if not parts:
        raise DeckError("there is nothing to show yet: no brief, no treatment, no script, no references, no budget. Begin with: answerprint brief FOLDER BRIEF.md")
    first = Picture(path=cover, says="", origin=referencing.origin_of(desk, cover), generated=referencing.is_generated(desk, cover)) if cover else None
    return Deck(title=str(desk.production.settings["title"]), client=client, by=by, dated=dated, cover=first, parts=tuple(parts), says=tuple(says), faces=tuple(faces), lying=_lying(desk))


def _lying(desk: Desk) -> tuple[Path, ...]:
    """The fonts of a production: captions and supers are set in them too."""
    return tuple(sorted(path for path in (desk.path / "assets" / "fonts").rglob("*") if path.suffix.lower() in FONTS and not path.name.startswith(".")))


def _director(desk: Desk) -> str:
    people = desk.book.people.values() if desk.book else ()
    return next((one.name for one in people if "director" in one.roles), "")


_WITHOUT: dict[PartKind, str] = {
    "frames": "No reference is chosen, so there is no page of frames. Look at some with `answerprint frames`, and choose by name.",
    "schedule": "The brief gives no dates, so there is no schedule.",
    "budget": "There is no budget here (budget.csv or budget.xlsx), so there is no page of it.",
}


def _without(kinds: Sequence[PartKind]) -> list[str]:
    """What a deck has no page of, in sentences: one for all that is words."""
    silent = [TITLES[kind].lower() for kind in kinds if kind not in _WITHOUT]
    said = f"{', '.join(silent[:-1])} or {silent[-1]}" if len(silent) > 1 else "".join(silent)
    pages = "page of it" if len(silent) == 1 else "pages of them"
    return [*([f"Neither the treatment nor the brief speaks of {said}, so there {'is' if len(silent) == 1 else 'are'} no {pages}."] if silent else []), *(_WITHOUT[kind] for kind in kinds if kind in _WITHOUT)]


# ---- words


def _treatment(desk: Desk, name: str, by: str) -> tuple[dict[PartKind, tuple[Passage, ...]], list[str]]:
    """The treatment's words by part, paragraph by paragraph, and what of it is left out."""
    there = [one for one in drafting.status(desk.production) if one.file == name or Path(one.file).name == name] if name else list(treatments(desk))
    if name and not there:
        raise DeckError(f"there is no draft called {name}. Drafts lie in drafts/; `answerprint draft FOLDER status` lists them.")
    if not there:
        return {}, []
    draft = there[-1]
    found: dict[PartKind, list[Passage]] = {}
    asked, aside, unknown = 0, 0, dict[str, None]()
    for line in _paragraphs(draft.passages):
        head = line[0].section.casefold().strip(" .:")
        kind = _HEADS.get(head)
        kept = [one for one in line if not (one.origin == "machine" and one.whose == "answerprint" and one.text.rstrip().endswith("?"))]
        asked += len(line) - len(kept)
        if head in _ASIDE:
            aside += len(kept)
        elif kind is None and line[0].kind != "cell" and not (line[0].origin == "machine" and line[0].whose == "answerprint"):
            unknown |= {line[0].section: None}
        elif kind is not None and kept:
            mark = "– " if kept[0].kind == "item" else ""
            found.setdefault(kind, []).append(Passage(text=mark + " ".join(one.text for one in kept), by=_whose(kept, by), unedited=any(one.origin == "machine" for one in kept)))
    says = [f"{draft.file}: {one}" for one in draft.says]
    if asked:
        says.append(f"{draft.file} still asks {asked} question{'' if asked == 1 else 's'}; no page shows {'it' if asked == 1 else 'them'}.")
    if aside:
        says.append(f"What could go wrong, and what is to be settled first, stays in {draft.file}: no page shows it.")
    says += [f"{draft.file}: nothing here knows where “{one}” belongs, so no page shows it. Parts of a deck are headed: {', '.join(TITLES.values())}." for one in unknown if one]
    return {kind: tuple(passages) for kind, passages in found.items()}, says


def treatments(desk: Desk) -> tuple[drafting.Status, ...]:
    """Every draft that is one, the latest last: that is the one a deck is made of where nobody names another."""
    there = [one for one in drafting.status(desk.production) if one.kind == "treatment" or Path(one.file).stem.casefold().startswith("treatment")]
    return tuple(sorted(there, key=lambda one: (one.entry, one.file)))


def _paragraphs(passages: Iterable[Drafted]) -> Iterable[list[Drafted]]:
    """Passages of one paragraph together, and of one person."""
    held: list[Drafted] = []
    for one in passages:
        if one.kind == "heading":
            continue
        if held and (one.line, one.kind, _side(one)) != (held[0].line, held[0].kind, _side(held[0])):
            yield held
            held = []
        held.append(one)
    if held:
        yield held


def _side(one: Drafted) -> str:
    return "person" if one.origin in ("person", "edited") else one.origin


def _whose(kept: Sequence[Drafted], by: str) -> str:
    """In whose name a paragraph stands: the brief's own words are the brief's, what a person wrote or changed is theirs, the machine has no name."""
    if kept[0].origin == "brief":
        return "The brief"
    return by if kept[0].origin in ("person", "edited") else ""


# ---- pictures


def _pictures(desk: Desk) -> tuple[Picture, ...]:
    """Every chosen reference, by item: those for the whole film last."""
    out = []
    for one in sorted(referencing.chosen(desk), key=lambda one: (one.item is None, one.item or 0, one.entry)):
        item = desk.items.get(one.item) if one.item is not None else None
        says = one.says or ("" if item is None else f"{one.item}. {f'“{item.flat}”' if item.spoken else item.flat}")
        out.append(Picture(path=desk.path / one.file, says=says if len(says) <= 140 else says[:139].rstrip() + "…", origin=one.origin, generated=one.generated, by=one.by))
    return tuple(out)


# ---- tables


def _table(desk: Desk, kind: PartKind, brief: Any, says: list[str]) -> Table | None:
    if kind == "cast":
        return _cast(desk)
    if kind == "schedule" and brief is not None:
        return _schedule(brief)
    if kind == "edit":
        return _length(desk)
    if kind == "budget":
        from answerprint.cost.budget import budget_of

        found = budget_of(desk.production)
        if found is not None:
            says += [f"{found.name}: {one}" for one in found.says]
            return _budget(found)
    return None


def _cast(desk: Desk) -> Table | None:
    """Who speaks, by the script."""
    spoken: dict[str, list[Any]] = {}
    for item in desk.items.values():
        if item.spoken and item.character:
            spoken.setdefault(item.character, []).append(item)
    if not spoken:
        return None
    rows = []
    for who, lines in spoken.items():
        heard = all(one.off_camera or one.kind == "voice-over" for one in lines)
        rows.append((as_written(who) if who.isupper() else who, "heard, not seen" if heard else "seen", f"{len(lines)} line{'' if len(lines) == 1 else 's'}", f"“{_short(lines[0].flat)}”"))
    return Table(head=("", "", "", "First words"), rows=tuple(rows))


def as_written(who: str) -> str:
    """A name in capitals as it is written elsewhere: "MARA'S MUM" is Mara's Mum, and "O'NEIL" O'Neil."""
    return re.sub(r"(['’])S\b", r"\1s", who.title())


def _length(desk: Desk) -> Table | None:
    """How much there is of what, by the script."""
    items = list(desk.items.values())
    if not items:
        return None
    rows = []
    if timed := [one.seconds for one in items if one.seconds is not None]:
        rows.append(("Scripted length", f"{float(sum(timed)):g} s" + ("" if len(timed) == len(items) else f", of {len(timed)} of {len(items)} items")))
    counts = (("Pictures", [one for one in items if not one.spoken and not one.card]), ("Spoken lines", [one for one in items if one.spoken]), ("Cards and supers", [one for one in items if one.card]), ("Hero shots", [one for one in items if one.hero is not None]), ("From stock", [one for one in items if one.stock is not None]))
    rows += [(name, str(len(found))) for name, found in counts if found]
    return Table(rows=tuple(rows), figures=(1,), foot="By the script.")


def _schedule(brief: Any) -> Table | None:
    rows = []
    for one in brief.says("dates"):
        named = _DATED.match(one.text)
        rows.append((named["what"].strip(), named["when"].strip()) if named else (one.text, "") if not one.under or one.under.casefold() in ("dates", "timing", "schedule") else (one.under, one.text))
    return Table(rows=tuple(rows), foot="By the brief.") if rows else None


def _budget(budget: Budget) -> Table | None:
    """Estimates by section; what was spent is nobody's page but the producer's."""
    from answerprint.delivery.costs.records import added

    rows = [(one.letter, one.title or "Outside the form's sections", " + ".join(map(str, one.estimate))) for one in budget.sections if any(money.amount for money in one.estimate)]
    if not rows:
        return None
    rows.append(("", "Total", " + ".join(map(str, added(money for one in budget.sections for money in one.estimate)))))
    return Table(rows=tuple(rows), figures=(2,), foot=f"Estimate, by {budget.name}.")


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79].rstrip() + "…"
