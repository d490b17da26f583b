"""Everything that can be wrong with a table of markets, found before anything is drawn: the whole list at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from answerprint.film import PAPER, listed
from answerprint.model.records import AnswerprintError, Digest
from answerprint.plan import small_digest
from answerprint.rushes import shown
from answerprint.supering.drawing import FOLDER, Job, Shop
from answerprint.supering.markets import OURS, Market, SuperingError, agreeing, near
from answerprint.supering.places import placed

if TYPE_CHECKING:
    from answerprint.delivery.supers import Rules, Stage, Template
    from answerprint.desk import Desk
    from answerprint.supering.backdrops import Backdrops

__all__ = ["Checked", "check", "size_of", "sizes", "stage_of", "table_fault", "template_digest", "template_of"]


@dataclass
class Checked:
    """What a table comes to: jobs in the order of its rows, or what is wrong."""

    jobs: list[Job] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)  #: for versions.csv
    faults: list[str] = field(default_factory=list)
    says: dict[str, None] = field(default_factory=dict)  #: what is worth knowing and stops nothing


@dataclass
class _Reading:
    """A table while it is being held against the production."""

    desk: Desk
    name: str
    backdrops: Backdrops
    found: Checked = field(default_factory=Checked)
    templates: dict[str, Template | None] = field(default_factory=dict)
    rules: dict[str, Rules | None] = field(default_factory=dict)

    def wrong(self, one: Market, says: object) -> None:
        self.found.faults.append(f"{self.name}, row {one.row} ({one.version}): {says}")

    def template(self, name: str, folder: Path) -> Template | None:
        """A template by its name; what is wrong with it is said once."""
        if name not in self.templates:
            try:
                self.templates[name] = template_of(name, folder)
            except (AnswerprintError, OSError, UnicodeDecodeError) as cause:
                self.found.faults.append(f"{self.name}: {cause}")
                self.templates[name] = None
        return self.templates[name]

    def rule(self, name: str, folder: Path) -> Rules | None:
        from answerprint.delivery import supers

        if name not in self.rules:
            try:
                self.rules[name] = supers.rules(name, folder)
            except AnswerprintError as cause:
                self.found.faults.append(f"{self.name}: {cause}")
                self.rules[name] = None
        return self.rules[name]


def template_of(name: str, folder: Path) -> Template:
    """A template by its name, or the file that holds it.

    Raises: SupersError: there is none, or it is none.  OSError, UnicodeDecodeError: its file cannot be read.
    """
    from answerprint.delivery import supers

    file = _named(name, folder)
    return supers.read(file.read_text(encoding="utf-8"), file.stem) if file else supers.template(name, folder)


def template_digest(name: str, folder: Path) -> Digest:
    """Of a template's file, by the same name; "missing" where there is none."""
    from answerprint.delivery import supers

    house = Path(supers.__file__).parent / "templates" / f"{name}.toml"
    return small_digest(_named(name, folder) or next((path for path in (folder / "templates" / f"{name}.toml", house) if path.is_file()), house))


def _named(name: str, folder: Path) -> Path | None:
    return next((path for path in (folder / name, Path(name)) if path.suffix == ".toml" and path.is_file()), None)


def check(desk: Desk, rows: Sequence[Market], name: str, shop: Shop, backdrops: Backdrops, *, watch: Callable[[str, float], None] = lambda what, share: None) -> Checked:
    """Hold every row against the production, its templates and the film.

    Args: name: of the table, for sentences.  watch: called with (what, share done).
    """
    at = _Reading(desk=desk, name=name, backdrops=backdrops)
    told, contradictions = agreeing(rows, name)
    at.found.faults += contradictions
    parents = {version: _parent(at, version, says, rows) for version, says in told.items()}
    _columns(at, rows)
    spelt = {version.casefold(): version for version in told}
    taken: dict[str, Market] = {}
    for number, one in enumerate(rows, 1):
        version = spelt[one.version.casefold()]
        if (parent := parents[version]) is not None and (template := at.template(one.template, desk.path)) is not None:
            job = _job(at, one, version, parent, told[version], template, taken)
            if job is not None:
                at.found.jobs.append(job)
        watch(f"looking at row {one.row}, {one.version}", number / len(rows))
    _enlisted(at, told, parents)
    for file in dict.fromkeys(job.file for job in at.found.jobs if shop.changed(job.file)):
        at.found.faults.append(f"{file}: somebody changed it since it was drawn, or it was never drawn here. Put it into assets/ to keep it, or take it away to have it drawn.")
    return at.found


