"""Reads each clip once: the proxy, the strip, the picture's facts and the camera's own sound."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from answerprint.model.charter import Execution
from answerprint.model.extend import Task, Work
from answerprint.model.records import Fact, MediaInfo, Trust, from_plain, to_plain

if TYPE_CHECKING:
    from answerprint.media.onepass import Watched

ARTEFACTS = ("proxy.mp4", "strip.jpg", "series.npz", "sound.npy", "peaks.npy")
_SECONDLY = ("luma", "cb", "cr", "chroma", "sharpness", "motion")
_TAP = "every frame of a 320-pixel copy in 8-bit legal BT.709, without a look"


def run(work: Work) -> Iterable[Fact]:
    """One decode pass over a clip. A camera original that cannot be decoded here gives no facts; its proxy from the set does."""
    from answerprint.media import look as looks
    from answerprint.media.onepass import watch

    subject = work.subject
    assert subject is not None
    info = from_plain(MediaInfo, subject.facts["ingest"].value("media.info"))
    if info.kind == "camera original":
        return []
    found = looks.find(subject.path, info, work.params.get("look") or {})
    log = looks.log_name(info, subject.file)
    seen = watch(subject.path, info, work.scratch, look=found.look, log=log, progress=work.progress)
    _write_series(seen, work.scratch / "series.npz")
    about = subject.digest
    facts = [Fact(about=about, name=name, value=value, method=method) for name, value, method in _values(seen)]
    facts.append(_shots(seen, about))
    if found.look is not None:
        used = [
            {"name": name, "whence": whence, "digest": digest}
            for name, whence, digest in zip(found.look.names, found.look.whence, found.look.digests, strict=True)
        ]
        facts.append(Fact(about=about, name="look.used", value=used, method="applied to proxy and strip, in this order"))
    elif (asked := looks.question(log, seen.looks_log, info.camera)) is not None:
        method = "metadata or file name" if log else "black, white and colour of the whole clip"
        facts.append(Fact(about=about, name="look.question", value=asked, method=method))
    facts += seen.heard.facts(about) if seen.heard is not None else []
    facts += [Fact(about=about, name="note", value=note, method="one decode pass") for note in (*found.notes, *seen.notes)]
    return facts


def _values(seen: Watched) -> Iterable[tuple[str, Any, str]]:
    import numpy as np

    from answerprint.media.proxies import GROUP, PICTURE
    from answerprint.model.time import round_half_up
    from answerprint.signal.picture import FROZEN_S, SERIES

    series, rate = seen.series, seen.rate
    yield "proxy", {
        "artefact": "proxy.mp4",
        "width": seen.size[0],
        "height": seen.size[1],
        "rate": to_plain(rate),
        "frames": seen.frames,
        "timecode": seen.timecode,
        "group": GROUP,
        "sound": seen.heard is not None and seen.heard.samples > 0,
    }, f"H.264 {PICTURE['preset']} crf {PICTURE['crf']}, 8-bit legal BT.709"
    yield "strip", {"artefact": "strip.jpg", **to_plain(seen.sheet)}, "proxy frames about a second apart, 60 at the most"
    yield "picture.frames", seen.source_frames, "decoded and counted"
    yield "picture.first_s", to_plain(seen.first_s), "presentation time in the container"
    yield "picture.last_s", to_plain(seen.last_s), "presentation time in the container"
    yield "time.map", [[frame, source, to_plain(at_s)] for frame, source, at_s in seen.time_map], "proxy frame, source frame, source time; a row where a run begins"
    yield "picture.series", {"artefact": "series.npz", "names": sorted(SERIES), "frames": seen.frames, "tick_s": to_plain(seen.tick_s)}, _TAP
    starts = [round_half_up(second * rate) for second in range(int(seen.frames / rate) + 1)]
    starts = [start for start in starts if start < seen.frames]
    lengths = np.diff([*starts, seen.frames])
    for name in _SECONDLY:
        sums = np.add.reduceat(series.values[name].astype(np.int64), starts)
        yield f"picture.{name}", {"per_second": [int(value) for value in sums // lengths], "unit": SERIES[name]}, _TAP
    yield "picture.black", [list(span) for span in series.black()], "frames, half-open: 98 % of the pixels below a tenth of the range"
    frozen = series.frozen(max(2, round_half_up(FROZEN_S * rate)))
    yield "picture.frozen", [list(span) for span in frozen], f"frames, half-open: within -60 dB of the first for {FROZEN_S} s"
    yield "sound.mos", seen.heard is None, "a clip without a sound stream"


def _shots(seen: Watched, about: str) -> Fact:
    from answerprint.signal.picture import cuts

    found = cuts(seen.series)
    method = "histogram and layout against three frames on either side; frames that begin another shot, hard cuts only"
    trust = Trust(measure="change over its neighbours, least of the cuts", value=min(cut.over_neighbours for cut in found), better="higher") if found else None
    return Fact(about=about, name="picture.shots", value=[cut.frame for cut in found], method=method, trust=trust)


def _write_series(seen: Watched, path: Any) -> None:
    import numpy as np

    arrays: dict[str, Any] = {name: values.astype(np.int16 if np.abs(values).max(initial=0) < 2**15 else np.int32) for name, values in seen.series.values.items()}
    arrays |= {"source_frame": seen.source_frame, "source_tick": seen.source_tick}
    np.savez(path, allow_pickle=False, **arrays)


task = Task(
    name="picture",
    execution=Execution.READING,
    version=1,
    run=run,
    each="clip",
    after=("ingest",),
    artefacts=ARTEFACTS,
    params=("look",),
    says="making proxies",
)
