"""FCPXML, the format of Final Cut Pro, which DaVinci Resolve reads and writes as well."""

from answerprint.model.extend import Format
from answerprint.timeline.formats.fcpxml.document import text_of
from answerprint.timeline.formats.fcpxml.read import read
from answerprint.timeline.formats.fcpxml.write import write

__all__ = ["format", "text_of"]

format = Format(
    name="fcpxml",
    suffix=".fcpxml",
    write=write,
    read=read,
    cannot=(
        "a correction of sound drift (the ppm are kept in the notes, not applied)",
        "transitions other than a cross dissolve",
        "effects, grades and crops; the levels of single channels and roles",
        "markers on the timeline itself (the clip under each carries it) and marker colours other than to-do and chapter",
        "parts of a frame at the end of a clip whose rate is not the timeline's",
        "the speed of a compound clip",
        "metadata of other programs, image sequences and names of tracks",
        "generators other than titles and captions, and how a title looks",
    ),
)
