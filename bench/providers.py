#!/usr/bin/env python3
"""Services against real servers: a llama.cpp server on this machine for words, a small diffusion pipeline for pictures.

    python -m bench.providers --gguf MODEL.gguf [--python PYTHON]     # PYTHON has xllamacpp
    PYTHON -m bench.providers --pictures                              # PYTHON has torch and diffusers, and answerprint on its path

The server is llama.cpp's own (`pip install xllamacpp`), the model any instruction model as GGUF; with a very small one the words are nonsense, and
the protocol is what is seen: an answer, JSON by a schema, an answer that is cut at its limit, a picture it does not take, a stop in the middle,
another model's name, the server gone. The pipeline is Stable Diffusion's, with random weights: its pictures are noise, the same for the same seed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import answerprint
from answerprint import calling, config
from answerprint.book import Book
from answerprint.model.judgments import Charter
from answerprint.model.providers import Provider, ProviderError, Request
from answerprint.model.records import AnswerprintError
from answerprint.spot import Spot
from tests.crewed import MARA

_SERVE = """
import sys, time, xllamacpp as x
p = x.CommonParams(); p.model.path = sys.argv[1]; p.n_ctx = 4096; p.port = 0; p.hostnames = ["127.0.0.1"]; p.warmup = False; p.cpuparams.n_threads = 2; p.sampling.seed = 7
s = x.Server(p)
print("AT", s.listening_address, flush=True)
sys.stdin.read()
"""


def production(folder: Path, settings: str) -> Spot:
    """An empty production whose producer may sign, with these services in the user's own settings."""
    own = folder / "config.toml"
    own.write_text(settings, encoding="utf-8")
    config.user_file = lambda: own
    answerprint.new(folder / "spot", rate="25", title="Salt")
    spot = Spot(folder / "spot")
    spot.inside.mkdir(exist_ok=True)
    with spot.writer() as record:
        record.sign(MARA.enrols("producer", "director"), MARA)
    return spot


def let(spot: Spot, *lets: str) -> None:
    with spot.writer() as record:
        book = Book(record)
        record.sign(calling.granted(book.charter.content if book.charter else Charter(holders={}), book.charter.n if book.charter else None, lets=lets, providers=calling.openable(spot.settings)), MARA)


def told(what: str, seconds: float, says: str) -> None:
    print(f"{what:<34}{seconds:7.2f} s  {says}", flush=True)


