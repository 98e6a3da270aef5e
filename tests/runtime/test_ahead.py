"""What a zygote knows of a catalog ahead: the same snippets mean the same, and nothing is known that policy took away."""

from __future__ import annotations

import asyncio
import hashlib
import json
import marshal
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import cast

import pytest

from ioconnect_codemode import CodeMode, Limits, Manifest, Outcome, Policy
from ioconnect_codemode.ahead import Ahead
from ioconnect_codemode.bridge import Calls, Ended, Event, Needs
from ioconnect_codemode.lookup.needs import ahead_message, stubs_message
from ioconnect_codemode.manifest_data import TypeData
from ioconnect_codemode.masking import Masks
from ioconnect_codemode.pool import Pool
from ioconnect_codemode.process import WorkerProcess
from ioconnect_codemode.run import run_message
from ioconnect_codemode.run_log import Opening
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import JsonValue
from journeys.desk import PACKAGE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no zygote where there is no fork")

POLICY = Policy(deny=("crm.add_note",), mask=("Client.email",))
MANIFEST = POLICY.apply(Manifest.read(PACKAGE))
MASKS = Masks(POLICY.mask, MANIFEST).of_records()
KEY = "the catalog of this test"
CLIENT: JsonValue = {"id": "CL-1", "name": "Amelia Reid", "email": "a@b.c", "adviser": "Jonas Weber"}
SNIPPETS = (
    "1 + 1",
    "crm.get_client('CL-1')",
    "client = get_client('CL-1')\nprint(client, client.email)\n[client.name, type(client).__name__]",
    "from crm import get_client as get, Client\nisinstance(get('CL-1'), Client)",
    "import crm\ncrm.get_client('CL-1').adviser.upper()",
    "crm.get_client(5)",
    "crm.get_client('CL-1').nmae",
    "crm.find_client('x')",
    "crm.add_note('CL-1', 'text')",
    "add_note('CL-1', 'text')",
    "crn.get_client('CL-1')",
    "portfolios\ncrm\nunknown_name",
    "crm.get_client = 1",
    "crm._members",
    "dir(crm)",
    "crm.Order",
    "len([crm.get_client(i) for i in ('a', 'b')])",
    "parallel(crm.get_client, ['a', 'b'])[1].name",
)


def lesson(key: str = KEY) -> bytes:
    return marshal.dumps(ahead_message(MANIFEST, list(MANIFEST.namespaces), key=key, masks=MASKS))


async def told(worker: WorkerProcess, snippet: str, key: str) -> tuple[list[object], int]:
    """Have a worker run a snippet under a key; gives what it said and how often it asked for names."""
    said: list[object] = []
    over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    asked = 0

    def receive(event: Event) -> None:
        nonlocal asked
        if isinstance(event, Needs):
            asked += 1
            worker.send(stubs_message(MANIFEST, event.names))
        elif isinstance(event, Calls):
            said.append([(call["name"], call["arguments"]) for call in event.calls])
            for call in event.calls:
                worker.conversation.replied(call["id"])
            replies = [{"id": call["id"], "ok": True, "value": CLIENT} for call in event.calls]
            worker.send({"type": "reply", "elapsed_us": 0, "replies": replies})
        elif isinstance(event, Ended):
            said.append({name: part for name, part in event.message.items() if name != "timings"})
            over.set_result(None)

    worker.on_event = receive
    worker.conversation.run_sent()
    opening = Opening(source=snippet, inputs={}, started_ns=0, seed=1, only_review=False, is_dry_run=False)
    worker.send({**run_message(opening, POLICY, MASKS), "ahead": key})
    await over
    return said, asked


def with_taught_pool(act: Callable[[Pool], Awaitable[None]], *lessons: bytes) -> None:
    async def opened() -> None:
        pool = Pool(Limits(), spares=0)
        try:
            pool.give_back(await pool.take())  # the zygote is there
            for one in lessons:
                pool.teach(one)
            await act(pool)
        finally:
            await pool.close()

    asyncio.run(opened())


