"""Each adapter against a local server that speaks its service's documented protocol."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from answerprint.model.providers import Attached, ProviderError, Request, Setup, never
from answerprint.providers import anthropic, comfyui, diffusion, openai_chat, openai_images, pexels, wire
from tests.providers.serving import KEY, MP4, PNG, WORKFLOW, Local, local, setup, workflow

WORDS = Request(kind="words", words="One sentence.", most_tokens=50)
STILL = Request(kind="pictures", words="rain on a window", width=64, height=48, seed=7)
LIST = {"currency": "USD", "dated": "2026-10-01", "million_in": "2.50", "million_out": "10"}


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCAL_KEY", KEY)


@pytest.fixture
def server() -> Iterator[Local]:
    with local() as made:
        yield made


# ---- "openai-chat"


def test_a_price_is_the_most_it_can_cost_and_a_bill_what_the_service_counted(server: Local) -> None:
    made = openai_chat.Chat(setup(server, price=LIST))
    price, billed = made.price(WORDS), made.call(WORDS, cancel=never).billed
    assert price.amount == Decimal("0.000593")  # 13 bytes and 24 around them at 2.50, 50 tokens at 10, a million; rounded up
    assert billed is not None
    assert billed.amount == Decimal("0.000063")  # 9 and 4
    assert "2026-10-01" in price.how


def test_a_price_that_nobody_wrote_down_is_not_known(server: Local) -> None:
    made = openai_chat.Chat(setup(server))
    assert made.price(WORDS).words == "price not known"
    assert made.call(WORDS, cancel=never).billed is None
    picture = Request(kind="words", words="What is this?", attached=(Attached(name="a.png", data=PNG, media_type="image/png"),), carries=("frames",))
    assert openai_chat.Chat(setup(server, price=LIST)).price(picture).amount is None
    server.usage = None
    assert openai_chat.Chat(setup(server, price=LIST)).call(WORDS, cancel=never).billed is None


def test_an_answer_that_stops_at_its_limit_is_not_whole(server: Local) -> None:
    server.finish = "length"
    assert not openai_chat.Chat(setup(server)).call(WORDS, cancel=never).whole


def test_several_answers_have_seeds_of_their_own(server: Local) -> None:
    made = openai_chat.Chat(setup(server)).call(Request(kind="words", words="Ideas", count=3, seed=5), cancel=never)
    assert len(made.texts) == 3
    assert [json.loads(body)["seed"] for _, _, _, body in server.asked] == [5, 6, 7]
    assert made.used == {"tokens in": 27, "tokens out": 12}


def test_whether_a_server_has_the_model_is_asked_without_making_anything(server: Local) -> None:
    assert openai_chat.Chat(setup(server)).test(never) == ("writer answers, and has small.",)
    assert "its list has no large: small" in openai_chat.Chat(setup(server, model="large")).test(never)[0]
    assert [one[1] for one in server.asked] == ["/v1/models"] * 2


@pytest.mark.parametrize("opens", [openai_chat.Chat, anthropic.Messages])
def test_an_answer_that_came_is_charged_whatever_becomes_of_the_next(server: Local, opens: Any) -> None:
    made = opens(setup(server, price=LIST))
    server.acts = [lambda to: False, lambda to: to.answer({"error": {"message": "no"}}, 401)]
    with pytest.raises(ProviderError, match="the key was refused") as found:
        made.call(Request(kind="words", words="Ideas", count=2), cancel=never)
    assert found.value.perhaps_billed


@pytest.mark.parametrize("opens", [openai_chat.Chat, anthropic.Messages])
def test_a_limit_that_the_settings_set_is_reckoned_with(server: Local, opens: Any) -> None:
    made = opens(setup(server, price=LIST, parameters={"max_tokens": 8000}))
    made.call(WORDS, cancel=never)
    assert json.loads(server.asked[0][3])["max_tokens"] == 8000
    assert made.price(WORDS).amount > Decimal("0.08")


@pytest.mark.parametrize(("opens", "one"), [(openai_chat.Chat, {"n": 3}), (anthropic.Messages, {"model": "dearer"}), (openai_images.Images, {"n": 4}), (openai_images.Images, {"prompt": "other"})])
def test_settings_that_would_ask_for_more_than_was_told_are_refused(server: Local, opens: Any, one: dict[str, Any]) -> None:
    with pytest.raises(ProviderError, match="which each request says itself, with its price"):
        opens(setup(server, price=LIST, parameters=one))


# ---- "anthropic"


def test_anthropic_is_asked_as_its_documentation_says(server: Local) -> None:
    made = anthropic.Messages(setup(server, "anthropic", price=LIST))
    answer = made.call(Request(kind="words", words="One sentence.", manner="Be short."), cancel=never)
    asked = json.loads(server.asked[0][3])
    assert (asked["system"], asked["max_tokens"]) == ("Be short.", 1024)
    assert (answer.texts, answer.used) == (("Rain, and a hand that waits.",), {"tokens in": 9, "tokens out": 4})
    assert made.address == f"{server.address}/v1"


# ---- "openai-images"


def test_pictures_come_as_files_and_what_is_no_picture_is_refused(server: Local) -> None:
    made = openai_images.Images(setup(server, "openai-images", price={"currency": "USD", "dated": "2026-10-01", "picture": "0.04"}))
    two = Request(kind="pictures", words="rain", count=2, width=64, height=64)
    assert made.price(two).amount == Decimal("0.08")
    assert [one.media_type for one in made.call(two, cancel=never).files] == ["image/png"] * 2
    assert json.loads(server.asked[0][3])["size"] == "64x64"
    server.acts = [lambda to: to.answer({"data": [{"b64_json": "TVo="}]})]
    with pytest.raises(ProviderError, match="neither PNG, JPEG nor WebP"):
        made.call(two, cancel=never)


def test_a_picture_that_lies_on_another_host_is_not_fetched_from_there(server: Local) -> None:
    made = openai_images.Images(setup(server, "openai-images"))
    server.acts = [lambda to: to.answer({"data": [{"url": "https://elsewhere.example.org/a.png"}]})]
    with pytest.raises(ProviderError, match="another host for its file"):
        made.call(STILL, cancel=never)
    assert {one.host for one in made.traffic} == {server.address.removeprefix("http://")}


def test_one_picture_that_is_none_does_not_throw_the_others_away_and_is_paid_for(server: Local) -> None:
    made = openai_images.Images(setup(server, "openai-images", price={"currency": "USD", "dated": "2026-10-01", "picture": "0.04"}))
    server.acts = [lambda to: to.answer({"data": [{"b64_json": "TVo="}, {"b64_json": base64.b64encode(PNG).decode()}]})]
    answer = made.call(Request(kind="pictures", words="rain", count=2), cancel=never)
    assert [(one.name, one.data) for one in answer.files] == [("02.png", PNG)]
    assert (answer.whole, answer.billed is not None and answer.billed.amount) == (False, Decimal("0.08"))
    assert answer.notes == ("picture 1 of its answer is neither PNG, JPEG nor WebP (2 bytes).",)


def test_a_sound_is_no_picture() -> None:
    assert openai_images.picture_type(b"RIFF\0\0\0\0WAVEfmt ") is None
    assert openai_images.picture_type(b"RIFF\0\0\0\0WEBPVP8 ") == "image/webp"


# ---- "pexels"


def test_an_offer_without_a_file_of_a_size_and_an_address_that_is_none_stop_nothing(server: Local) -> None:
    made = pexels.Pexels(setup(server, "pexels", path=""))
    clip = {"id": 8, "duration": 12, "url": "u", "user": {"name": "Ine Roos"}, "image": "https://[images/8.jpg", "video_files": [{"width": 1920, "height": 1080, "link": "x"}]}
    server.acts = [lambda to: to.answer({"videos": [{**clip, "id": 7, "video_files": [{"width": None, "height": None, "link": "x"}]}, clip]})]
    answer = made.call(Request(kind="stock", words="rain", parameters={"of": "clips", "previews": True}), cancel=never)
    assert ([one.name for one in answer.offers], answer.files) == (["pexels-8"], ())
    with pytest.raises(ProviderError, match="an address for its file that is none"):
        made.call(Request(kind="stock", words="rain", parameters={"fetch": "https://images.pexels.com:99999/a.png"}), cancel=never)


def test_pexels_offers_photographs_and_clips_with_their_authors_and_licence(server: Local) -> None:
    made = pexels.Pexels(setup(server, "pexels", path=""))
    (photo,) = made.call(Request(kind="stock", words="rain on a window", width=1920, height=1080), cancel=never).offers
    assert (photo.author, photo.page, photo.licence, photo.says) == ("Ine Roos", "https://www.pexels.com/photo/7/", "Pexels licence", "Rain on a window")
    assert server.asked[0][1] == "/v1/search?query=rain+on+a+window&per_page=1&orientation=landscape"
    assert server.asked[0][2]["authorization"] == KEY
    (clip,) = made.call(Request(kind="stock", words="rain", parameters={"of": "clips"}), cancel=never).offers
    assert (clip.address, clip.width, clip.duration_s) == ("https://videos.pexels.com/8-hd.mp4", 1920, Fraction(12))
    file = made.call(Request(kind="stock", words="rain", parameters={"fetch": photo.address}), cancel=never).files[0]
    assert (file.name, file.data) == ("7.png", PNG)


def test_a_file_of_another_host_is_fetched_without_the_key(server: Local) -> None:
    with local() as files:
        host = files.address.removeprefix("http://").partition(":")[0]
        made = pexels.Pexels(setup(server, "pexels", path="", also=[host]))
        made.call(Request(kind="stock", words="rain", parameters={"fetch": f"{files.address}/photos/7.png"}), cancel=never)
        assert "authorization" not in files.asked[0][2]


# ---- "comfyui"


def comfy(server: Local, folder: Path, **more: object) -> comfyui.ComfyUI:
    return comfyui.ComfyUI(setup(server, "comfyui", path="", workflow=workflow(folder), price={"free": True}, **more))


def test_comfyui_runs_a_workflow_with_the_words_filled_in_and_tells_what_it_saved(server: Local, tmp_path: Path) -> None:
    made = comfy(server, tmp_path)
    answer = made.call(STILL, cancel=never)
    asked = json.loads(next(body for _, path, _, body in server.asked if path == "/prompt"))
    graph = asked["prompt"]
    assert graph["6"]["inputs"]["text"] == "a still, rain on a window"
    assert (graph["3"]["inputs"]["seed"], graph["5"]["inputs"]["width"], graph["5"]["inputs"]["batch_size"]) == (7, 64, 1)
    assert asked["client_id"] in next(path for _, path, _, _ in server.asked if path.startswith("/ws"))
    assert [(one.name, one.data) for one in answer.files] == [("01.png", PNG)]  # the preview in a temporary folder is none
    assert any(one.what == "WebSocket /ws" and one.sent > 100 for one in made.traffic)
    assert made.test(never)[0] == "writer answers: ComfyUI 0.3.60."


@pytest.mark.parametrize(("says", "reads"), [("fails", "the workflow failed in KSampler .node 3.: out of memory"), ("is cut", "the line was cut before the job was done")])
def test_a_job_that_fails_says_where(server: Local, tmp_path: Path, says: str, reads: str) -> None:
    server.says = says
    with pytest.raises(ProviderError, match=reads):
        comfy(server, tmp_path).call(STILL, cancel=never)


def test_a_job_that_somebody_stops_is_taken_out_of_the_queue(server: Local, tmp_path: Path) -> None:
    server.says = "hangs"
    with pytest.raises(ProviderError, match="stopped"):
        comfy(server, tmp_path).call(STILL, cancel=lambda: any(path == "/prompt" for _, path, _, _ in server.asked) and server.acts == [])
    assert {"/queue", "/interrupt"} <= {path for _, path, _, _ in server.asked}


def test_a_workflow_that_asks_for_what_the_request_does_not_say_is_not_sent(server: Local, tmp_path: Path) -> None:
    with pytest.raises(ProviderError, match=r"asks for \{\{height\}\}, and the request does not say it"):
        comfy(server, tmp_path).call(Request(kind="pictures", words="rain", width=64), cancel=never)
    made = comfyui.ComfyUI(setup(server, "comfyui", path="", workflow=workflow(tmp_path, {"nodes": []})))
    with pytest.raises(ProviderError, match="no workflow in the API format"):
        made.call(STILL, cancel=never)
    assert server.asked == []


CLIP = {**WORKFLOW, "5": {"class_type": "EmptyLatentVideo", "inputs": {"width": "{{width}}", "height": "{{height}}", "length": "{{frames}}"}}, "9": {"class_type": "SaveVideo", "inputs": {"fps": "{{rate}}", "video": ["8", 0]}}}
RAIN = Request(kind="video", words="rain on a window", width=64, height=48, frames=100, rate=Fraction(25), seed=7)


def video(server: Local, folder: Path) -> comfyui.ComfyUI:
    return comfyui.ComfyUI(setup(server, "comfyui", path="", workflow=workflow(folder, CLIP), kind="video", price={"currency": "USD", "dated": "2026-10-01", "second": "0.05"}))


@pytest.mark.parametrize("saves", [{"images": [{"filename": "rain_1.mp4", "subfolder": "video", "type": "output"}], "animated": [True]}, {"gifs": [{"filename": "rain_1.png", "type": "output"}, {"filename": "rain_1.mp4", "subfolder": "", "type": "output"}]}])
def test_comfyui_brings_clips_at_the_length_and_rate_that_were_asked_for(server: Local, tmp_path: Path, saves: dict[str, Any]) -> None:
    server.saves = saves
    made = video(server, tmp_path)
    assert (made.kind, made.price(RAIN).words) == ("video", "0.2 USD")
    answer = made.call(RAIN, cancel=never)
    graph = json.loads(next(body for _, path, _, body in server.asked if path == "/prompt"))["prompt"]
    assert (graph["5"]["inputs"]["length"], graph["9"]["inputs"]["fps"]) == (100, 25.0)
    assert [(one.name, one.data, one.media_type) for one in answer.files] == [("01.mp4", MP4, "video/mp4")]
    assert answer.billed is not None
    assert answer.billed.amount == Decimal("0.2")


def test_a_clip_of_no_length_has_no_price_and_a_workflow_that_saves_a_still_is_said(server: Local, tmp_path: Path) -> None:
    made = video(server, tmp_path)
    assert made.price(Request(kind="video", words="rain")).amount is None
    with pytest.raises(ProviderError, match=r"saved no clip \(still_1\.png\)\. Is kind in the settings the workflow's") as found:
        made.call(RAIN, cancel=never)
    assert found.value.perhaps_billed


def test_several_clips_cost_as_much_as_they_are_and_fewer_than_were_asked_for_are_said(server: Local, tmp_path: Path) -> None:
    server.saves = {"images": [{"filename": f"rain_{n}.mp4", "type": "output"} for n in (1, 2)]}
    made = video(server, tmp_path)
    three = Request(kind="video", words="rain", count=3, width=64, height=48, frames=100, rate=Fraction(25), seed=7)
    assert made.price(three).amount == Decimal("0.6")
    answer = made.call(three, cancel=never)
    assert (answer.whole, answer.billed is not None and answer.billed.amount) == (False, Decimal("0.4"))
    both = setup(server, "comfyui", path="", workflow=workflow(tmp_path, CLIP), kind="video", price={"currency": "USD", "dated": "2026-10-01", "second": "0.05", "call": "0.01"})
    assert comfyui.ComfyUI(both).price(Request(kind="video", words="rain")).amount is None, "the call alone is not what a clip of no length costs"


# ---- what goes wrong, at each

PAID = {"currency": "USD", "dated": "2026-10-01"}
EACH: dict[str, tuple[Any, Request, dict[str, Any], int]] = {
    "openai-chat": (openai_chat.Chat, WORDS, {"price": LIST}, 0), "anthropic": (anthropic.Messages, WORDS, {"price": LIST}, 0),
    "openai-images": (openai_images.Images, STILL, {"price": {**PAID, "picture": "0.04"}}, 0),
    "comfyui": (comfyui.ComfyUI, STILL, {"path": "", "price": {**PAID, "picture": "0.04"}}, 1), "pexels": (pexels.Pexels, Request(kind="stock", words="rain"), {"path": ""}, 0),
}  # fmt: skip


@pytest.mark.parametrize("uses", EACH)
def test_what_goes_wrong_is_a_sentence_at_every_service(server: Local, tmp_path: Path, uses: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "PAUSE_S", 0.01)
    opens, request, more, before = EACH[uses]
    made = opens(setup(server, uses, **more, **({"workflow": workflow(tmp_path)} if uses == "comfyui" else {})))
    paid = uses != "pexels"  # it is free, and asked again where an answer broke off

    def refused(*acts: Any) -> tuple[str, bool]:
        server.asked.clear()
        server.acts = [lambda to: False] * before + list(acts)
        with pytest.raises(ProviderError) as found:
            made.call(request, cancel=never)
        assert KEY not in str(found.value)
        return str(found.value), found.value.perhaps_billed

    def status(number: int) -> Any:
        return lambda to: to.answer({"error": {"message": "no"}}, number)

    def half(to: Any) -> bool:
        return bool(to.answer(b'{"a', Content_Length="4000"))

    assert refused(*[status(429)] * 3) == ("writer: too many questions for now, or the account's limit is reached (429). It says: no Asked 3 times.", False)
    assert refused(status(401)) == ("writer: the key was refused (401); it was given LOCAL_KEY. Check it with the service. It says: no", False)
    said, perhaps = refused(*[half] * (1 if paid else 3))
    assert "only a part of its answer came (3 bytes), then the line was cut." in said
    assert perhaps
    said, perhaps = refused(lambda to: to.answer(b"<html>"))
    assert ("its answer is not JSON (6 bytes" in said, perhaps) == (True, True)
    said, perhaps = refused(lambda to: to.answer({"done": True}))
    assert said.startswith("writer: it")
    assert "done" in said or "in an answer of this kind" in said or "as its documentation has it" in said
    assert perhaps or uses in ("comfyui", "pexels")


@pytest.mark.parametrize("uses", [one for one in EACH if one != "pexels"])
def test_a_bill_is_what_came_also_where_it_is_more_than_was_reckoned(server: Local, tmp_path: Path, uses: str) -> None:
    opens, request, more, _ = EACH[uses]
    made = opens(setup(server, uses, **more, **({"workflow": workflow(tmp_path)} if uses == "comfyui" else {})))
    server.usage = {"prompt_tokens": 40, "completion_tokens": 900}
    server.saves = {"images": [{"filename": f"{n}.png", "type": "output"} for n in (1, 2)]}
    if uses == "openai-images":
        server.acts = [lambda to: to.answer({"data": [{"b64_json": base64.b64encode(PNG).decode()}] * 2})]
    billed = made.call(request, cancel=never).billed
    assert billed is not None
    assert billed.amount > made.price(request).amount


def test_a_decimal_goes_out_as_a_number_and_other_words_as_they_are(server: Local) -> None:
    given = {"temperature": "0.7", "size_of": "1e-3", "quality": "high", "odd": "nan", "version": "1_000", "top_k": 2}
    openai_chat.Chat(setup(server, parameters=given)).call(WORDS, cancel=never)
    openai_images.Images(setup(server, "openai-images", parameters=given)).call(STILL, cancel=never)
    for _, _, _, body in server.asked:
        asked = json.loads(body)
        assert {name: asked[name] for name in given} == {**given, "temperature": 0.7, "size_of": 0.001}


# ---- "diffusers"


def test_a_folder_that_is_no_model_or_brings_programs_is_refused(tmp_path: Path) -> None:
    made = diffusion.Diffusion(Setup.read("stills", {"uses": "diffusers", "folder": str(tmp_path)}))
    with pytest.raises(ProviderError, match=r"has no model_index\.json"):
        made.test(never)
    (tmp_path / "model_index.json").write_text(json.dumps({"_class_name": "OwnPipeline", "unet": ["my_unet", "Unet"]}))
    with pytest.raises(ProviderError, match="would be programs of their own"):
        made.call(STILL, cancel=never)
    assert (made.address, made.traffic, made.price(STILL).words) == ("", (), "free")


def test_diffusers_that_is_not_installed_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model_index.json").write_text(json.dumps({"_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "UNet2DConditionModel"]}))
    monkeypatch.setitem(__import__("sys").modules, "diffusers", None)
    with pytest.raises(ProviderError, match=r'not installed: pip install "answerprint\[gen\]"'):
        diffusion.Diffusion(Setup.read("stills", {"uses": "diffusers", "folder": str(tmp_path)})).call(STILL, cancel=never)


def test_a_seed_that_is_larger_than_a_model_takes_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Torch:
        @staticmethod
        def Generator(device: str) -> Any:
            return Torch

        @staticmethod
        def manual_seed(seed: int) -> Any:
            raise OverflowError("Overflow when unpacking long long")

    made = diffusion.Diffusion(Setup(name="here", uses="diffusers", folder=tmp_path))
    monkeypatch.setattr(made, "_opened", lambda: (Torch, lambda **_: pytest.fail("nothing is made")))
    with pytest.raises(ProviderError, match="the model does not make this picture: Overflow"):
        made.call(Request(kind="pictures", words="rain", seed=10**30), cancel=never)


def test_words_that_a_model_did_not_read_are_said() -> None:
    class Letters:
        """A tokenizer of one token for each word, with one before and one behind."""

        def __init__(self, most: int) -> None:
            self.model_max_length = most

        def __call__(self, words: str, *, truncation: bool) -> dict[str, list[str]]:
            return {"input_ids": ["<", *words.split(), ">"]}

        def decode(self, tokens: list[str], *, skip_special_tokens: bool) -> str:
            return " ".join(one for one in tokens if one not in "<>")

    class One:
        tokenizer = Letters(5)

    class Two(One):
        tokenizer_2 = Letters(7)

    class Without(One):
        tokenizer_2 = Letters(10**30)

    assert diffusion._unread(One(), "rain on glass") == ()
    (said,) = diffusion._unread(One(), "rain on glass before sunrise")
    assert "left out the end: “before sunrise”" in said
    assert diffusion._unread(Two(), "rain on glass before sunrise") == (), "the longer of two read it"
    assert diffusion._unread(Without(), "rain on glass before sunrise") == (said,)
