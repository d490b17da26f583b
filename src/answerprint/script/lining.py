"""Lining: what each attempt covers of the script, what was said beside it, and what the crew said around it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from answerprint.model.attempts import Attempt, Covered, Heard, OffScript
from answerprint.script.matching import NEAR, PLAIN, Line, Reading, Token, find, line, tokens
from answerprint.script.records import Item
from answerprint.script.setcalls import Utterance, scrap, uncalled, utterances
from answerprint.script.slating import Slate, slates, spoken
from answerprint.script.wording import Weigh, worded
from answerprint.script.words import words

__all__ = ["Lined", "lined", "pictures", "read_wild"]

EDGE_S = 0.3  #: how far a first or last word may stand outside an attempt: boundaries are right to half a second
CALLED_S = 1.0  #: of an attempt's end: "cut" is called so near to it
ASIDE = 3  #: so many words in a row inside a line are a thing said, not a slip of the line: they are kept as off-script as well
WORD_ERR_S = 0.2  #: nineteen in twenty words are heard so near to where they are
LETTERS_A_SECOND = 25.0  #: hurried English stays below; what is faster the listener repeated to itself, and nobody said it
CIRCLE = 30  #: words that are looked for a second time
TOUCHING_S = 2.0  #: a word alone so soon before a slate is that slate's beginning
#: What an actor says who stops: where a line ends in one of these it was not finished.
BREAKS = frozenset(["sorry", "oops", "damn", "shoot", "wait", "ugh"])


@dataclass(frozen=True, kw_only=True)
class Lined:
    """One clip against the script."""

    covered: tuple[Covered, ...] = ()
    off_script: tuple[OffScript, ...] = ()
    remarks: tuple[OffScript, ...] = ()


def lined(
    items: Sequence[Item], heard: Sequence[Heard], attempts: Sequence[Attempt], *, weigh: Weigh | None = None, called_at: Sequence[float] = ()
) -> Lined:
    """Line the attempts of one clip.

    Args:   heard: every word of the clip, in order, unprompted.  attempts: in order, not overlapping.
            called_at: seconds at which a slate was read aloud.
    Returns: what is covered, in the order in which it was said; off-script speech; and remarks, each with the attempt it follows
            (the first attempt, for what is said before it). Nothing is off-script where there is no script.
    """
    lines = [line(item.number, item.text) for item in items if item.spoken]
    kinds = {item.number: item for item in items}
    vocabulary = [text for one in lines for ways in one.readings for way in ways for text in way]
    echoes = _echoes(heard)
    speech = [token for token in tokens(heard, vocabulary) if token.word not in echoes]
    covered: list[Covered] = []
    beside: list[OffScript] = []
    taken = set(echoes)
    for attempt in attempts:
        inside = [token for token in speech if _inside(token, attempt, attempts)]
        for one, reading, whole in _readings(lines, inside):
            if whole:
                reading = broken_off(reading, inside)
                covered.append(_covered(kinds[reading.item], attempt, one, reading, inside, heard, weigh))
                taken.update(_words(reading, inside))
    covered += pictures(items, attempts, covered)
    remarks: list[OffScript] = []
    slated = slates(spoken(heard))
    for said in utterances(heard, [index for index in range(len(heard)) if index not in taken]):
        left = _uncalled(heard, said, called_at, _expected(said, attempts))
        if left is None:
            continue
        held = _within(left, attempts)
        if held is None and attempts:
            if scrap(left) or _of_a_slate(left, slated):
                continue
            remarks.append(_off(left, _before(left, attempts).number, remark=True))
        elif items:
            beside.append(_off(left, held.number if held else None))
    beside += _asides(covered)
    return Lined(covered=tuple(covered), off_script=tuple(sorted(beside, key=lambda one: one.in_s)), remarks=tuple(_joined(remarks)))


def read_wild(items: Sequence[Item], heard: Sequence[Heard], *, weigh: Weigh | None = None) -> tuple[tuple[Attempt, ...], Lined]:
    """Lines read without a picture: one reading of an item is one attempt, of the kind "wild"; everything else is off-script."""
    lines = [line(item.number, item.text) for item in items if item.spoken]
    echoes = _echoes(heard)
    heard = [one for index, one in enumerate(heard) if index not in echoes]
    speech = tokens(heard, [text for one in lines for ways in one.readings for way in ways for text in way])
    attempts: list[Attempt] = []
    for _, reading, whole in _readings(lines, speech):
        if whole:
            said = [heard[index] for index in _words(reading, speech)]
            attempts.append(Attempt(number=len(attempts) + 1, in_s=said[0].in_s, out_s=said[-1].out_s, kind="wild"))
    if not attempts:
        left = [_uncalled(heard, one, ()) for one in utterances(heard, range(len(heard)))]
        return (), Lined(off_script=tuple(_off(one, None) for one in left if one is not None) if items else ())
    found = lined(items, heard, attempts, weigh=weigh)
    moved = [replace(one, attempt=None, remark=False) for one in found.remarks]
    off_script = sorted([*found.off_script, *moved], key=lambda one: one.in_s)
    return tuple(attempts), replace(found, off_script=tuple(off_script), remarks=())


# ---- lines


def _readings(lines: Sequence[Line], speech: Sequence[Token]) -> list[tuple[Line, Reading, bool]]:
    """What was read in a stretch, and whether it counts: a beginning that is taken again from the top is a restart."""
    by_item = {one.item: one for one in lines}
    found = find(lines, speech)
    out = []
    for at, reading in enumerate(found):
        again = any(later.item == reading.item and _reach(later) > _reach(reading) for later in found[at + 1 :])
        out.append((by_item[reading.item], reading, not (again and _broken(reading))))
    return out


def _reach(reading: Reading) -> int:
    return max(index for pair in reading.pairs if pair.near >= NEAR for index in pair.script)


def _broken(reading: Reading) -> bool:
    """It stops before the line does, by more than a last word said differently."""
    return len(reading.tokens) - 1 - _reach(reading) > len(reading.tokens) // 5


def broken_off(reading: Reading, speech: Sequence[Token]) -> Reading:
    """A reading that ends in "sorry": from there on nothing of the line was said, and what was said is not the line's.

    Only where nothing after that word sounds like the line: "sorry" in the middle of a line that goes on is a word that was added.
    """
    for at, pair in enumerate(reading.pairs):
        texts = {speech[index].text for index in pair.heard}
        if pair.near < NEAR and texts & BREAKS and all(later.near < NEAR for later in reading.pairs[at:]):
            missed = tuple(replace(later, heard=(), near=0.0) for later in reading.pairs[at:] if later.script)
            return replace(reading, pairs=reading.pairs[:at] + missed)
    return reading


def _words(reading: Reading, speech: Sequence[Token]) -> list[int]:
    return sorted({speech[index].word for index in reading.used})


def _covered(
    item: Item, attempt: Attempt, one: Line, reading: Reading, speech: Sequence[Token], heard: Sequence[Heard], weigh: Weigh | None
) -> Covered:
    said = worded(one, reading, speech, heard, weigh)
    placed = [word for word in said if word.in_s is not None and word.out_s is not None]
    ends = [word for word in said if word.script is not None]
    return Covered(
        attempt=attempt.number, item=item.number, kind=item.kind,
        in_s=min(word.in_s for word in placed if word.in_s is not None), out_s=max(word.out_s for word in placed if word.out_s is not None),
        complete=ends[0].how != "missed" and ends[-1].how != "missed" and sum(word.how == "missed" for word in ends) * 4 <= len(ends),
        camera="off" if item.off_camera or item.kind == "voice-over" else "unknown", words=said,
    )  # fmt: skip


# ---- pictures


def pictures(items: Sequence[Item], attempts: Sequence[Attempt], covered: Sequence[Covered]) -> list[Covered]:
    """Picture rows and board frames by their slate: the attempt's scene names one of them and no other. Else nothing is covered.

    Args: covered: what is spoken in these attempts; one with a line spoken on camera is that line's.
    """
    speaking = {one.attempt for one in covered if one.kind == "line"}
    out = []
    for attempt in attempts:
        if attempt.number in speaking or attempt.kind in ("false start", "wild"):
            continue
        found = _shown(items, attempt)
        if found is not None and found.kind in ("picture", "board"):
            out.append(
                Covered(attempt=attempt.number, item=found.number, kind=found.kind, in_s=attempt.in_s, out_s=attempt.out_s, complete=attempt.kind != "restart", camera="on")
            )  # fmt: skip
    return out


def _shown(items: Sequence[Item], attempt: Attempt) -> Item | None:
    shot = [item for item in items if item.kind in ("picture", "board") and not item.card and item.stock is None]
    board = [item for item in shot if item.kind == "board"]
    for name in (attempt.scene, attempt.slate if board else None):
        if not name:
            continue
        for among in (_named(shot, name), _named(shot, name.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))):
            if len(among) == 1:
                return among[0]
            if among and attempt.comment:
                return _described(among, attempt.comment)
    return None


def _named(items: Sequence[Item], name: str) -> list[Item]:
    plain = name.strip().casefold().lstrip("0")
    return [item for item in items if plain and item.scene is not None and item.scene.strip().casefold().lstrip("0") == plain]


def _described(items: Sequence[Item], comment: str) -> Item | None:
    """The one row whose description shares the most distinctive words with what a person wrote about the take; None where two do."""
    said = {token for one in line(0, comment).readings for token in one[0]} - PLAIN
    shares = sorted(((len(said & ({token for one in line(0, item.text).readings for token in one[0]} - PLAIN)), item) for item in items), key=lambda pair: -pair[0])
    return shares[0][1] if shares[0][0] and (len(shares) == 1 or shares[1][0] < shares[0][0]) else None


# ---- beside the script


def _inside(token: Token, attempt: Attempt, attempts: Sequence[Attempt]) -> bool:
    at_s = (token.in_s + token.out_s) / 2
    if attempt.in_s <= at_s < attempt.out_s:
        return True
    near = attempt.in_s - EDGE_S <= at_s < attempt.out_s + EDGE_S
    return near and not any(other.in_s <= at_s < other.out_s for other in attempts)


def _within(said: Utterance, attempts: Sequence[Attempt]) -> Attempt | None:
    at_s = (said.in_s + said.out_s) / 2
    return next((attempt for attempt in attempts if attempt.in_s <= at_s < attempt.out_s), None)


def _before(said: Utterance, attempts: Sequence[Attempt]) -> Attempt:
    earlier = [attempt for attempt in attempts if attempt.out_s <= (said.in_s + said.out_s) / 2]
    return earlier[-1] if earlier else attempts[0]


def _uncalled(heard: Sequence[Heard], said: Utterance, called_at: Sequence[float], expected: str | None = None) -> Utterance | None:
    if any(said.in_s - EDGE_S <= at_s <= said.out_s + EDGE_S for at_s in called_at):
        return None
    return uncalled(heard, said, expected=expected)


def _echoes(heard: Sequence[Heard]) -> set[int]:
    """Words that repeat the words beside them in less time than anybody takes to say them: the listener ran in a circle.

    Word times are right to a fifth of a second, so that much is added at either end.
    """
    said = [" ".join(part for word in words(one.text) for part in word.spoken) for one in heard]
    fast: list[tuple[float, range]] = []
    for count in range(3, min(CIRCLE, len(heard) // 2) + 1):
        for at in range(len(heard) - 2 * count + 1):
            if said[at : at + count] == said[at + count : at + 2 * count]:
                for run in (range(at, at + count), range(at + count, at + 2 * count)):
                    letters = sum(len(heard[index].text.strip()) + 1 for index in run) - 1
                    pace = letters / (heard[run[-1]].out_s - heard[run[0]].in_s + 2 * WORD_ERR_S)
                    if pace > LETTERS_A_SECOND:
                        fast.append((pace, run))
    found: set[int] = set()
    for _, run in sorted(fast, key=lambda one: -one[0]):  # the fastest first: a repeated phrase also repeats from its second word on
        if found.isdisjoint(run):
            found.update(run)
    return found


def _of_a_slate(said: Utterance, slated: Sequence[Slate]) -> bool:
    """Whether it is nothing but a slate as the slate's grammar reads it, or the lone word with which a slate began."""
    if any(slate.in_s - WORD_ERR_S <= said.in_s and said.out_s <= slate.out_s + WORD_ERR_S for slate in slated):
        return True
    return len(said.words) == 1 and any(0 <= slate.in_s - said.out_s <= TOUCHING_S and said.text[:1].casefold() == "s" for slate in slated)


