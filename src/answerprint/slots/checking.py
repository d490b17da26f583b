"""A cut held against the slots: what is generated in it, where that stands, and why it may not, in sentences that name clip, time and the way out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from answerprint import finishing
from answerprint.desk import Desk, Try
from answerprint.film import Cut, supers_of
from answerprint.model.charter import Judgment
from answerprint.model.records import Digest
from answerprint.model.time import Timecode
from answerprint.rights.within import chosen, within
from answerprint.slots.found import Generated, generated, seal_of
from answerprint.slots.policy import PolicyError, policy
from answerprint.slots.serving import Serves, Serving, servings, standing
from answerprint.slots.slot import SlotError, StockSlot, may, slots, way_out

if TYPE_CHECKING:
    from answerprint.films import Asked
    from answerprint.timeline.edit import Use

__all__ = ["Shown", "brought", "check", "notes", "refuse_generated", "refuse_take", "shown"]

_NEAR_S = Fraction(1)  #: two shots with less than this between them stand beside each other: a fade or a few frames of black may lie between
_GOES_ALONG = "Only the sound of a stock slot's own clip may go along with its picture."


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One generated picture where a cut shows it."""

    file: str
    how: str
    start_s: Fraction  #: from the first frame of the cut
    length_s: Fraction
    at: str  #: the same as a timecode that counts from nought
    slot: StockSlot | None  #: for which it stands; None where nobody said, or it may not
    wrong: str = ""  #: why it may not stand there
    whose: str = ""  #: whose word it is that it stands for the slot, after the slot's name


@dataclass(frozen=True, kw_only=True)
class _Looking:
    """One cut while it is looked at."""

    desk: Desk
    cut: Cut
    known: Mapping[str, Generated]  #: every generated file in it, seen, heard or chosen
    said: Mapping[str, Serving]  #: by seal
    rate: Fraction
    picture: Sequence[Use] = ()
    sound: Sequence[Use] = ()
    marked: Mapping[str, Serves] = field(default_factory=dict)  #: what clips say themselves in their metadata, by file


def check(desk: Desk, cut: Cut, asked: Asked | None = None) -> tuple[str, ...]:
    """Why something generated does not let a version out, a sentence each; empty: nothing is known to be generated outside of a stock slot."""
    known = _known(desk, cut, asked)
    takes = tuple(_takes(desk, cut))
    if not known:
        return takes
    looking = _look(desk, cut, known)
    places = tuple(_places(looking))
    found = [*takes, *(f"{cut.version}: {one.file} at {one.at} {one.how}, {one.wrong}" for one in places if one.wrong)]
    found += [f"{cut.version}: {says}" for says in (*_nested(looking), *_heard(looking, places), *_chosen(looking, places, asked), *_lettered(looking))]
    found += [f"{cut.version}: {says}" for says in _by_policy(looking, places)]
    return tuple(dict.fromkeys(found))


def notes(desk: Desk, versions: Sequence[str]) -> tuple[str, ...]:
    """What stands before whoever signs: every generated picture in these versions, where it stands, for which slot, and by whose word; and that nobody knows what the client lets be
    generated, where no policy says it. It stops nothing."""
    told: dict[str, None] = {}
    for version in versions:
        for one in shown(desk, desk.cuts[version]) if version in desk.cuts else ():
            if one.slot is not None:
                told[f"{version}: {one.file} at {one.at} {one.how}. It stands for {one.slot.words}, {one.whose}."] = None
    try:
        unknown = bool(told) and policy(desk) is None
    except PolicyError:  # what is wrong with it stands at the gate
        unknown = False
    return (*told, "What the client lets be generated is not known here: there is no policy.toml. Ask, and write the answer into it with its day.") if unknown else tuple(told)


def shown(desk: Desk, cut: Cut, asked: Asked | None = None) -> tuple[Shown, ...]:
    """Every generated picture in a cut, in the order of the film, with its slot or why it may not stand there."""
    known = _known(desk, cut, asked)
    return tuple(_places(_look(desk, cut, known))) if known else ()


def brought(desk: Desk, file: str) -> tuple[str, ...]:
    """What is generated in a cut that was brought and is no version's yet, a sentence each: what the gate will ask about it.

    Args: file: as the production calls it: "cuts/v04.otio".
    Raises: DeskError, TurnoverError, TimelineError: it cannot be read, or is no single cut.
    """
    cut = desk.read(file, desk.family.first.name).cut
    found = [(name, known) for name in dict.fromkeys((*cut.picture, *cut.heard)) if (known := generated(desk, name, cut.digests.get(name))) is not None]
    return tuple(f"{name} {known.how}: it stands for a stock slot, or the cut stays at the gate." for name, known in found)


