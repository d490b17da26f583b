"""Services that are asked: AI models and stock libraries, one file each. They know nothing of a production: who may ask what is `calling`'s matter.

Nothing here is loaded until somebody asks. What speaks HTTP does so over `wire.Wire`, which is the only thing that opens a connection.
"""

from __future__ import annotations

__all__: list[str] = []
