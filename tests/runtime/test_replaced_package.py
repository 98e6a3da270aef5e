"""A package that is replaced while it is open: new runs see the new one, runs under way end with the old one."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from ioconnect_codegen.wealth_desk import make_handlers
from ioconnect_codemode import CodeMode, Limits, Outcome, Policy
from ioconnect_codemode.approval import ApprovalRules
from ioconnect_codemode.code_mode import Change
from ioconnect_codemode.errors import PackageError, PolicyError, UsageError
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import JsonValue
from journeys.desk import PACKAGE, with_desk

READ = "crm.get_client('CL-10024').name"
WITHOUT_CRM = '[capabilities]\ndeny = ["crm.*"]\n'


def other(folder: Path, policy: str = WITHOUT_CRM) -> Path:
    shutil.copytree(PACKAGE, folder)
    (folder / "codemode.toml").write_text(policy, encoding="utf-8")
    return folder


def kind_of(outcome: Outcome) -> str | None:
    return None if outcome.error is None else outcome.error.kind


def test_runs_that_start_later_see_the_new_package_and_its_policy(tmp_path: Path) -> None:
    async def act(code_mode: CodeMode) -> None:
        assert (await code_mode.execute_python_code(READ)).ok
        code_mode.replace_package(other(tmp_path / "desk"))
        assert "crm" not in code_mode.manifest.namespaces
        assert "crm" not in code_mode.list_python_definitions()
        assert kind_of(await code_mode.execute_python_code(READ)) == "unknown_name"

    with_desk(act)


@pytest.mark.parametrize(
    ("text", "problem"), [(None, "is missing from the package"), ("x = 1", "is not the file that")]
)
def test_a_stub_file_that_is_gone_or_another_is_told_as_what_it_is(
    text: str | None, problem: str, tmp_path: Path
) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(PACKAGE, folder)
    (folder / "crm.py").unlink() if text is None else (folder / "crm.py").write_text(text, encoding="utf-8")

    async def act() -> tuple[Outcome, Outcome]:
        async with CodeMode.open(folder, transport=EmbeddedTransport({}), spares=0) as code_mode:
            return await code_mode.execute_python_code(READ), await code_mode.execute_python_code("6 * 7")

    outcome, other_one = asyncio.run(act())
    assert outcome.error is not None
    assert outcome.error.kind == "internal"
    assert outcome.error.message.startswith(f"the run can't go on: crm.py {problem}")
    assert outcome.error.hint == "another snippet will not mend it: tell the user"
    assert str(tmp_path) not in outcome.text()
    assert other_one.value == 42


def test_a_run_under_way_ends_with_the_package_it_began_with(tmp_path: Path) -> None:
    arrived, may_answer = asyncio.Event(), asyncio.Event()

    async def slow(arguments: dict[str, JsonValue]) -> JsonValue:
        arrived.set()
        await may_answer.wait()
        return {"id": str(arguments["id"]), "name": "N"}

    async def act(code_mode: CodeMode) -> None:
        before = code_mode.manifest.digest
        running = asyncio.create_task(code_mode.execute_python_code(f"{READ}\n{READ}"))
        await arrived.wait()
        code_mode.replace_package(other(tmp_path / "desk"))
        may_answer.set()
        outcome = await running
        assert (outcome.ok, outcome.value, outcome.catalog, len(outcome.calls)) == (True, "N", before, 2)

    with_desk(act, handlers={"CRM.GetClient": slow})


def test_leaving_ends_runs_of_a_package_that_was_replaced(tmp_path: Path) -> None:
    async def act() -> Outcome:
        async with CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), spares=0) as code_mode:
            running = asyncio.create_task(code_mode.execute_python_code("while True: pass"))
            while not code_mode.worker_processes:
                await asyncio.sleep(0.005)
            code_mode.replace_package(other(tmp_path / "desk"))
        return await running

    assert kind_of(asyncio.run(act())) == "worker_lost"


def test_a_given_policy_and_given_limits_stay(tmp_path: Path) -> None:
    async def act(code_mode: CodeMode) -> None:
        policy = code_mode.policy
        code_mode.replace_package(other(tmp_path / "desk"))
        assert code_mode.policy is policy
        assert (await code_mode.execute_python_code(READ)).ok

    with_desk(act, policy=Policy(limits=Limits(calls=3)))


def test_limits_of_the_new_package_are_not_taken(tmp_path: Path) -> None:
    async def act(code_mode: CodeMode) -> int:
        code_mode.replace_package(other(tmp_path / "desk", "[limits]\ncalls = 1\n"))
        return code_mode.policy.limits.calls

    assert with_desk(act) == Limits().calls


def test_listeners_are_told_once_of_a_change_and_never_of_none(tmp_path: Path) -> None:
    async def act(code_mode: CodeMode) -> list[Change]:
        told: list[Change] = []
        stop = code_mode.on_change(told.append)
        code_mode.replace_package(PACKAGE)
        code_mode.replace_package(other(tmp_path / "desk"))
        code_mode.replace_package(tmp_path / "desk")
        stop()
        code_mode.replace_package(PACKAGE)
        return told

    (change,) = with_desk(act)
    assert "crm" in change.before.namespaces
    assert "crm" not in change.after.namespaces


def test_what_can_not_be_read_leaves_the_present_package(tmp_path: Path) -> None:
    async def act(code_mode: CodeMode) -> None:
        with pytest.raises(PackageError):
            code_mode.replace_package(tmp_path)
        with pytest.raises(PolicyError):
            code_mode.replace_package(other(tmp_path / "desk", "[no_such_table]\n"))
        assert (await code_mode.execute_python_code(READ)).ok

    with_desk(act)


def test_a_run_that_waits_for_approval_does_not_go_on_under_another_policy(tmp_path: Path) -> None:
    asks = '[approval]\nask = ["crm.get_client"]\n'

    async def act(code_mode: CodeMode) -> str | None:
        code_mode.replace_package(other(tmp_path / "asks", asks))
        waits = await code_mode.execute_python_code(READ)
        assert waits.error is not None and waits.error.approval_id is not None
        code_mode.replace_package(other(tmp_path / "desk"))
        return kind_of(await code_mode.resume(waits.error.approval_id, approved=True))

    assert with_desk(act) == "stale_definitions"


def test_a_policy_file_that_changes_meanwhile_holds_from_the_next_opening_on(tmp_path: Path) -> None:
    package = other(tmp_path / "desk", "")

    async def act() -> list[str | None]:
        async with CodeMode.open(package, transport=EmbeddedTransport(make_handlers()), spares=0) as code_mode:
            kinds = [kind_of(await code_mode.execute_python_code(READ))]
            (package / "codemode.toml").write_text('[capabilities]\ndeny = ["crm.get_client"]\n', encoding="utf-8")
            kinds.append(kind_of(await code_mode.execute_python_code(READ)))
            code_mode.replace_package(package)
            kinds.append(kind_of(await code_mode.execute_python_code(READ)))
            (package / "codemode.toml").write_text("[capabilities]\ndney = []\n", encoding="utf-8")
            kinds.append(kind_of(await code_mode.execute_python_code(READ)))
        return kinds

    assert asyncio.run(act()) == [None, None, "unknown_name", "unknown_name"]


def test_a_run_that_was_withdrawn_can_not_be_resumed() -> None:
    asks = Policy(effects={"crm.get_client": "write"}, approval=ApprovalRules(ask=("write",)))

    async def act(code_mode: CodeMode) -> None:
        waits = await code_mode.execute_python_code(READ)
        assert waits.error is not None and waits.error.approval_id is not None
        code_mode.withdraw(waits.error.approval_id)
        with pytest.raises(UsageError, match="no run waits for approval"):
            await code_mode.resume(waits.error.approval_id, approved=True)

    with_desk(act, policy=asks)