def _parent(at: _Reading, version: str, says: dict[str, str], rows: Sequence[Market]) -> str | None:
    """The version over whose cut one is laid, as the list spells it; None where something is wrong with it, which is then said."""
    desk, one = at.desk, next(row for row in rows if row.version.casefold() == version.casefold())
    there = next((known for known in desk.family.versions if known.name.casefold() == version.casefold()), None)
    if there is not None and there.of is None:
        at.wrong(one, f"column version: {there.name} is the first version, and nothing is laid over it here. Give the one with supers a name of its own.")
        return None
    if not says.get("of"):
        says["of"] = there.of if there is not None and there.of else desk.family.first.name
    try:
        parent = desk.family[says["of"]].name
    except AnswerprintError as cause:
        at.wrong(one, f"column of: {cause}")
        return None
    if parent.casefold() == version.casefold():
        at.wrong(one, f"column of: {version} cannot come from itself.")
        return None
    if parent not in desk.cuts:
        at.wrong(one, f"column of: {desk.cut_problems.get(parent, f'{parent} has no cut yet.')}")
        return None
    if (draft := desk.drafts.get(("final edit", f"film:{version}"))) is not None and draft.choice.get("file") != _cut(version):
        at.wrong(one, f"{draft.choice.get('file')} is chosen for {version} by hand. Take that choice away (answerprint choose film:{version} --clear), or call this version otherwise.")
        return None
    says["of"] = parent
    says.setdefault("differs", "language" if says.get("language") and says["language"].casefold() != desk.family[parent].language.casefold() else "super")
    says["differs"] = says["differs"].casefold()
    return parent


def _cut(version: str) -> str:
    from answerprint.turnover import safe_name

    return f"cuts/{safe_name(version)}.otio"


def _columns(at: _Reading, rows: Sequence[Market]) -> None:
    """A column that is no field of any template here: a slip of the pen where one is near, else somebody's own."""
    from answerprint.delivery import supers

    templates = [made for name in dict.fromkeys(one.template for one in rows) if (made := at.template(name, at.desk.path)) is not None]
    for made in templates:
        for known in supers.fields(made):
            if known.name in OURS:
                at.found.faults.append(f"template {made.name}: its field {known.name!r} is called like a column that says something of the version. Call the field otherwise.")
    fields = {known.name for made in templates for known in supers.fields(made)}
    whole = all(template is not None for template in at.templates.values())  # of one that is not there nobody knows the fields
    for column in dict.fromkeys(column for one in rows for column in one.values) if whole else ():
        if column in fields:
            continue
        if says := near(column, [*fields, *OURS], least=0.7):
            at.found.faults.append(f"{at.name}, row 1: the column {column!r} is a field of no template in this table. {says.strip()}")
        else:
            at.found.says[f"{at.name}: the column {column!r} is a field of no template in this table, and is left out."] = None


