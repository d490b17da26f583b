"""The sound mixer: rooms that jump at a cut, words that were made out elsewhere, words under the bed, silences that nobody kept.

Of the bed over a word it speaks where the cut's own program wrote down how loud clips are played, and nobody has mixed the film yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from answerprint.critics.ducking import ducked
from answerprint.model.extend import Critic
from answerprint.model.ideas import Case, Cited, Idea, Offer, Shot
from answerprint.signal.audibility import POOR

TONE_DB = 6.0  #: twice the pressure: a room that is heard to change at the cut
UNSURE, SURE = 0.5, 0.9  #: mean probability of a word's tokens: under the one the listener guesses, over the other it hears
SILENCE_S = 0.8  #: longer than a breath between sentences (0.3 to 0.6 s in read speech)


def run(case: Case) -> Iterable[Idea]:
    """Ideas about what is heard, in the order of the film. Empty where nothing was listened to."""
    found = [*_tone(case), *_word(case), *_covered(case), *_silence(case)]
    return sorted(found, key=lambda idea: int(idea.on.partition(":")[2]))


def _idea(case: Case, shot: Shot, text: str, names: Iterable[str], *, gives_up: str, away: bool = False, offer: Offer | None = None) -> Iterator[Idea]:
    facts: tuple[Cited, ...] | None = case.cite([f"cut:{shot.number} uses", *names])
    if facts is not None:
        yield Idea(critic="sound", on=f"cut:{shot.number}", text=text, facts=facts, offer=offer, gives_up=gives_up, away=away)


def _tone(case: Case) -> Iterator[Idea]:
    for shot in case.shots:
        before, _ = case.near(shot)
        here, there = case.number(f"cut:{shot.number} room dbfs"), case.number(f"cut:{before.number} room dbfs") if before is not None else None
        if before is None or here is None or there is None or case.fact(f"cut:{shot.number} bed at in") is not False or abs(here - there) < TONE_DB:
            continue
        if shot.file == before.file and abs(shot.in_s - before.out_s) * shot.rate < 1:
            continue  # the sound runs on: nothing was cut
        text = f"The room {'opens' if here > there else 'drops out'} at the cut into shot {shot.number}: {there:.0f} dB before it, {here:.0f} after, as recorded, and no bed to hide it. Lay tone across, or make the hole the point."
        names = [f"cut:{before.number} room dbfs", f"cut:{shot.number} room dbfs", f"cut:{shot.number} bed at in", f"cut:{before.number} uses"]
        yield from _idea(case, shot, text, names, gives_up="A hard cut that can be heard, if that was wanted.")


def _word(case: Case) -> Iterator[Idea]:
    for fact in case.known.facts:
        if not fact.name.startswith("word:"):
            continue
        row = fact.value
        shot = case.shot(row["shot"])
        if shot is None or float(row["here"]) >= UNSURE or float(row["there"]) < SURE:
            continue
        text = f"\"{row['word']}\" in shot {shot.number} was not made out for sure; in {row['slate']} it was, plainly. Put that one under this picture and see whether the lips forgive it."
        yield from _idea(case, shot, text, [fact.name], gives_up="The word as it was said in the picture that is seen.")


def _covered(case: Case) -> Iterator[Idea]:
    """Words of one shot that the bed leaves too little of: said once for the shot, with the bed out around them to be listened to."""
    found: dict[int, list[tuple[str, Mapping[str, Any]]]] = {}
    for fact in case.known.facts:
        if fact.name.startswith("covered:") and float(fact.value["left"]) < POOR:
            found.setdefault(fact.value["shot"], []).append((fact.name, fact.value))
    for number, rows in found.items():
        shot = case.shot(number)
        if shot is None:
            continue
        told = [f"\"{row['word']}\" at {float(row['at_s']):.1f} s ({float(row['left']):.0%})" for _, row in rows]
        words = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
        under = " and ".join(dict.fromkeys(str(row["under"]) for _, row in rows))
        stands = next((row for _, row in rows if row.get("there") is not None), None)
        other = f" In {stands['slate']} \"{stands['word']}\" would stand over it ({float(stands['there']):.0%})." if stands is not None else ""
        text = f"In shot {number} {under} lies over {words}: so much is left of what makes a word understood, and under {POOR:.0%} it is poor (ANSI S3.5). Take the bed out of its way for that moment.{other}"
        offer = ducked(case, f"{case.version} shot {number} bed out", [(Fraction(row["at_s"]), Fraction(row["to_s"]), str(row["under"])) for _, row in rows])
        yield from _idea(case, shot, text, [name for name, _ in rows], offer=offer, gives_up="A bed that runs through, and a word that has to be leaned in for.")


def _silence(case: Case) -> Iterator[Idea]:
    """A pause between two words that is under the bed from end to end: the longest one of the film."""
    rows = [(float(row["seconds"]), shot, row) for shot in case.shots if (row := case.fact(f"cut:{shot.number} pause under bed")) is not None]
    rows = [one for one in rows if one[0] >= SILENCE_S]
    if not rows:
        return
    seconds, shot, row = max(rows, key=lambda one: one[0])
    text = f"Between \"{row['before']}\" and \"{row['after']}\" nobody speaks for {seconds:.1f} s, and the bed fills all of it. Drop it out there. It is the longest silence this film has, and nobody has heard it yet."
    yield from _idea(case, shot, text, [f"cut:{shot.number} pause under bed"], gives_up="The bed's way through the film in one piece.", away=True)


critic = Critic(name="sound", version=2, run=run, seat="sound mixer", says="rooms at a cut, words, what the bed covers, silences")
