"""What a recorder wrote is read, wherever in the file it lies and whatever is wrong around it."""

from __future__ import annotations

import struct
from fractions import Fraction

import av
import numpy as np
import pytest

from answerprint.media import MediaError, bwf, bwf_writing
from answerprint.media.probe import probe
from answerprint.model.records import Bext, Track

SAID = Bext(
    description="sSPEED=023.976-ND",
    originator="Recorder 8",
    date="2026-03-02",
    time="08:00:01",
    time_reference=48000 * 3600 * 8 + 7,
    scene="12A",
    take="3",
    tape="S001",
    circled=True,
    note="plane at the end",
    rate=Fraction(24000, 1001),
    drop=False,
    tracks=(Track(channel=1, name="Mix", function="MIX"), Track(channel=2, name="Boom <1> & co", function=None)),
)


@pytest.fixture
def samples():
    return np.random.default_rng(1).uniform(-0.9, 0.9, (2, 4801))


def chunk(name: bytes, body: bytes, *, size: int | None = None, pad: bool = True) -> bytes:
    return struct.pack("<4sI", name, len(body) if size is None else size) + body + (b"\0" if pad and len(body) % 2 else b"")


def riff(*chunks: bytes, name: bytes = b"RIFF") -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return name + struct.pack("<I", 0xFFFFFFFF if name != b"RIFF" else len(body)) + body


FMT = chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 48000, 96000, 2, 16))


def xml(body: str) -> bytes:
    return chunk(b"iXML", f"<BWFXML>{body}</BWFXML>".encode())


@pytest.mark.parametrize("bits", [16, 24])
def test_what_is_written_is_read_back(tmp_path, samples, bits):
    path = tmp_path / "T001.wav"
    bwf.write(path, samples, rate_hz=48000, bits=bits, bext=SAID, project="First Pour")
    wave = bwf.look(path)
    assert wave is not None
    assert wave.bext == SAID
    assert (wave.project, wave.rate_hz, wave.channels, wave.notes) == ("First Pour", 48000, 2, ())
    with av.open(str(path)) as other:
        heard = np.concatenate([frame.to_ndarray() for frame in other.decode(audio=0)], axis=1).reshape(-1, 2).T
        stamp = other.metadata["time_reference"]
    np.testing.assert_allclose(heard / 2.0 ** (8 * heard.dtype.itemsize - 1), samples, atol=2.0 ** (1 - bits))
    assert stamp == str(SAID.time_reference)


def test_whole_samples_are_written_bit_for_bit(tmp_path):
    samples = (np.arange(-500, 500, dtype=np.int32) << 8)[np.newaxis]
    bwf.write(tmp_path / "a.wav", samples, rate_hz=48000, bits=24)
    with av.open(str(tmp_path / "a.wav")) as other:
        heard = np.concatenate([frame.to_ndarray() for frame in other.decode(audio=0)], axis=1)
    np.testing.assert_array_equal(heard, samples)


def test_a_plain_wav_says_nothing_and_another_file_is_no_wave(tmp_path, samples):
    bwf.write(tmp_path / "a.wav", samples, rate_hz=48000)
    assert bwf.read(tmp_path / "a.wav") is None
    (tmp_path / "b.wav").write_text("not a wave at all")
    assert bwf.look(tmp_path / "b.wav") is None


@pytest.mark.parametrize("order", ["before", "after", "odd and padded", "odd and not padded"])
def test_chunks_are_found_on_both_sides_of_the_sound(tmp_path, order):
    data, said = chunk(b"data", bytes(200)), xml("<SCENE>7</SCENE><TAKE>2</TAKE>")
    parts = {
        "before": (FMT, said, data),
        "after": (FMT, data, said),
        "odd and padded": (FMT, chunk(b"note", b"odd"), data, said),
        "odd and not padded": (FMT, chunk(b"note", b"odd", pad=False), data, said),
    }[order]
    (tmp_path / "a.wav").write_bytes(riff(*parts))
    said_back = bwf.read(tmp_path / "a.wav")
    assert said_back is not None
    assert (said_back.scene, said_back.take) == ("7", "2")


