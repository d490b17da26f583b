"""Faces are found as OpenCV finds them with the same model, and nobody is recognised."""

from __future__ import annotations

import hashlib

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from answerprint.media import faces


def drawn(looks: int = 0) -> np.ndarray:
    """A face as a child draws one, softened: 640 x 360."""
    picture = Image.new("RGB", (640, 360), (70, 90, 110))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((350, 60, 510, 270), fill=(60, 40, 30))
    draw.ellipse((365, 85, 495, 265), fill=(215, 170, 145))
    for eye in (400, 455):
        draw.ellipse((eye - 16 + looks, 148, eye + 16 + looks, 166), fill=(240, 240, 240))
        draw.ellipse((eye - 7 + looks, 149, eye + 7 + looks, 165), fill=(40, 30, 25))
        draw.arc((eye - 20 + looks, 128, eye + 20 + looks, 150), 200, 340, fill=(50, 35, 25), width=6)
    draw.polygon([(428 + looks, 165), (416 + looks, 205), (442 + looks, 205)], fill=(190, 140, 115))
    draw.ellipse((402 + looks, 220, 456 + looks, 240), fill=(170, 70, 70))
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(2)))


def test_boxes_are_those_of_opencv_with_the_same_model() -> None:
    picture = drawn()
    given = np.zeros((640, 640, 3), np.uint8)
    given[:360] = picture[:, :, ::-1]
    known = cv2.FaceDetectorYN.create(str(faces._FILE), "", (640, 640), 0.2, 0.3, 5000)
    _, rows = known.detect(given)
    found = faces.faces(picture, sure=0.2)
    assert rows is not None
    assert len(found) == len(rows)
    for one, row in zip(sorted(found, key=lambda face: -face.score), sorted(rows, key=lambda row: -row[14]), strict=True):
        assert (one.left * 640, one.top * 360, one.width * 640, one.height * 360) == pytest.approx(row[:4].tolist(), abs=0.5)
        assert one.score == pytest.approx(row[14], abs=1e-3)


def test_a_face_is_where_it_is_and_leaves_are_none() -> None:
    (found,) = faces.faces(drawn())
    assert 0.55 < found.left < found.left + found.width < 0.8
    assert abs(found.looks) < 0.15
    assert faces.faces(np.random.default_rng(1).integers(0, 255, (180, 320, 3), dtype=np.uint8)) == []


def test_the_model_is_the_one_that_a_proposal_names() -> None:
    assert hashlib.sha256(faces._FILE.read_bytes()).hexdigest() == faces.MODEL.removeprefix("sha256:")