def _job(at: _Reading, one: Market, version: str, parent: str, says: Mapping[str, str], template: Template, taken: dict[str, Market]) -> Job | None:
    """A row that can be drawn; None where something is wrong with it."""
    from answerprint.delivery import supers
    from answerprint.model.time import Timecode
    from answerprint.timeline.cut import cut_info, seconds

    desk, timeline = at.desk, at.desk.timeline(parent)
    cut = cut_info(timeline)
    start = Timecode.from_seconds(seconds(timeline.global_start_time), rate=cut.rate, drop=cut.drop) if timeline.global_start_time is not None else Timecode(frames=0, rate=cut.rate, drop=cut.drop)
    rules = tuple(rule for name in one.words if (rule := at.rule(name, desk.path)) is not None)
    known = {field.name for other in at.templates.values() if other is not None for field in supers.fields(other)}
    values = {column: value for column, value in one.values.items() if column in known}
    file = _file(version, template.name, taken, one)
    try:
        place = placed(desk, parent, one, start=start)
        rasters = sizes(desk, version, parent, says)
    except AnswerprintError as cause:
        at.wrong(one, cause)
        return None
    size = size_of(rasters, says.get("shape") or desk.family[parent].shape)
    for other in rasters:
        if Fraction(*other) != Fraction(*size):
            at.found.says[f"{version} is delivered at {other[0]} x {other[1]} too, and its supers are drawn for {size[0]} x {size[1]}: they would be smaller there. Give that shape a version of its own."] = None
    stage = stage_of(desk, size, says.get("language") or desk.family[parent].language)
    job = Job(
        market=Market(row=one.row, version=one.version, template=one.template, cells=one.cells, values=values), version=version, parent=parent, template=template, template_digest=template_digest(one.template, desk.path), stage=stage, rules=rules,
        rate=cut.rate, place=place, file=file, sizes=tuple(rasters),
    )  # fmt: skip
    background = at.backdrops.frames(parent, size, sorted({place.first, place.first + place.frames // 2, place.end - 1}))
    found = supers.faults(template, values, stage, row=f"{one.row} ({version})", duration_s=job.duration_s, rules=rules, background=background)
    at.found.faults += [f"{at.name}: {fault}" for fault in found]
    return job if not found else None


def _file(version: str, template: str, taken: dict[str, Market], one: Market) -> str:
    """Where a row's super lies; a second one of the same template is numbered."""
    from answerprint.turnover import safe_name

    number, stem = 1, f"{safe_name(version)} {safe_name(template)}"
    file = f"{FOLDER}/{stem}.mov"
    while file.casefold() in taken:
        number += 1
        file = f"{FOLDER}/{stem} {number}.mov"
    taken[file.casefold()] = one
    return file


def stage_of(desk: Desk, size: tuple[int, int], language: str) -> Stage:
    """What a super is drawn on: a raster, the production's fonts and assets, a language; "" where none is said."""
    from answerprint.delivery import supers

    return supers.Stage(size=size, fonts=supers.fonts(desk.path / "assets" / "fonts"), assets=_assets(desk), language=language or None)


def _assets(desk: Desk) -> dict[str, Path]:
    """What an image field can name: by the book's names, and by the file's own name."""
    from answerprint import assets

    shelf = assets.shelf(desk.path)
    folder = desk.path / assets.FOLDER
    lying = sorted(folder.iterdir()) if folder.is_dir() else []
    found = {shown(path.name): path for path in lying if path.is_file() and not path.name.startswith(".") and path != desk.path / assets.BOOK}
    for one in shelf.current.values():
        place = desk.path / one.file
        if place.is_file():
            found |= {name: place for name in dict.fromkeys((one.name, Path(one.name).stem, one.name.casefold())) if shelf.find(name) == one}
    return found


def sizes(desk: Desk, version: str, parent: str, says: Mapping[str, str]) -> list[tuple[int, int]]:
    """The rasters that a version is delivered in, each once; the film's own where nobody says for what.

    Raises: DeliveryError: there is no spec of a name.
    """
    import re

    from answerprint import deliverables
    from answerprint.delivery.specs import spec
    from answerprint.model.delivery import PictureSpec, Spec

    own = next((known.specs for known in desk.family.versions if known.name.casefold() == version.casefold()), ())
    asked = own or tuple(re.split(r"[\s,;]+", says["specs"])) if says.get("specs") or own else deliverables.wanted(desk, parent)
    specs = [spec(name, desk.path) for name in asked] or [Spec(name="", title="", source="", dated="", container="mp4", picture=PictureSpec(codec="libx264"))]
    return list(dict.fromkeys(deliverables.raster(one, desk, parent) for one in specs if not one.textless) or [deliverables.raster(specs[0], desk, parent)])


def size_of(rasters: Sequence[tuple[int, int]], shape: str) -> tuple[int, int]:
    """The raster that supers are drawn for: the largest of the version's own shape, else the largest of the first one's."""
    from answerprint.timeline.framing import SHAPES

    wanted = SHAPES.get(shape, Fraction(*rasters[0]))
    fitting = [one for one in rasters if Fraction(*one) == wanted] or [one for one in rasters if Fraction(*one) == Fraction(*rasters[0])]
    return max(fitting, key=lambda one: one[0] * one[1])


def _enlisted(at: _Reading, told: Mapping[str, Mapping[str, str]], parents: Mapping[str, str | None]) -> None:
    """What versions.csv will hold of each version; where it holds something else already, that is said."""
    files: dict[str, str] = {}
    for version, says in told.items():
        if parents[version] is None:
            continue
        cut = _cut(version)
        if (other := files.setdefault(cut.casefold(), version)) != version:
            at.found.faults.append(f"{at.name}: {other} and {version} would both be called {cut}. Call one of them otherwise.")
        at.found.rows.append({"version": version, "of": says["of"], "differs": says["differs"], "cut": cut, **{name: says[name] for name in ("shape", "language", "number", "specs", "note") if says.get(name)}})
    try:
        raw = (at.desk.path / PAPER).read_bytes() if (at.desk.path / PAPER).is_file() else None
        at.found.faults += [f"{at.name}: {one}" for one in listed(raw, at.found.rows)[1]]
    except (AnswerprintError, OSError) as cause:
        at.found.faults.append(str(cause))


def table_fault(faults: Sequence[str], name: str) -> SuperingError:
    """The whole list as one error."""
    count = f"{len(faults)} things are" if len(faults) > 1 else "one thing is"
    return SuperingError.listing(f"{count} wrong with {name}, so nothing was drawn:", faults)
