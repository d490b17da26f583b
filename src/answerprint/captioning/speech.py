"""What is said in a version's film, word by word: the lined words of the script, and everything else that somebody says in the cut.

A word of the script stands as the script writes it where it was said, as it was heard where it was changed; a name of the script that was
only heard otherwise keeps its spelling. A word that was missed is not there.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from answerprint.model.attempts import Covered, Heard, Said
from answerprint.model.time import Span
from answerprint.turnover import synced_clip

if TYPE_CHECKING:
    from answerprint.delivery.captioning.breaking import Word
    from answerprint.delivery.captioning.heard import Stretch
    from answerprint.desk import Desk
    from answerprint.plan import Unit

__all__ = ["Speech", "speech"]

_NEAR = 0.6  #: how near a name and what was heard for it must sound ("Barfield" for "Larkfield" 0.71)
_JOIN_S = Fraction(1)  #: of music: a shorter hole is none
_UNSURE = -2  #: the place of a word that is in no item and was not heard surely
_DOUBT = 0.5  #: mean probability of a word's tokens; under it the listener guesses
_END = re.compile(r"[.!?…,;:–—]+$")


@dataclass(frozen=True)
class _Spoken:
    """A word on the clock of the medium that it was found in."""

    text: str
    in_s: Fraction
    out_s: Fraction
    clip: str  #: digest of the clip or sound that it was lined in
    item: int | None = None
    place: int = -1  #: of the word in its item
    speaker: str = ""
    camera: str = "unknown"
    doubt: bool = False  #: the listener was not sure of it, and no script says what it is


@dataclass(frozen=True, kw_only=True)
class Speech:
    """The words of a film in order, where each of the script stands in its item, where music plays, and what nobody listened to."""

    words: tuple[Word, ...]
    places: tuple[int, ...]  #: of each word in its item, from 0; below 0 for what is in no item
    music: tuple[Span, ...]
    units: tuple[Unit, ...]  #: that are heard
    says: tuple[str, ...]
    beds: tuple[Stretch, ...] = ()  #: the sounds that `music` is made of


def speech(desk: Desk, timeline: Any) -> Speech:
    """Everything that is said in a cut.

    Raises: TimelineError: a clip whose length cannot be told.
    """
    from answerprint.delivery.captioning.heard import heard, seen

    listener = _Listener(desk)
    found: list[tuple[Any, int, str]] = []
    units: dict[str, Unit] = {}
    unknown: dict[str, None] = {}
    stretches, pictures = heard(timeline), seen(timeline)
    for one in stretches:
        unit = listener.unit(one)
        if unit is not None:
            units[unit.digest] = unit
            found += listener.words(one, unit, pictures)
        elif one.stem not in ("music", "effects") and not listener.is_music(one):
            unknown[one.media.file or one.media.name] = None
    found = _once(sorted(found, key=lambda one: (one[0].in_s, one[0].out_s)), listener, pictures)
    beds = tuple(one for one in stretches if one.stem == "music" or listener.is_music(one))
    speakers = {word.speaker for word, _, _ in found if word.speaker}
    says = tuple(f"{name} was not read by prep: what is said in it is not captioned." for name in unknown)
    says += tuple(_unsure(found))
    return Speech(
        words=tuple(listener.named(word, clip, pictures, several=len(speakers) > 1) for word, _, clip in found), places=tuple(place for _, place, _ in found),
        music=_joined(Span(start_s=one.start_s, end_s=one.end_s) for one in beds), units=tuple(units.values()), says=says, beds=beds,
    )  # fmt: skip


class _Listener:
    """Knows what was said in each medium of a production."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._units = {unit.original.digest: unit for unit in desk.shoot.units if unit.original} | {unit.digest: unit for unit in desk.shoot.units}
        self._by_file = {one.file: unit for unit in desk.shoot.units for one in (unit, unit.original) if one is not None}
        self._said: dict[str, list[_Spoken]] = {}

    def unit(self, one: Stretch) -> Unit | None:
        return self._units.get(one.media.digest or "") or self._by_file.get(one.media.file)

    def is_music(self, one: Stretch) -> bool:
        """Whether a fact or a person says that a medium is music: a playback master, the chosen bed."""
        return (one.media.digest or "") in self._masters or one.media.file in self._beds

    @functools.cached_property
    def _masters(self) -> frozenset[str]:
        sounds = self._desk.shoot.facts(None).get("sounds")
        return frozenset(row["sound"] for row in sounds.value("sounds.playback", [])) if sounds else frozenset()

    @functools.cached_property
    def _beds(self) -> frozenset[str]:
        choices = [one.choice for (judgment, _), one in self._desk.drafts.items() if judgment == "music bed"]
        choices += [one.decided.choice for (judgment, _), one in self._desk.decisions.items() if judgment == "music bed"]
        return frozenset(choice["file"] for choice in choices if choice.get("file"))

    # ---- words of a medium

    def words(self, one: Stretch, unit: Unit, pictures: Sequence[Stretch]) -> Iterator[tuple[Any, int, str]]:
        """The words of a stretch of the cut: (word, its place in its item, the clip that it was lined in)."""
        from answerprint.delivery.captioning.breaking import Word

        begins = self._begins(one, unit)
        for said in self._of(unit):
            middle = (said.in_s + said.out_s) / 2 + begins
            if one.source_s <= middle < one.source_end_s:
                first, last = max(one.start_s, one.film_s(said.in_s + begins)), min(one.end_s, one.film_s(said.out_s + begins))
                yield Word(text=said.text, in_s=first, out_s=max(first, last), speaker=said.speaker, item=said.item, name=said.camera), _UNSURE if said.doubt else said.place, said.clip

    def _begins(self, one: Stretch, unit: Unit) -> Fraction:
        """Where the medium begins on the clock that the cut counts it by."""
        from answerprint.timeline.cut import start_and_length

        return start_and_length(unit.info).start_s if one.clocked else Fraction(0)

    def _of(self, unit: Unit) -> list[_Spoken]:
        if unit.digest not in self._said:
            own = list(self._lined(unit))
            if not unit.is_clip:
                own = [*self._wild(unit, own), *(moved for clip, sound in self._under.get(unit.digest, []) for moved in _moved(self._of(clip), sound))]
            self._said[unit.digest] = sorted(own, key=lambda word: word.in_s)
        return self._said[unit.digest]

    def _wild(self, unit: Unit, words: Iterable[_Spoken]) -> Iterator[_Spoken]:
        """What a recorder heard while no camera ran; the rest was lined with its clip."""
        wild = self._desk.shoot.facts(unit).get("wild")
        spans = [(Fraction(str(in_s)), Fraction(str(out_s))) for in_s, out_s in wild.value("wild.spans", [])] if wild else []
        for word in words:
            if not self._under.get(unit.digest) or any(in_s <= (word.in_s + word.out_s) / 2 < out_s for in_s, out_s in spans):
                yield word

    @functools.cached_property
    def _under(self) -> Mapping[str, list[tuple[Unit, Any]]]:
        """The clips that each recorder's sound lies under."""
        found: dict[str, list[tuple[Unit, Any]]] = {}
        for clip in self._desk.shoot.clips:
            synced = synced_clip(self._desk.shoot, clip)
            for sound in synced.sounds if synced is not None else ():
                found.setdefault(sound.digest, []).append((clip, sound))
        return found

    def _lined(self, unit: Unit) -> Iterator[_Spoken]:
        """The words of a clip or sound on its own clock: of the script's items first, then what no item holds."""
        taken: list[tuple[float, float]] = []
        for one_unit, _, covered in self._desk.table.tries:
            for one in covered if one_unit.digest == unit.digest else ():
                for place, text, said in self._written(one):
                    assert said.in_s is not None
                    assert said.out_s is not None
                    if any(in_s <= (said.in_s + said.out_s) / 2 <= out_s for in_s, out_s in taken):
                        continue  # two items hold the same words: the first is meant
                    item = self._desk.items.get(one.item)
                    off = item is not None and (item.off_camera or one.kind == "voice-over")
                    yield _Spoken(text, _exact(said.in_s), _exact(said.out_s), unit.digest, one.item, place, (item.character if item else None) or "", "off" if off else one.camera)
                taken += [(said.in_s, said.out_s) for said in one.words if said.in_s is not None and said.out_s is not None]
        for word in self._desk.table.words(unit):
            if not any(in_s < word.out_s and word.in_s < out_s and min(out_s, word.out_s) - max(in_s, word.in_s) > 0.5 * (word.out_s - word.in_s) for in_s, out_s in taken):
                yield _Spoken(_as_heard(word), _exact(word.in_s), _exact(word.out_s), unit.digest, doubt=word.probability < _DOUBT)

    def _written(self, one: Covered) -> Iterator[tuple[int, str, Said]]:
        """Each word of a reading that was said, as a caption writes it."""
        item = self._desk.items.get(one.item)
        text, cursor, place = (item.flat if item is not None else ""), 0, -1
        held: tuple[int, str, Said] | None = None
        for said in one.words:
            mark, start = "", True
            if said.script is not None:
                place += 1
                at = text.find(said.script, cursor)
                if at >= 0:
                    lead, start = _lead(text, cursor, at), _begins_sentence(text, at)
                    cursor = at + len(said.script)
                    mark = re.match(r"[^\w\s]*(?:\s[–—](?=\s))?", text[cursor:])[0]  # type: ignore[index]
                    cursor += len(mark)
                else:
                    lead = ""
            if said.in_s is None or said.out_s is None:
                if held is not None and mark and not _END.search(held[1]):
                    held = held[0], held[1] + mark, held[2]  # the sentence ends though its last word was left out
                continue
            if held is not None:
                yield held
            if said.script is not None and (said.how == "said" or self._is_name(said)):
                held = place, f"{lead}{said.script}{mark}", said
            else:
                heard = _bare(said.heard or "")
                heard = heard[:1].upper() + heard[1:] if said.script is not None and start else heard
                held = place, heard + (mark if said.script is not None else ""), said
        if held is not None:
            yield held

    def _is_name(self, said: Said) -> bool:
        """Whether a changed word is a name of the script that the listener did not know: it sounds near, and is spelt by the script."""
        from answerprint.script.sounding import nearness

        key = (said.script or "").casefold().removesuffix("'s").removesuffix("’s")
        return key in self._names and nearness((said.script or "").casefold(), _bare(said.heard or "").casefold()) >= _NEAR

    @functools.cached_property
    def _names(self) -> frozenset[str]:
        """Brands and people: what the script never writes small, and writes large where no sentence begins; the title's and client's own words too."""
        script = self._desk.table.script
        texts = [element.text for element in script.elements if element.printed] if script is not None else []
        small, large = set(), set()
        for text in texts:
            for match in re.finditer(r"[^\W\d_]+", text):
                word = match[0]
                if word[0].islower():
                    small.add(word.casefold())
                elif len(word) > 2 and not _begins_sentence(text, match.start(), colon=False):
                    large.add(word.casefold())
        settings = self._desk.production.settings
        large |= {word.casefold() for word in re.findall(r"[^\W\d_]{3,}", f"{settings['title'] or ''} {settings['client'] or ''}")}
        return frozenset(large - small)

    # ---- who is seen

    def named(self, word: Word, clip: str, pictures: Sequence[Stretch], *, several: bool) -> Word:
        """A word with the name of who says it, where they are not seen, or where several speak and the picture does not say who."""
        from dataclasses import replace

        camera = word.name if self.shows(clip, word, pictures) else "unknown" if self._same_take(clip, word, pictures) else "off"
        wanted = camera == "off" or (camera == "unknown" and several)
        return replace(word, name=word.speaker if wanted else "")

    def shows(self, clip: str, word: Word, pictures: Sequence[Stretch]) -> bool:
        """Whether the clip that a word was lined in is on screen while it is said."""
        return self._on_screen(word, pictures) == clip

    def _on_screen(self, word: Word, pictures: Sequence[Stretch]) -> str | None:
        middle = (word.in_s + word.out_s) / 2
        shown = [unit.digest for one in pictures if one.start_s <= middle < one.end_s and not one.media.still and (unit := self.unit(one)) is not None]
        return shown[-1] if shown else None

    def _same_take(self, clip: str, word: Word, pictures: Sequence[Stretch]) -> bool:
        return any({clip, self._on_screen(word, pictures)} <= group for group in self._angles)

    @functools.cached_property
    def _angles(self) -> tuple[frozenset[str | None], ...]:
        return tuple(frozenset(unit.digest for unit, _ in group) for group in self._desk.table.angles())


