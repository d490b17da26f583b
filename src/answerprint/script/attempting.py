"""The attempts that lie between calls and slates: where each begins and ends, and of what kind it is. Pure: calls in, attempts out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from answerprint.script.calling import Call, Phrase, crew
from answerprint.script.slating import Slate

__all__ = ["Stretch", "stretches"]

_FALSE_START_S = 2.0  # "cut" this soon after "action": nobody had begun
_WORDS_BEGUN = 3  # unless so many words were spoken in it
_READY_S = 2.0  # after "still rolling, go again" they go without a call: so much longer may it take
_LEAST_S = 0.3  # what lies between two calls that touch is no attempt


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """One attempt as it lies in the clip, before it has a name."""

    in_s: float
    out_s: float
    kind: Literal["take", "pickup", "restart", "false start", "MOS", "wild"] = "take"
    series: bool = False
    slate: Slate | None = None
    began: str = ""  #: what its in was taken from, in words
    ended: str = ""
    calls: tuple[Call, ...] = ()


@dataclass
class _Open:
    """An attempt that has begun."""

    in_s: float
    began: str
    kind: Literal["take", "pickup", "restart", "false start", "MOS", "wild"] = "take"
    series: bool = False
    sure: bool = True  # begun by "action"; else begun by what came before, and only if somebody speaks
    calls: list[Call] = field(default_factory=list)


class _Walk:
    """Goes through a clip's calls and slates in order, and closes attempts."""

    def __init__(self, said: Sequence[Phrase], called: Sequence[Call], slated: Sequence[Slate], duration_s: float) -> None:
        self.said, self.slated, self.duration_s = said, slated, duration_s
        spans = [(call.in_s, call.out_s) for call in called] + [(slate.in_s, slate.out_s) for slate in slated]
        self.speech = [
            phrase for phrase in said
            if not any(phrase.in_s < end - 0.05 and phrase.out_s > start + 0.05 and _covered(phrase, start, end) for start, end in spans) and not crew(phrase.text)
        ]  # fmt: skip
        self.done: list[Stretch] = []
        self.open: _Open | None = None
        self.slate: Slate | None = None
        self.next_kind: Literal["take", "pickup", "wild"] = "take"
        self.from_s = 0.0  # where an attempt could begin that nobody called
        self.ended = False  # "cut" was said, and nothing has begun since

    def speech_in(self, start_s: float, end_s: float) -> list[Phrase]:
        return [one for one in self.speech if one.in_s < end_s - 0.1 and one.out_s > start_s + 0.1]

    def close(self, out_s: float, ended: str, call: Call | None = None) -> None:
        one, self.open = self.open, None
        if one is None or out_s - one.in_s < _LEAST_S:
            return
        inside = self.speech_in(one.in_s, out_s)
        rolling = not one.sure and any(before.rolling for before in one.calls)
        short = rolling and call is not None and call.kind == "cut" and not inside and out_s - one.in_s < _FALSE_START_S + _READY_S
        if not one.sure and not inside and not short:
            return
        if not one.sure and inside and one.began != "restart":
            one.in_s = max(one.in_s, inside[0].in_s) if one.began.startswith("the first") else one.in_s
        kind = one.kind
        spoken_words = sum(len(phrase.words) for phrase in inside)
        soon = call is not None and call.kind == "cut" and out_s - one.in_s < _FALSE_START_S and spoken_words < _WORDS_BEGUN
        if (soon or short) and kind in ("take", "pickup", "restart"):
            kind = "false start"
        self.done.append(Stretch(
            in_s=round(one.in_s, 3), out_s=round(out_s, 3), kind=kind, series=one.series, slate=self.slate, began=one.began, ended=ended,
            calls=(*one.calls, *((call,) if call else ())),
        ))  # fmt: skip

    def begin_unsaid(self, until_s: float) -> None:
        """Nobody said "action": what was spoken before `until_s` is an attempt from its first word."""
        inside = self.speech_in(self.from_s, until_s)
        if inside and self.open is None and not self.ended:
            self.open = _Open(max(inside[0].in_s, self.from_s), "the first words", kind=self.next_kind)
            self.next_kind = "take"

    def take(self, event: Call | Slate) -> None:
        if isinstance(event, Slate):
            self.on_slate(event)
            return
        getattr(self, f"on_{event.kind.lower()}")(event)

    def on_slate(self, slate: Slate) -> None:
        self.begin_unsaid(slate.in_s) if self.open is None and (slate.tail or self.slate is not None) else None
        if self.open is not None:
            self.close(self.last_speech(slate.in_s), "the last words before the slate")
        if not slate.tail:
            self.slate = slate
            self.next_kind = slate.suffix if slate.suffix in ("pickup", "wild") else "take"
            self.ended = False
        self.from_s = slate.out_s

    def on_action(self, call: Call) -> None:
        if self.open is not None:
            if self.open.kind == "restart" or self.speech_in(self.open.in_s, call.in_s):
                self.close(call.in_s if self.open.sure else self.last_speech(call.in_s), "the next action")
                series = True
            else:
                series = self.open.series
                self.next_kind = self.open.kind if self.open.kind in ("pickup", "wild") else self.next_kind
        else:
            series = False
        self.open = _Open(call.out_s, "action", kind=self.next_kind, series=series, calls=[call])
        self.next_kind, self.ended = "take", False

    def on_cut(self, call: Call) -> None:
        self.begin_unsaid(call.in_s)
        self.close(call.in_s, "cut", call)
        self.from_s, self.ended, self.next_kind = call.out_s, True, "take"

    def on_again(self, call: Call) -> None:
        if self.open is None and not self.ended:
            self.begin_unsaid(call.in_s)
        if self.open is None:
            self.from_s = call.out_s
            if call.rolling:
                self.open = _Open(call.out_s, "still rolling", series=True, sure=False, calls=[call])
                self.ended = False
            return
        self.close(call.in_s, "the call to go again", call)
        self.open = _Open(call.out_s, "the call to go again", kind=self.next_kind, series=True, sure=False, calls=[call])
        self.next_kind = "take"

    def on_sorry(self, call: Call) -> None:
        if self.open is None:
            self.begin_unsaid(call.in_s)
        if self.open is None:
            return
        if not self.speech_in(self.open.in_s, call.in_s) and self.open.kind == "restart":
            self.open.in_s = call.out_s
            return
        self.close(call.in_s, "the actor stopped", call)
        self.open = _Open(call.out_s, "the actor began again", kind="restart", series=True, sure=False, calls=[call])

    def on_pickup(self, call: Call) -> None:
        if self.open is not None:
            self.close(call.in_s, "the call for a pickup", call)
            self.open = _Open(call.out_s, "the call for a pickup", kind="pickup", series=True, sure=False, calls=[call])
        self.from_s, self.next_kind = call.out_s, "pickup"

    def on_wild(self, call: Call) -> None:
        self.close(call.in_s, "the call for a wild line", call)
        self.next_kind, self.from_s, self.ended = "wild", call.out_s, False

    def on_mos(self, call: Call) -> None:
        self.from_s = call.out_s

    def last_speech(self, until_s: float) -> float:
        inside = self.speech_in(self.open.in_s if self.open else 0.0, until_s)
        return min(until_s, inside[-1].out_s) if inside else until_s

    def finish(self) -> None:
        if self.open is None and not self.ended:
            self.begin_unsaid(self.duration_s)
        if self.open is not None:
            inside = self.speech_in(self.open.in_s, self.duration_s)
            self.close(self.last_speech(self.duration_s), "the last words" if inside else "the end of the clip")