def words(gguf: Path, python: str) -> int:
    process = subprocess.Popen([python, "-c", _SERVE, str(gguf)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        began = time.monotonic()
        line = next((line for line in process.stdout if line.startswith("AT ")), "")
        if not line:
            print("the server did not start; its python needs xllamacpp")
            return 1
        address = line.split(None, 1)[1].strip()
        address = address if address.startswith("http") else f"http://{address}"
        told("server", time.monotonic() - began, address)
        with tempfile.TemporaryDirectory() as folder:
            return _words(Path(folder), address, process)
    finally:
        process.kill()
        process.wait()


def _words(folder: Path, address: str, process: subprocess.Popen[str]) -> int:
    spot = production(folder, f'[providers.writer]\nuses = "openai-chat"\naddress = "{address}/v1"\nmodel = "local"\nprice = {{ free = true }}\n')
    writer = calling.opened(spot.settings, "writer")
    told("test", 0, " ".join(writer.test(lambda: False)))
    faults = 0

    def ask(what: str, request: Request, *, cancel: Any = lambda: False) -> None:
        nonlocal faults
        began = time.monotonic()
        try:
            answer = calling.ask(spot, writer, request, what=what, cancel=cancel)
        except AnswerprintError as error:
            told(what, time.monotonic() - began, f"REFUSED {error}")
            faults += what in ("an answer", "the same seed", "JSON by a schema")
        else:
            told(what, time.monotonic() - began, f"{dict(answer.response.used)} {' '.join(answer.notes)} {answer.response.texts[0][:70]!r}")

    plain = Request(kind="words", words="Describe rain on a window in one sentence.", most_tokens=48, seed=7, parameters={"temperature": "0"})
    ask("without a producer's leave", plain)
    let(spot, "writer=nothing of the shoot")
    ask("an answer", plain)
    ask("the same seed", plain)
    ask("JSON by a schema", Request(kind="words", words="A film about rain.", most_tokens=200, seed=7, schema={"type": "object", "properties": {"title": {"type": "string", "maxLength": 40}, "shots": {"type": "integer"}}, "required": ["title", "shots"], "additionalProperties": False}))
    ask("an answer cut at its limit", Request(kind="words", words="Describe rain in a hundred words.", most_tokens=8))
    ask("a word that is no word", Request(kind="words", words="x" * 300))
    began = time.monotonic()
    ask("a stop after 0.3 s", Request(kind="words", words="Count from one to five hundred.", most_tokens=3000, parameters={"ignore_eos": True}), cancel=lambda: time.monotonic() - began > 0.3)
    process.kill()
    process.wait()
    ask("the server gone", plain)
    record = spot.reader()
    assert record is not None
    with record:
        calls = [body for entry in record.entries(kind="proposal") if (body := entry.read()) and body.get("what") == "call"]
    sent, received = (sum(one[name] for body in calls for one in body["traffic"]) for name in ("sent", "received"))
    print(f"{len(calls)} calls in the record: {[body['outcome'] for body in calls]}; {sent} bytes out, {received} in, all to {sorted({one['host'] for body in calls for one in body['traffic']})}")
    return faults


def pictures() -> int:
    import torch
    from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        letters = [*"abcdefghijklmnopqrstuvwxyz"]
        vocabulary = {one: n for n, one in enumerate([*letters, *(f"{one}</w>" for one in letters), "<|startoftext|>", "<|endoftext|>"])}
        (home / "vocab.json").write_text(json.dumps(vocabulary))
        (home / "merges.txt").write_text("#version: 0.2\n")
        torch.manual_seed(0)
        text = CLIPTextConfig(bos_token_id=52, eos_token_id=53, pad_token_id=53, hidden_size=32, intermediate_size=37, num_attention_heads=4, num_hidden_layers=2, vocab_size=54, max_position_embeddings=77)
        StableDiffusionPipeline(
            vae=AutoencoderKL(block_out_channels=(32, 64), down_block_types=("DownEncoderBlock2D",) * 2, up_block_types=("UpDecoderBlock2D",) * 2, latent_channels=4),
            text_encoder=CLIPTextModel(text), tokenizer=CLIPTokenizer(str(home / "vocab.json"), str(home / "merges.txt"), model_max_length=77),
            unet=UNet2DConditionModel(block_out_channels=(32, 64), layers_per_block=1, sample_size=32, in_channels=4, out_channels=4, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"), cross_attention_dim=32, attention_head_dim=8),
            scheduler=DDIMScheduler(), safety_checker=None, feature_extractor=None, requires_safety_checker=False,
        ).save_pretrained(home / "model")  # fmt: skip
        spot = production(home, f'[providers.stills]\nuses = "diffusers"\nfolder = "{home / "model"}"\nparameters = {{ num_inference_steps = 4 }}\n')
        stills = calling.opened(spot.settings, "stills")
        told("test", 0, " ".join(stills.test(lambda: False)))
        request = Request(kind="pictures", words="rain on a window", width=64, height=64, seed=7, count=2)
        first, second = (_picture(spot, stills, request, what) for what in ("two pictures", "the same seed"))
        another = _picture(spot, stills, Request(kind="pictures", words="rain on a window", width=64, height=64, seed=8), "the second's seed alone")
        print(f"same seed, same pictures: {first == second}; the second of two is the first of its own seed: {first[1] == another[0]}")
        try:
            stills.call(request, cancel=lambda: True)
        except ProviderError as error:
            print(error)
        return 0 if first == second and first[1] == another[0] else 1


def _picture(spot: Spot, stills: Provider, request: Request, what: str) -> tuple[str, ...]:
    began = time.monotonic()
    answer = calling.ask(spot, stills, request, what=what)
    told(what, time.monotonic() - began, f"entry {answer.entry}, seed {answer.response.seed}, {[len(one.data) for one in answer.response.files]} bytes {' '.join(answer.notes)}")
    return answer.files


def main() -> int:
    wants = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wants.add_argument("--gguf", type=Path)
    wants.add_argument("--python", default=sys.executable)
    wants.add_argument("--pictures", action="store_true")
    args = wants.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    if args.pictures:
        return pictures()
    if args.gguf is None:
        wants.error("name a model: --gguf MODEL.gguf")
    return words(args.gguf, args.python)


if __name__ == "__main__":
    sys.exit(main())
