"""FCPXML in: every project as a timeline, every event's loose clips as one more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.model.extend import Loss
from answerprint.timeline import TimelineError
from answerprint.timeline.cut import CutInfo, at, attach
from answerprint.timeline.formats.fcpxml import values
from answerprint.timeline.formats.fcpxml.assemble import Bench
from answerprint.timeline.formats.fcpxml.document import Document, own_record, parse
from answerprint.timeline.formats.fcpxml.walk import Lens, Placed, Walk

__all__ = ["read"]

_LOOSE = ("asset-clip", "clip", "sync-clip", "mc-clip", "ref-clip", "audition")
_FALLBACK_RATE = Fraction(24)  #: where neither the sequence nor any format of the file names a rate


def read(raw: bytes, options: Mapping[str, Any]) -> tuple[Sequence[Any], Sequence[Loss]]:
    """Read FCPXML 1.5 to 1.13.

    Options: `name`, the file's name for messages.
    Returns: one timeline per project, then one per event (or library) that has loose clips; and what was not read, by clip.
    Raises:  TimelineError for a hostile or damaged file, or one with nothing to cut in it.
    """
    losses: list[Loss] = []
    document = parse(raw, str(options.get("name", "this file")), losses)
    reader = _Reader(document, losses)
    timelines = [reader.project(project) for project in document.root.iter("project")]
    for parent in [document.root, *document.root.iter("event")]:
        loose = [node for node in parent if node.tag in _LOOSE]
        if loose:
            timelines.append(reader.clips(parent, loose))
    if not timelines:
        standing = list(document.root.iterfind("resources/media/sequence"))
        timelines = [reader.sequence(node, node.getparent().get("name", "Compound Clip")) for node in standing]
    if not timelines:
        raise TimelineError(f"{document.name} has no project and no clips in it; there is nothing to read. Export a project or an event.")
    for node in document.root.iter("collection-folder", "smart-collection", "keyword-collection", "import-options"):
        losses.append(Loss(clip=node.get("name") or node.tag, says=f"a {node.tag.replace('-', ' ')} belongs to the library and is not read."))
    return timelines, tuple(dict.fromkeys(losses))


class _Reader:
    def __init__(self, document: Document, losses: list[Loss]) -> None:
        self.document, self.losses = document, losses
        self._open: list[str] = []  # compound clips being read, to catch one that contains itself

    def project(self, node: Any) -> Any:
        sequence = node.find("sequence")
        if sequence is None:
            raise TimelineError(f"the project {node.get('name', '')!r} in {self.document.name} has no sequence. Export it again.")
        return self.sequence(sequence, node.get("name") or "Untitled")

    def sequence(self, sequence: Any, name: str) -> Any:
        own = own_record(sequence, values.CUT, CutInfo)
        rate = self._rate(sequence)
        start = values.time_of(sequence.get("tcStart", "0s"), f"the timeline {name}")
        timeline = otio.schema.Timeline(name=name, global_start_time=at(start, rate))
        timeline.tracks.extend(self._tracks(sequence, rate, start, ours=own is not None))
        form = self.document.forms.get(sequence.get("format", ""))
        drop = sequence.get("tcFormat") == "DF" and -(-rate.numerator // rate.denominator) % 30 == 0
        kind = own.kind if own is not None else "cut"
        attach(timeline, CutInfo(rate=rate, drop=drop, kind=kind, width=form.width if form else None, height=form.height if form else None))
        return timeline

    def clips(self, parent: Any, loose: list[Any]) -> Any:
        """Loose clips end to end, each at full length."""
        rate = self._rate(loose[0])
        found: list[Placed] = []
        walk = Walk(self.document, rate, self.losses, found.append)
        cursor = Fraction(0)
        for node in loose:
            shown = next((child for child in node if child.tag in _LOOSE), node) if node.tag == "audition" else node
            walk.place(node, Lens(cursor), (), Fraction(0), holder=None, only="all", name="", angle=None)
            cursor += walk.length_of(shown)
        timeline = otio.schema.Timeline(name=f"{parent.get('name') or self.document.name} (clips)", global_start_time=at(Fraction(0), rate))
        timeline.tracks.extend(self._bench(rate, ours=False).tracks(found, cursor))
        attach(timeline, CutInfo(rate=rate, kind="clips"))
        return timeline

    def _tracks(self, sequence: Any, rate: Fraction, start: Fraction, *, ours: bool) -> list[Any]:
        spine = sequence.find("spine")
        found: list[Placed] = []
        if spine is None:
            return []
        walk = Walk(self.document, rate, self.losses, found.append)
        # Older files count a compound clip's items from nought although its timecode starts elsewhere.
        first = spine[0].get("offset") if len(spine) else None
        zero = start if first is None or values.time_of(first, "the first clip") >= start else Fraction(0)
        walk.story(spine, Lens(-zero), ())
        note = sequence.findtext("note")
        if note:
            self.losses.append(Loss(clip=self.document.name, says=f"a note on the timeline was not read: {note.strip()[:80]}"))
        length = max(sum((walk.length_of(child) for child in spine if child.tag != "transition"), Fraction(0)), Fraction(0))
        early = min((placed.start_s for placed in found), default=Fraction(0))
        if early < 0:
            for placed in found:
                if placed.start_s < 0 < placed.end_s and placed.what != "transition":
                    placed.source_s, placed.start_s = placed.source_at(Fraction(0)), Fraction(0)
                    self.losses.append(Loss(clip=placed.name, says="it starts before the first frame of the timeline; that part is left off."))
            found = [placed for placed in found if placed.start_s >= 0]
        return self._bench(rate, ours=ours).tracks(found, length)

    def _bench(self, rate: Fraction, *, ours: bool) -> Bench:
        return Bench(self.document, rate, self.losses, self._compound, ours=ours)

    def _compound(self, placed: Placed) -> Any:
        ref = placed.node.get("ref", "")
        media = self.document.compounds.get(ref)
        sequence = media.find("sequence") if media is not None else None
        if media is None or sequence is None:
            raise TimelineError(f"{placed.name or 'a compound clip'} refers to {ref!r}, which is no compound clip of this file. The file is damaged; export it again.")
        if ref in self._open:
            raise TimelineError(f"the compound clip {media.get('name', ref)!r} in {self.document.name} contains itself; it cannot be read.")
        self._open.append(ref)
        rate = self._rate(sequence)
        start = values.time_of(sequence.get("tcStart", "0s"), f"the compound clip {placed.name}")
        stack = otio.schema.Stack(name=placed.name or media.get("name", ""))
        stack.extend(self._tracks(sequence, rate, start, ours=False))
        wanted = placed.node.get("srcEnable", "all")
        for index in reversed(range(len(stack))):
            if (wanted == "audio" and stack[index].kind == otio.schema.TrackKind.Video) or (wanted == "video" and stack[index].kind == otio.schema.TrackKind.Audio):
                del stack[index]
        self._open.pop()
        placed.source_s -= start
        return stack

    def _rate(self, node: Any) -> Fraction:
        """The frame rate of a sequence, or of a loose clip; else the first that the file's formats name."""
        for ref in (node.get("format"), self._asset_format(node)):
            form = self.document.forms.get(ref or "")
            if form is not None and form.rate is not None:
                return form.rate
        return next((form.rate for form in self.document.forms.values() if form.rate is not None), _FALLBACK_RATE)

    def _asset_format(self, node: Any) -> str | None:
        asset = self.document.root.find(f"resources/asset[@id='{node.get('ref')}']") if (node.get("ref") or "").isalnum() else None
        return asset.get("format") if asset is not None else None
