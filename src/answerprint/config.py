"""Settings: built-in < the user's own file < answerprint.toml of the production < the command line.

A production folder is data, also one that came by mail: it may say what the film is, never what code, server or model to use.
Those keys exist only in the user's own file.
"""

from __future__ import annotations

import difflib
import os
import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from answerprint.model.records import AnswerprintError, ModelError
from answerprint.model.time import parse_rate, rate_name

__all__ = ["FILE_NAME", "PAPERS", "ConfigError", "Settings", "library_home", "load", "render"]

FILE_NAME = "answerprint.toml"
PAPERS = ("names", "words", "record", "names_in_file", "media_in_file")  #: what a producer chooses of a film's papers


class ConfigError(AnswerprintError):
    """A setting that is unknown, misplaced or not of its kind."""


@dataclass(frozen=True, kw_only=True)
class _Key:
    default: Any
    kind: Any
    says: str
    user_only: bool = False


_KEYS: dict[str, _Key] = {
    "title": _Key(default="", kind=str, says="the film"),
    "client": _Key(default="", kind=str, says="who it is for"),
    "rate": _Key(default="", kind=str, says="frames a second of the timeline: 23.976, 24, 25, 29.97, 50 ..."),
    "raster": _Key(default="", kind=str, says="width x height of the timelines: 1920x1080; the first clip's where empty"),
    "naming": _Key(default="{title}_{what}", kind=str, says="how dailies are named: {title}, {what}"),
    "specs": _Key(default=[], kind=list, says="what the film is delivered for: youtube, tv-eu ...; `answerprint specs` lists them"),
    "media": _Key(default=[], kind=list, says="folders and disks that hold rushes and sound"),
    "look": _Key(default={}, kind=dict, says='the show look for each camera: A = "looks/show.cube", or a built-in log transform: B = "S-Log3 S-Gamut3.Cine"'),
    "disclosure": _Key(default="", kind=(str, dict), says='the words that have to stand in the film: one text, or one for each language: en = "...", de = "..."'),
    "policy": _Key(default="", kind=str, says="the client's AI policy, a file in this folder; policy.toml where empty"),
    "papers": _Key(default={}, kind=dict, says="what leaves with a film: names, words, record, names_in_file, media_in_file; each true or false"),
    "speech_model": _Key(
        default="", kind=str, says="a CTranslate2 Whisper model folder; the one that is installed where empty", user_only=True
    ),
    "certificate": _Key(default="", kind=str, says="the certificate (PEM) that films are signed with; a self-made one where empty", user_only=True),
    "certificate_key": _Key(default="", kind=str, says="its private key (PEM); the same file where empty", user_only=True),
    "timestamps": _Key(default="", kind=str, says="the address of a timestamp authority; nobody is asked where empty", user_only=True),
    "trust_list": _Key(default="", kind=str, says="certificates (PEM) whose names you trust in other people's files", user_only=True),
    "library": _Key(default="", kind=str, says="the folder of your library's index; among your own data where empty", user_only=True),
    "library_model": _Key(default="", kind=str, says="a folder with a CLIP model (ONNX) that tells pictures by words; none where empty", user_only=True),
    "providers": _Key(default={}, kind=dict, says="the services and models that may be asked, a table for each: [providers.NAME]; `answerprint providers` lists them", user_only=True),
    "workers": _Key(default=0, kind=int, says="how many tasks run at once; 0 means one for each core", user_only=True),
}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings in force, and which layer each came from."""

    values: Mapping[str, Any]
    origin: Mapping[str, str]

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    @property
    def rate(self) -> Fraction:
        return parse_rate(self.values["rate"])

    @property
    def raster(self) -> tuple[int, int] | None:
        """Width and height of the timelines; None where the first clip's is taken."""
        width, _, height = self.values["raster"].partition("x")
        return (int(width), int(height)) if height else None

    @property
    def workers(self) -> int:
        return int(self.values["workers"]) or os.cpu_count() or 1

    def explain(self) -> list[tuple[str, str, str, str]]:
        """(key, value, where it comes from, what it is) of every setting."""
        return [(key, str(self.values[key]), self.origin[key], _KEYS[key].says) for key in _KEYS]


def user_file() -> Path:
    """Where the user's own settings live; the file need not exist."""
    import platformdirs

    return Path(platformdirs.user_config_dir("answerprint", appauthor=False)) / "config.toml"


def library_home(settings: Settings) -> Path:
    """Where the index of the user's library lies; it need not exist."""
    import platformdirs

    named = str(settings["library"])
    return Path(named).expanduser() if named else Path(platformdirs.user_data_dir("answerprint", appauthor=False)) / "library"


