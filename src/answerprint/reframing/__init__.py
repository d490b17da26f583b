"""Another shape of the film: for every ordinary shot a frame is proposed by the faces in it, by what moves and by what stands out.

A proposal decides nothing: it can be refused shot by shot, and then the shot is shown whole. A hero shot is never framed here: a person
does that, or the version is refused in a sentence. What was proposed for other frames than the cut has now is not used.
"""

from __future__ import annotations

from answerprint.reframing.made import Proposed, ReframingError, bars, called, framings, needed, proposed, unframed
from answerprint.reframing.making import Reframed, reframe
from answerprint.reframing.shots import Cut, Shot, cut, shape_called, shapes

__all__ = ["Cut", "Proposed", "Reframed", "ReframingError", "Shot", "bars", "called", "cut", "framings", "needed", "proposed", "reframe", "shape_called", "shapes", "unframed"]
