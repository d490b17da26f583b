"""From a decoded original to a frame of the film: turned once, whole in the raster, seen through its look, in the colours the spec names.

A picture that already is what is asked for passes untouched, bit for bit.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.filter.context import FilterContext
from numpy.typing import NDArray
from PIL import Image

from answerprint.delivery import DeliveryError
from answerprint.delivery.nearing import Mended
from answerprint.delivery.plan import Medium
from answerprint.delivery.planes import ONE, arrays, black
from answerprint.media import names
from answerprint.model.delivery import PictureSpec
from answerprint.model.records import Colour

__all__ = ["Fitter", "multiplied", "placed", "tag", "unconverted"]

#: Lanczos with exact rounding: the sharpest of the scaler's kernels, the same result on every processor.
_FLAGS = "lanczos+accurate_rnd+full_chroma_int"
_LIMITED, _FULL = 1, 2
_PRIMARIES, _TRANSFERS, _MATRICES = ({name: number for number, name in table.items()} for table in (names.PRIMARIES, names.TRANSFERS, names.MATRICES))
#: How the scaler calls the matrices it knows, by their number in ITU-T H.273.
_SCALER = {1: "bt709", 4: "fcc", 5: "bt470", 6: "smpte170m", 7: "smpte240m", 9: "bt2020", 10: "bt2020"}
_BUFFER = {1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020nc", 10: "bt2020c"}
_RGB = ("rgb", "bgr", "gbr", "0rgb", "argb", "abgr", "pal8")
_BT709_FROM = 720  #: lines from which an untagged picture is BT.709 and not BT.601, as players decide


def tag(thing: object, picture: PictureSpec) -> None:
    """Put the spec's colour tags on a frame or an encoder.

    Raises: DeliveryError: the spec names a colour that does not exist.
    """
    try:
        numbers = _PRIMARIES[picture.primaries], _TRANSFERS[picture.transfer], _MATRICES[picture.matrix]
    except KeyError as cause:
        raise DeliveryError(f"{cause.args[0]!r} is no colour tag (ITU-T H.273). Correct it in the spec.") from cause
    thing.color_primaries, thing.color_trc, thing.colorspace = numbers  # type: ignore[attr-defined]
    thing.color_range = _FULL if picture.full_range else _LIMITED  # type: ignore[attr-defined]


def unconverted(colour: Colour, picture: PictureSpec, *, look: bool) -> str | None:
    """What a picture's colour would need that only a look or a grade can do, or None. Matrix and range are converted here, light is not."""
    if look:
        return None
    if colour.log:
        return f"is {colour.log} and no look is laid over it"
    said = [given for given, wanted in ((colour.transfer, picture.transfer), (colour.primaries, picture.primaries)) if given and given != wanted and _differs(given, wanted)]
    return f"is tagged {' '.join(said)} and the film {picture.transfer}; its light is not converted" if said else None


def _differs(given: str, wanted: str) -> bool:
    """BT.601, BT.709 and BT.2020 share one transfer curve, and 601's primaries lie within what a viewer sees of 709's."""
    alike = {"bt709", "smpte170m", "bt470bg", "bt2020-10", "bt2020-12", "iec61966-2-1"}
    return not (given in alike and wanted in alike)


def placed(display: tuple[int, int], raster: tuple[int, int]) -> tuple[int, int, int, int]:
    """Where a picture lies in the raster, as large as fits whole: left, top, width, height, all even."""
    scale = min(Fraction(raster[0], display[0]), Fraction(raster[1], display[1]))
    wide, high = (min(side, 2 * round(part * scale / 2)) for part, side in zip(display, raster, strict=True))
    wide, high = max(wide, 2), max(high, 2)
    return (raster[0] - wide) // 4 * 2, (raster[1] - high) // 4 * 2, wide, high


class _Exact:
    """A filter graph with a look in its middle that its cube does not meet everywhere: through the cube, and put right where it is off."""

    def __init__(self, before: av.filter.Graph, after: av.filter.Graph, look: Mended) -> None:
        self._before, self._after, self._look = before, after, look
        self._cube: av.filter.Graph | None = None

    def vpush(self, frame: av.VideoFrame) -> None:
        self._before.vpush(frame)
        seen = self._before.vpull()
        green, blue, red = (plane.copy() for plane in arrays(seen)[:3])
        cube = self._cube = self._cube or self._cubed(seen)
        cube.vpush(seen)
        shown = cube.vpull()
        out = arrays(shown)[:3]
        self._look.mend((red, green, blue), (out[2], out[0], out[1]))
        self._after.vpush(shown)

    def _cubed(self, frame: av.VideoFrame) -> av.filter.Graph:
        graph = av.filter.Graph()
        graph.threads = 1
        last = graph.add("buffer", video_size=f"{frame.width}x{frame.height}", pix_fmt="gbrp16le", time_base="1/1000", pixel_aspect="1/1", colorspace="gbr", range="pc")
        _join(graph, last, "lut3d", {"file": str(self._look.cube), "interp": "tetrahedral"}).link_to(graph.add("buffersink"))
        graph.configure()
        return graph

    def vpull(self) -> av.VideoFrame:
        return self._after.vpull()


