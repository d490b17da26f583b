"""Takes for a lined script, made up: who says what, how, and how far."""

from __future__ import annotations

import random
from collections.abc import Sequence

from answerprint.model.attempts import Covered, OffScript, Said
from answerprint.script import Item, Script, words
from answerprint.script.lining_sheet import LinedTake

OTHERWISE = ("tell", "no one’s", "forty", "didn’t", "the", "absolutely wonderful", "Larkspur")
REMARKS = ("That’s the one. Safety for me.", "Going again, right away, same size, and could we lose the cup on the left please?", "Did you hear that? Keep rolling.")


def said(item: Item, dice: random.Random, *, whole: bool = True, slips: float = 0.06, at: float = 2.0) -> tuple[tuple[Said, ...], float]:
    """The words of an item, mostly as written; when the last ends."""
    out: list[Said] = []
    written = words(item.text)
    stop = len(written) if whole else max(1, len(written) * 2 // 3)
    for word in written[:stop]:
        throw = dice.random()
        how = "missed" if throw < slips / 2 else "changed" if throw < slips else "said"
        heard = None if how == "missed" else dice.choice(OTHERWISE) if how == "changed" else word.written.lower()
        out.append(Said(how=how, script=word.written, heard=heard, in_s=None if how == "missed" else round(at, 3), out_s=None if how == "missed" else round(at + 0.25, 3)))  # type: ignore[arg-type]
        at += 0.3
        if dice.random() < slips / 4:
            out.append(Said(how="added", script=None, heard="really", in_s=round(at, 3), out_s=round(at + 0.2, 3)))
            at += 0.3
    out += [Said(how="missed", script=word.written, heard=None) for word in written[stop:]]
    return tuple(out), at


def take(slate: str, items: Sequence[Item], dice: random.Random, *, whole: bool = True, camera: str = "on", slips: float = 0.06, **more: object) -> LinedTake:
    """One take of these items, one after the other."""
    at, covered = 2.0, []
    for n, item in enumerate(items):
        to_the_end = whole or n + 1 < len(items)
        if item.spoken:
            spoken, end = said(item, dice, whole=to_the_end, slips=slips, at=at)
        else:
            spoken, end = (), at + 4.0
        covered.append(Covered(
            attempt=1, item=item.number, kind=item.kind, in_s=round(at, 3), out_s=round(end, 3), complete=to_the_end,
            camera="off" if item.kind == "voice-over" else camera, words=spoken,  # type: ignore[arg-type]
        ))  # fmt: skip
        at = end + 0.5
    given = {"clip": f"rushes/A001_{slate}.mov", "attempt": 1, "in_s": 1.0, "length_s": at + 1.0, **more}
    return LinedTake(slate=slate, covered=tuple(covered), **given)  # type: ignore[arg-type]


def day(script: Script, per_item: int, *, seed: int = 1, slips: float = 0.06, items: int | None = None) -> list[LinedTake]:
    """A day: every stretch of items gets `per_item` takes, some short, some off camera, some circled, some with something said around them."""
    dice = random.Random(seed)
    out: list[LinedTake] = []
    todo = [item for item in script.items if not item.card and item.stock is None][:items]
    at, set_up = 0, 1
    while at < len(todo):
        stretch = [todo[at]]
        while len(stretch) < dice.randint(1, 4) and at + len(stretch) < len(todo) and todo[at + len(stretch)].scene == stretch[0].scene:
            stretch.append(todo[at + len(stretch)])
        for n in range(1, per_item + 1):
            letter = chr(65 + n * 3 // (per_item + 1))
            mine = stretch[dice.randint(0, len(stretch) - 1) :] if dice.random() < 0.25 else stretch
            begin = 1.0
            made = take(
                f"{set_up}{letter}-{n}", mine, dice, whole=dice.random() > 0.2, camera=dice.choice(["on", "on", "on", "off", "unknown"]), slips=slips, size=["MS", "CU", "ECU"][ord(letter) - 65],
                roll="A001", cameras=("A", "B") if n % 3 == 0 else ("A",), lens="50 mm", timecode=f"05:{set_up % 60:02d}:{n % 60:02d}:09", circled=n == (per_item + 1) // 2,
                circled_by="Lena Faro" if n == (per_item + 1) // 2 else None, kind="pickup" if mine is not stretch and mine != stretch else "take",
                comment="Eyeline a touch low at the top, lovely after." if dice.random() < 0.12 else None, comment_by="Ade Okoro",
                off_script=(OffScript(in_s=begin + 1.2, out_s=begin + 2.0, text="Okay. Morning.", attempt=1),) if dice.random() < 0.15 else (),
                remarks=(OffScript(in_s=900.0, out_s=902.0, text=dice.choice(REMARKS), attempt=1, remark=True, speaker=dice.choice(["Jonas Weil", None])),) if dice.random() < 0.25 else (),
                conflicts=("The slate’s picture says 3A-4, the paper says 3A-5.",) if dice.random() < 0.03 else (),
            )  # fmt: skip
            out.append(made)
        at += len(stretch)
        set_up += 1
    return out