def test_a_snippet_says_and_calls_the_same_whether_its_worker_knew_the_catalog_or_asked() -> None:
    async def act(pool: Pool) -> None:
        for snippet in SNIPPETS:
            knew, _ = await told(await pool.take(), snippet, KEY)
            asked, _ = await told(await pool.take(), snippet, "another")
            assert knew == asked, snippet

    with_taught_pool(act, lesson())


def test_a_worker_that_knows_every_name_asks_for_none() -> None:
    async def act(pool: Pool) -> None:
        counts = [(await told(await pool.take(), SNIPPETS[1], key))[1] for key in (KEY, "another")]
        assert counts == [0, 1]
        assert (await told(await pool.take(), "crm.get_client('x')\nanother_name", KEY))[1] == 1

    with_taught_pool(act, lesson())


def test_the_last_lesson_holds() -> None:
    async def act(pool: Pool) -> None:
        counts = [(await told(await pool.take(), SNIPPETS[1], key))[1] for key in ("first", "second")]
        assert counts == [1, 0]

    with_taught_pool(act, lesson("first"), lesson("second"))


def test_what_can_not_be_loaded_is_asked_for() -> None:
    broken = marshal.dumps({"key": KEY, "types_of": {}, "masks": {}, "modules": {"crm": compile("1 / 0", "x", "exec")}})

    async def act(pool: Pool) -> None:
        said, asked = await told(await pool.take(), SNIPPETS[1], KEY)
        assert (asked, len(said)) == (1, 2)

    with_taught_pool(act, broken)


def test_nothing_is_in_a_lesson_that_policy_took_away() -> None:
    message = ahead_message(MANIFEST, list(MANIFEST.namespaces), key=KEY, masks=MASKS)
    assert "crm.add_note" not in str(message["entries"])
    assert "add_note" not in str(message["functions"])
    assert "add_note" not in str(message["namespaces"])


def test_the_spares_of_an_opened_package_come_to_know_its_catalog() -> None:
    async def act() -> None:
        transport = EmbeddedTransport({"CRM.GetClient": lambda arguments: CLIENT})
        async with CodeMode.open(PACKAGE, transport=transport, spares=2) as code_mode:
            before = await code_mode.execute_python_code("crm.get_client('CL-1').name")
            while len(code_mode.worker_processes) < 2:
                await asyncio.sleep(0.01)
            first = set(code_mode.worker_processes)
            while first & set(code_mode.worker_processes) or len(code_mode.worker_processes) < 2:
                await asyncio.sleep(0.01)  # until the spares that knew nothing have been replaced
            after = await code_mode.execute_python_code("crm.get_client('CL-1').name")
            assert before.value == after.value == "Amelia Reid"

    asyncio.run(act())


def test_of_a_large_catalog_what_runs_have_named_last_is_told() -> None:
    class Recorder(Pool):
        lessons: list[dict[str, object]]

        def teach(self, lesson: bytes) -> None:
            self.lessons.append(marshal.loads(lesson))

    async def act() -> list[list[str]]:
        pool = Recorder(Limits(), spares=0)
        pool.lessons = []
        data = MANIFEST.data
        many = {f"far.f{n}": dict(MANIFEST.capabilities["crm.get_client"]) for n in range(300)}
        namespaces = {
            **data["namespaces"],
            "far": {**data["namespaces"]["crm"], "capabilities": [f"f{n}" for n in range(300)]},
        }
        large = Manifest(
            MANIFEST.folder,
            {**data, "capabilities": {**data["capabilities"], **many}, "namespaces": namespaces},  # type: ignore[dict-item, typeddict-item]
        )
        ahead = Ahead(large, {}, pool)
        ahead.named()
        for names in (["crm"], ["far"], ["portfolios"]):
            ahead.named(names)
            while names != ["far"] and (not pool.lessons or names[0] not in str(pool.lessons[-1]["types_of"])):
                await asyncio.sleep(0.01)
        await ahead.close()
        return [list(one["types_of"]) for one in pool.lessons]  # type: ignore[call-overload]

    assert asyncio.run(act()) == [["crm"], ["portfolios", "crm"]]


class _ForkingPool:
    """A pool that can be told; it takes note of each lesson."""

    learns = True

    def __init__(self) -> None:
        self.lessons: list[bytes] = []

    def teach(self, lesson: bytes) -> None:
        self.lessons.append(lesson)


