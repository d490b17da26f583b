"""A file that says something else than its record is caught, and the sentence names what; one that is honest is left alone."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from answerprint.delivery.credentials import Public
from answerprint.delivery.credentials.comparing import compare
from answerprint.delivery.essence import essence
from tests.delivery.credentials.lies import LIES, Lie, caught
from tests.delivery.credentials.made import EDIT, Shot


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_a_lie_is_caught_and_named(lie: Lie, spot: Shot, broadcast: Shot, tmp_path: Path) -> None:
    said, wrong = caught(broadcast if lie.broadcast else spot, lie, tmp_path)
    assert any(re.search(lie.words, line) for line in wrong), f"{wrong}\n{said.codes}"
    assert all(line.endswith(".") and "\n" not in line for line in wrong)


@pytest.mark.parametrize("public", [Public(), Public(names=True), Public(ingredients=True), Public(names=True, ingredients=True)])
@pytest.mark.parametrize("suffix", [".mp4", ".mxf"])
def test_an_honest_file_is_left_alone(public: Public, suffix: str, spot: Shot, broadcast: Shot, tmp_path: Path) -> None:
    shot = spot if suffix == ".mp4" else broadcast
    out = shot.sign(str(tmp_path / f"out{suffix}"), public=public)
    assert compare(shot.says(out), shot.claims, essence_now=essence(out, edit=EDIT).digest, certificate=shot.certificate.seal) == ()


def test_a_bit_changed_anywhere_but_in_padding_is_noticed(spot: Shot, tmp_path: Path) -> None:
    """Padding is what nothing is in: zeros behind a signature, kept free so that it may be longer, and the flags on the lids of boxes."""
    out, rng, path = spot.sign(str(tmp_path / "out.mp4")), random.Random(11), tmp_path / "bit.mp4"
    raw, honest = out.read_bytes(), spot.says(out)
    first = raw.index(b"mdat") + 4
    for at in [rng.randrange(first, len(raw)) for _ in range(25)] + [
        rng.randrange(raw.index(b"uuid\xd8"), first) for _ in range(50)
    ]:
        changed = bytearray(raw)
        changed[at] ^= 1 << rng.randrange(8)
        path.write_bytes(changed)
        said = spot.says(path)
        wrong = compare(said, spot.claims, essence_now=spot.claims.essence, certificate=spot.certificate.seal)
        assert wrong or not any(raw[at - 8 : at + 8]) or b"jumd" in raw[at - 40 : at], f"byte {at}: {raw[at - 8 : at + 8]!r}"
        if not wrong:
            assert (said.claims, said.actions, said.ingredients) == (honest.claims, honest.actions, honest.ingredients)
