"""xmeml's "Audio Levels": a factor of the amplitude, 1 as recorded; keyframes count frames from the file's first one, as `in` does."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from answerprint.model.extend import Loss
from answerprint.timeline.formats.xmeml.document import number
from answerprint.timeline.formats.xmeml.values import child, word
from answerprint.timeline.levels import Level, amplitude, decibels

__all__ = ["EFFECT", "flat", "level", "node"]

EFFECT = "audiolevels"
_LOUDEST = "3.98109"  #: the end of the slider, 12 dB, as Final Cut Pro 7 and Premiere write it


def level(item: Any, moment_s: Callable[[Fraction], Fraction], name: str, losses: list[Loss]) -> Level | None:
    """How loud a clip item is played; None where it does not say.

    Args: moment_s: from frames of the item to seconds from its beginning on the timeline.
    """
    found = [effect for effect in item.iterfind("filter/effect") if word(effect, "effectid").casefold() == EFFECT]
    if not found:
        return None
    gain = 0.0
    keys: dict[Fraction, float] = {}
    for effect in found:
        if word(effect, "pproBypass").upper() == "TRUE" or word(effect.getparent(), "enabled").upper() == "FALSE":
            continue
        for parameter in effect.iterfind("parameter"):
            if word(parameter, "parameterid").casefold() not in ("level", "") and word(parameter, "name").casefold() != "level":
                continue
            frames = [(number(one, "when"), _factor(word(one, "value"), name, losses)) for one in parameter.iterfind("keyframe")]
            keys |= {moment_s(when): decibels(value) for when, value in frames if when is not None}
            if not frames:
                gain += decibels(_factor(word(parameter, "value"), name, losses))
            if any(one.find("inbez") is not None or one.find("outbez") is not None for one in parameter.iterfind("keyframe")):
                losses.append(Loss(clip=name, says="its level goes straight from keyframe to keyframe here; the cut bends it."))
    return Level(gain_db=gain, keys=tuple(sorted(keys.items())))


def flat(effect: Any) -> bool:
    """Whether an effect leaves every sound as it is."""
    return all(word(one, "value") in ("", "1", "1.0") and one.find("keyframe") is None for one in effect.iterfind("parameter"))


def _factor(text: str, name: str, losses: list[Loss]) -> float:
    try:
        value = float(text or "1")
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e6:
        losses.append(Loss(clip=name, says=f"its level {text!r} is no factor of the amplitude and was not read."))
        return 1.0
    return value


def node(parent: Any, said: Level, frame: Callable[[Fraction], int]) -> None:
    """A level as a filter of a clip item. Args: frame: from seconds of the item to its frames."""
    effect = child(child(parent, "filter"), "effect")
    for tag, text in (("name", "Audio Levels"), ("effectid", EFFECT), ("effectcategory", EFFECT), ("effecttype", EFFECT), ("mediatype", "audio")):
        child(effect, tag, text)
    parameter = child(effect, "parameter")
    for tag, text in (("parameterid", "level"), ("name", "Level"), ("valuemin", "0"), ("valuemax", _LOUDEST)):
        child(parameter, tag, text)
    keys = sorted(said.keys)
    child(parameter, "value", amplitude(said.gain_db + (keys[0][1] if keys else 0.0)))
    for at, value in keys:
        key = child(parameter, "keyframe")
        child(key, "when", frame(at))
        child(key, "value", amplitude(said.gain_db + value))