class Fitter:
    """Fits the frames of one medium. Args: look: a .cube file, or None.  exact: a cube with what it misses, where it alone is not near enough."""

    def __init__(self, medium: Medium, picture: PictureSpec, raster: tuple[int, int], *, look: Path | None, exact: Mended | None = None) -> None:
        self._picture, self._raster, self._look, self._exact = picture, raster, look, exact
        video = medium.info.video if medium.info is not None else None
        self._colour = video.colour if video is not None else Colour()
        self._sar = video.sar if video is not None else Fraction(1)
        self._turn = video.rotation_deg if video is not None else 0
        self._matrix = _MATRICES.get(picture.matrix, 1)
        self._graphs: dict[tuple[object, ...], av.filter.Graph | _Exact | None] = {}

    def fit(self, frame: av.VideoFrame, box: tuple[float, float, float, float] | None = None) -> av.VideoFrame:
        """A frame of the film. `box`: what of the picture fills it; None: all of it, with black where the shapes differ."""
        matrix, span = self._read(frame)
        key = (frame.width, frame.height, frame.format.name, matrix, span, box is None)
        if key not in self._graphs:
            self._graphs[key] = self._build(frame, matrix, span, whole=box is None)
        graph = self._graphs[key]
        if graph is None:
            return frame
        if matrix is not None:
            frame.colorspace = matrix
        frame.color_range = span
        frame.pts = 0
        graph.vpush(frame)
        made = graph.vpull()
        return made if box is None else self._boxed(made, box)

    def cover(self, frame: av.VideoFrame, box: tuple[float, float, float, float] | None = None) -> NDArray[np.int64]:
        """What a frame with an alpha channel covers of the raster, where `fit` puts it: shape (h, w), 0 to ONE."""
        frame = frame if frame.format.is_planar and len(frame.planes) == 4 else frame.reformat(format="gbrap")
        alpha = arrays(frame)[3].astype(np.float32) * (ONE / ((1 << frame.format.components[3].bits) - 1))
        alpha = np.rot90(alpha, -self._turn // 90)  # clockwise
        high, wide = alpha.shape
        made = np.zeros((self._raster[1], self._raster[0]), np.int64)
        if box is not None:
            made[:] = _resized(alpha, self._raster, (box[0] * wide, box[1] * high, (box[0] + box[2]) * wide, (box[1] + box[3]) * high), ONE)
            return made
        turned = self._turn in (90, 270)
        display = (wide, round(high * self._sar)) if turned else (round(wide * self._sar), high)
        left, top, across, down = placed(display, self._raster)
        made[top : top + down, left : left + across] = _resized(alpha, (across, down), (0, 0, wide, high), ONE)
        return made

    def _read(self, frame: av.VideoFrame) -> tuple[int | None, int]:
        """Matrix and range of a frame: as tagged; else BT.709 from 720 lines up and BT.601 below, legal range; RGB is full."""
        if frame.format.name.startswith(_RGB):
            return None, _FULL
        matrix = int(frame.colorspace) if int(frame.colorspace) in _SCALER else _MATRICES.get(self._colour.matrix or "")
        if matrix not in _SCALER:
            matrix = 1 if frame.height >= _BT709_FROM else 6
        if int(frame.color_range) in (_LIMITED, _FULL):
            return matrix, int(frame.color_range)
        return matrix, _FULL if self._colour.full_range or frame.format.name.startswith(("yuvj", "gray")) else _LIMITED

    def _build(self, frame: av.VideoFrame, matrix: int | None, span: int, *, whole: bool) -> av.filter.Graph | _Exact | None:
        picture = self._picture
        turned = self._turn in (90, 270)
        display = (round(frame.width * self._sar), frame.height)
        display = (display[1], display[0]) if turned else display
        left, top, wide, high = placed(display, self._raster) if whole else (0, 0, *display)
        pixels = picture.pixel_format if whole else _full_chroma(picture.pixel_format)
        wanted = _FULL if picture.full_range or pixels.startswith(_RGB) else _LIMITED
        same = (frame.width, frame.height) == (wide, high) == self._raster and frame.format.name == pixels and span == wanted
        if same and not self._turn and self._look is None and self._exact is None and matrix in (None, self._matrix):
            return None
        graph = av.filter.Graph()
        graph.threads = 1
        buffer = _BUFFER[matrix] if matrix is not None else "gbr"
        last = graph.add(
            "buffer", video_size=f"{frame.width}x{frame.height}", pix_fmt=frame.format.name, time_base="1/1000", pixel_aspect="1/1",
            colorspace=buffer, range="pc" if span == _FULL else "tv",
        )  # fmt: skip
        size = {"w": str(high if turned else wide), "h": str(wide if turned else high), "flags": _FLAGS}
        given = {"in_range": "full" if span == _FULL else "limited", **({"in_color_matrix": _SCALER[matrix]} if matrix is not None else {})}
        out = {"out_range": "full" if wanted == _FULL else "limited"}
        if not pixels.startswith(_RGB):
            out["out_color_matrix"] = _SCALER.get(self._matrix, "bt709")
        before: av.filter.Graph | None = None
        if self._exact is not None:
            _join(graph, _join(graph, last, "scale", size | given), "format", {"pix_fmts": "gbrp16le"}).link_to(graph.add("buffersink"))
            graph.configure()
            before, graph = graph, av.filter.Graph()
            graph.threads = 1
            last = graph.add("buffer", video_size=f"{size['w']}x{size['h']}", pix_fmt="gbrp16le", time_base="1/1000", pixel_aspect="1/1", colorspace="gbr", range="pc")
            last = _join(graph, last, "scale", out | {"flags": _FLAGS})
        elif self._look is not None:
            last = _join(graph, last, "scale", size | given)
            last = _join(graph, last, "format", {"pix_fmts": "gbrp16le"})
            last = _join(graph, last, "lut3d", {"file": str(self._look), "interp": "tetrahedral"})
            last = _join(graph, last, "scale", out | {"flags": _FLAGS})
        else:
            last = _join(graph, last, "scale", size | given | out)
        last = _join(graph, last, "format", {"pix_fmts": pixels})
        if self._turn == 180:
            last = _join(graph, _join(graph, last, "hflip", {}), "vflip", {})
        elif self._turn:
            last = _join(graph, last, "transpose", {"dir": "clock" if self._turn == 90 else "cclock"})
        if whole and (wide, high) != self._raster:
            last = _join(graph, last, "pad", {"w": str(self._raster[0]), "h": str(self._raster[1]), "x": str(left), "y": str(top), "color": "black"})
        last.link_to(graph.add("buffersink"))
        graph.configure()
        return graph if before is None or self._exact is None else _Exact(before, graph, self._exact)

    def _boxed(self, frame: av.VideoFrame, box: tuple[float, float, float, float]) -> av.VideoFrame:
        """Part of a picture over the whole raster; its edges may lie between pixels, so that a slow move does not step."""
        made = black(self._raster, self._picture.pixel_format, full_range=self._picture.full_range)
        bits = max(part.bits for part in made.format.components)
        edges = (box[0] * frame.width, box[1] * frame.height, (box[0] + box[2]) * frame.width, (box[1] + box[3]) * frame.height)
        for source, plane in zip(arrays(frame), arrays(made), strict=False):
            plane[:] = _resized(source, (plane.shape[1], plane.shape[0]), edges, (1 << bits) - 1)
        return made


def _resized(plane: NDArray[np.generic], size: tuple[int, int], edges: tuple[float, ...], top: int) -> NDArray[np.float32]:
    picture = Image.fromarray(plane.astype(np.float32))
    within = (max(edges[0], 0.0), max(edges[1], 0.0), min(edges[2], float(plane.shape[1])), min(edges[3], float(plane.shape[0])))
    found = np.asarray(picture.resize(size, Image.Resampling.LANCZOS, box=within))
    whole: NDArray[np.float32] = np.clip(np.rint(found), 0, top)
    return whole


def multiplied(frame: av.VideoFrame) -> av.VideoFrame:
    """A still with its colours multiplied with its alpha: what is scaled then has no fringe of the colour that nobody was to see."""
    pixels = frame.to_ndarray(format="rgba").astype(np.uint32)
    return av.VideoFrame.from_ndarray(((pixels[..., :3] * pixels[..., 3:] * 257 + 127) // 255).astype(np.uint16), format="rgb48le")


def _full_chroma(pixels: str) -> str:
    """The format with a chroma sample for each pixel: what lies between pixels is worked out from it."""
    return pixels.replace("420p", "444p").replace("422p", "444p")


def _join(graph: av.filter.Graph, last: FilterContext, name: str, options: dict[str, str]) -> FilterContext:
    following = graph.add(name, **options)
    last.link_to(following)
    return following
