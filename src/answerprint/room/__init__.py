"""The review room: where people look, argue, decide and sign. A local web application over one production.

`server.serve` runs it; `app.make_app` builds it; one module in `pages/` per page, each with its twin under /api. No page ranks, marks or
chooses anything by itself, and nothing here loads other packages' code.
"""

from answerprint.model.records import AnswerprintError

__all__ = ["RoomError"]


class RoomError(AnswerprintError):
    """The room cannot be opened, or does not do what was asked: what, why, what to do."""
