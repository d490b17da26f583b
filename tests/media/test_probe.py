"""A probe says exactly what a file is, or in one sentence why it is nothing."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from fractions import Fraction
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np
import pytest

from answerprint.media import MediaError, bwf, quicktime
from answerprint.media.container import _sentence
from answerprint.media.probe import probe
from answerprint.model.records import Bext, MediaInfo, from_plain, to_plain
from tests.media.making import click, clip

NTSC = Fraction(1000, 1001)


@pytest.mark.parametrize(
    ("name", "codec", "pixels", "bits"),
    [
        ("a.mov", "libx264", "yuv420p", 8), ("a.mp4", "libx265", "yuv420p10le", 10), ("a.mov", "prores_ks", "yuv422p10le", 10),
        ("a.mxf", "mpeg2video", "yuv420p", 8), ("a.mkv", "libx264", "yuv420p", 8), ("a.webm", "libvpx-vp9", "yuv420p", 8),
        ("a.mpg", "mpeg2video", "yuv420p", 8), ("a.avi", "mpeg4", "yuv420p", 8), ("a.mts", "libx264", "yuv420p", 8),
    ],
)  # fmt: skip
def test_every_container_and_codec_is_a_clip(tmp_path, name, codec, pixels, bits):
    info = probe(clip(tmp_path / name, codec=codec, pixel_format=pixels, frames=30, size=(128, 96)))
    assert info.kind == "clip"
    assert info.video is not None
    assert (info.video.rate, info.video.variable, info.video.bit_depth) == (25, False, bits)
    assert info.video.display_size == (128, 96)
    assert float(info.duration_s) == pytest.approx(1.2, abs=0.05)
    assert from_plain(MediaInfo, to_plain(info)) == info


def test_dnxhr_in_mxf_is_a_clip(tmp_path):
    info = probe(
        clip(tmp_path / "a.mxf", codec="dnxhd", pixel_format="yuv422p", frames=3, size=(256, 128), options={"profile": "dnxhr_sq"})
    )
    assert info.video is not None
    assert info.video.codec == "dnxhd"


@pytest.mark.parametrize("name", ["a.mov", "a.mxf", "a.mkv", "a.mp4"])
@pytest.mark.parametrize(
    "rate", [24 * NTSC, Fraction(24), Fraction(25), 30 * NTSC, Fraction(30), Fraction(50), 60 * NTSC, Fraction(60)]
)
def test_rates_are_exact(tmp_path, name, rate):
    codec = "mpeg2video" if name.endswith("mxf") else "libx264"
    info = probe(
        clip(tmp_path / name, rate=rate, frames=50, codec=codec, options={"preset": "ultrafast"} if codec == "libx264" else None)
    )
    assert info.video is not None
    assert (info.video.rate, info.video.variable) == (rate, False)


@pytest.mark.parametrize("name", ["a.mov", "a.mkv"])
def test_a_phone_that_varies_is_variable_and_gets_its_usual_rate(tmp_path, name):
    stamps, at = [], 0
    for number in range(60):
        stamps.append(at)
        at += 1000 if number % 7 else 1500
    info = probe(clip(tmp_path / name, rate=Fraction(30), frames=60, stamps=stamps, time_base=Fraction(1, 30000)))
    assert info.video is not None
    assert info.video.variable
    assert info.video.rate == 30


def test_one_dropped_frame_is_enough_to_be_variable(tmp_path):
    info = probe(clip(tmp_path / "a.mov", frames=40, stamps=[n if n < 20 else n + 1 for n in range(40)]))
    assert info.video is not None
    assert info.video.variable


@pytest.mark.parametrize(
    ("rate", "label"),
    [
        (24 * NTSC, "23:59:50:23"), (Fraction(24), "01:00:00:00"), (Fraction(25), "09:59:50:24"), (30 * NTSC, "10:00:00;02"), (30 * NTSC, "10:00:00:02"),
        (Fraction(30), "00:59:53:29"), (Fraction(50), "10:11:12:49"), (60 * NTSC, "10:00:00;58"), (60 * NTSC, "10:00:00:58"), (Fraction(60), "10:00:00:59"),
    ],
)  # fmt: skip
def test_tmcd_timecode_comes_back_at_every_rate(tmp_path, rate, label):
    info = probe(clip(tmp_path / "a.mov", rate=rate, metadata={"timecode": label}))
    assert (info.timecode, info.timecode_rate, info.timecode_from) == (label, rate, "tmcd")
    assert info.notes == ()


def test_the_timecode_tracks_own_rate_is_kept_where_the_picture_runs_faster(tmp_path):
    """A 120-frame clip whose track counts 24: the label is 12 frames of 24 in, not 12 of 120."""
    path = clip(tmp_path / "a.mov", rate=Fraction(120), metadata={"timecode": "10:00:00:12"})
    written = quicktime.counter(path)
    assert written is not None
    assert (written.nominal, written.rate, written.frame) == (120, 120, 120 * 36000 + 12)
    raw = bytearray(path.read_bytes())
    entry = raw.index(b"tmcd" + bytes(7) + b"\1") - 4  # the sample description: its size, its name, six zeros, data reference 1
    raw[entry + 24 : entry + 33] = struct.pack(">IIB", 24, 1, 24)
    sample = raw.index(struct.pack(">I", written.frame))
    raw[sample : sample + 4] = struct.pack(">I", 24 * 36000 + 12)
    path.write_bytes(raw)
    info = probe(path)
    assert (info.timecode, info.timecode_rate) == ("10:00:00:12", 24)
    assert info.video is not None
    assert info.video.rate == 120


@pytest.mark.parametrize("at", range(0, 60, 3))
def test_a_timecode_track_with_any_byte_broken_is_no_crash(tmp_path, at):
    path = clip(tmp_path / "a.mov", metadata={"timecode": "10:00:00:12"})
    raw = bytearray(path.read_bytes())
    entry = raw.index(b"tmcd" + bytes(7) + b"\1") - 12
    raw[entry + at] ^= 0xFF
    path.write_bytes(raw)
    counted = quicktime.counter(path)
    assert counted is None or counted.nominal > 0


def test_a_codec_without_a_decoder_is_a_camera_original_with_its_timecode(tmp_path):
    path = clip(tmp_path / "A001C003_260302_R1AB.mov", frames=50, metadata={"timecode": "10:00:00:12"})
    path.write_bytes(path.read_bytes().replace(b"avc1", b"CRAW"))
    info = probe(path)
    assert (info.kind, info.timecode, info.camera) == ("camera original", "10:00:00:12", "A")
    assert float(info.duration_s) == pytest.approx(2, abs=0.05)
    assert "proxies" in info.notes[0]


def test_mxf_carries_timecode(tmp_path):
    info = probe(clip(tmp_path / "a.mxf", codec="mpeg2video", metadata={"timecode": "10:00:00:05"}))
    assert (info.timecode, info.timecode_from) == ("10:00:00:05", "container")


def test_drop_frame_on_true_30_is_believed_and_on_25_is_a_lie_that_is_said(tmp_path):
    true_30 = probe(clip(tmp_path / "a.mkv", rate=Fraction(30), metadata={"timecode": "10:00:00;02"}))
    assert (true_30.timecode, true_30.timecode_rate) == ("10:00:00;02", 30)
    at_25 = probe(clip(tmp_path / "b.mkv", metadata={"timecode": "10:00:00;02"}))
    assert at_25.timecode == "10:00:00:02"
    assert "25 has no drop-frame" in at_25.notes[0]


def test_a_label_that_cannot_be_is_a_note_not_a_timecode(tmp_path):
    info = probe(clip(tmp_path / "a.mkv", metadata={"timecode": "10:00:00:44"}))
    assert info.timecode is None
    assert "10:00:00:44" in info.notes[0]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_rotation_is_what_ffmpeg_applies(tmp_path, turn):
    """The upper left corner is bright; ffmpeg turns the picture by itself, we turn the coded one by `rotation_deg`."""
    path = tmp_path / "a.mov"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        if turn:
            stream.set_display_rotation(turn)
        corner = np.zeros((64, 96, 3), np.uint8)
        corner[:24, :40] = 255
        for _ in range(3):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(corner, format="rgb24")))
        out.mux(stream.encode(None))
    info = probe(path)
    assert info.video is not None
    wide, high = info.video.display_size
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-v",
        "error",
        "-i",
        str(path),
        "-frames:v",
        "1",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "gray",
        "-",
    ]
    seen = np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.uint8).reshape(high, wide)
    with av.open(str(path)) as coded:
        ours = next(coded.decode(video=0)).to_ndarray(format="gray")
    turned = np.rot90(ours, k=-info.video.rotation_deg // 90)
    assert np.abs(turned.astype(int) - seen).mean() < 4


def test_anamorphic_and_interlaced_and_colour_are_kept(tmp_path):
    path = clip(
        tmp_path / "a.mov", codec="mpeg2video", size=(720, 576), frames=5, sar=Fraction(64, 45), options={"flags": "+ilme+ildct"},
        color_primaries=5, color_trc=1, colorspace=5, color_range=1,
    )  # fmt: skip
    info = probe(path)
    assert info.video is not None
    assert info.video.sar == Fraction(64, 45)
    assert info.video.display_size == (1024, 576)
    assert info.video.interlaced
    assert (info.video.colour.primaries, info.video.colour.transfer, info.video.colour.matrix) == ("bt470bg", "bt709", "bt470bg")
    assert info.video.colour.full_range is False


def test_where_colour_is_not_tagged_nothing_is_claimed(tmp_path):
    info = probe(clip(tmp_path / "a.mkv"))
    assert info.video is not None
    assert (info.video.colour.primaries, info.video.colour.transfer, info.video.colour.log) == (None, None, None)


@pytest.mark.parametrize(
    ("name", "camera", "reel"),
    [
        ("A001C003_260302_R1AB.mov", "A", "A001"), ("A_0001C003_260302_101112_h1AB.mov", "A", "A_0001"), ("B002_C011_0302XY_001.mov", "B", "B002"),
        ("A001_03021011_C004.mov", "A", "A001"), ("C0001.mov", None, None), ("GH010042.mov", None, None), ("DSC_0001.mov", None, None),
    ],
)  # fmt: skip
def test_camera_and_roll_stand_in_the_name(tmp_path, name, camera, reel):
    info = probe(clip(tmp_path / name))
    assert (info.camera, info.reel) == (camera, reel)


SONY = """<?xml version="1.0" encoding="UTF-8"?>
<NonRealTimeMeta xmlns="urn:schemas-professionalDisc:nonRealTimeMeta:ver.2.00">
  <LtcChangeTable tcFps="25"><LtcChange frameCount="0" value="12345910" status="increment"/></LtcChangeTable>
  <VideoFormat><VideoFrame videoCodec="AVC" captureFps="100.00p" formatFps="25p"/></VideoFormat>
  <Device manufacturer="Sony" modelName="ILME-FX3" serialNo="1"/>
  <AcquisitionRecord><Group><Item name="CaptureGammaEquation" value="s-log3-cine"/></Group></AcquisitionRecord>
