"""xmeml, the XML of Final Cut Pro 7, which Premiere Pro and DaVinci Resolve read and write."""

from answerprint.model.extend import Format
from answerprint.timeline.formats.xmeml.read import read
from answerprint.timeline.formats.xmeml.write import write

__all__ = ["format"]

format = Format(
    name="xmeml",
    suffix=".xml",
    write=write,
    read=read,
    cannot=(
        "parts of a frame: sound that starts between two frames is placed exactly by Premiere only, which reads its own ticks",
        "a correction of sound drift, and which recorder file belongs to which clip",
        "sound roles, keywords on a stretch of a clip, and the names of alternatives",
        "transitions other than a cross dissolve, and the place of the cut inside one that is not centred (Premiere reads it)",
        "effects, grades, crops and the fades of a clip",
        "generators other than text and slugs, and how a title looks",
        "captions and other programs' metadata",
    ),
)
