"""Starting points: whose eyes, when, what is held back, in which form. Put together, they are a way to begin and not yet an idea.

Each says what it asks, what it risks, and which words of a brief it meets head on. `{product}` is what the brief calls it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from answerprint.briefing.brief import Brief, Field, Point

__all__ = ["AXES", "Clash", "Frame", "Way", "clashes", "combinations", "title"]

_SEEN: tuple[Field, ...] = ("must-haves", "mandatories", "deliverables", "avoid", "people", "sound", "tone", "aim")


@dataclass(frozen=True, kw_only=True)
class Way:
    """One choice along one axis."""

    name: str  #: in a title: "one unbroken shot"
    says: str
    asks: str
    risks: str
    meets: str = ""  #: words of a brief that it runs into, as a pattern
    then: str = ""  #: the question where it does


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One choice along each axis."""

    eyes: Way
    when: Way
    held: Way
    form: Way

    @property
    def ways(self) -> tuple[Way, ...]:
        return self.eyes, self.when, self.held, self.form

    @property
    def text(self) -> str:
        """All that it says, asks and risks: what two of them are compared by."""
        return " ".join(part for way in self.ways for part in (way.says, way.asks, way.risks))


@dataclass(frozen=True, kw_only=True)
class Clash:
    """Where a starting point meets something that the brief says."""

    point: Point
    asks: str


_PICTURED = r"\b(?:pack|pack ?shot|product|can|bottle|box|logo|pour|demo|demonstrat\w*|show\w*|seen|visible|close[- ]?up|hero)\b"
_SPOKEN = r"\b(?:line|said|say|says|spoken|speak\w*|voice|voice[- ]?over|vo|dialogue|testimonial\w*|interview\w*|tell\w*)\b"
_SHORT_ONES = r"(?<![\d.])(?:6|10|15)\s*(?:-\s*)?(?:s|secs?|seconds?|\"|″)(?!\w)|\bcut-?downs?\b|\bbumpers?\b"

