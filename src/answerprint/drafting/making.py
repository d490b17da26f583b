"""Making drafts: from a production's brief, without a writer or with one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING

from answerprint import briefing
from answerprint.briefing.markdown import Block, blocks, unmarked
from answerprint.drafting import treatment
from answerprint.drafting.concepts import ASIDE, Concepts, Told, Writer, asked_frames, concepts, measured_by, prompt, untold
from answerprint.drafting.keeping import DraftingError, concept_file, files, laid_again, propose, text_of
from answerprint.drafting.unlike import BY_WORDS, Measure, by_words
from answerprint.model.charter import Execution
from answerprint.passages import Index, Made, index, made, of_text
from answerprint.timekeeping import timed

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["distances", "draft_concepts", "draft_treatment", "parted", "questions", "told"]

_MOST = 24  #: concepts at once: more than that nobody reads side by side


@timed("concepts", Execution.TREATMENT)
def draft_concepts(production: Production, count: int = 6, *, writer: Writer | None = None, measure: Measure | None = None, also: Measure | None = None,
                   watch: Told = untold) -> tuple[tuple[Made, ...], Concepts]:  # fmt: skip
    """Make concepts unlike each other and unlike those that lie there, and put them into drafts/. One that somebody deleted holds no new one back; its number is not given again.

    Args:   measure: what they are held apart by; words, where not given.  also: a second measure, of what a service writes: `meaning`.
    Raises: BriefError: there is no brief.  DraftingError: no such number.
    """
    if not 1 <= count <= _MOST:
        raise DraftingError(f"{count} concepts cannot be made at once: 1 to {_MOST}.")
    brief = briefing.current(production)
    data = (production.path / briefing.FILE).read_bytes()
    known = made(production)
    there = set(files(production))
    ever = {one.file.removeprefix("drafts/").removesuffix(".md"): one for one in known if one.kind == "concept"}
    before = {name: measured_by(one.values) for name, one in ever.items() if one.file in there}
    first = 1 + max((int(name.removeprefix("concept ")) for name in ever if name.removeprefix("concept ").isdigit()), default=0)
    found = concepts(
        brief, count, measure=measure or by_words(BY_WORDS, without=brief.text), also=also, before=before, writer=writer, seed=len(known), told=watch,
        name=lambda place: f"concept {first + place - 1}",
    )  # fmt: skip
    return propose(production, "concept", found.laid, brief=data), found


def distances(production: Production) -> tuple[tuple[str, ...], tuple[tuple[str, str, float], ...]]:
    """How far the concepts that lie here are from each other, by words, as each was made: (their files, (one, another, distance)). A person's changes do not count."""
    there = set(files(production))
    texts = {one.file: measured_by(one.values) for one in made(production) if one.kind == "concept" and one.file in there}
    brief = production.path / briefing.FILE
    measure = by_words(BY_WORDS, without=brief.read_text(encoding="utf-8", errors="replace") if brief.is_file() else "")
    named = tuple(one for one in files(production) if one in texts)
    return named, tuple((one, other, measure.between(texts[one], texts[other])) for one, other in combinations(named, 2))


@timed("treatment", Execution.TREATMENT)
def draft_treatment(production: Production, *, start: str | None = None, writer: Writer | None = None) -> Made:
    """Make a treatment and put it into drafts/.

    Args:   start: the concept that it begins from, "concept:3": its words as they are now, also those that somebody changed.
    Raises: BriefError: there is no brief.  DraftingError: there is no such concept.
    """
    brief = briefing.current(production)
    data = (production.path / briefing.FILE).read_bytes()
    file, text, concept = _begun(production, start)
    of = [production.keep.put(text.encode("utf-8"))] if file else []
    written: Mapping[str, tuple[str, str, str]] | None = None
    calls: tuple[int, ...] = ()
    says: tuple[str, ...] = ()
    if writer is not None:
        ((asks, seed),) = questions(production, start=start)
        answer = writer(asks, seed)
        written = {name: (said, answer.by, f"entry {answer.entry} of the record" if answer.entry else "") for name, said in parted(answer.text).items()}
        calls, says = (answer.entry,) if answer.entry else (), answer.notes
    laid = treatment.lay(brief, concept=concept, written=written)
    laid = type(laid)(**{**vars(laid), "calls": calls, "says": (*laid.says, *says), "about": {"from": file, "sections": json.dumps(sorted(written or {}))}})
    (one,) = propose(production, "treatment", [laid], brief=data, of=of)
    return one


