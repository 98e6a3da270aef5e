"""A worker that can't wait goes through its run again for each answer: the same calls, each of them sent once."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import cast

import pytest

from ioconnect_codemode import Manifest
from ioconnect_codemode.browser_files import frame_page
from ioconnect_codemode.browser_worker import MOST_ROUNDS, Audience, Replayed, attach, ready, rehearse
from ioconnect_codemode.lookup import stubs_message
from ioconnect_codemode.lookup.needs import ahead_message
from journeys.desk import PACKAGE

Message = dict[str, object]
LIMITS = {"printed_characters": 1_000, "memory_bytes": 2**29, "frame_bytes": 1_000_000}
MANIFEST = Manifest.read(PACKAGE)


class Page:
    """The page: answers every call with what a function gives, or with a failure where that raises.

    Attributes:
        told: What the worker has sent.
        calls: The calls among it.
        rehearsals: How often it has said that a rehearsal is done.
    """

    def __init__(self, answer: Callable[[Message], object] = lambda call: None) -> None:
        self.told: list[Message] = []
        self.calls: list[Message] = []
        self.waiting: list[Message] = []
        self.rehearsals = 0
        self._answer = answer

    def post(self, text: str) -> None:
        if text == "":
            self.rehearsals += 1
            return
        message = cast("Message", json.loads(text))
        self.told.append(message)
        if message["type"] == "need":
            self.waiting.append(stubs_of(cast("list[str]", message["names"])))
        if message["type"] == "call":
            for call in cast("list[Message]", message["calls"]):
                self.calls.append(call)
                self.waiting.append({"type": "reply", "elapsed_us": 1, "replies": [self._reply(call)]})
        if message["type"] == "wait":
            self.waiting.append({"type": "reply", "elapsed_us": 1, "replies": [], "woken": message["id"]})

    def _reply(self, call: Message) -> Message:
        if "refused" in call:
            return {"id": call["id"], "ok": False, "kind": "argument", "message": call["refused"]}
        try:
            return {"id": call["id"], "ok": True, "value": self._answer(call)}
        except ValueError as error:
            return {"id": call["id"], "ok": False, "kind": "app_error", "message": str(error)}

    @property
    def last(self) -> Message:
        return self.told[-1]


def stubs_of(names: list[str]) -> Message:
    message = stubs_message(MANIFEST, names)
    modules = cast("dict[str, object]", message["modules"])
    return {**message, "modules": {name: MANIFEST.text(f"{name}.py") for name in modules}}


def lesson(*namespaces: str, masks: dict[str, list[str]] | None = None) -> str:
    """Give what a spare learns of namespaces."""
    message = ahead_message(MANIFEST, namespaces, key="catalog", masks=masks or {})
    modules = cast("dict[str, object]", message["modules"])
    return json.dumps({**message, "type": "learn", "modules": {name: MANIFEST.text(f"{name}.py") for name in modules}})


def run_message(code: str, **further: object) -> str:
    return json.dumps({"type": "run", "code": code, "inputs": {}, "limits": LIMITS, "started_ns": 1, **further})


def again(code: str, page: Page, learns: Sequence[str] = (), **further: object) -> Message:
    """Run a snippet, going through it again for each message; gives the last message."""
    run = Replayed(page.post)
    for text in learns:
        assert run.take(text)
    waits = run.take(run_message(code, **further))
    while waits:
        waits = run.take(json.dumps(page.waiting.pop(0)))
    return page.last


def suspended(code: str, page: Page, learns: Sequence[str] = (), **further: object) -> Message:
    """Run a snippet in a worker that waits, and that was warmed twice before."""
    warm = json.dumps({"type": "warm"})
    texts = iter([warm, warm, *learns, run_message(code, **further)])
    left = b""

    def receive_most(size: int) -> bytes:
        nonlocal left
        if not left:
            body = (next(texts, "") or json.dumps(page.waiting.pop(0))).encode()
            left = len(body).to_bytes(4, "little") + body
        read, left = left[:size], left[size:]
        return read

    attach(page.post, receive_most)
    return page.last


def without_timings(message: Message) -> Message:
    return {key: part for key, part in message.items() if key != "timings"}


_PERSON = {"id": "CL-1", "name": "Ann", "email": "a@example.com", "adviser": "Bo", "segment": "private"}
CLIENT: dict[str, object] = {**_PERSON, "status": "active", "aum": 1.5, "currency": "CHF", "onboarded": "2020-01-01"}


def client(call: Message) -> object:
    wanted = cast("dict[str, str]", call["arguments"])["id"]
    if wanted == "nobody":
        raise ValueError("no such client")
    return {**CLIENT, "id": wanted}


@pytest.mark.parametrize(
    "code",
    [
        "[crm.get_client(i).id for i in 'abc']",
        "sorted('cab', key=lambda i: crm.get_client(i).id)",
        "[c.id for c in parallel(crm.get_client, list('abc'))]",
        "import asyncio\n[c.id for c in await asyncio.gather(*(crm.get_client(i) for i in 'abc'))]",
        "try:\n    crm.get_client('nobody')\nexcept AppError as error:\n    x = str(error)\n[x, crm.get_client('a').id]",
        "try:\n    crm.get_client('nobody')\nfinally:\n    crm.get_client('after')",
        "import random, uuid, time\na = random.random()\ncrm.get_client('x')\n[a, random.random(), str(uuid.uuid4())]",
        "import asyncio\nasync def f(i):\n    await asyncio.sleep(0.1)\n    return crm.get_client(i).id\nawait asyncio.gather(f('a'), f('b'))",
        "print('before')\ncrm.get_client('a')\nprint('after')",
    ],
)
def test_going_through_it_again_is_as_waiting(code: str) -> None:
    waiting, going = Page(client), Page(client)
    assert without_timings(again(code, going, seed=5)) == without_timings(suspended(code, waiting, seed=5))
    assert going.calls == waiting.calls
    assert [one["type"] for one in going.told] == [one["type"] for one in waiting.told]


RUNS = [suspended, again]


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize(
    "code",
    [
        "[crm.get_client(i).adviser for i in 'ab']",
        "get_client('a').id",
        "crm.get_client(id=sum([6, 6]))",
        "crm.get_client(12)",
        "crm.get_cleint('a')",
        "crm.find_clients()",
        "c = crm.get_client('a')\nc.advisor",
        "isinstance(crm.get_client('a'), crm.Client)",
        "orders.Order",
        "import crm\ncrm.get_client('a').id",
        "from crm import get_client as get\nget('a').id",
    ],
)
def test_a_worker_that_has_learnt_asks_nothing_and_says_what_one_says_that_asks(
    run: Callable[..., Message], code: str
) -> None:
    asking, knowing = Page(client), Page(client)
    asked = run(code, asking)
    known = run(code, knowing, learns=[lesson("orders"), lesson("crm", "orders")], ahead="catalog")
    assert without_timings(known) == without_timings(asked)
    assert knowing.told[:-1] == [one for one in asking.told[:-1] if one["type"] != "need"]
    assert asking.told[0]["type"] == "need"


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("code", ["[crm.get_client('a').id, portfolios]", "fnd_clients('a')", "crm.get_client(clinet)"])
def test_a_worker_asks_for_all_names_where_it_has_not_learnt_one_of_them(
    run: Callable[..., Message], code: str
) -> None:
    asking, knowing = Page(client), Page(client)
    asked = run(code, asking)
    known = run(code, knowing, learns=[lesson("crm")], ahead="catalog")
    assert knowing.told == [*asking.told[:-1], known]
    assert without_timings(known) == without_timings(asked)
    assert known.get("errors") or "portfolios" in code


def test_what_a_worker_learns_counts_for_a_run_that_names_its_key_and_takes_the_place_of_the_last_lesson() -> None:
    for learns, key in [([lesson("crm")], "another"), ([lesson("crm"), lesson("orders")], "catalog")]:
        page = Page(client)
        assert suspended("crm.get_client('a').id", page, learns=learns, ahead=key)["value"] == "a"
        assert page.told[0] == {"type": "need", "names": ["crm"]}


def test_masks_that_come_with_a_lesson_hide_as_those_of_a_run() -> None:
    masks = {"Client": ["email"]}
    learnt = suspended(
        "crm.get_client('a')", Page(client), learns=[lesson("crm", masks=masks)], ahead="catalog", masks=masks
    )
    asked = suspended("crm.get_client('a')", Page(client), masks=masks)
    assert learnt["value"] == asked["value"]
    assert CLIENT["email"] not in cast("dict[str, object]", asked["value"]).values()


def test_each_call_is_sent_once_however_often_the_run_is_gone_through() -> None:
    page = Page(client)
    message = again("for i in range(20):\n    crm.get_client(str(i))\n'done'", page)
    assert message["value"] == "done"
    assert [cast("dict[str, str]", call["arguments"])["id"] for call in page.calls] == [str(i) for i in range(20)]


@pytest.mark.parametrize(
    "code",
    [
        "try:\n    crm.get_client('a')\nexcept:\n    crm.get_client('slipped')",
        "try:\n    crm.get_client('a')\nfinally:\n    crm.get_client('b')",
        "class M:\n    def __enter__(self): return self\n    def __exit__(self, *a):\n        crm.get_client('b')\n        return True\n"
        "with M():\n    crm.get_client('a')",
        "def g():\n    try:\n        yield crm.get_client('a')\n    finally:\n        crm.get_client('b')\nlist(g())",
        "async def f():\n    try:\n        await crm.get_client('a')\n    finally:\n        crm.get_client('b')\nawait f()",
    ],
)
def test_nothing_slips_out_while_a_run_waits(code: str) -> None:
    page = Page(client)
    run = Replayed(page.post)
    assert run.take(run_message(code))
    assert run.take(json.dumps(page.waiting.pop(0)))
    assert [cast("dict[str, str]", call["arguments"])["id"] for call in page.calls] == ["a"]


def test_a_run_without_a_seed_draws_the_same_numbers_again() -> None:
    page = Page(client)
    message = again("import random\na = random.random()\ncrm.get_client(str(a))\ncrm.get_client(str(a))\n'same'", page)
    assert message["value"] == "same"
    ids = {cast("dict[str, str]", call["arguments"])["id"] for call in page.calls}
    assert len(ids) == 1


def test_a_run_that_does_something_else_again_is_ended_and_sends_nothing_more() -> None:
    page = Page(client)
    run = Replayed(page.post)
    assert run.take(run_message("crm.get_client('a')\ncrm.get_client('b')"))
    assert run.take(json.dumps(page.waiting.pop(0)))
    stubs = stubs_of(["crm"])
    modules = cast("dict[str, str]", stubs["modules"])
    other = modules["crm"].replace('"crm.get_client"', '"crm.other"')
    assert other != modules["crm"]
    page.waiting.pop(0)
    run._port._received[1] = json.dumps({**stubs, "modules": {**modules, "crm": other}})  # pyright: ignore[reportPrivateUsage]
    assert not run.take(json.dumps({"type": "reply", "elapsed_us": 1, "replies": []}))
    error = cast("list[dict[str, str]]", page.last["errors"])[0]
    assert error["kind"] == "snippet_error"
    assert "did not make the same calls again" in error["message"]
    assert len(page.calls) == 1


def test_a_run_that_waits_too_often_is_ended_with_what_to_do() -> None:
    page = Page(client)
    message = again("while True:\n    crm.get_client('a')", page)
    error = cast("list[dict[str, str]]", message["errors"])[0]
    assert error["kind"] == "snippet_error"
    assert f"at most {MOST_ROUNDS} times" in error["message"]
    assert "one function that returns many records" in error["hint"]
    assert len(page.calls) == MOST_ROUNDS - 1


@pytest.mark.parametrize("run", [suspended, again])
def test_a_call_of_the_wrong_type_leaves_with_why_it_must_not_reach_its_app(run: Callable[..., Message]) -> None:
    page = Page(client)
    message = run("crm.get_client(id=sum([6, 6]))", page)
    refused = "crm.get_client: id expected str, got int"
    assert page.calls == [{"id": 1, "name": "crm.get_client", "arguments": {"id": 12}, "refused": refused}]
    error = cast("list[dict[str, object]]", message["errors"])[0]
    assert (error["kind"], error["line"], error["message"]) == ("argument", 1, refused)


def test_wrong_types_among_calls_that_leave_together_are_answered_in_their_place() -> None:
    page = Page(client)
    code = (
        "import asyncio\nr = await asyncio.gather(crm.get_client('a'), crm.get_client(sum([1])), crm.get_client('b'),"
        " return_exceptions=True)\n[type(x).__name__ for x in r] + [crm.get_client('c').id]"
    )
    assert suspended(code, page)["value"] == ["Client", "ArgumentError", "Client", "c"]
    assert ["refused" in call for call in page.calls] == [False, True, False, False]


def test_a_result_is_a_record_behind_a_refused_call_of_the_same_function_too() -> None:
    code = "try:\n    crm.get_client(sum([1]))\nexcept ArgumentError:\n    pass\ncrm.get_client('a').adviser"
    assert suspended(code, Page(client))["value"] == "Bo"


def test_an_optional_argument_that_is_none_is_not_sent() -> None:
    page = Page(lambda call: [])
    suspended("crm.find_clients('x', limit=None)", page)
    assert page.calls[0]["arguments"] == {"name": "x"}


def test_a_call_too_large_for_a_frame_ends_the_run_and_nothing_follows() -> None:
    code = "try:\n    crm.get_client('x' * 2_000_000)\nexcept:\n    crm.get_client('after')\nfinally:\n    crm.get_client('b')"
    for run in (again, suspended):
        page = Page(client)
        message = run(code, page)
        assert cast("list[dict[str, str]]", message["errors"])[0]["kind"] == "output_limit"
        assert page.calls == []


def test_a_spare_that_is_warmed_says_so_each_time_and_nothing_else() -> None:
    page = Page()
    run = Replayed(page.post)
    for done in (1, 2, 3):
        assert run.take(json.dumps({"type": "warm"}))
        assert page.rehearsals == done
    assert page.told == []
    assert not run.take(run_message("1 + 1"))
    assert page.last["value"] == 2
    assert page.rehearsals == 3


def test_a_worker_that_waits_rehearses_before_its_run_and_not_in_it() -> None:
    page = Page(client)
    assert suspended("crm.get_client('a').id", page)["value"] == "a"
    assert page.rehearsals == 2
    assert [message["type"] for message in page.told] == ["need", "call", "done"]
    assert [call["id"] for call in page.calls] == [1]


def test_a_rehearsal_goes_to_the_end_of_its_snippet() -> None:
    audience = Audience()
    rehearse(audience)
    told = json.loads(audience.heard)
    assert told["type"] == "done"
    assert told["value"] == {"most": 3, "names": ["i0", "i1"], "half": 1.5}


def test_ready_names_protocol_python_and_layers() -> None:
    message = json.loads(ready({"no_network": "on"}))
    assert message["type"] == "ready"
    assert message["protocol"] == 1
    assert message["layers"] == {"no_network": "on"}


def test_the_only_script_of_the_frame_is_allowed_by_its_digest_and_nothing_is_reached() -> None:
    page = frame_page()
    assert page.count("<script") == 1
    assert "connect-src 'none'" in page
    assert "script-src 'sha256-" in page
    assert "unsafe-inline" not in page
    assert "'unsafe-eval'" not in page.replace("'wasm-unsafe-eval'", "")
