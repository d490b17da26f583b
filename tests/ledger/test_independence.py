"""A stranger needs nothing of ours: OpenSSH accepts the signatures, and verify.py alone says what it says here."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from answerprint.ledger import Entry
from answerprint.ledger import verify as law
from answerprint.ledger.verify import CHECKPOINT, NAMESPACE, verify
from tests.ledger import attacks
from tests.ledger.signing import Hand, armoured
from tests.ledger.stories import Crew, checkpoint, rebuilt, told, written

CREW = Crew()


@pytest.fixture(scope="module")
def spot(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Entry]]:
    path = tmp_path_factory.mktemp("spot") / "record.db"
    return path, told(path, CREW)


# ---- OpenSSH


def openssh(folder: Path, hand: Hand, namespace: str, message: bytes, signature: bytes) -> subprocess.CompletedProcess[bytes]:
    """What ssh-keygen says of a signature, told only the person's public key."""
    program = shutil.which("ssh-keygen")
    assert program, "ssh-keygen is not on this machine: install OpenSSH's client (Debian: openssh-client) to hold signatures to its word"
    (folder / "crew").write_text(f'{hand.name.replace(" ", ".")} namespaces="{namespace}" {hand.public}\n')
    (folder / "signature").write_bytes(signature)
    args = [program, "-Y", "verify", "-f", str(folder / "crew"), "-I", hand.name.replace(" ", "."), "-n", namespace, "-s", str(folder / "signature")]
    return subprocess.run(args, input=message, capture_output=True, timeout=30, check=False)


def test_ssh_keygen_accepts_every_signed_entry_and_no_other_text(spot, tmp_path):
    _, entries = spot
    hands = {hand.key_id: hand for hand in vars(CREW).values()}
    kinds = {}
    for entry in entries:
        if entry.signature is not None:
            kinds[entry.kind] = entry
    assert set(kinds) == law.HUMAN
    for entry in kinds.values():
        assert entry.body is not None
        hand = hands[json.loads(entry.body)["by"]]
        good = openssh(tmp_path, hand, NAMESPACE, entry.body, armoured(entry.signature))
        assert good.returncode == 0, (entry.kind, good.stderr)
        assert f'Good "{NAMESPACE}" signature for {hand.name.replace(" ", ".")} with ED25519 key {hand.key_id}'.encode() in good.stdout
    assert openssh(tmp_path, hand, NAMESPACE, entry.body + b" ", armoured(entry.signature)).returncode != 0
    other = next(other for other in hands.values() if other.name != hand.name)
    assert openssh(tmp_path, other, NAMESPACE, entry.body, armoured(entry.signature)).returncode != 0


def test_ssh_keygen_accepts_a_checkpoint(spot, tmp_path):
    _, entries = spot
    text, begin, armour = checkpoint(CREW.producer, 40, entries[-1].hash).partition(b"-----BEGIN")
    assert openssh(tmp_path, CREW.producer, CHECKPOINT, text, begin + armour).returncode == 0
    assert openssh(tmp_path, CREW.producer, CHECKPOINT, text.replace(b"40", b"39"), begin + armour).returncode != 0
    assert openssh(tmp_path, CREW.producer, NAMESPACE, text, begin + armour).returncode != 0  # one is never taken for the other