def _exact(at_s: float) -> Fraction:
    return Fraction(str(at_s))


def _moved(words: Sequence[_Spoken], sound: Any) -> Iterator[_Spoken]:
    """Words of a clip on the clock of the recorder's sound under it."""
    for word in words:
        yield _Spoken(word.text, sound.after(word.in_s), sound.after(word.out_s), word.clip, word.item, word.place, word.speaker, word.camera, word.doubt)


def _lead(text: str, cursor: int, at: int) -> str:
    """Signs that stand before a word and belong to it: a quotation mark, ¿."""
    return re.search(r"[^\w\s]*$", text[cursor:at])[0]  # type: ignore[index]


def _begins_sentence(text: str, at: int, *, colon: bool = True) -> bool:
    before = text[:at].rstrip(" \t\n\"'“‘«(¿¡")
    return not before or before[-1] in ".!?…" + ":–—|" * colon


def _bare(text: str) -> str:
    return _END.sub("", text.strip()).strip("\"“”")


def _as_heard(word: Heard) -> str:
    return word.text.strip()


def _once(found: Sequence[tuple[Any, int, str]], listener: _Listener, pictures: Sequence[Stretch]) -> list[tuple[Any, int, str]]:
    """Each word once, though two tracks play it or two cameras' clips lie over one recorder: the clip on screen is believed, else the first."""
    out: list[tuple[Any, int, str]] = []
    for one in found:
        word, _, clip = one
        twin = next((n for n in range(len(out) - 1, max(-1, len(out) - 12), -1) if _twins(out[n], one)), None)
        if twin is None:
            out.append(one)
        elif out[twin][2] != clip and listener.shows(clip, word, pictures) and not listener.shows(out[twin][2], out[twin][0], pictures):
            out[twin] = one
    return sorted(out, key=lambda one: (one[0].in_s, one[0].out_s))