@pytest.mark.parametrize("name", [b"RF64", b"BW64"])
def test_a_polyphonic_roll_over_4_gb_is_read_without_its_sound(tmp_path, name):
    path = tmp_path / "roll.wav"
    length = 5 * 2**30
    head = riff(
        chunk(b"ds64", struct.pack("<QQQI", length + 100, length, length // 2, 0)),
        FMT,
        struct.pack("<4sI", b"data", 0xFFFFFFFF),
        name=name,
    )
    with open(path, "wb") as file:
        file.write(head)
        file.seek(length, 1)
        file.write(xml("<SCENE>99</SCENE>"))
    wave = bwf.look(path)
    assert wave is not None
    assert wave.bext is not None
    assert wave.bext.scene == "99"
    assert wave.data_bytes == length
    assert wave.notes == ()


def test_a_recorder_that_lost_power_is_noted(tmp_path):
    (tmp_path / "a.wav").write_bytes(riff(FMT, chunk(b"data", b"\1\2" * 500, size=0)))
    wave = bwf.look(tmp_path / "a.wav")
    assert wave is not None
    assert wave.data_bytes == 1000
    assert "stopped" in wave.notes[0]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<BWFXML><SCENE>1</BWFXML>", "not XML"),
        (b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;">]><BWFXML><SCENE>&c;</SCENE></BWFXML>', "entities"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><BWFXML/>', "entities"),
        (b"\xff\xfe\x00garbage", "not XML"),
    ],
)
def test_broken_and_hostile_xml_is_a_note_and_bext_survives(tmp_path, body, says):
    bext = bwf_writing._bext_bytes(SAID, 48000, 24, 2)
    (tmp_path / "a.wav").write_bytes(riff(FMT, chunk(b"bext", bext), chunk(b"iXML", body), chunk(b"data", bytes(10))))
    wave = bwf.look(tmp_path / "a.wav")
    assert wave is not None
    assert wave.bext is not None
    assert wave.bext.time_reference == SAID.time_reference
    assert any(says in note for note in wave.notes)


def test_latin_letters_under_a_utf8_heading_are_read(tmp_path):
    body = '<?xml version="1.0" encoding="UTF-8"?><BWFXML><NOTE>caf\xe9</NOTE></BWFXML>'.encode("latin-1")
    (tmp_path / "a.wav").write_bytes(riff(FMT, chunk(b"iXML", body + b"\0" * 400), chunk(b"data", bytes(10))))
    said = bwf.read(tmp_path / "a.wav")
    assert said is not None
    assert said.note == "café"


@pytest.mark.parametrize(
    ("description", "rate", "drop"),
    [
        ("sSPEED=023.976-ND\r\nsSCENE=A101\r\nsTAKE=4", Fraction(24000, 1001), False),
        ("SPEED=29.970DF\r\nSCENE=A101\r\nTAKE=4", Fraction(30000, 1001), True),
    ],
)
def test_the_lines_of_a_description_are_read_where_there_is_no_xml(tmp_path, description, rate, drop):
    raw = bwf_writing._bext_bytes(Bext(description=description), 48000, 24, 1)
    (tmp_path / "a.wav").write_bytes(riff(FMT, chunk(b"bext", raw), chunk(b"data", bytes(10))))
    said = bwf.read(tmp_path / "a.wav")
    assert said is not None
    assert (said.scene, said.take, said.rate, said.drop) == ("A101", "4", rate, drop)


def test_xml_gives_the_time_where_bext_is_missing(tmp_path):
    speed = "<SPEED><TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>1</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI><TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>5</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO></SPEED>"
    (tmp_path / "a.wav").write_bytes(riff(FMT, xml(speed), chunk(b"data", bytes(10))))
    said = bwf.read(tmp_path / "a.wav")
    assert said is not None
    assert said.time_reference == 2**32 + 5


def test_a_truncated_bext_and_a_size_that_lies_are_notes(tmp_path):
    (tmp_path / "a.wav").write_bytes(riff(FMT, chunk(b"data", bytes(10)), chunk(b"bext", b"short", size=9999)))
    wave = bwf.look(tmp_path / "a.wav")
    assert wave is not None
    assert len(wave.notes) == 2


@pytest.mark.parametrize("cut", range(0, 900, 37))
def test_a_file_cut_anywhere_is_read_or_refused_never_a_crash(tmp_path, samples, cut):
    path = tmp_path / "a.wav"
    bwf.write(path, samples[:, :10], rate_hz=48000, bext=SAID)
    path.write_bytes(path.read_bytes()[:cut])
    bwf.look(path)
    try:
        assert probe(path).kind == "sound"
    except MediaError as error:
        assert str(error).startswith("a.wav")  # noqa: PT017 - either outcome is right, a crash is not


def test_samples_of_another_kind_are_refused(tmp_path):
    with pytest.raises(MediaError, match="float or int32"):
        bwf.write(tmp_path / "a.wav", np.zeros(5), rate_hz=48000)
