"""How far a picture is tilted, told by its edges: those that stand and those that lie, where both say the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answerprint.signal import SignalError

__all__ = ["WIDEST", "Tilt", "tilt"]

Floats = NDArray[np.float64]

WIDEST = 12.0  #: degrees: a camera that is turned further is turned on purpose, and edges further off are no standing or lying ones
_STEP = 0.25  #: degrees
_NEAR = 1.5  #: degrees to each side of a peak that are its own
_SHARE = 0.2  #: of each kind's length; evenly spread, 0.125 of it would lie there
_COHERENT = 0.95  #: of a structure tensor: an edge, no texture
_HALF = 0.15  #: of the edges that say so, at least, to either side of the middle: one thing that leans, at one side, tells nothing of the camera
_STRONG = 0.08  #: of full scale across two pixels, in the tensor's middle: under it lie noise and soft backgrounds


@dataclass(frozen=True, kw_only=True)
class Tilt:
    """What the edges of one picture say."""

    degrees: float  #: above 0: the picture's right side hangs, its horizon falls to the right
    standing: float  #: share of the standing edges' length that lies within 1.5 degrees of it; evenly spread they would have 0.125
    lying: float
    pixels: int  #: of the smaller kind of edges, by number


def tilt(picture: NDArray[np.floating]) -> Tilt | None:
    """How far a picture is tilted.

    Args:    picture: luma, shape (h, w), full scale 1.0, 320 pixels wide or more.
    Returns: None where it has too few standing or lying edges, or where the two kinds do not say the same within 1.5 degrees.
    Raises:  SignalError: another shape.
    """
    image = np.asarray(picture, np.float64)
    if image.ndim != 2 or min(image.shape) < 32:
        raise SignalError(f"a picture of shape {image.shape} has no edges that could be told apart.")
    smooth = _blurred(_blurred(image))  # of sharp edges a difference between neighbours tells too steep a turn
    across, down = np.zeros_like(image), np.zeros_like(image)
    across[:, 1:-1] = smooth[:, 2:] - smooth[:, :-2]
    down[1:-1] = smooth[2:] - smooth[:-2]
    xx, yy, xy = (_blurred(_blurred(one)) for one in (across * across, down * down, across * down))
    strength = xx + yy
    coherence = np.hypot(xx - yy, 2 * xy) / np.maximum(strength, 1e-12)
    turned = np.degrees(np.arctan2(2 * xy, xx - yy)) / 2  # of the gradient: 0 at a standing edge
    use = (coherence >= _COHERENT) & (np.sqrt(strength) >= _STRONG / 2)
    angles, weights = turned[use], np.sqrt(strength[use])
    standing = np.abs(angles) <= WIDEST
    lying = np.abs(np.abs(angles) - 90) <= WIDEST
    least = image.shape[0] * 2
    if min(standing.sum(), lying.sum()) < least:
        return None
    upright = angles[standing], weights[standing]
    flat = np.where(angles[lying] > 0, angles[lying] - 90, angles[lying] + 90), weights[lying]
    peaks = [_peak(*one) for one in (upright, flat)]
    if abs(peaks[0][0] - peaks[1][0]) > _NEAR or min(share for _, share in peaks) < _SHARE:
        return None
    middle = np.nonzero(use)[1] < image.shape[1] / 2
    for kind, family, (angle, _) in ((standing, upright[0], peaks[0]), (lying, flat[0], peaks[1])):
        left = float(middle[kind][np.abs(family - angle) <= _NEAR].mean())
        if not _HALF <= left <= 1 - _HALF:
            return None
    total = sum(share for _, share in peaks)
    return Tilt(
        degrees=sum(angle * share for angle, share in peaks) / max(total, 1e-9), standing=peaks[0][1], lying=peaks[1][1], pixels=int(min(standing.sum(), lying.sum())),
    )  # fmt: skip


def _peak(angles: Floats, weights: Floats) -> tuple[float, float]:
    """Where most edges point, and the share of them that lies within _NEAR of it."""
    bins = np.arange(-WIDEST, WIDEST + _STEP, _STEP)
    heights, _ = np.histogram(angles, bins=np.append(bins - _STEP / 2, bins[-1] + _STEP / 2), weights=weights)
    wide = int(_NEAR / _STEP)
    summed = np.convolve(heights, np.ones(2 * wide + 1), "same")
    top = bins[int(summed.argmax())]
    near = np.abs(angles - top) <= _NEAR
    return float(np.average(angles[near], weights=weights[near])), float(weights[near].sum() / weights.sum())


def _blurred(image: Floats) -> Floats:
    """Binomial over five pixels each way."""
    kernel = np.array([1, 4, 6, 4, 1], np.float64) / 16
    padded = np.pad(image, 2, mode="edge")
    rows = sum(weight * padded[:, number : number + image.shape[1]] for number, weight in enumerate(kernel))
    made: Floats = sum(weight * rows[number : number + image.shape[0]] for number, weight in enumerate(kernel))
    return made