</NonRealTimeMeta>"""


def test_a_sony_clip_is_told_by_the_xml_beside_it(tmp_path):
    path = clip(tmp_path / "C0001.MP4")
    (tmp_path / "C0001M01.XML").write_text(SONY)
    info = probe(path)
    assert info.video is not None
    assert (info.video.rate, info.video.fps_shot) == (25, 100)
    assert (info.timecode, info.timecode_from) == ("10:59:34:12", "rtmd")
    assert info.video.colour.log == "S-Log3"
    assert info.tags["modelName"] == "ILME-FX3"


def test_a_sony_clip_is_told_by_the_xml_inside_it(tmp_path):
    plain = clip(tmp_path / "plain.mp4").read_bytes()
    body = b"\0\0\0\0" + SONY.encode()
    path = tmp_path / "C0001.MP4"
    moov = plain.index(b"moov") - 4
    index = plain[moov:]
    assert moov + int.from_bytes(index[:4], "big") == len(plain)
    meta = (len(body) + 8).to_bytes(4, "big") + b"meta" + body
    path.write_bytes(plain[:moov] + (len(index) + len(meta)).to_bytes(4, "big") + index[4:] + meta)
    info = probe(path)
    assert info.timecode == "10:59:34:12"
    assert info.video is not None
    assert info.video.fps_shot == 100


def test_broken_camera_xml_is_a_note(tmp_path):
    path = clip(tmp_path / "C0001.MP4")
    (tmp_path / "C0001M01.XML").write_text("<NonRealTimeMeta><oops>")
    assert "not XML" in probe(path).notes[0]


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.mp3", "a.aiff", "a.m4a"])
def test_sound_files_are_sound(tmp_path, name):
    path = tmp_path / name
    codec = {"a.wav": "pcm_s24le", "a.flac": "flac", "a.mp3": "mp3", "a.aiff": "pcm_s16be", "a.m4a": "aac"}[name]
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=48000)
        stream.layout = "stereo"
        convert = av.AudioResampler(format=stream.format.name, layout="stereo", rate=48000)
        for start in range(0, 48000, 1152):
            frame = av.AudioFrame.from_ndarray(click(500, count=1152, channels=2), format="fltp", layout="stereo")
            frame.sample_rate, frame.pts, frame.time_base = 48000, start, Fraction(1, 48000)
            for made in convert.resample(frame):
                out.mux(stream.encode(made))
        out.mux(stream.encode(None))
    info = probe(path)
    assert info.kind == "sound"
    assert info.video is None
    assert [(stream.rate_hz, stream.channels) for stream in info.audio] == [(48000, 2)]
    assert float(info.duration_s) == pytest.approx(1, abs=0.06)


def test_cover_art_is_not_picture(tmp_path):
    path, cover = tmp_path / "a.m4a", tmp_path / "cover.png"
    sound = tmp_path / "s.wav"
    bwf.write(sound, click(5), rate_hz=48000)
    run = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y"]
    subprocess.run([*run, "-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", str(cover)], check=True)
    command = [
        *run,
        "-i",
        str(sound),
        "-i",
        str(cover),
        "-map",
        "0",
        "-map",
        "1",
        "-c:a",
        "aac",
        "-c:v",
        "copy",
        "-disposition:v",
        "attached_pic",
        str(path),
    ]
    subprocess.run(command, check=True)
    assert probe(path).kind == "sound"


def test_a_recorder_file_carries_its_own_timecode(tmp_path):
    path = tmp_path / "T001.wav"
    rate = 30 * NTSC
    # 10:00:00;01 starts at sample 1727999873.6: a recorder rounds, some of them down
    said = Bext(
        time_reference=1727999873, scene="1", take="2", tape="S001", rate=rate, drop=True, date="2026-03-02", time="10:00:00"
    )
    bwf.write(path, click(5), rate_hz=48000, bext=said)
    info = probe(path)
    assert info.timecode_from == "bext"
    assert info.timecode_rate == rate
    assert info.timecode == "10:00:00;01"
    assert info.reel == "S001"
    assert info.bext is not None
    assert info.bext.scene == "1"


def test_a_time_reference_of_zero_is_no_timecode(tmp_path):
    bwf.write(tmp_path / "a.wav", click(5), rate_hz=48000, bext=Bext(rate=Fraction(25)))
    assert probe(tmp_path / "a.wav").timecode is None


# ---- what is no clip


def test_each_fault_is_one_sentence_with_the_name(tmp_path, capfd):
    whole = clip(tmp_path / "whole.mov", frames=50)
    raw = whole.read_bytes()
    moov = raw.index(b"moov") - 4
    made = {
        "cut.mov": raw[:moov],
        "empty.wav": b"",
        "text.mov": b"Dear editor,\nthis is a note.\n" * 40,
        "zeros.mp4": bytes(5000),
        "still.jpg.mov": b"\xff\xd8\xff\xe0" + bytes(100),
        "list.mov": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nwhole.mov\n#EXT-X-ENDLIST\n",
    }
    says = {
        "cut.mov": "cut off",
        "empty.wav": "0 bytes",
        "text.mov": "text",
        "zeros.mp4": "zeros",
        "still.jpg.mov": "still",
        "list.mov": "text",
    }
    for name, body in made.items():
        (tmp_path / name).write_bytes(body)
        with pytest.raises(MediaError, match=says[name]) as error:
            probe(tmp_path / name)
        assert name in str(error.value)
        assert "\n" not in str(error.value)
    with pytest.raises(MediaError, match="not there"):
        probe(tmp_path / "gone.mov")
    with pytest.raises(MediaError, match="folder"):
        probe(tmp_path)
    os.mkfifo(tmp_path / "pipe.mov")
    with pytest.raises(MediaError, match="plain file"):
        probe(tmp_path / "pipe.mov")
    heard = capfd.readouterr()
    assert (heard.out, heard.err) == ("", "")


def test_a_file_that_may_not_be_read_says_so():
    assert "permissions" in _sentence(Path("A001.mov"), PermissionError(13, "Permission denied"))


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.95, 0.99])
@pytest.mark.parametrize("name", ["a.mov", "a.mxf", "a.mkv", "a.avi", "a.mpg"])
def test_a_file_cut_anywhere_is_probed_or_refused_never_a_crash(tmp_path, name, share):
    path = clip(tmp_path / name, codec="mpeg2video", frames=30, sounds=[click(9000, count=57600)] if name != "a.mpg" else ())
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    try:
        assert probe(path).kind in ("clip", "sound", "camera original")
    except MediaError as error:
        assert str(error).startswith(name)  # noqa: PT017 - either outcome is right, a crash is not


def test_one_still_in_a_clip_container_is_not_a_clip(tmp_path):
    with pytest.raises(MediaError, match="still picture"):
        probe(clip(tmp_path / "a.mov", frames=1))


@pytest.mark.parametrize(
    "name",
    [
        b"a b 'c' \"d\".mov",
        b"new\nline.mov",
        "\N{CLAPPER BOARD} take.mov".encode(),
        b"latin \xe9\xff.mov",
        b"concat:a%03d|b.mov",
        b"-i.mov",
    ],
)
def test_any_name_works(tmp_path, name):
    path = tmp_path / os.fsdecode(name)
    shutil.copy(clip(tmp_path / "plain.mov"), path)
    assert probe(path).kind == "clip"
    path.write_bytes(b"")
    with pytest.raises(MediaError) as error:
        probe(path)
    str(error.value).encode("utf-8")
    assert "\n" not in str(error.value)
