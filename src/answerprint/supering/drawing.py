"""Drawing what a row says, once: a super that is as it would be drawn now is left as it lies, and one that somebody changed is never drawn over."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.keep import disk_sentence, write_whole
from answerprint.model.records import Digest, canonical
from answerprint.plan import small_digest
from answerprint.supering.markets import Market, SuperingError, seal
from answerprint.supering.places import Place

if TYPE_CHECKING:
    from answerprint.delivery.supers import Rules, Stage, Template
    from answerprint.production import Production

__all__ = ["FOLDER", "Job", "Shop"]

FOLDER = "cuts/supers"
_VERSION = 1  #: of how a row becomes a picture here; the engine's own is what it draws with


@dataclass(frozen=True, kw_only=True)
class Job:
    """One row, with everything that it is drawn from."""

    market: Market
    version: str  #: as its first row writes it
    parent: str
    template: Template
    template_digest: Digest  #: of its file
    stage: Stage
    rules: tuple[Rules, ...]
    rate: Fraction
    place: Place
    file: str  #: where it will lie in the production
    sizes: tuple[tuple[int, int], ...] = ()  #: the rasters that the version is delivered in

    @property
    def duration_s(self) -> Fraction:
        return self.place.frames / self.rate

    @property
    def values(self) -> Mapping[str, str]:
        return self.market.values

    @property
    def fields(self) -> tuple[str, ...]:
        """What the template takes, by name."""
        from answerprint.delivery import supers

        return tuple(one.name for one in supers.fields(self.template))

    @property
    def row_digest(self) -> Digest:
        return seal(self.market, self.market.template, self.fields)


class Shop:
    """Where supers are drawn. Each appears whole under its name, or not at all."""

    def __init__(self, production: Production, ours: frozenset[Digest]) -> None:
        self.production = production
        self._cache = production.inside / "cache" / "supers"
        self._ours = ours | {body["digest"] for body in self._cards()}

    def used(self, job: Job) -> dict[str, Digest]:
        """Every font and asset that is in a super, by its place: in the production where it lies there.

        Raises: SuperingError: one of them is generated.
        """
        from answerprint.delivery import supers
        from answerprint.media import origin
        from answerprint.rights.within import named_so
        from answerprint.slots import labelled

        known = labelled(self.production)
        home = os.path.realpath(self.production.path)
        found = {}
        for path in supers.used(job.template, job.values, job.stage):
            whole = os.path.realpath(path)
            name = os.path.relpath(whole, home) if whole.startswith(home + os.sep) else Path(whole).name
            seal = small_digest(Path(whole))
            if origin.generated(Path(whole)) or named_so(name) or seal in known:
                raise SuperingError(f"{name} is generated, by its own word or its name{'' if seal not in known else ', or by the record, which knows its seal'}: a super stands over hero shots and story alike, and shows nothing generated. Draw it with an asset that people made.")
            found[name.replace(os.sep, "/")] = seal
        return found

    def changed(self, file: str) -> bool:
        """Whether somebody's own work lies where a super would be drawn."""
        digest = small_digest(self.production.path / file)
        return digest != "missing" and digest not in self._ours

    def standing(self, job: Job, used: Mapping[str, Digest]) -> Digest | None:
        """The digest of a super that lies there as it would be drawn now."""
        card = self._cache / f"{self._key(job, used)}.json"
        try:
            digest = str(json.loads(card.read_bytes())["digest"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return digest if small_digest(self.production.path / job.file) == digest else None

    def draw(self, job: Job, used: Mapping[str, Digest]) -> Digest:
        """Draw a super; what was drawn becomes a file under its name in one step.

        Raises: SupersError, SuperingError: it cannot be drawn, or the disk refuses.
        """
        from answerprint.delivery import supers

        key, place = self._key(job, used), self.production.path / job.file
        made = self._cache / f"{key}.mov"
        try:
            self._cache.mkdir(parents=True, exist_ok=True)
            place.parent.mkdir(parents=True, exist_ok=True)
            supers.film(job.template, job.values, job.stage, rate=job.rate, duration_s=job.duration_s, out=made)
            digest = small_digest(made)
            write_whole(self._cache / f"{key}.json", canonical({"digest": digest, "file": job.file}))
            os.replace(made, place)
        except OSError as cause:
            raise SuperingError(disk_sentence(cause, job.file)) from cause
        finally:
            made.unlink(missing_ok=True)
        self._ours |= {digest}
        return digest

    def _key(self, job: Job, used: Mapping[str, Digest]) -> str:
        body: dict[str, Any] = {
            "version": _VERSION, "libraries": [f"{name} {_installed(name)}" for name in ("skia-python", "av", "answerprint")], "template": job.template_digest,
            "values": sorted(map(list, job.values.items())), "size": list(job.stage.size), "rate": str(job.rate), "frames": job.place.frames, "language": job.stage.language or "",
            "area": job.stage.area or "", "used": sorted(map(list, used.items())), "file": job.file,
        }  # fmt: skip
        return hashlib.sha256(canonical(body)).hexdigest()[:32]

    def _cards(self) -> Sequence[Mapping[str, str]]:
        found = []
        for path in self._cache.glob("*.json") if self._cache.is_dir() else ():
            try:
                body = json.loads(path.read_bytes())
            except (OSError, ValueError):
                continue
            if isinstance(body, dict) and isinstance(body.get("digest"), str):
                found.append(body)
        return found


def _installed(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
