"""What the machine made for the finish stands, can be refused piece by piece, and nothing of it decides anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from answerprint import arguments, chronicle, finishing, production
from answerprint.finishing import FinishingError
from answerprint.spot import Spot


@pytest.fixture
def spot(tmp_path: Path) -> Spot:
    made = production.new(tmp_path / "spot", rate="25")
    made.inside.mkdir(exist_ok=True)
    return made


def test_a_proposal_stands_with_its_file_and_the_same_again_is_not_written_twice(spot: Spot) -> None:
    first = finishing.propose(spot, "correction", "rushes/A001.mp4", inputs=["blake3:" + "0" * 64], files={"cuts/a.cc": b"<cc/>"}, values={"slope": "1.02"}, says=["A cloud was left."])
    again = finishing.propose(spot, "correction", "rushes/A001.mp4", inputs=["blake3:" + "0" * 64], files={"cuts/a.cc": b"<cc/>"}, values={"slope": "1.02"}, says=["A cloud was left."])
    assert again == first == finishing.made(spot, "correction")["rushes/A001.mp4"]
    assert first.path(spot, "cuts/a.cc").read_bytes() == b"<cc/>"


def test_a_later_proposal_takes_the_place_of_the_one_before(spot: Spot) -> None:
    for words in (b"one", b"two"):
        last = finishing.propose(spot, "captions", "master.en", inputs=[], files={"cuts/captions/master.en.srt": words})
    assert finishing.made(spot) == {"captions master.en": last}


def test_a_refused_piece_stays_refused_until_it_is_taken_back_and_the_refusal_is_a_remark(spot: Spot) -> None:
    finishing.propose(spot, "clean-up", "sound/R1.wav", inputs=[], files={})
    finishing.refuse(spot, "clean-up", "sound/R1.wav", by="R. Adeyemi", because="the hum is the fridge")
    assert finishing.refused(spot, "clean-up")["sound/R1.wav"].because == "the hum is the fridge"
    assert finishing.refused(spot, "correction") == {}
    record = spot.reader()
    assert record is not None
    with record:
        assert [one.by for one in arguments.remarks(record)] == ["R. Adeyemi"]
    finishing.take_back(spot, "clean-up", "sound/R1.wav", by="R. Adeyemi")
    assert finishing.refused(spot, "clean-up") == {}


def test_only_what_was_made_can_be_refused_and_only_by_somebody(spot: Spot) -> None:
    with pytest.raises(FinishingError, match=r"no correction was made for 'rushes/B\.mp4'"):
        finishing.refuse(spot, "correction", "rushes/B.mp4", by="R. Adeyemi")
    finishing.propose(spot, "correction", "rushes/A.mp4", inputs=[], files={})
    with pytest.raises(FinishingError, match="who says so"):
        finishing.refuse(spot, "correction", "rushes/A.mp4", by=" ")
    with pytest.raises(FinishingError, match="nothing to take back"):
        finishing.take_back(spot, "correction", "rushes/A.mp4", by="R. Adeyemi")


def test_the_record_counts_what_was_made_for_the_finish_by_what_it_is(spot: Spot) -> None:
    for clip in ("rushes/A.mp4", "rushes/B.mp4"):
        finishing.propose(spot, "correction", clip, inputs=[], files={})
    finishing.propose(spot, "captions", "master.en", inputs=[], files={})
    says = {one.says for one in chronicle.read(spot.inside / "record.db").machine}
    assert says == {"the colour of 2 clips corrected, to be looked at", "captions written"}


def test_what_was_made_may_be_called_in_any_letters(spot: Spot) -> None:
    files = {"cuts/supers/日本 super.mov": "blake3:" + "1" * 64, "cuts/captions/Österreich.de.srt": b"1"}
    first = finishing.propose(spot, "supers", "日本", inputs=[], files=files)
    assert set(first.files) == set(files)
    assert finishing.propose(spot, "supers", "日本", inputs=[], files=files) == first == finishing.made(spot, "supers")["日本"]