def refuse_generated(desk: Desk, about: int | str, what: str) -> None:
    """Refuse something generated for an item of the script; or a version whose cut holds some where it may not stand.

    Args:   about: an item's number, or a version's name.  what: what it is, as the subject of a sentence: "a generated clip", "gen.mp4".
    Raises: SlotError: it may not stand there; the sentence says why and which road is open.
    """
    if isinstance(about, int):
        try:
            may(desk, about)
        except SlotError as cause:
            raise SlotError(f"{what} cannot stand for it: {cause}") from cause
        return
    version = desk.family[about].name
    if version in desk.cuts and (found := check(desk, desk.cuts[version])):
        raise SlotError(f"{what} cannot be used: {found[0]}")


def refuse_take(desk: Desk, judgment: str, item: int | None, file: str, digest: str | None = None) -> None:
    """Refuse a generated file as what somebody chooses: a take of anything but a stock slot, a grade, a mix, a bed, a framing.

    A graded master or a mix in which only something is generated, by its own word, is held against the cut at the gate.
    Raises: SlotError: it is generated, and may not be chosen there.
    """
    known = generated(desk, file, digest)
    if known is None:
        return
    if judgment == Judgment.TAKE and item is not None:
        refuse_generated(desk, item, f"{file} {known.how}, and")
    elif not known.some or judgment == Judgment.MUSIC_BED:
        raise SlotError(f"{file} {known.how}, so it is no {judgment}: that lies over hero shots and story alike. Bring one that people made. {way_out(desk)}")


# ---- looking


def _known(desk: Desk, cut: Cut, asked: Asked | None) -> dict[str, Generated]:
    """Every generated file that a cut shows, plays or was given."""
    inside = within(desk, cut, asked)
    found: dict[str, Generated] = {}
    for file in dict.fromkeys((*cut.picture, *cut.heard, *inside.named)):
        one = generated(desk, file, cut.digests.get(file))
        how = inside.generated.get(file, "")
        if one is not None or how:
            found[file] = one or Generated(file=file, how=how)
    for (file, digest), _ in _materials(desk, cut).items():
        if (one := generated(desk, file, digest) or generated(desk, file)) is not None:
            found[file] = one
    return found


def _look(desk: Desk, cut: Cut, known: Mapping[str, Generated]) -> _Looking:
    from answerprint.timeline.cut import cut_info, info, media_of
    from answerprint.timeline.edit import edit_of

    timeline = desk.timeline(cut.version)
    edit = edit_of(timeline)
    marked = {_name(media_of(clip)): says for clip in timeline.find_clips() if (says := info(clip, Serves)) is not None}
    return _Looking(
        desk=desk, cut=cut, known=known, said=servings(desk.production), rate=cut_info(timeline).rate,
        picture=edit.picture, sound=edit.sound, marked=marked,
    )  # fmt: skip


def _name(media: Any) -> str:
    return str(media.file or media.name) if media is not None else ""


def _places(looking: _Looking) -> Iterator[Shown]:
    for use in looking.picture:
        file = _name(use.media)
        if file in looking.known:
            slot, wrong = _slot(looking, use, file)
            wrong = wrong or _over_hero(looking, use) or (_for_hero(looking, use, slot) if slot is not None else "")
            at = str(Timecode.from_seconds(use.start_s, rate=looking.rate))
            yield Shown(file=file, how=looking.known[file].how, start_s=use.start_s, length_s=use.length_s, at=at, slot=None if wrong else slot, wrong=wrong, whose=_whose(looking, use, file))


def _slot(looking: _Looking, use: Use, file: str) -> tuple[StockSlot | None, str]:
    """The slot that a generated picture stands for, or why it stands for none."""
    desk = looking.desk
    said = _said(looking, use, file)
    mark = looking.marked.get(file)
    if said is not None or mark is not None:
        item, says = (said.item, said.says) if said is not None else (mark.item, mark.says) if mark is not None else (0, "")
        slot = standing(desk, item, says)
        whose = f"{said.by} gave it" if said is not None else "it was laid in"
        return slot, "" if slot is not None else f"and {whose} to the stock slot “{says}”, which the script has no more. {_take_out(looking, file)}"
    beneath = next((one for one in looking.picture if one.layer < use.layer and one.media is None and _covers(one, use) and _slug_of(desk, one) is not None), None)
    if beneath is not None:
        return _slug_of(desk, beneath), ""
    return None, f"and nobody said for which stock slot. {_take_out(looking, file)}"