async def _begun_by_a_run(*, after_close: bool) -> int:
    ahead = Ahead(MANIFEST, {}, cast("Pool", _ForkingPool()))
    if after_close:
        await ahead.close()
    ahead.named()
    begun = len(asyncio.all_tasks()) - 1
    await ahead.close()
    return begun


def test_a_catalog_that_was_replaced_tells_the_pool_nothing_more() -> None:
    assert asyncio.run(_begun_by_a_run(after_close=False)) == 1
    assert asyncio.run(_begun_by_a_run(after_close=True)) == 0


class _PoolThatFailsOnce(_ForkingPool):
    """A pool whose zygote is gone when it is told for the first time."""

    def __init__(self) -> None:
        super().__init__()
        self.has_failed = False

    def teach(self, lesson: bytes) -> None:
        if not self.has_failed:
            self.has_failed = True
            raise BrokenPipeError
        super().teach(lesson)


def test_a_lesson_that_failed_is_told_when_the_next_run_begins() -> None:
    async def act() -> int:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        pool = _PoolThatFailsOnce()
        ahead = Ahead(MANIFEST, {}, cast("Pool", pool))
        ahead.named()
        (telling,) = asyncio.all_tasks() - {cast("asyncio.Task[None]", asyncio.current_task())}
        await asyncio.wait([telling])
        assert (pool.has_failed, pool.lessons) == (True, [])
        ahead.named()
        for again in asyncio.all_tasks() - {cast("asyncio.Task[None]", asyncio.current_task())}:
            await again
        await ahead.close()
        return len(pool.lessons)

    assert asyncio.run(act()) == 1


def _with_types(count: int, module: str) -> Manifest:
    """Give the desk's catalog with so many further record types in a module, used by nothing."""
    data = MANIFEST.data
    plain: TypeData = {"kind": "record", "module": module, "definition": "class T: x: str", "uses": [], "fields": []}
    return Manifest(MANIFEST.folder, {**data, "types": {**data["types"], **{f"T{n}": plain for n in range(count)}}})


@pytest.mark.parametrize(
    ("count", "module", "told"),
    [
        (0, "crm", ["crm", "portfolios"]),
        (5_000, "crm", ["portfolios"]),  # what is too large for itself is left out
        (5_000, "records", []),  # which every namespace brings
        (5_000, "orders", ["crm", "portfolios"]),
    ],
)
def test_a_lesson_has_a_bounded_number_of_types(count: int, module: str, told: list[str]) -> None:
    async def act() -> list[str]:
        pool = _ForkingPool()
        ahead = Ahead(_with_types(count, module), {}, cast("Pool", pool))
        ahead.named(["crm", "portfolios"])
        while ahead.is_telling:
            await asyncio.sleep(0.01)
        await ahead.close()
        return [] if not pool.lessons else list(marshal.loads(pool.lessons[-1])["types_of"])

    found = asyncio.run(act())
    assert [name for name in ("crm", "portfolios") if name in found] == told


HOSTILE = {
    "code between its functions": ("\n\n\ndef update_contact(", "\n\nopen({marker!r}, 'w')\n\n\ndef update_contact("),
    "code in a default": ("def get_client(id: str)", "def get_client(id: str = open({marker!r}, 'w').name)"),
    "code in an annotation": ("    name: str\n", "    name: open({marker!r}, 'w')\n"),
    "code in a field": ("    name: str\n", "    name: str = open({marker!r}, 'w')\n"),
    "code in a decorator": ("def get_client(", "@open({marker!r}, 'w')\ndef get_client("),
    "a method of a record": ("    name: str\n", "    name: str\n    def __del__(self): open({marker!r}, 'w')\n"),
    "another import": ("from typing import", "import os\nfrom typing import"),
}


def is_telling(code_mode: CodeMode) -> bool:
    """Whether workers are being told what the catalog holds; nothing that is public says so."""
    session = code_mode._session  # pyright: ignore[reportPrivateUsage]
    assert session is not None
    return session._ahead.is_telling  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize("attack", HOSTILE)