def _expected(said: Utterance, attempts: Sequence[Attempt]) -> str | None:
    """The call that ends an attempt stands at its end, the one that begins it at its beginning."""
    if any(attempt.out_s - CALLED_S <= said.in_s <= attempt.out_s + CALLED_S for attempt in attempts):
        return "cut"
    return "action" if any(attempt.in_s - CALLED_S <= said.out_s <= attempt.in_s + CALLED_S for attempt in attempts) else None


def _off(said: Utterance, attempt: int | None, *, remark: bool = False) -> OffScript:
    return OffScript(in_s=said.in_s, out_s=said.out_s, text=said.text, attempt=attempt, remark=remark)


def _asides(covered: Sequence[Covered]) -> list[OffScript]:
    """Things said in the middle of a line, which its words list as added one by one."""
    out = []
    for one in covered:
        run: list[tuple[float, float, str]] = []
        for word in [*one.words, None]:
            if word is not None and word.how == "added" and word.heard and word.in_s is not None and word.out_s is not None:
                run.append((word.in_s, word.out_s, word.heard))
                continue
            if len(run) >= ASIDE:
                out.append(OffScript(in_s=run[0][0], out_s=run[-1][1], text=" ".join(text for *_, text in run), attempt=one.attempt))
            run = []
    return out


def _joined(remarks: Sequence[OffScript]) -> list[OffScript]:
    """What one person says in one breath is one quotation."""
    out: list[OffScript] = []
    for one in remarks:
        if out and out[-1].attempt == one.attempt and 0 <= one.in_s - out[-1].out_s < 1.0:
            out[-1] = replace(out[-1], out_s=one.out_s, text=f"{out[-1].text} {one.text}")
        else:
            out.append(one)
    return out