def _said(looking: _Looking, use: Use, file: str) -> Serving | None:
    digest = use.media.digest if use.media is not None else None
    return looking.said.get(digest or looking.cut.digests.get(file) or seal_of(looking.desk, file)) if looking.said else None


def _whose(looking: _Looking, use: Use, file: str) -> str:
    """Whose word it is that a picture stands for its slot: a person's, or what the cut holds, whoever sent that."""
    said = _said(looking, use, file)
    return f"by the word of {said.by}" if said is not None else "as the cut says itself, and by nobody's word" if file in looking.marked else "over the slot's own card in the cut"


def _slug_of(desk: Desk, use: Use) -> StockSlot | None:
    """The stock slot whose card lies there, as a rough cut lays one: "STOCK: rain on a window"."""
    found = [one for one in slots(desk) if use.medium == f"lettering STOCK: {one.says}"]
    return found[0] if len(found) == 1 else None


def _covers(under: Use, use: Use) -> bool:
    return under.start_s <= use.start_s and use.start_s + use.length_s <= under.start_s + under.length_s


def _over_hero(looking: _Looking, use: Use) -> str:
    """Why a picture may not stand over what lies at the same time in the cut: a hero shot. A cutaway over the story is a cutaway."""
    desk = looking.desk
    heroes = {item.number for item in desk.items.values() if item.hero is not None}
    for other in looking.picture:
        if other is use or other.start_s >= use.start_s + use.length_s or use.start_s >= other.start_s + other.length_s:
            continue
        shot = next((one for one in _shots(desk, other) if heroes & set(one.items)), None)
        if shot is not None:
            return f"and it stands over {shot.words}, a take of the hero shot of item {next(iter(heroes & set(shot.items)))}. Move it, or cut the hero shot shorter in {looking.cut.file}."
    return ""


def _for_hero(looking: _Looking, use: Use, slot: StockSlot) -> str:
    """Why a picture may not stand where it does, whatever it is said to stand for: in the place of a hero shot that the cut does not show."""
    desk = looking.desk
    items = [(one, {number for shot in _shots(desk, one) for number in shot.items}) for one in looking.picture]
    before = max((max(there) for one, there in items if there and one.start_s + one.length_s <= use.start_s and one.start_s + one.length_s > use.start_s - _NEAR_S), default=None)
    after = min((min(there) for one, there in items if there and use.start_s + use.length_s <= one.start_s < use.start_s + use.length_s + _NEAR_S), default=None)
    if before is None and not any(there and one.start_s < use.start_s for one, there in items):
        before = 0  # the film begins with it
    if after is None and not any(there and use.start_s < one.start_s for one, there in items):
        after = max(desk.items, default=0) + 1  # nothing that was shot comes after it
    if before is None or after is None or before < slot.item.number < after:
        return ""
    seen = {number for _, there in items for number in there}
    gone = next((item for item in desk.items.values() if item.hero is not None and before < item.number < after and item.number not in seen), None)
    if gone is None:
        return ""
    where = f"before item {after}" if not before else f"after item {before}" if after > max(desk.items) else f"between item {before} and item {after}"
    return f"and it stands {where}, where the hero shot of item {gone.number} would be, which {looking.cut.file} does not show. A hero shot is shot: cut it in, or lay this elsewhere."


def _shots(desk: Desk, use: Use) -> Iterator[Try]:
    """The attempts of which a stretch of a cut shows something."""
    file, source = _name(use.media), use.source
    for one in desk.tries:
        if one.file == file and Fraction(one.in_s) < source.end_s and source.start_s < Fraction(one.out_s):
            yield one


def _take_out(looking: _Looking, file: str) -> str:
    there = slots(looking.desk)
    if not there:
        return f"{way_out(looking.desk)} Else take it out of {looking.cut.file}."
    return f"{way_out(looking.desk)} Somebody of the crew says it: answerprint fill FOLDER {there[0].name} --with '{file}' --who NAME. Else take it out of {looking.cut.file}."


# ---- everything but the picture


def _nested(looking: _Looking) -> Iterator[str]:
    """Generated pictures inside of a nested cut: over what they stand there, the cut itself does not say."""
    import opentimelineio as otio

    from answerprint.timeline.cut import media_of

    for track in looking.desk.timeline(looking.cut.version).tracks:
        for item in track if isinstance(track, otio.schema.Track) else [track]:
            if isinstance(item, (otio.schema.Stack, otio.schema.Track)) and item.enabled:
                for file in dict.fromkeys(_name(media_of(clip)) for clip in item.find_clips() if clip.enabled):
                    if file in looking.known:
                        yield f"{file} {looking.known[file].how}, and lies in the nested cut {item.name or 'without a name'}, where nobody can tell what it stands for. Lay it into {looking.cut.file} itself."


