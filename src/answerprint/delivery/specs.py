"""Delivery specs: small dated files that say what a platform or a broadcaster takes, each with its source.

Those that come with the house lie beside this module; a production may add its own in specs/, one TOML file for each.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import re
import tomllib
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args, get_type_hints

from answerprint.delivery import DeliveryError, naming
from answerprint.delivery.captioning import languages
from answerprint.model.delivery import Card, Loudness, PictureSpec, SoundSpec, Spec
from answerprint.model.records import AnswerprintError
from answerprint.model.time import Timecode, parse_rate, rate_name

__all__ = ["FOLDER", "SpecError", "other_rate", "read", "spec", "specs"]

FOLDER = "specs"  #: in a production
_OURS = Path(__file__).parent / "specs"
_CONTAINERS = ("mp4", "mov", "mxf")
#: What a value may be, by the annotation of its field.
_KINDS: dict[Any, tuple[type, ...]] = {"str": (str,), "int": (int,), "float": (int, float), "bool": (bool,)}


class SpecError(DeliveryError):
    """A spec that is not there, not TOML, or says something that no spec says."""


def specs(folder: Path | None = None) -> dict[str, Spec]:
    """Every spec by name, the house's and those of a production's specs/, in the order of their names.

    Args:   folder: of a production; None for the house's alone.
    Raises: SpecError for a file that cannot be read, or a name that is in both places.
    """
    found = dict(_ours())
    for path in sorted((folder / FOLDER).glob("*.toml")) if folder is not None else ():
        if path.stem in found:
            raise SpecError(f"{FOLDER}/{path.name}: there is a spec {path.stem!r} already. Give this one a name of its own: {path.stem}-2.toml.")
        found[path.stem] = _load(path)
    return dict(sorted(found.items()))


def spec(name: str, folder: Path | None = None) -> Spec:
    """One spec by its name.

    Raises: SpecError where there is none, with the nearest name.
    """
    known = specs(folder)
    if name not in known:
        raise SpecError(f"there is no spec {name!r}.{_near(name, known)} These are there: {', '.join(known)}.")
    return known[name]


def read(raw: str, name: str) -> Spec:
    """A spec from the text of its file.

    Raises: SpecError, one sentence: not TOML, an unknown key (with the nearest name), a value of another kind, a key that is missing.
    """
    try:
        table = tomllib.loads(raw)
    except tomllib.TOMLDecodeError as cause:
        raise SpecError(f"spec {name}: this is not TOML: {cause}. Mend that line.") from cause
    where = f"spec {name}"
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", name):
        raise SpecError(f"{where}: a spec's name is small letters, figures and - (tv-eu): it is part of file names.")
    for key in ("title", "source", "dated", "container", "picture"):
        if key not in table:
            raise SpecError(f"{where}: it does not say {key}. Every spec has title, source, dated, container and [picture].")
    values = _checked(Spec, {"name": name, **table}, where)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", values["dated"]):
        raise SpecError(f"{where}: dated = {values['dated']!r} is not a day. Write the day you read the source: 2026-11-22.")
    if values["container"] not in _CONTAINERS:
        raise SpecError(f"{where}: container = {values['container']!r}. Files are made as {', '.join(_CONTAINERS)}.")
    values["source"] = " ".join(values["source"].split())
    made = Spec(**values)
    _possible(made, where)
    return made


@functools.cache
def _ours() -> dict[str, Spec]:
    """The house's own, which change with the release and not while it runs."""
    return {path.stem: _load(path) for path in sorted(_OURS.glob("*.toml"))}


def _load(path: Path) -> Spec:
    try:
        return read(path.read_text(encoding="utf-8"), path.stem)
    except (OSError, UnicodeDecodeError) as cause:
        raise SpecError(f"{path.name}: this spec cannot be read ({getattr(cause, 'strerror', None) or 'it is not UTF-8'}).") from cause


