"""FCPXML's adjust-volume: an amount in dB, keyframes on the clip's own clock, fades."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from answerprint.model.extend import Loss
from answerprint.timeline.formats.fcpxml import values
from answerprint.timeline.formats.fcpxml.resources import element
from answerprint.timeline.levels import LOUDEST_DB, SILENT_DB, Level, over

__all__ = ["level", "node"]

_STRAIGHT = "linear"


def level(around: list[tuple[Any, Callable[[Fraction], Fraction], Fraction, Fraction]], start_s: Fraction, end_s: Fraction, name: str, losses: list[Loss]) -> Level | None:
    """How loud an item is played, by its own element and by those that hold it.

    Args: around: element, its clock seen from the timeline, and where it begins and ends there; the outermost first.  start_s, end_s: of the item.
    """
    found: Level | None = None
    for holder, lens, first_s, last_s in reversed(around):
        own = _own(holder, name, losses)
        if own is None:
            continue
        keys = tuple((lens(at) - start_s, value) for at, value in own.keys)
        heard = replace(own, keys=keys, fade_in_s=own.fade_in_s if first_s == start_s else Fraction(0), fade_out_s=own.fade_out_s if last_s == end_s else Fraction(0))
        if (own.fade_in_s and first_s != start_s) or (own.fade_out_s and last_s != end_s):
            losses.append(Loss(clip=name, says="a fade over the clip that holds it is not read, since it begins or ends elsewhere."))
        found = over(heard, found)
    return found


def _own(holder: Any, name: str, losses: list[Loss]) -> Level | None:
    """The level of one element, keyframes still on its own clock; None where it says nothing. A level on some channels or roles only is said."""
    said = holder.find("adjust-volume")
    parts = [part for part in holder.iter("audio-channel-source", "audio-role-source") if part.getparent() is holder or part.getparent().tag in ("sync-source", "mc-source")]
    apart = [part for part in parts if part.find("adjust-volume") is not None]
    if said is None and len(parts) == len(apart) == 1 and holder.find("audio-channel-source") is not None:
        said, apart = apart[0].find("adjust-volume"), []
    for kid in (kid for part in parts for kid in part if kid.tag != "adjust-volume" and isinstance(kid.tag, str)):
        losses.append(Loss(clip=name, says=f"not read: {kid.tag} on its {kid.getparent().get('role') or 'channels'}."))
    for part in apart:
        losses.append(Loss(clip=name, says=f"a level on its {part.get('role') or 'channel ' + part.get('srcCh', '1')} alone is not read."))
    return _read(said, name, losses) if said is not None else None


def _read(said: Any, name: str, losses: list[Loss]) -> Level:
    gain = _db(said.get("amount", "0dB"), name, losses)
    keys: tuple[tuple[Fraction, float], ...] = ()
    fades: dict[str, tuple[Fraction, str]] = {}
    for parameter in said.iterfind("param[@name='amount']"):
        keys = tuple((values.time_of(one.get("time", "0s"), name), _db(one.get("value", "0dB"), name, losses)) for one in parameter.iterfind("keyframeAnimation/keyframe"))
        for tag in ("fadeIn", "fadeOut"):
            fade = parameter.find(tag)
            if fade is not None:
                fades[tag] = max(values.time_of(fade.get("duration", "0s"), name), Fraction(0)), fade.get("type", "easeIn" if tag == "fadeIn" else "easeOut")
        if any(one.get("curve", _STRAIGHT) != _STRAIGHT or one.get("interp", _STRAIGHT) != _STRAIGHT for one in parameter.iterfind("keyframeAnimation/keyframe")):
            losses.append(Loss(clip=name, says="its level goes straight from keyframe to keyframe here; the cut bends it."))
    first, last = (fades.get(tag, (Fraction(0), "")) for tag in ("fadeIn", "fadeOut"))
    bends = tuple("" if one[1] == _STRAIGHT else one[1] for one in (first, last))
    return Level(gain_db=0.0 if keys else gain, keys=keys, fade_in_s=first[0], fade_out_s=last[0], bends=bends if any(bends) else ())


def _db(text: str, name: str, losses: list[Loss]) -> float:
    try:
        value = float(text.strip().casefold().removesuffix("db"))
        if value <= LOUDEST_DB:  # which no NaN is
            return max(value, SILENT_DB)
        raise ValueError(text)
    except ValueError:
        losses.append(Loss(clip=name, says=f"its level {text!r} is no level in dB and was not read."))
        return 0.0


def node(said: Level, clock: Callable[[Fraction], Fraction]) -> Any:
    """A level as an element. Args: clock: from seconds of the item to its own clock."""
    made = element(None, "adjust-volume", {"amount": None if said.keys else f"{said.gain_db!r}dB"})
    if said.keys or said.fade_in_s or said.fade_out_s:
        parameter = element(made, "param", {"name": "amount"})
        bends = said.bends or ("", "")
        for tag, length, bend in (("fadeIn", said.fade_in_s, bends[0]), ("fadeOut", said.fade_out_s, bends[1])):
            if length:
                element(parameter, tag, {"type": bend or _STRAIGHT, "duration": values.time_text(length)})
        if said.keys:
            ramp = element(parameter, "keyframeAnimation", {})
            for at, value in sorted(said.keys):
                element(ramp, "keyframe", {"time": values.time_text(clock(at)), "value": f"{said.gain_db + value!r}dB"})
    return made