def _covered(phrase: Phrase, start_s: float, end_s: float) -> bool:
    return min(phrase.out_s, end_s) - max(phrase.in_s, start_s) > 0.5 * (phrase.out_s - phrase.in_s)


def stretches(said: Sequence[Phrase], called: Sequence[Call], slated: Sequence[Slate], duration_s: float) -> tuple[Stretch, ...]:
    """The attempts of a clip, in order; none where nobody speaks and nothing is called.

    In is the end of "action", else the call to go again, else the first words; out is the start of "cut" or of the call to go
    again, else the end of the last words. A tail slate names the attempts before it that no head slate names.
    """
    slated = _tails(slated, called, said)
    inside = [call for call in called if not any(slate.in_s - 0.1 <= call.in_s and call.out_s <= slate.out_s + 0.1 for slate in slated)]
    walk = _Walk(said, inside, slated, duration_s)
    events: list[Call | Slate] = [*inside, *slated]
    for event in sorted(events, key=lambda one: one.in_s):
        walk.take(event)
    walk.finish()
    done = walk.done
    for tail in (slate for slate in slated if slate.tail):
        done = [replace(one, slate=tail) if one.slate is None and one.out_s <= tail.in_s + 0.5 else one for one in done]
    return tuple(done)


def _tails(slated: Sequence[Slate], called: Sequence[Call], said: Sequence[Phrase]) -> list[Slate]:
    """The slates, with the last one a tail slate where the takes came before it and nothing comes after, whatever was called."""
    out = list(slated)
    if out and not out[-1].tail and len(out) == 1:
        last = out[-1]
        before = any(call.kind in ("action", "cut") and call.out_s <= last.in_s + 0.2 for call in called)
        after = any(call.kind in ("action", "cut") and call.in_s >= last.out_s - 0.2 for call in called) or any(
            phrase.in_s > last.out_s + 0.5 and not crew(phrase.text) for phrase in said
        )
        if before and not after:
            out[-1] = replace(last, tail=True)
    return out
