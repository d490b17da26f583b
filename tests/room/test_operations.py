"""Every operation that the room describes, asked for with what its description allows and with what it does not: nothing breaks, for nobody."""

from __future__ import annotations

import warnings

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from answerprint.room import house, jobs
from answerprint.room.guard import Rates
from answerprint.spot import Spot
from tests.room.conftest import ORIGIN, Opened, open_room

EXAMPLES = 6  #: of each operation for each asker


@pytest.fixture(scope="module")
def described(day: Spot, tmp_path_factory: pytest.TempPathFactory) -> tuple[Opened, object]:
    home = tmp_path_factory.mktemp("described")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(home / "data"))
        patch.setattr(house.House, "prep", lambda self: None)
        patch.setattr(jobs.Jobs, "start", lambda self, name, title, work, *, said="": None)  # what it is asked for is what this is about, not an hour of work
        opened = open_room(day, home / "spot")
        app = opened.ana.client.app
        app.rates = app.guesses = Rates(per_s=1e6, burst=10**6)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            schema = schemathesis.openapi.from_dict(opened.ana.get("/api/openapi.json").json())
        yield opened, schema


def askers(opened: Opened) -> dict[str, dict[str, str]]:
    """What a request of the crew, of a client, of nobody carries."""
    _, token = opened.room.doors.give_link(round=1, version="master", contact="Lena Faro", days=1)
    client = opened.room.doors.use_link(token)
    assert client is not None
    crew = opened.room.doors.use_setup(opened.room.doors.setup_link())
    assert crew is not None
    crew = opened.room.doors.is_person(crew, opened.ana.hand.key_id, opened.ana.hand.name)
    whole = {"crew": crew, "client": client}
    return {name: {"origin": ORIGIN, "x-answerprint": one.form, "cookie": f"answerprint={one.session}"} for name, one in whole.items()} | {"nobody": {"origin": ORIGIN}}


class Asker:
    """Somebody who asks for everything, and what they were told."""

    def __init__(self, opened: Opened, carries: dict[str, str]) -> None:
        self.client, self.carries = opened.ana.client, carries
        self.told: set[int] = set()
        self.broken: list[str] = []

    def asks(self, operation, mode: GenerationMode, examples: int) -> None:
        @settings(max_examples=examples, deadline=None, derandomize=True, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def asked(case) -> None:
            sent = {key: value for key, value in case.as_transport_kwargs(base_url=ORIGIN).items() if key in ("method", "url", "params", "json", "data")}
            if "data" in sent:
                sent["content"] = sent.pop("data")
            answer = self.client.request(**sent, headers=self.carries)
            self.told.add(answer.status_code)
            if answer.status_code >= 500:
                self.broken.append(f"{operation.label} {sent}: {answer.status_code}"[:400])

        try:
            asked()
        except Unsatisfiable:  # there is nothing that its description does not allow
            return
        except Exception as error:  # noqa: BLE001 - what it breaks with is what this test is about
            self.broken.append(f"{operation.label}: {type(error).__name__}: {error}"[:600])


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as described", "as not described"])
def test_no_operation_breaks_for_anybody(described, mode):
    opened, schema = described
    opened.ana.client.cookies.clear()
    people = {name: Asker(opened, carries) for name, carries in askers(opened).items()}
    operations = [found.ok() for found in schema.get_all_operations() if found.ok().path != "/api/leave"]
    for operation in operations:
        for name, one in people.items():
            one.asks(operation, mode, EXAMPLES if name == "crew" else 2)
    assert [f"{name}: {said}" for name, one in people.items() for said in one.broken] == []
    assert len(operations) > 40
    assert people["crew"].told & {200, 409, 422}
    assert people["nobody"].told <= {400, 401, 403, 404, 405, 413, 422}