def load(folder: Path | None, command_line: Mapping[str, Any] | None = None) -> Settings:
    """Settings for a production folder (or for none).

    Raises: ConfigError for a file that is not TOML, an unknown key (with the nearest name), a value of another kind, or a
            key that only the user's own file may set.
    """
    values = {key: spec.default for key, spec in _KEYS.items()}
    origin = dict.fromkeys(_KEYS, "built in")
    layers: list[tuple[str, Mapping[str, Any], bool]] = []
    user = user_file()
    if user.is_file():
        layers.append((str(user), _read(user), True))
    if folder is not None and (folder / FILE_NAME).is_file():
        layers.append((FILE_NAME, _read(folder / FILE_NAME), False))
    if command_line:
        layers.append(("command line", command_line, True))
    for where, layer, trusted in layers:
        for key, value in layer.items():
            values[key] = _checked(key, value, where, trusted)
            origin[key] = where
    return Settings(values=values, origin=origin)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
        raise ConfigError(f"{path}: this is not TOML: {cause}. Mend that line, or move the file away.") from cause
    except OSError as cause:
        raise ConfigError(f"{path}: these settings cannot be read ({cause.strerror}).") from cause


def _checked(key: str, value: Any, where: str, trusted: bool) -> Any:
    if key not in _KEYS:
        near = difflib.get_close_matches(key, _KEYS, n=1)
        raise ConfigError(f"{where}: there is no setting {key!r}." + (f" Did you mean {near[0]!r}?" if near else ""))
    spec = _KEYS[key]
    if spec.user_only and not trusted:
        raise ConfigError(f"{where}: {key!r} belongs in your own file ({user_file()}); a production folder cannot set it.")
    if key == "rate" and isinstance(value, (int, float)):
        value = str(value)
    if key == "providers":
        return _checked_providers(value, where)
    if not isinstance(value, spec.kind):
        raise ConfigError(f"{where}: {key} = {value!r} is not of its kind ({spec.says}).")
    if key == "rate":
        return rate_name(parse_rate(value))
    if key == "workers" and value < 0:
        raise ConfigError(f"{where}: workers = {value}: 1 or more tasks run at once, or 0 for one on each core.")
    if key == "naming" and not _names(value):
        raise ConfigError(f"{where}: naming = {value!r}: a name is made of text, {{title}} and {{what}}, and is no path.")
    if key == "raster" and not re.fullmatch(r"|[1-9]\d{1,4}x[1-9]\d{1,4}", value):
        raise ConfigError(f"{where}: raster = {value!r} is not a width and a height. Write 1920x1080.")
    if key == "media" and not all(isinstance(item, str) for item in value):
        raise ConfigError(f"{where}: media is a list of folders, each in quotes.")
    if key == "specs" and not all(isinstance(item, str) for item in value):
        raise ConfigError(f'{where}: specs is a list of names, each in quotes: specs = ["youtube", "tv-eu"]')
    if key == "disclosure" and isinstance(value, dict) and not all(isinstance(item, str) and item.strip() for item in value.values()):
        raise ConfigError(f'{where}: disclosure gives words for each language: disclosure = {{ en = "Created with synthetic performers", de = "..." }}')
    if key == "papers":
        _check_papers(value, where)
    if key == "look" and not all(isinstance(item, str) for item in value.values()):
        raise ConfigError(f'{where}: look names one file or built-in transform for each camera: A = "looks/show.cube".')
    return value


def _check_papers(value: Mapping[str, Any], where: str) -> None:
    """Raises: ConfigError: another key, or neither true nor false."""
    for name, given in value.items():
        if name not in PAPERS:
            near = difflib.get_close_matches(name, PAPERS, n=1)
            raise ConfigError(f"{where}: [papers] has no {name!r}." + (f" Did you mean {near[0]!r}?" if near else f" It has: {', '.join(PAPERS)}."))
        if not isinstance(given, bool):
            raise ConfigError(f"{where}: [papers] {name} = {given!r}: write true or false.")


def _checked_providers(value: Any, where: str) -> Any:
    """Raises: ConfigError: a table that is none; never with its values, since somebody may have written a key into it."""
    if not isinstance(value, Mapping):
        raise ConfigError(f'{where}: providers are tables, one for each: [providers.NAME] with uses = "openai-chat"')
    from answerprint.model.providers import Setup

    for name, table in value.items():
        try:
            Setup.read(name, table)
        except ModelError as cause:
            raise ConfigError(f"{where}: {cause}") from cause
    return value


def _names(pattern: str) -> bool:
    """Whether a pattern names a file with nothing but what is known of it: a production folder is data, also its settings."""
    try:
        fields = [(field, spec, turn) for _, field, spec, turn in string.Formatter().parse(pattern) if field is not None]
    except ValueError:
        return False
    return not set(pattern) & set("/\\") and all(one in (("title", "", None), ("what", "", None)) for one in fields)


def render(values: Mapping[str, Any]) -> str:
    """The text of a new answerprint.toml holding `values`, each with its meaning."""
    lines = [
        "# This production's settings. Everything else is built in; `answerprint config --explain` shows where each comes from.",
        "",
    ]
    for key, value in values.items():
        if isinstance(value, list):
            shown = "[" + ", ".join(_quoted(item) for item in value) + "]"
        else:
            shown = _quoted(str(value))
        lines.append(f"{key} = {shown}  # {_KEYS[key].says}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    out = []
    for char in text:
        if char in '"\\':
            out.append("\\" + char)
        elif ord(char) < 32 or ord(char) == 127:
            out.append(f"\\u{ord(char):04x}")
        else:
            out.append(char)
    return '"' + "".join(out) + '"'
