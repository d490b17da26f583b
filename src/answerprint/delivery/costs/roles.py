"""The crew that a commercial usually has, what each of them used to bring beside their work, and which of them a budget leaves out.

What somebody brought is one of three inputs that no execution replaces: creative friction (somebody of the craft says no), accountability (somebody
answers for it by name), happy accidents (somebody is there when the unplanned happens, and keeps it). docs/cost.md holds the table with its
reasons and its day. It describes a trade; it says nothing about anybody's film.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from answerprint.delivery.costs.records import Budget, Line
from answerprint.delivery.costs.sections import OUTSIDE, section_of

__all__ = ["ROLES", "Input", "Missing", "Role", "lumped", "missing"]


class Input(StrEnum):
    """What shrank with the crew."""

    FRICTION = "creative friction"
    ACCOUNTABILITY = "accountability"
    ACCIDENTS = "happy accidents"


@dataclass(frozen=True, kw_only=True)
class Role:
    """One of the usual crew."""

    name: str
    section: str  #: where the form has their line
    words: str  #: a pattern: how lines call them
    never: str = ""  #: a pattern: lines that call somebody else so
    only: str = ""  #: sections in which `words` means them; "" for any
    brought: tuple[Input, ...]
    why: str
    chairs: tuple[str, ...] = ()  #: what the crew list of a record calls them
    judgments: tuple[str, ...] = ()  #: those of the charter that were theirs to argue or to make
    critic: str = ""  #: the machine critic that speaks beside their chair
    machine: tuple[str, ...] = ()  #: executions that take over some of their work; an execution answers for nothing


_F, _R, _A = Input.FRICTION, Input.ACCOUNTABILITY, Input.ACCIDENTS

#: In the order of the form.
ROLES = (
    Role(name="line producer", section="A", words=r"line producer|^producer|production manager|\bupm\b", never=r"assistant|associate|post|executive", brought=(_R,),
         why="answers by name for what was promised, and says what the money does not buy", chairs=("line producer", "production manager")),
    Role(name="assistant director", section="B", words=r"assistant director|\b1st ad\b|\bfirst ad\b|regieassisten", never=r"2nd|second|art director", brought=(_R,),
         why="answers for the day: safety, the order, and the shot that will not be made", chairs=("assistant director", "1st AD")),
    Role(name="DP", section="B", words=r"\bd\.?o?\.?p\b\.?|director of photography|cinematograph|camera ?(wo)?man|kamera(mann|frau)|bildgestalt", never=r"assistant|equipment|package|rental",
         brought=(_F, _A), why="sees another frame than the director's and says so before it is shot; turns the camera when the light does something", chairs=("DP",),
         judgments=("hero framing",), critic="dp"),
    Role(name="camera operator", section="B", words=r"camera operator|\boperator\b", never=r"boom|steadicam rental|playback|drone|vtr|prompter", brought=(_A,),
         why="has the eye at the frame while it happens, and follows what nobody planned", chairs=("camera operator",)),
    Role(name="focus puller", section="B", words=r"\b1st ac\b|\bfirst ac\b|1st assistant cam|first assistant cam|1st asst\.? cam|camera assistant|focus puller", never=r"2nd|second", brought=(_R,),
         why="answers for sharpness, and asks for another take when it was not", chairs=("focus puller", "1st AC")),
    Role(name="DIT", section="B", words=r"\bdit\b|digital (imaging )?tech|data (wrangler|manager)|\bloader\b", brought=(_R,),
         why="answers for exposure and for every copy, before the card is emptied", chairs=("DIT",), machine=("reading media",)),
    Role(name="gaffer", section="B", words=r"\bgaffer\b|chief lighting|oberbeleuchter", never=r"tape|expendable|assistant", brought=(_F, _A),
         why="offers another light than the one asked for, and leaves alone the one that came by itself", chairs=("gaffer",), critic="gaffer"),
    Role(name="key grip", section="B", words=r"\b(key )?grip\b", never=r"best boy|equipment|rental|package|truck|expendable|3rd", only="AB", brought=(_R,),
         why="answers for what hangs and moves, and says no to the rig that is not safe", chairs=("key grip",)),
    Role(name="sound recordist", section="B", words=r"sound (recordist|mixer|engineer|person|man|woman)|location sound|production sound|recordist|tonmeister", never=r"equipment|kit|package|rental|design",
         only="AB", brought=(_R, _A), why="says that the line was not clean while it can be said again, and records the room nobody asked for",
         chairs=("sound recordist",)),
    Role(name="script supervisor", section="B", words=r"script (supervisor|sup\b|clerk)|continuity|scripty", brought=(_R, _A),
         why="answers for what was said and from which side, and writes down “that's the one”", chairs=("script supervisor",), machine=("slates and attempts", "script lining")),
    Role(name="production designer", section="G", words=r"production design|art director|set design|szenenbild", never=r"assistant|asst|material", brought=(_F,),
         why="argues for another world than the board's, with things that can be touched", chairs=("production designer", "art director")),
    Role(name="stylist", section="B", words=r"stylist|wardrobe (supervisor|master|mistress)|costume design", never=r"assistant|asst|hair|food|prop|allowance", brought=(_F,),
         why="disagrees about a person's clothes, and so about who that person is", chairs=("stylist", "costume designer")),
    Role(name="hair and make-up", section="B", words=r"make-?\s?up|\bhmu\b|hair (and|&|stylist)|\bmua\b|maske", never=r"kit|supplies|rental|van", only="AB", brought=(_R,),
         why="looks at the face between two takes, when everybody else looks at the clock", chairs=("hair and make-up", "make-up artist")),
    Role(name="editor", section="P", words=r"\beditor\b|offline( edit)?|editorial labou?r|^edit(ing)?\b|schnitt|\bcutter\b", never=r"assistant|asst|sound edit|system|suite|room|story", brought=(_F, _A),
         why="was not on set, so cuts what is there and not what was meant; finds the shot that was none", chairs=("editor",), judgments=("final edit", "pacing"), critic="editor"),
    Role(name="assistant editor", section="P", words=r"(assistant|asst\.?) edit", brought=(_R,), why="answers for sync, for names, and for nothing having been left on a card",
         chairs=("assistant editor",), machine=("sync", "transcript")),
    Role(name="colourist", section="P", words=r"colou?rist|colou?r (grad|correct|session|finish)|^grad(e|ing)\b|telecine|farbkorrektur|lichtbestimm", brought=(_F, _R),
         why="argues against the look that everybody has, and answers for the picture on every screen", chairs=("colourist",), judgments=("grade",)),
    Role(name="sound designer", section="P", words=r"sound design", brought=(_F, _A), why="puts a sound where the picture did not ask for one, or takes the expected one away", chairs=("sound designer",)),
    Role(name="re-recording mixer", section="P", words=r"re-?recording|(audio|sound|final|film) mix|\bmix(ing|er)?\b|mischung", never=r"recordist|location|boom", only="OP", brought=(_F, _R),
         why="says which of two loud things is heard, and answers for the level", chairs=("sound mixer",), judgments=("mix",), critic="sound"),
    Role(name="composer", section="P", words=r"compos(er|ition)|original music|music (producer|production|supervisor)|^music\b|musik", never=r"licen[cs]e|library|stock", brought=(_F, _A),
         why="brings a bed that no search would have found first", chairs=("composer",), judgments=("music bed",)),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Missing:
    """One of the usual crew whom a budget leaves out."""

    role: Role
    how: Literal["no line", "at nought"]
    lines: tuple[Line, ...] = ()  #: those that stand at nought


def lumped(budget: Budget) -> tuple[str, ...]:
    """Sections with usual crew that a budget gives as one sum alone: who is in it, nobody can say."""
    told = {one.letter: [line for line in one.lines if not line.empty] for one in budget.sections}
    crewed = {"O", *(role.section for role in ROLES)}
    return tuple(letter for letter, lines in told.items() if letter in crewed and lines and all(section_of(line.says) == letter for line in lines))


def missing(budget: Budget) -> tuple[Missing, ...]:
    """The usual crew that a budget has no line for, or leaves at nought, in the order of the form. Two on one line ("DP / operator") are both there.
    Those whose section is one sum are not among them."""
    found, unsaid = [], set(lumped(budget))
    for role in ROLES:
        if role.section in unsaid or (role.section == "P" and "O" in unsaid):
            continue
        lines = tuple(_lines(role, budget.lines))
        if not any(not line.empty for line in lines):
            found.append(Missing(role=role, how="at nought" if lines else "no line", lines=lines))
    return tuple(found)


def _lines(role: Role, lines: Iterable[Line]) -> Iterable[Line]:
    for line in lines:
        if role.only and line.section not in (*role.only, OUTSIDE):
            continue
        if any(re.search(role.words, part.strip(), re.IGNORECASE) and not (role.never and re.search(role.never, part, re.IGNORECASE)) for part in [*re.split(r"[/,;+&]| and ", line.says), line.says]):
            yield line
