"""Taking a folder in: every clip and still in it by its seal. Stopped at any moment and begun again, it goes on where it was.

First all new files get their picture index, so that shots, colours, motion, rate and length can be asked for soon; then come the passes that take
longer. A file that was moved is known by its seal and is not looked at again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from answerprint.library import LibraryError
from answerprint.model.records import AnswerprintError
from answerprint.rights.paper import PAPER
from answerprint.shelving.shelf import Shelf

__all__ = ["Taken", "add"]

Progress = Callable[[str, int, int, str], None]  #: (what is done, number, of how many, file)
#: Endings of what is looked at; what is inside is found out by looking.
_CLIPS = frozenset(".mp4 .mov .m4v .mxf .mkv .webm .avi .mpg .mpeg .mts .m2ts .ts .3gp .dv .wmv .asf".split())


#: Folders of other systems on a disk that goes round: what was thrown away on Windows or a NAS, and the small pictures that a NAS makes by itself.
_NOBODYS = frozenset(("$recycle.bin", "system volume information", "lost+found", "#recycle", "@recycle", "@eadir"))


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of a folder's files."""

    folder: str
    found: int
    new: int
    again: int  #: known by their seal, at another place or under another name
    unchanged: int
    gone: int  #: were here once, and are not any more
    problems: tuple[tuple[str, str], ...]  #: (file, sentence)


def add(shelf: Shelf, folder: str | Path, *, more: frozenset[str] = frozenset(), progress: Progress = lambda what, number, count, file: None) -> Taken:
    """Take a folder in, or look what is new in it.

    Args:   more: passes on wish: "lettering", "transcript". What was once made of a file is made again with it.
    Raises: LibraryError: it is not there, its disk was taken away meanwhile, or the index cannot be written.
    """
    from answerprint.library.reading import on_wish, passes_here

    if lacking := more - on_wish():
        raise LibraryError(f'{", ".join(sorted(lacking))}: what makes this pass is not installed here: pip install "answerprint[vision]"')
    root = Path(folder).expanduser().absolute()
    if not root.is_dir():
        raise LibraryError(f"{root} is not there. If it lies on a disk of its own, connect it.")
    index, name = shelf.index, str(root)
    with index.writing():
        index.add_root(name)
    files, papers = _files(root)
    inside = name if name.endswith(os.sep) else name + os.sep
    for paper in papers:
        with index.writing():
            index.keep_paper(str(paper), name, _raw(paper))
    with index.writing():
        for old in {one for one, _, _ in index.papers() if one.startswith(inside)} - set(map(str, papers)):
            index.forget_paper(old)  # a list that somebody took away lets nothing be used any more
    quick, whole = frozenset({"picture"}), passes_here(shelf.clip) | more
    new = again = unchanged = 0
    wrong: dict[str, str] = {}
    for number, path in enumerate(files, 1):
        progress("looked at", number, len(files), str(path))
        try:
            state = _take(shelf, root, path, quick)
        except AnswerprintError as error:
            _still_there(root, number - 1)
            wrong[str(path)] = str(error)
            _say(shelf, name, path, str(error))
            continue
        new, again, unchanged = new + (state == "new"), again + (state == "again"), unchanged + (state == "unchanged")
    left = [(path, file) for path, file in index.places(name) if whole - index.passes(file) and Path(path).exists()]
    done: set[int] = set()
    for number, (path_name, file) in enumerate(left, 1):
        progress("told apart", number, len(left), path_name)
        if file in done:
            continue
        done.add(file)
        try:
            _reread(shelf, Path(path_name), whole | index.passes(file))
        except AnswerprintError as error:
            _still_there(root, len(files))
            wrong[path_name] = str(error)
            _say(shelf, name, Path(path_name), str(error))
    seen = {str(path) for path in files}
    gone = [path for path, _ in index.places(name) if path not in seen]
    with index.writing():
        for path_name in gone:
            index.forget_place(path_name)
    known = dict(index.problems())
    wrong |= {str(path): known[str(path)] for path in files if str(path) in known}
    return Taken(folder=name, found=len(files), new=new, again=again, unchanged=unchanged, gone=len(gone), problems=tuple(sorted(wrong.items())))


def _files(root: Path) -> tuple[list[Path], list[Path]]:
    """Clips and stills below a folder in the order of their names, and the lists of rights there. Links and hidden folders are left out."""
    from answerprint.library.reading import STILLS

    found, papers = [], []
    for path in _below(root):
        if path.suffix.casefold() in _CLIPS | STILLS:
            found.append(path)
        elif path.name.casefold() == PAPER:
            papers.append(path)
    return found, papers


def _below(folder: Path) -> Iterator[Path]:
    try:
        listed = sorted(os.scandir(folder), key=lambda one: one.name)
    except OSError:
        return  # one folder that may not be listed keeps nobody from the others
    for one in listed:
        if one.name.startswith(".") or one.is_symlink() or one.name.casefold() in _NOBODYS:
            continue
        if one.is_dir():
            yield from _below(Path(one.path))
        elif one.is_file():
            yield Path(one.path)


def _take(shelf: Shelf, root: Path, path: Path, want: frozenset[str]) -> str:
    """What a file is to the index: "unchanged", "again", "new", or "broken" where it was before and did not change.

    Raises: MediaError, LibraryError: it cannot be read.
    """
    from answerprint.library.reading import read
    from answerprint.media.digests import read as sealed

    index, name = shelf.index, str(path)
    size, changed = _stat(path)
    known = index.known(name)
    if known is not None and known[1:] == (size, changed):
        return "unchanged"
    if index.failed(name) == (size, changed):
        return "broken"
    digest = sealed(path, also=()).blake3
    file = index.file_of(digest)
    if file is not None:
        with index.writing():
            index.place(name, str(root), file, size, changed)
        return "again"
    found = read(path, clip=shelf.clip, want=want)
    with index.writing():
        file = index.file_of(digest)  # another program may have taken it in while it was looked at
        state = "new" if file is None else "again"
        index.place(name, str(root), index.add_file(digest, found.info, found.passes, found.shots) if file is None else file, size, changed)
    return state


def _reread(shelf: Shelf, path: Path, want: frozenset[str]) -> None:
    """All passes of a file, in place of what was known of it. Its other places stay."""
    from answerprint.library.reading import read

    index = shelf.index
    known = index.known(str(path))
    if known is None:
        return
    found = read(path, clip=shelf.clip, want=want)
    with index.writing():
        index.replace(known[0], found.info, found.passes, found.shots)


def _stat(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except OSError as cause:
        raise LibraryError(f"{path.name} is not there any more ({cause.strerror}).") from cause
    return stat.st_size, stat.st_mtime_ns


def _say(shelf: Shelf, root: str, path: Path, says: str) -> None:
    try:
        size, changed = _stat(path)
    except LibraryError:
        size = changed = 0
    with shelf.index.writing():
        shelf.index.say(str(path), root, says, size, changed)


def _still_there(root: Path, done: int) -> None:
    if not root.is_dir():
        raise LibraryError(f"{root} went away after {done} files: its disk was taken out. Those are kept; connect it and take the folder in again, and it goes on from there.")


def _raw(paper: Path) -> bytes:
    try:
        return paper.read_bytes()
    except OSError as cause:
        raise LibraryError(f"{paper}: this list of rights cannot be read ({cause.strerror}).") from cause