def test_a_signature_that_ssh_keygen_made_is_admitted(tmp_path):
    """The other way round: a key and a signature of OpenSSH's own, over a body of ours."""
    from answerprint.ledger import Record
    from answerprint.model.judgments import Enrol, Key

    program = shutil.which("ssh-keygen")
    assert program, "ssh-keygen is not on this machine: install OpenSSH's client (Debian: openssh-client) to hold signatures to its word"
    subprocess.run([program, "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(tmp_path / "key")], check=True)
    line = " ".join((tmp_path / "key.pub").read_text().split()[:2])
    name = subprocess.run([program, "-l", "-f", str(tmp_path / "key.pub")], check=True, capture_output=True, text=True).stdout.split()[1]
    with Record.create(tmp_path / "record.db") as record:
        prepared = record.prepare(Enrol(person=name, name="Ana", roles=("producer",), key=Key(algorithm="ssh-ed25519", public=line)), by=name)
        (tmp_path / "body").write_bytes(prepared.body)
        subprocess.run([program, "-q", "-Y", "sign", "-O", "hashalg=sha256", "-f", str(tmp_path / "key"), "-n", NAMESPACE, str(tmp_path / "body")], check=True, capture_output=True)
        lines = (tmp_path / "body.sig").read_text().split("\n")
        import base64

        assert record.append_signed(prepared, base64.b64decode("".join(lines[1:-2]))).n == 1
    assert verify(tmp_path / "record.db", producer=name).findings == ()


# ---- verify.py alone


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder with verify.py, and two empty environments: one with cryptography and what it imports, one with nothing."""
    folder = tmp_path_factory.mktemp("alone")
    shutil.copy(Path(law.__file__), folder / "verify.py")
    site = Path(sysconfig.get_paths()["platlib"])
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    for name in ("with", "without"):
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--symlinks", str(folder / name)], check=True)
        packages = folder / name / "lib" / version / "site-packages"
        if name == "with":
            for wanted in ("cryptography", "cffi", "pycparser", *(path.name for path in site.glob("_cffi_backend*"))):
                if (site / wanted).exists():
                    (packages / wanted).symlink_to(site / wanted)
        assert "answerprint" not in {path.name for path in packages.iterdir()}
    return folder


def stranger(alone: Path, which: str, *args: str) -> subprocess.CompletedProcess[str]:
    run = [str(alone / which / "bin" / "python"), "-I", str(alone / "verify.py"), *args]
    return subprocess.run(run, capture_output=True, text=True, cwd=alone, timeout=60, check=False, env={})


def test_verify_alone_gives_the_same_findings(spot, alone, tmp_path):
    path, entries = spot
    (tmp_path / "kept").write_bytes(checkpoint(CREW.producer, 40, entries[-1].hash))
    tampered = [next(iter(attacks.changes(entries, n, CREW)))[1] for n in (1, 3, 20)]
    cases = [entries, rebuilt(tampered[0]), tampered[1], rebuilt(tampered[2]), entries[:30], [replace(one, body=None) for one in entries]]
    for number, rows in enumerate(cases):
        case = written(tmp_path / f"{number}.db", rows)
        done = stranger(alone, "with", str(case), "--json", "--producer", CREW.producer.key_id, "--checkpoint", str(tmp_path / "kept"))
        here = verify(case, producer=CREW.producer.key_id, checkpoint=(tmp_path / "kept").read_bytes())
        assert done.stderr == ""
        assert json.loads(done.stdout) == json.loads(json.dumps({**asdict(here), "vouched": here.vouched}))
        assert done.returncode == (1 if here.findings else 0)
        assert bool(here.findings) == (number != 0)
    words = stranger(alone, "with", str(path))
    assert words.stdout.splitlines() == list(verify(path).lines())


def test_without_cryptography_it_says_so(spot, alone, tmp_path):
    from tests.ledger.conftest import fill

    done = stranger(alone, "without", str(spot[0]))
    assert (done.returncode, done.stderr) == (2, "")
    assert "it is signed, and the package cryptography is not here to check that (pip install cryptography)" in done.stdout
    assert stranger(alone, "without", str(fill(tmp_path / "machine.db", 3))).returncode == 0  # nothing is signed there


def test_verify_is_a_program_where_it_lies(spot):
    """Run from the folder that it lies in, where other modules of ours lie beside it: none of them may stand before Python's own."""
    done = subprocess.run([sys.executable, law.__file__, str(spot[0])], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    names = {path.stem for path in Path(law.__file__).parent.glob("*.py")} - {"__init__"}
    assert not names & set(sys.stdlib_module_names)