AXES: dict[str, tuple[Way, ...]] = {
    "eyes": (
        Way(name="the minute before", says="We are with one of the people it is for, in the minute before they know that they want {product}.", asks="What are their hands doing in that minute?", risks="A minute of wanting can be a minute of nothing: something has to be at stake before it arrives."),
        Way(name="the one who would never", says="We follow somebody who would never touch {product}, and who stays to the end all the same.", asks="What keeps a refuser in the room?", risks="A client may hear a film against themselves; say early who is laughed at.", meets=r"\b(?:customers?|users?|fans?|testimonial\w*)\b", then="who speaks for it, if the one we follow never would?"),
        Way(name="whoever makes it", says="Somebody who makes {product} carries us along, late in a shift, without explaining it once.", asks="Which movement do they make a thousand times that nobody outside has ever watched?", risks="Work on film turns into a brochure as soon as it is lit like one.", meets=r"\b(?:real (?:customers?|guests?|people)|customers?)\b", then="where do they come in, if the maker carries the film?"),
        Way(name="a bystander", says="A stranger watches from the side: the waiter, the neighbour, the driver in the next lane. {product} is someone else's affair.", asks="What does the stranger get wrong about it?", risks="Distance is cool to look at and easily cold."),
        Way(name="where it stands", says="The camera never leaves the shelf, table or seat where {product} stands: what passes by in front of it is the film.", asks="Who comes past twice?", risks="Nothing moves but people: casting carries every second.", meets=r"\b(?:drive|drives|driving|travel|journey|street|outdoor|aerial|drone)\b", then="how does that happen before a camera that stays with the product?"),
        Way(name="the giver", says="Whoever hands {product} to somebody else is the one we watch, while the other opens it off screen.", asks="What did the giver hope for, and was it that?", risks="Giving pulls towards Christmas and violins."),
        Way(name="two who disagree", says="A pair argue over {product} from first to last; neither wins and both are right.", asks="What are they really arguing about?", risks="Banter needs writing that survives the fifth viewing, and casting before anything.", meets=r"\b(?:no (?:dialogue|talking|actors?))\b", then="how do two people disagree under that?"),
    ),
    "when": (
        Way(name="the day before", says="Everything happens the day before {product} is needed; the day itself is left to the audience.", asks="Which preparation gives away what tomorrow is?", risks="Whoever looks away once has missed what it was for."),
        Way(name="ten seconds stretched", says="Ten seconds of story fill the whole length: one gesture, opened up.", asks="Which gesture is worth it?", risks="High frame rates need light, and slow is not the same as grand.", meets=_SHORT_ONES, then="what is left of a stretched gesture in that length?"),
        Way(name="a year in one place", says="A single spot through twelve months; people change, weather changes, the frame does not.", asks="What stays in the frame all year that should have gone?", risks="Seasons are bought, waited for or faked: decide before the budget does.", meets=r"\b(?:one day|single day|studio|shoot day)\b", then="how is a year shot in that?"),
        Way(name="afterwards", says="It is over when we arrive: plates, wet coats, an empty chair. What happened is read from what is left.", asks="Which object tells most, and who left it there?", risks="An aftermath without a person in it is a still life.", meets=_PICTURED, then="when is that in picture, if everything has already happened?"),
        Way(name="dusk to light", says="One night, in order, from the last daylight to the first.", asks="Who is awake at four, and why?", risks="Nights are overtime, permits and a crew that fades."),
        Way(name="backwards", says="The order is turned round: the last consequence comes first, and each scene is the cause of the one before.", asks="Which cause is small enough to be the final picture?", risks="A short version of a reversed story explains nothing: cut it on paper first.", meets=_SHORT_ONES, then="does a reversed story hold in that length?"),
        Way(name="second for second", says="Story time is screen time; no ellipsis, the clock on the wall agrees with the timecode.", asks="What takes exactly that long?", risks="A dull second cannot be cut out.", meets=r"\b(?:montage|timelapse|time-lapse|before and after|transformation)\b", then="how, if no time is skipped?"),
    ),
    "held": (
        Way(name="not seen until last", says="{product} stays out of picture up to the final shot; we only watch what it changes.", asks="What could the audience believe it is until then?", risks="Skippable media lose whoever leaves before the end.", meets=_PICTURED, then="how, if it is kept out of picture until the final shot?"),
        Way(name="no face", says="No face is shown: hands, backs of heads, breath, shadows on a wall.", asks="Whose hands, and what have they been through?", risks="Faceless people are soon anybody's stock footage.", meets=r"\b(?:faces?|smil\w*|portrait|real (?:guests?|people|customers?|nurses?)|ambassador|celebrit\w*|testimonial\w*)\b", then="how does that go without a face?"),
        Way(name="no word", says="Not one word is spoken or sung; what is written appears once.", asks="Where would the voice-over have come, and what stands there instead?", risks="A silent spot lives on its sound crew; give them a day.", meets=_SPOKEN, then="how, if nobody says a word?"),
        Way(name="where we are", says="The place is kept from us: tight frames, shallow focus, until one wide tells it.", asks="What do we take it for, before the wide?", risks="If the reveal is not worth it the rest was merely cramped.", meets=r"\b(?:garden|location|landscape|city|wide|drone|aerial|building|shop|store)\b", then="may that wait for the one wide shot?"),
        Way(name="no music", says="There is no score: only what the things in frame sound like, close.", asks="Which sound is the melody?", risks="Sound that was not recorded on set is rebuilt at a price.", meets=r"\b(?:music|song|track|jingle|anthem|piano|score)\b", then="does that hold, if there is no score?"),
        Way(name="why they do it", says="The reason is withheld: people do something odd with great care, and only the closing line says what for.", asks="What is the oddest honest thing that they could be doing?", risks="A riddle with a weak answer is remembered for its weakness."),
        Way(name="nothing", says="Nothing is hidden at all: {product} is in every frame, somewhere, without anybody pointing at it.", asks="Where is it when the frame is about something else?", risks="Count the frames with the client before the shoot, or they will be counted after.", meets=r"\b(?:subtle|no product|not (?:a )?product|no packs?hots?|no branding)\b", then="does in every frame still keep to that?"),
    ),
    "form": (
        Way(name="one unbroken shot", says="A single take without a cut.", asks="Where does the camera have to be that it cannot be?", risks="One take is one chance in rehearsal days: ask for them now.", meets=_SHORT_ONES, then="what is that cut from, if there is no cut?"),
        Way(name="fixed frames", says="A handful of locked-off compositions, each held longer than is comfortable.", asks="Which frame would hang on a wall?", risks="Stillness shows every fault of set and grade.", meets=r"\b(?:dynamic|fast|energetic|energy|handheld|action|pace)\b", then="how is that kept by frames that stand still?"),
        Way(name="into the lens", says="Portraits: somebody looks straight at us and does not look away.", asks="What do they decide not to tell us?", risks="Being looked at for that long turns to staring without a thought behind it.", meets=r"\b(?:no actors?|nobody on screen|no people|no faces?)\b", then="who looks at us, under that?"),
        Way(name="an instruction film", says="It pretends to be a manual: step one, step two, until the steps stop being about {product}.", asks="At which step does it tip over?", risks="Parody of a form needs the form done better than the original."),
        Way(name="a letter", says="A letter is read aloud over pictures that do not illustrate it.", asks="To whom, and why was it never sent?", risks="Read text and legal text compete; clear the supers away from it.", meets=r"\b(?:no voice[- ]?over|without voice|no vo)\b", then="who reads the letter then?"),
        Way(name="a search", says="Somebody is looking for something through every room, and we help.", asks="What do they find that they were not looking for?", risks="Geography: if rooms do not connect, nobody can search them."),
        Way(name="found pictures", says="Assembled from cameras that happened to be there: doorbell, dashboard, phone, shop ceiling.", asks="Who collected these, and what for?", risks="Fake found footage is forgiven nothing, and real footage needs every release.", meets=r"\b(?:premium|cinematic|beautiful|glossy|elegant|high[- ]end|luxur\w*)\b", then="is that still true of a shop's ceiling camera?"),
        Way(name="a game with one rule", says="A rule is set in the opening shot and kept, strictly, until it is broken once.", asks="Who breaks it?", risks="If the rule takes explaining, there is no time left to break it."),
    ),
}  # fmt: skip
#: What cannot stand together, by name.
_APART = {frozenset(pair) for pair in (
    ("one unbroken shot", "a year in one place"), ("one unbroken shot", "backwards"), ("one unbroken shot", "ten seconds stretched"), ("one unbroken shot", "dusk to light"),
    ("one unbroken shot", "found pictures"), ("into the lens", "no face"), ("into the lens", "no word"), ("a letter", "no word"), ("two who disagree", "no word"), ("where it stands", "not seen until last"),
    ("where it stands", "a search"), ("where it stands", "into the lens"), ("where it stands", "where we are"), ("found pictures", "ten seconds stretched"), ("found pictures", "second for second"), ("into the lens", "afterwards"),
    ("fixed frames", "second for second"), ("a year in one place", "where we are"), ("the minute before", "afterwards"), ("the minute before", "a year in one place"), ("the minute before", "dusk to light"), ("the day before", "the minute before"),
    ("a year in one place", "two who disagree"), ("into the lens", "a bystander"), ("where it stands", "nothing"), ("where it stands", "one unbroken shot"), ("fixed frames", "ten seconds stretched"),
)}  # fmt: skip


def combinations(seed: str) -> Iterator[Frame]:
    """Every frame whose parts can stand together, in an order that the seed alone shuffles: none of them is recommended."""
    found = [
        Frame(eyes=eyes, when=when, held=held, form=form)
        for eyes in AXES["eyes"] for when in AXES["when"] for held in AXES["held"] for form in AXES["form"]
        if not any(frozenset((one.name, other.name)) in _APART for one in (eyes, when, held, form) for other in (eyes, when, held, form))
    ]  # fmt: skip
    random.Random(seed).shuffle(found)
    yield from found


def title(frame: Frame) -> str:
    """A name to call it by: "One unbroken shot, no word"."""
    words = f"{frame.form.name}, {frame.when.name}"
    return words[0].upper() + words[1:]


def clashes(frame: Frame, brief: Brief) -> tuple[Clash, ...]:
    """Where it meets the brief head on: found by words, so it may miss one and may name one that is none."""
    found = []
    for way in frame.ways:
        if not way.meets:
            continue
        for field in _SEEN:
            for point in brief.says(field):
                if re.search(way.meets, f"{point.text}", re.IGNORECASE):
                    found.append(Clash(point=point, asks=way.then))
                    break
            else:
                continue
            break
    return tuple(found)