@pytest.mark.parametrize("is_signed", [False, True])
def test_hostile_stub_text_is_not_told_ahead_and_runs_nowhere(attack: str, is_signed: bool, tmp_path: Path) -> None:
    marker = tmp_path / "reached"
    folder = tmp_path / "desk"
    shutil.copytree(PACKAGE, folder)
    stub, manifest = folder / "crm.py", folder / "manifest.json"
    before, after = HOSTILE[attack]
    text = stub.read_text(encoding="utf-8")
    assert before in text
    text = text.replace(before, after.format(marker=str(marker)), 1)
    if is_signed:  # by whoever could write the whole package
        data = json.loads(manifest.read_text(encoding="utf-8"))
        data["files"]["crm.py"] = hashlib.sha256(text.encode()).hexdigest()
        manifest.write_text(json.dumps(data), encoding="utf-8")
    stub.write_text(text, encoding="utf-8")

    async def act() -> None:
        transport = EmbeddedTransport({"CRM.GetClient": lambda arguments: CLIENT})
        async with CodeMode.open(folder, transport=transport, spares=1) as code_mode:
            first = await code_mode.execute_python_code("crm.get_client('CL-1').name")
            while is_telling(code_mode):
                await asyncio.sleep(0.01)
            second = await code_mode.execute_python_code("crm.get_client('CL-1').name")
            other = await code_mode.execute_python_code("6 * 7")
            assert (first.ok, second.ok, other.value) == (False, False, 42)

    asyncio.run(act())
    assert not marker.exists()


def test_runs_under_way_while_the_package_is_replaced_again_and_again_mean_what_they_began_with(tmp_path: Path) -> None:
    folders: list[Path] = []
    for name, policy in (
        ("open", ""),
        ("masked", '[egress]\nmask = ["Client.name"]\n'),
        ("closed", '[capabilities]\ndeny = ["crm.*"]\n'),
    ):
        shutil.copytree(PACKAGE, tmp_path / name)
        (tmp_path / name / "codemode.toml").write_text(policy, encoding="utf-8")
        folders.append(tmp_path / name)
    may_answer = asyncio.Event()

    async def slow(arguments: dict[str, JsonValue]) -> JsonValue:
        await may_answer.wait()
        return dict(cast("dict[str, JsonValue]", CLIENT))

    async def act() -> list[list[object]]:
        transport = EmbeddedTransport({"CRM.GetClient": slow})
        async with CodeMode.open(folders[0], transport=transport, spares=2) as code_mode:
            found: list[list[object]] = []
            for turn in range(3):
                may_answer.clear()
                running: list[asyncio.Task[Outcome]] = []
                for folder in folders:
                    code_mode.replace_package(folder)
                    running += [
                        asyncio.create_task(
                            code_mode.execute_python_code("client = crm.get_client('CL-1')\nclient.name")
                        )
                        for _ in range(3)
                    ]
                    await asyncio.sleep(0)  # they have begun, and wait for a worker or for the app
                    while turn and is_telling(code_mode):  # from the second turn on some workers know a catalog
                        await asyncio.sleep(0.01)
                may_answer.set()
                outcomes = await asyncio.gather(*running)
                found.append([one.value if one.ok else one.error and one.error.kind for one in outcomes])
            return found

    expected = ["Amelia Reid"] * 3 + ["***"] * 3 + ["unknown_name"] * 3
    assert asyncio.run(act()) == [expected] * 3


def test_a_snippet_that_names_many_namespaces_is_answered_in_parts_and_means_the_same() -> None:
    names = list(MANIFEST.namespaces)
    assert len(names) > 8  # as many as one part holds

    async def act() -> None:
        transport = EmbeddedTransport({"CRM.GetClient": lambda arguments: CLIENT})
        async with CodeMode.open(PACKAGE, transport=transport, spares=0) as code_mode:
            shown = await code_mode.execute_python_code("\n".join([*names, "crm.get_client('CL-1').name"]))
            slip = await code_mode.execute_python_code("\n".join([*names, "crm.get_cleint('CL-1')", "unknown_name"]))
            assert (shown.ok, shown.value) == (True, "Amelia Reid")
            assert slip.error is not None
            assert "crm.get_client" in slip.error.text()
            assert len(slip.error.others) == 1

    asyncio.run(act())