def _twins(one: tuple[Any, int, str], other: tuple[Any, int, str]) -> bool:
    (a, place, clip), (b, other_place, other_clip) = one, other
    if clip == other_clip and (a.item, place) != (b.item, other_place):
        return False
    overlap = min(a.out_s, b.out_s) - max(a.in_s, b.in_s)
    shorter = min(a.out_s - a.in_s, b.out_s - b.in_s)
    return bool(overlap > shorter / 2) if shorter > 0 else bool(overlap >= 0)


def _unsure(found: Sequence[tuple[Any, int, str]]) -> Iterator[str]:
    """A sentence for each stretch of words that somebody has to listen to: no script has them, and the listener was not sure."""
    run: list[Any] = []
    for word, place, _ in [*found, (None, 0, "")]:
        if run and (word is None or word.item is not None or word.in_s - run[-1][0].out_s > _JOIN_S):
            if any(at == _UNSURE for _, at in run):
                yield f"{' '.join(each.text for each, _ in run)!r} at {float(run[0][0].in_s):.1f} s is in no item of the script and was not heard surely: listen to it."
            run = []
        if word is not None and word.item is None:
            run.append((word, place))


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    out: list[Span] = []
    for one in sorted(spans):
        if out and one.start_s - out[-1].end_s <= _JOIN_S:
            out[-1] = Span(start_s=out[-1].start_s, end_s=max(out[-1].end_s, one.end_s))
        else:
            out.append(one)
    return tuple(out)