def _heard(looking: _Looking, places: Sequence[Shown]) -> Iterator[str]:
    """Generated sound: a voice, music, an effect. What is heard of a stock slot's own clip while it is seen goes with its picture."""
    for use in looking.sound:
        file = _name(use.media)
        if file not in looking.known:
            continue
        end = use.start_s + use.length_s
        if any(one.file == file and one.slot is not None and one.start_s <= use.start_s and end <= one.start_s + one.length_s for one in places):
            continue
        at = Timecode.from_seconds(use.start_s, rate=looking.rate)
        yield f"{file} at {at} {looking.known[file].how}, and is heard: a voice, a sound, music is recorded by people, also under a mix that was brought. {_GOES_ALONG} Take it out of {looking.cut.file}."


def _chosen(looking: _Looking, places: Sequence[Shown], asked: Asked | None) -> Iterator[str]:
    """A grade, a mix, a bed that is generated; one that holds something generated is as the cut is, where that shows some."""
    desk = looking.desk
    stands = any(one.slot is not None for one in places)
    for judgment in (Judgment.GRADE, Judgment.MIX, Judgment.MUSIC_BED):
        file = chosen(desk, looking.cut.version, judgment)
        known = looking.known.get(file)
        if known is None or (known.some and stands and judgment != Judgment.MUSIC_BED):
            continue
        why = ", and no stock slot of the cut shows anything generated" if known.some and judgment != Judgment.MUSIC_BED else ""
        yield f"{file} is chosen as the {judgment} and {known.how}{why}: it lies over hero shots and story alike. Choose one that people made."


def _materials(desk: Desk, cut: Cut) -> dict[tuple[str, Digest], str]:
    """Every asset that stands in a super of this cut, with its seal when it was drawn: another file may lie there by now -> the super's file."""
    there = supers_of(cut)
    if not there:
        return {}
    return {
        (str(name), str(digest)): str(drawn.get("file", "a super"))
        for one in finishing.history(desk.production) if one.what == "supers"
        for drawn in one.values.get("supers", ()) if drawn.get("digest") in there
        for name, digest in drawn.get("assets", ())
    }  # fmt: skip


def _lettered(looking: _Looking) -> Iterator[str]:
    for (file, _), drawn in _materials(looking.desk, looking.cut).items():
        if file in looking.known:
            yield f"{drawn} shows {file}, which {looking.known[file].how}: a super stands over hero shots and story alike. Draw it with an asset that people made."


def _takes(desk: Desk, cut: Cut) -> Iterator[str]:
    """Generated clips that somebody chose, or signed, as a take of an item that is no stock slot."""
    line = {one.name for one in desk.family.line(cut.version)}
    takes = {which: one.decided.choice for which, one in desk.decisions.items()} | {which: one.choice for which, one in desk.drafts.items()}
    for (judgment, about), choice in takes.items():
        number, _, version = about.partition(":")[2].partition("@")
        if judgment != Judgment.TAKE or "file" not in choice or not number.isdecimal() or int(number) not in desk.items or (version and version not in line):
            continue
        known = generated(desk, choice["file"], choice.get("clip"))
        if known is None:
            continue
        try:
            may(desk, int(number))
        except SlotError as cause:
            yield f"{choice['file']} is chosen as the take of item {number} and {known.how}, and {cause} Choose another take: answerprint choose item:{about.partition(':')[2]} TAKE"


# ---- the client's word


def _by_policy(looking: _Looking, places: Sequence[Shown]) -> Iterator[str]:
    """What the client's AI policy says of a film in which something generated stands."""
    standing_there = [one for one in places if one.slot is not None]
    if not standing_there:
        return
    try:
        paper = policy(looking.desk)
    except PolicyError as error:
        yield str(error)
        return
    if paper is None:
        return
    files = ", ".join(dict.fromkeys(one.file for one in standing_there))
    yield from (f"{files} is generated, and {says}" for says in paper.over())
    if paper.forbids_all:
        yield f"{files} is generated, and {paper.called} lets nothing be generated. Take it out of {looking.cut.file}."
    if paper.discloses & {"picture", "everything"} and not looking.desk.production.settings["disclosure"]:
        yield f"{files} is generated, and {paper.called} asks for a disclosure where a generated picture is shown. Write its words into answerprint.toml: disclosure = \"...\""
