from __future__ import annotations

import pytest

from tests.delivery.credentials.made import Shot, shot


@pytest.fixture(scope="package")
def spot(tmp_path_factory: pytest.TempPathFactory) -> Shot:
    """One film with its claims, media and certificate; nobody changes a file of it."""
    return shot(tmp_path_factory.mktemp("spot"))


@pytest.fixture(scope="package")
def broadcast(tmp_path_factory: pytest.TempPathFactory) -> Shot:
    """The same as MXF, which cannot carry credentials itself."""
    return shot(tmp_path_factory.mktemp("broadcast"), suffix=".mxf")