def questions(production: Production, *, count: int = 0, start: str | None = None) -> tuple[tuple[str, int], ...]:
    """What a writer would be asked, each with its seed: for so many concepts, every question that may be needed; else the one for a treatment.

    Raises: BriefError: there is no brief.  DraftingError: there is no such concept, or no such number.
    """
    brief = briefing.current(production)
    laid_again(production)
    known = made(production)
    if count:
        if not 1 <= count <= _MOST:
            raise DraftingError(f"{count} concepts cannot be made at once: 1 to {_MOST}.")
        return tuple((prompt(frame, brief), len(known) + place) for place, frame in enumerate(asked_frames(brief, count, len(known))))
    _, _, concept = _begun(production, start)
    return ((_asked(brief, "\n".join(words for words, _, _ in concept)), sum(one.kind == "treatment" and bool(one.calls) for one in known)),)


def _begun(production: Production, start: str | None) -> tuple[str, str, tuple[tuple[str, str, str], ...]]:
    """The concept that a treatment begins from: its file, its text as it is now, and what it tells."""
    if start is None:
        return "", "", ()
    file = concept_file(production, start)
    text = text_of(production.path / file)
    return file, text, told(text, index(production))


def told(text: str, held: Index) -> tuple[tuple[str, str, str], ...]:
    """What a concept tells, block by block as it is now, each with whose it is ("" where a person wrote it or changed it): its film, and of what is
    about the film - questions, risks, the brief's words - what a person wrote there. Its title is left out."""
    out = []
    aside = False
    for block in blocks(text):
        passages = of_text(_again(block), held)
        mine = any(one.origin in ("person", "edited") for one in passages)
        if block.kind == "heading":
            if block.level <= 2:
                aside = unmarked(block.text) in ASIDE
            if block.level > 1 and mine:
                out.append((f"### {block.text}", "", ""))
        elif mine:
            out.append((_again(block), "", ""))
        elif passages and not aside and not block.text.startswith("*"):
            out.append((_again(block), passages[0].whose, passages[0].source))
    return tuple(out)


def _again(block: Block) -> str:
    mark = "#" * min(block.level, 6) + " " if block.kind == "heading" else "- " if block.kind == "item" else ""
    return ("> " if block.quoted else "") + mark + block.text


def _asked(brief: briefing.Brief, concept: str) -> str:
    said = "\n".join([*(f"{field}: {point.text}" for field, points in brief.points.items() if field not in ("budget", "approval") for point in points if not point.empty), *(one.text for one in briefing.told(brief))])
    begun = f"\n\nIt begins from this concept:\n{concept}" if concept else ""
    names = ", ".join(one.name for one in treatment.SECTIONS)
    return f"The brief for a commercial says:\n{said}{begun}\n\nWrite a director's treatment with exactly these headings, each as a Markdown heading of level 2: {names}. Two to four plain sentences under each. Invent no fact about the product."


def parted(text: str) -> dict[str, str]:
    """What a service wrote, by section; what stands before the first known heading belongs to the idea. Nothing of it is lost."""
    known = {one.name.casefold(): one.name for one in treatment.SECTIONS}
    lines = text.strip().splitlines()
    starts = [(block.line, known[name]) for block in blocks(text.strip()) if block.kind == "heading" and (name := unmarked(block.text).strip(" :0123456789.").casefold()) in known]
    out: dict[str, list[str]] = {}
    name, begin = "Idea", 0
    for line, following in [*starts, (len(lines) + 1, "")]:
        part = "\n".join(one.lstrip("# ") if one.startswith("#") else one for one in lines[begin : line - 1]).strip()
        if part:
            out.setdefault(name, []).append(part)
        name, begin = following, line
    return {name: "\n\n".join(parts) for name, parts in out.items()}
