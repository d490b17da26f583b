"""The cut is what the list says, frame by frame; what people say about it is theirs; nothing is chosen for anybody."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import opentimelineio as otio
import pytest

from answerprint import marks
from answerprint.arguments import remarks
from answerprint.media.reel import SIZE
from answerprint.model.time import floor_frames
from answerprint.room import drawing, showing
from tests.room.conftest import Signer
from tests.room.cut_room import FRAMES, bring, waited


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def shown_of(cutting, name="v01"):
    desk = showing.desk_of(cutting.opened.room)
    return showing.showing(cutting.opened.room, desk, f"cuts/{name}.otio")


def luma(path, frames):
    """Some frames' brightness, under the watermark's line."""
    found = {}
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number in frames:
                found[number] = frame.reformat(*SIZE, format="gray").to_ndarray()[SIZE[1] // 2 :].astype(np.int16)
    return found


# ---- the movie


def test_the_movie_shows_at_every_frame_the_frame_of_the_clip_that_the_cut_names(cutting):
    film, shown = waited(cutting.ana, "/api/cut/v01"), shown_of(cutting)
    assert film["frames"] == 5 * FRAMES
    movie = luma(shown.movie, set(range(3 * FRAMES)))
    table = cutting.opened.room.house.table
    for one in shown.shots[:3]:
        proxy = table.shoot.plan.artefacts(one.unit, cutting.opened.room.house.production.cache)["picture/proxy.mp4"]
        first = floor_frames(one.shown.source(shown.rate).start_s, one.unit.info.video.rate)
        source = luma(proxy, set(range(first - 3, first + FRAMES + 3)))
        for frame in range(one.shown.start, one.shown.end):
            apart = {number: float(np.abs(movie[frame] - other).mean()) for number, other in source.items()}
            assert apart[first + frame - one.shown.start] <= min(apart.values()) + 0.05


def test_the_movie_is_heard_as_the_track_lays_the_recorder_sound(cutting):
    waited(cutting.ana, "/api/cut/v01")
    shown = shown_of(cutting)
    (lane,) = shown.lanes
    use = lane.uses[0]
    table = cutting.opened.room.house.table
    unit = next(one for one in table.shoot.sounds if one.digest == use.media.digest)
    whole = np.load(table.shoot.plan.artefacts(unit, cutting.opened.room.house.production.cache)["listen/sound.npy"])
    first = round(use.source_s * 48000)
    part = whole[first : first + 480 * 40].astype(float).reshape(-1, 480) / 32768
    peaks = np.load(shown.peaks)[0][:40]
    assert np.abs(peaks[1:, 1] - np.rint(part.max(axis=1)[1:] * 127)).max() <= 1
    assert not np.load(shown.peaks)[0][60:].any()  # nothing lies under what has no sound


def test_a_list_without_sound_is_heard_with_the_recorder_and_says_so(cutting):
    film = waited(cutting.ana, "/api/cut/v02")
    assert cutting.opened.room.texts["cut"]["borrowed"] in film["machine"]
    assert np.load(shown_of(cutting, "v02").peaks).any()


def test_an_edit_list_that_counts_in_the_cameras_timecode_shows_the_same_frames(cutting):
    from answerprint.turnover import writer

    write, _ = writer("edl")
    made = bring(cutting.ana, "list.edl", write(shown_of(cutting, "v02").timeline, {})[0]).json()["cuts"][0]
    rate = Fraction(24000, 1001)
    stretches = [[floor_frames(one.shown.source(rate).start_s, rate) for one in shown_of(cutting, name).shots[:3]] for name in (made, "v02")]
    assert stretches[0] == stretches[1]
    (cutting.opened.path / "cuts" / f"{made}.otio").unlink()


def test_the_movie_comes_by_range_and_under_a_name_of_this_session_only(cutting):
    film = waited(cutting.ana, "/api/cut/v01")
    part = cutting.ana.client.get(film["movie"], headers={"range": "bytes=0-99"})
    assert (part.status_code, len(part.content)) == (206, 100)
    other = Signer(cutting.opened.room, cutting.ana.hand)
    assert other.get(film["movie"]).status_code == 404
    assert other.get(f"/api/peaks/{film['clip']['id']}").status_code == 404
    cutting.ana.client.cookies.clear()
    assert cutting.ana.get(film["movie"]).status_code == 401
    cutting.ana.client.cookies.set("answerprint", cutting.ana.guest.session)


def test_media_that_are_missing_show_as_a_card_that_says_which(cutting):
    film = cutting.ana.get("/api/cut/v01").json()["film"]
    assert "elsewhere: not among the media of this production." in film["machine"]
    assert [one["name"] for one in film["shots"][3:]] == ["empty", "elsewhere"]


def test_the_same_edit_is_printed_once_whatever_its_file_is_called(cutting):
    waited(cutting.ana, "/api/cut/v01")
    made = bring(cutting.ana, "again.otio", cutting.raw).json()["cuts"][0]
    assert cutting.ana.get(f"/api/cut/{made}").json()["film"]["movie"]
    (cutting.opened.path / "cuts" / f"{made}.otio").unlink()


def test_a_movie_that_cannot_be_made_says_why(cutting, monkeypatch):
    import time

    from answerprint.media import MediaError
    from answerprint.room import printing

    def refuses(*args):
        raise MediaError("A001_C002.mp4: this proxy is cut off. Delete the cache and prepare the clip again.")

    monkeypatch.setattr(printing, "print_movie", refuses)
    timeline = otio.adapters.read_from_string(cutting.raw.decode(), "otio_json")
    del timeline.tracks[0][1]
    made = bring(cutting.ana, "broken.otio", otio.adapters.write_to_string(timeline, "otio_json").encode()).json()["cuts"][0]
    for _ in range(100):
        making = cutting.ana.get(f"/api/cut/{made}").json()["film"]["making"]
        if isinstance(making, str):
            break
        time.sleep(0.02)
    assert making.startswith("A001_C002.mp4: this proxy is cut off")
    (cutting.opened.path / "cuts" / f"{made}.otio").unlink()


# ---- the shots as data


def test_each_shot_says_its_slate_its_item_its_source_and_its_handles(cutting):
    one = cutting.ana.get("/api/cut/v01").json()["film"]["shots"][0]
    shown = shown_of(cutting).shots[0]
    clip_s = shown.unit.info.duration_s
    rate = Fraction(24000, 1001)
    assert one["name"] == "1A-2 A"
    assert one["item"] == 1
    assert one["before"] + FRAMES + one["after"] == floor_frames(clip_s, rate)
    assert one["source_in"] < one["source_out"]


def test_the_alternates_of_a_shot_are_every_attempt_at_its_item_in_shooting_order(cutting):
    source = cutting.ana.get("/api/cut/v01/source/1").json()
    assert [one["slate"] for one in source["alternates"]] == ["1A-1 A", "1A-1 A series 2", "1A-2 A"]
    assert [one["shown"] for one in source["alternates"]] == [False, False, True]
    assert source["used"][1] - source["used"][0] == FRAMES


def test_two_cuts_stand_beside_each_other_with_what_changed_in_words(cutting):
    beside = cutting.ana.get("/api/cut/v02?with=v01.otio").json()["beside"]
    assert any("moved" in line for line in beside["says"])
    pairs = {tuple(one["before"]): tuple(one["after"]) for one in beside["ribbons"] if one["before"] and one["after"]}
    assert pairs[0, FRAMES] == (FRAMES, 2 * FRAMES)


def test_pauses_lie_between_words_and_shots_add_up_to_the_cut(cutting):
    pace = cutting.ana.get("/api/cut/v01").json()["film"]["pace"]
    assert sum(one["length_s"] for one in pace["steps"]) == pytest.approx(5 * FRAMES * 1001 / 24000, abs=0.01)
    assert all(end - start >= 0.25 for start, end in pace["pauses"])


def test_an_editors_marker_stands_on_its_frame(cutting):
    notes = cutting.ana.get("/api/cut/v01").json()["film"]["notes"]
    assert (0, "here", "marker") in [(one["frame"], one["text"], one["kind"]) for one in notes]


# ---- what people do


def test_a_mark_is_seen_by_whoever_made_it_and_by_nobody_else(cutting):
    ana = cutting.ana
    assert ana.post("/api/cut/v01/mark", {"shot": 1, "mark": "acceptable"}).status_code == 200
    called = {name: [one["mark"] for one in ana.get(f"/api/cut/{name}").json()["film"]["shots"]] for name in ("v01", "v02")}
    assert called["v01"] == ["acceptable", None, None, None, None]
    assert called["v02"] == [None, "acceptable", None, None, None]  # the same stretch, elsewhere in the other cut
    other = Signer(cutting.opened.room, ana.hand)
    looking = cutting.opened.room.doors.use_setup(cutting.opened.room.doors.setup_link())
    other.client.cookies.set("answerprint", looking.session)
    assert other.get("/api/cut/v01").json()["film"]["shots"][0]["mark"] is None
    assert ana.post("/api/cut/v01/mark", {"shot": 1, "mark": None}).status_code == 200
    assert marks.of(cutting.opened.room.house.production, ana.guest.person) == {}


def test_nothing_is_marked_before_somebody_does_and_a_card_never_is(cutting):
    shots = cutting.ana.get("/api/cut/v01").json()["film"]["shots"]
    assert all(one["mark"] is None for one in shots)
    assert cutting.ana.post("/api/cut/v01/mark", {"shot": 5, "mark": "good"}).status_code == 409
    assert cutting.ana.post("/api/cut/v01/mark", {"shot": 1, "mark": "excellent"}).status_code == 422


def test_a_note_stands_on_its_frame_with_its_drawing_and_no_script_of_its_own(cutting):
    said = {"frame": 7, "text": "<script>alert(1)</script>", "strokes": [[[0.1, 0.2], [0.3, 0.4]]]}
    assert cutting.ana.post("/api/cut/v01/note", said).status_code == 200
    note = next(one for one in cutting.ana.get("/api/cut/v01").json()["film"]["notes"] if one["kind"] == "note")
    assert (note["frame"], note["text"], note["by"]) == (7, said["text"], "Ana Ferrer")
    picture = cutting.ana.get(note["drawing"])
    assert picture.headers["content-type"] == "image/svg+xml"
    assert 'd="M160 180L480 360"' in picture.text
    assert "<script>alert" not in cutting.ana.get("/cut/v01").text
    with cutting.opened.room.house.reading() as record:
        kept = drawing.read(remarks(record)[-1].on)
    assert (kept.file, kept.frame) == ("cuts/v01.otio", 7)


def test_an_objection_to_a_frame_is_signed_and_blocks_until_it_is_answered(cutting):
    offer = cutting.ana.post("/api/cut/v02/object", {"frame": 30, "text": "A frame too polite.", "strokes": []}).json()
    assert offer["lists"] == ["I object: “A frame too polite.”", "On 01:00:01:06 of v02: shot 3, 1B-1 A."]
    assert cutting.ana.sign(offer).status_code == 200
    raised = cutting.opened.room.house.book.objections[-1]
    assert (raised.open, raised.line.content.on) == (True, "frame:cuts/v02.otio@30")
    assert ("objection", 30) in [(one["kind"], one["frame"]) for one in cutting.ana.get("/api/cut/v02").json()["film"]["notes"]]


@pytest.mark.parametrize(
    "said",
    [
        {"frame": 10**6, "text": "there is no such frame", "strokes": []},
        {"frame": 1, "text": "  ", "strokes": []},
        {"frame": 1, "text": "outside", "strokes": [[[1.2, 0.5]]]},
        {"frame": 1, "text": "nowhere", "strokes": [[["x", 0.5]]]},
        {"frame": -1, "text": "before", "strokes": []},
        {"frame": 1, "text": "much", "strokes": [[[0.5, 0.5]] * 3000]},
    ],
)
def test_what_cannot_be_said_about_a_frame_is_refused_in_a_sentence(cutting, said):
    answer = cutting.ana.post("/api/cut/v01/note", said)
    assert answer.status_code in (409, 422)
    assert answer.json()["says"].endswith(".")


def test_choosing_a_cut_is_a_draft_of_its_edit_and_pacing_and_signs_nothing(cutting):
    before = cutting.opened.room.house.book.head.n
    said = cutting.ana.post("/api/cut/v01/choose", {"version": "master"}).json()["says"]
    assert [line.split(" of ")[0] for line in said] == ["final edit", "pacing"]
    assert cutting.opened.room.house.book.head.n == before
    assert cutting.ana.get("/api/cut/master").json()["film"]["file"] == "cuts/v01.otio"
    (cutting.opened.path / ".answerprint" / "drafts.json").unlink()


# ---- bringing


def test_a_cut_that_is_brought_lies_in_cuts_and_replaces_none(cutting):
    first = bring(cutting.ana, "../../v01.otio", cutting.raw).json()
    assert first["cuts"] == ["v01 2"]
    assert first["unmatched"]
    (cutting.opened.path / "cuts" / "v01 2.otio").unlink()


@pytest.mark.parametrize(("name", "data"), [("v.mov", b"x"), ("v.otio", b""), ("v.otio", b"{]"), ("v.fcpxml", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><fcpxml>&a;</fcpxml>"), ("", b"x")])
def test_what_is_no_cut_is_refused_in_a_sentence_and_leaves_nothing(cutting, name, data):
    before = sorted((cutting.opened.path / "cuts").iterdir())
    answer = bring(cutting.ana, name, data)
    assert answer.status_code == 409
    assert answer.json()["says"].endswith(".")
    assert sorted((cutting.opened.path / "cuts").iterdir()) == before


def test_a_file_over_the_limit_is_not_read(cutting):
    answer = cutting.ana.client.post("/api/cut/import?name=v.otio", content=b"", headers={"origin": "http://localhost:8484", "x-answerprint": cutting.ana.guest.form, "content-length": str(2**30)})
    assert answer.status_code == 413


def test_without_a_cut_the_page_says_so_and_makes_a_rough_one_only_when_asked(opened):
    page = opened.ana.get("/cut")
    assert page.status_code == 200
    assert "No cut yet" in page.text
    assert opened.ana.get("/api/cut").json()["film"] is None
    assert opened.ana.get("/api/cut/nothing").status_code == 404
    made = opened.ana.post("/api/cut/rough").json()["cuts"][0]
    assert opened.ana.get(f"/api/cut/{made}").json()["film"]["shots"]
