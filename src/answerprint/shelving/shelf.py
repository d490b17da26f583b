"""Where the library lies, and what it runs on: a folder in the user's own data, or the one that the setting `library` names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from answerprint.config import library_home, load
from answerprint.library import LibraryError

if TYPE_CHECKING:
    from answerprint.library.index import Index
    from answerprint.library.meaning import Clip

__all__ = ["Root", "Shelf", "home"]


def home() -> Path:
    """The library's folder; it need not exist."""
    return library_home(load(None))


@dataclass(frozen=True, kw_only=True)
class Root:
    """A folder that was taken in."""

    path: str
    connected: bool
    files: int
    shots: int

    @property
    def says(self) -> str:
        if self.connected:
            return ""
        return f"{self.path} is not connected. What is known of its {self.files} files is searched; they cannot be opened until its disk is back."


class Shelf:
    """The library, opened. Use it in a `with`.

    Raises: LibraryError: the folder cannot be used, or the CLIP model that the settings name is none.
    """

    def __init__(self, folder: Path | None = None) -> None:
        from answerprint.library.index import Index
        from answerprint.library.meaning import Clip

        model = str(load(None)["library_model"])
        self.clip: Clip | None = Clip(Path(model).expanduser()) if model else None
        self.index: Index = Index(folder or home(), widths={"clip": self.clip.width} if self.clip is not None else None)

    def __enter__(self) -> Shelf:
        return self

    def __exit__(self, *_: object) -> None:
        self.index.close()

    @property
    def roots(self) -> tuple[Root, ...]:
        """The folders that were taken in, by their names."""
        return tuple(Root(path=path, connected=Path(path).is_dir(), files=files, shots=shots) for path in self.index.roots() for files, shots in [self.index.count(path)])

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """(file, sentence) of what could not be taken in."""
        return tuple(self.index.problems())

    @property
    def lacks(self) -> tuple[str, ...]:
        """What is not installed, and what is not found because of it."""
        from answerprint.library import meaning, tagging
        from answerprint.media import faces

        found = []
        if not tagging.installed() or not meaning.installed():
            found.append('Words are found where somebody wrote them, and facts as they were measured; what a picture shows needs the extra: pip install "answerprint[search]"')
        if not faces.installed():
            found.append('Whether people are seen is not known: pip install "answerprint[vision]"')
        return tuple(found)

    def remove(self, folder: str) -> int:
        """Forget a folder; nothing on its disk is touched. Returns how many files are known no more.

        Raises: LibraryError: it was not taken in.
        """
        wanted = str(Path(folder).expanduser().absolute())
        if wanted not in self.index.roots():
            listed = ", ".join(self.index.roots()[:6]) or "no folder at all"
            raise LibraryError(f"{wanted} was not taken in. The library has: {listed}.")
        with self.index.writing():
            return self.index.remove(wanted)
