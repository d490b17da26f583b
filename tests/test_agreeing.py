"""A file that left, held against its record: the honest one agrees, and a lie is found whoever told it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from answerprint import cli, signoff
from answerprint.agreeing import Against, against
from answerprint.claims import claims_of
from answerprint.delivering import make
from answerprint.delivery.credentials import Checkpoint, Public, certificates
from answerprint.delivery.credentials.certificates import own
from answerprint.delivery.credentials.embedding import embed
from answerprint.delivery.credentials.reading import read
from answerprint.desk import Desk
from answerprint.spot import Spot
from tests.delivery.credentials.made import film, flipped, in_mdat, remuxed
from tests.test_delivering import asked, finished, let_out, put, spot

__all__ = ["spot"]


@pytest.fixture(autouse=True)
def this_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place of the test's own for the self-made certificate."""
    monkeypatch.setattr(certificates, "_home", lambda: tmp_path / "certificates")


def held(production: Spot, path: Path) -> Against:
    return against(Desk(production), path, read(path))


def test_a_film_that_left_agrees_with_its_record_and_every_lie_about_it_does_not(
    spot: Spot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished(spot)
    (waits,) = make(spot, specs=["tiny"])
    n = put(spot, signoff.yes(asked(spot)))
    (left,) = let_out(spot)
    assert held(spot, left.path) == Against(entry=left.entry, film="master for tiny", disagrees=())
    assert cli.main(["credentials", str(left.path), "--in", str(spot.path)]) == 0
    assert (
        f"The record says the same, claim by claim: master for tiny, which left with entry {left.entry}." in capsys.readouterr().out
    )

    desk = Desk(spot)
    line = next(one for one in desk.book.lines if one.n == n)
    claims = claims_of(desk, waits, line=line)
    lie = replace(claims, checkpoint=Checkpoint(entry=n - 1, seal=claims.checkpoint.seal))
    embed(waits.path, tmp_path / "lie.mp4", lie, own(), public=Public(), ingredients={})
    assert [line.partition(":")[0] for line in held(spot, tmp_path / "lie.mp4").disagrees] == ["Another checkpoint"]

    embed(waits.path, tmp_path / "other.mp4", claims, own(tmp_path / "somebody"), public=Public(), ingredients={})
    (words,) = held(spot, tmp_path / "other.mp4").disagrees
    assert "signed with another certificate" in words

    (words,) = held(spot, remuxed(left.path, tmp_path / "stripped.mp4")).disagrees
    assert "carries no credentials, and the record says that it left with them" in words

    broken = flipped(Path(shutil.copy(left.path, tmp_path / "broken.mp4")), in_mdat(left.path))
    assert any("was changed after it was signed" in words for words in held(spot, broken).disagrees)
    assert cli.main(["credentials", str(broken), "--in", str(spot.path)]) == 1
    assert "The record says something else:" in capsys.readouterr().out

    stranger = held(spot, film(tmp_path / "stranger.mp4"))
    assert stranger.entry is None
    assert "lets no such file out" in stranger.disagrees[0]
    assert held(spot, waits.path).disagrees  # the film that waits is not the one that left