def _checked(kind: Any, table: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The values of one table, each of its field's kind; tables inside become their records."""
    hints = get_type_hints(kind)
    fields = {field.name: field for field in dataclasses.fields(kind)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in fields:
            raise SpecError(f"{where}: there is no key {key!r}.{_near(key, fields)}")
        values[key] = _value(key, value, str(fields[key].type), where, hints[key])
    missing = [
        key for key, field in fields.items()
        if key not in values and field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    ]  # fmt: skip
    if missing:
        raise SpecError(f"{where}: it does not say {', '.join(missing)}.")
    return values


_TABLES: dict[str, Any] = {"PictureSpec": PictureSpec, "SoundSpec": SoundSpec, "Loudness": Loudness}


def _value(key: str, value: Any, written: str, where: str, hint: Any) -> Any:
    if (record := _TABLES.get(written.split(" | ")[0])) is not None:
        return record(**_checked(record, _of(dict, key, value, where), f"{where}, [{key}]"))
    if key in ("head", "tail"):
        cards = [Card(**_checked(Card, _of(dict, key, one, where), f"{where}, [[{key}]]")) for one in _of(list, key, value, where)]
        if any(card.frames < 1 for card in cards):
            raise SpecError(f"{where}: a card in {key} has less than one frame. Leave it out, or say how many.")
        return tuple(cards)
    if key == "rates":
        return tuple(_rate(one, where) for one in _of(list, key, value, where))
    if key == "options":
        return {str(name): str(said) for name, said in _of(dict, key, value, where).items()}
    if written.startswith("tuple["):
        inside = _KINDS[written.removeprefix("tuple[").split(",")[0]]
        return tuple(_of(inside, key, one, where) for one in _of(list, key, value, where))
    if written.startswith("Literal["):
        if value not in get_args(hint):
            raise SpecError(f"{where}: {key} = {value!r}. It is one of {', '.join(get_args(hint))}.")
        return value
    kinds = _KINDS[written.split(" | ")[0]]
    checked = _of(kinds, key, value, where)
    return float(checked) if float in kinds else checked


def _of(kind: type | tuple[type, ...], key: str, value: Any, where: str) -> Any:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        names = {str: "text in quotes", int: "a whole number", float: "a number", bool: "true or false", list: "a list", dict: "a table"}
        raise SpecError(f"{where}: {key} = {value!r} is not {names[kinds[-1]]}.")
    return value


def _rate(text: Any, where: str) -> Fraction:
    try:
        return parse_rate(_of((str, int), "rates", text, where))
    except SpecError:
        raise
    except AnswerprintError as cause:
        raise SpecError(f"{where}: {cause}") from cause


def _possible(made: Spec, where: str) -> None:
    """What a spec says together has to be possible."""
    picture = made.picture
    if (picture.width is None) != (picture.height is None):
        raise SpecError(f"{where}: width and height go together. Say both, or neither for the film's own raster.")
    if any(side is not None and (side < 16 or side % 2) for side in (picture.width, picture.height)):
        raise SpecError(f"{where}: {picture.width} x {picture.height} is not a raster: sides are even, and 16 or more.")
    if made.clock_number is not None:
        try:
            re.compile(made.clock_number)
        except re.error as cause:
            raise SpecError(f"{where}: clock_number is not a pattern ({cause}).") from cause
    if wrong := naming.check_pattern(made.naming):
        raise SpecError(f"{where}: naming = {made.naming!r}: {wrong}.")
    if made.burn:
        if made.textless:
            raise SpecError(f"{where}: a textless film has no captions in its picture. Take burn or textless out.")
        try:
            languages.tag(made.burn)
        except DeliveryError as cause:
            raise SpecError(f"{where}: burn: {cause}") from cause
    if made.stems and made.without_voice:
        raise SpecError(f"{where}: stems are all three parts of a film, a mix without the voice is two of them in one. Say one of both.")
    if (made.stems or made.without_voice) and made.sound is not None and made.sound.loudness is not None:
        raise SpecError(f"{where}: stems are parts of a film, and no loudness is asked of a part. Leave [sound.loudness] out.")
    if made.film_at is not None:
        try:
            Timecode.parse(made.film_at, rate=picture.rates[0] if picture.rates else Fraction(25))
        except AnswerprintError as cause:
            raise SpecError(f"{where}: film_at: {cause}") from cause
    if made.sound is not None and made.sound.loudness is not None and made.sound.loudness.tolerance_lu <= 0:
        raise SpecError(f"{where}: tolerance_lu is more than 0: two meters never agree to the last digit.")


def _near(name: str, known: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f" Did you mean {near[0]!r}?" if near else f" These are there: {', '.join(known)}."


def other_rate(spec: Spec, rate: Fraction) -> str:
    """Why a spec does not take a film at this rate, and the way out; "" where it does."""
    if not spec.picture.rates or rate in spec.picture.rates:
        return ""
    takes = ", ".join(map(rate_name, spec.picture.rates))
    return f"{spec.name} takes {takes} frames a second; the film runs at {rate_name(rate)}. Give it a version of its own with a cut at that rate, have the finished film converted by a facility, or leave {spec.name} out."
