"""The operating system's lock alone: the language is switched off, and raw Python reaches nothing.

As the user that runs the tests, and as a plain user where that is root.
"""

from __future__ import annotations

import _ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypedDict

import pytest

from boundaries.raw_attacks import ATTACKS, SECRET, Attack
from ioconnect_codemode.confine import LINUX

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the lock of Linux")

NOBODY = 65_534
AS_ROOT = os.geteuid() == 0 if sys.platform != "win32" else False
USERS: tuple[int | None, ...] = (None, NOBODY) if AS_ROOT else (None,)
NOT_FOR_ROOT = frozenset({"processes", "locked_memory", "not_dumpable"})
"""Layers that the kernel doesn't hold root to; seccomp does."""


class Answer(TypedDict):
    reached: str | int | None
    error: str | None
    layers: dict[str, str]
    status: int


def answers_to(jobs: list[dict[str, object]], user: int | None) -> list[Answer]:
    """Let a raw worker run all jobs as a user."""
    root = Path(__file__).parents[2]
    folder = Path(tempfile.mkdtemp())
    try:
        _furnish(folder)
        request = {
            "paths": [str(root / "runtime"), str(root / "schemas")],
            "user": user,
            "folder": str(folder),
            "library": "library.so",
            "jobs": jobs,
        }
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(Path(__file__).with_name("raw_worker.py"))],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            env={},
            cwd="/",
        )
    finally:
        shutil.rmtree(folder)
    assert done.returncode == 0, done.stderr
    answers: list[Answer] = json.loads(done.stdout)
    return answers


def _furnish(folder: Path) -> None:
    """Put there what attacks try to reach; anybody may."""
    folder.chmod(0o755)
    (folder / "secret").write_text(SECRET, encoding="utf-8")
    (folder / "secret").chmod(0o666)
    (folder / "planted.py").write_text("loot = 'planted'\n", encoding="utf-8")
    with zipfile.ZipFile(folder / "archive.zip", "w") as archive:
        archive.writestr("archived.py", "loot = 'archived'\n")
    (folder / "loot").mkdir()
    (folder / "loot").chmod(0o777)
    (folder / "loot" / "file").write_text("kept", encoding="utf-8")
    if AS_ROOT:
        os.chown(folder / "loot" / "file", NOBODY, NOBODY)
    shutil.copy(_ctypes.__file__, folder / "library.so")


def loot(answer: Answer) -> str | int | None:
    """Give what an attack has reached; system calls that fail give 0 or less."""
    reached = answer["reached"]
    return None if reached in (None, "None", "") or (isinstance(reached, int) and reached <= 0) else reached


@cache
def results(user: int | None, layers: str) -> dict[str, Answer]:
    """Give the answer to each attack: with `all` layers, `without` those that stop it, or with one of them `alone`."""
    attacks = [attack for attack in ATTACKS if layers in ("all", "without") or layers in attack.stopped_by]
    jobs: list[dict[str, object]] = [
        {"code": attack.code, "off": _off(attack, layers), "cpu_s": _cpu_s(attack)} for attack in attacks
    ]
    answers = answers_to(jobs, user)
    return {attack.name: answer for attack, answer in zip(attacks, answers, strict=True)}


def _off(attack: Attack, layers: str) -> list[str]:
    return [] if layers == "all" else sorted(attack.stopped_by - {layers})


def _cpu_s(attack: Attack) -> int:
    """Give what the kernel allows: a second where that is under test; else so much that no slow machine uses it up."""
    return 1 if "cpu" in attack.stopped_by else 60


def by_user(attacks: Iterator[Attack]) -> list[object]:
    return [
        pytest.param(user, attack, id=f"{'plain' if user else 'own'}-{attack.family}-{attack.name}".replace(" ", "_"))
        for attack in attacks
        for user in USERS
    ]


@pytest.mark.parametrize(("user", "attack"), by_user(iter(ATTACKS)))
def test_a_locked_worker_reaches_nothing(user: int | None, attack: Attack) -> None:
    answer = results(user, "all")[attack.name]
    assert loot(answer) is None, answer
    assert set(answer["layers"].values()) <= {"on"}


@pytest.mark.parametrize(("user", "attack"), by_user(iter(ATTACKS)))
def test_the_same_attack_works_where_the_layers_that_stop_it_are_off(user: int | None, attack: Attack) -> None:
    answer = results(user, "without")[attack.name]
    if attack.expected is not None:
        assert loot(answer) == attack.expected, answer
    else:
        assert loot(answer) is not None, answer


@pytest.mark.parametrize(
    ("user", "attack", "layer"),
    [
        pytest.param(user, attack, layer, id=f"{'plain' if user else 'own'}-{layer}-{attack.name}".replace(" ", "_"))
        for attack in ATTACKS
        for layer in sorted(attack.stopped_by)
        for user in USERS
        if len(attack.stopped_by) > 1 and not (layer in NOT_FOR_ROOT and user is None and AS_ROOT)
    ],
)
def test_each_layer_stops_it_alone(user: int | None, attack: Attack, layer: str) -> None:
    answer = results(user, layer)[attack.name]
    assert loot(answer) is None, answer


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the tables of x86_64")
@pytest.mark.parametrize("call", ["legacy(20)", "libc.syscall(0x40000000 + 39)"], ids=["32-bit", "x32"])
def test_a_call_by_another_table_of_numbers_ends_the_worker(call: str) -> None:
    with_lock, without = answers_to([{"code": call, "off": off, "cpu_s": 60} for off in ([], ["seccomp"])], None)
    assert (with_lock["error"], with_lock["status"]) == ("ended", -signal.SIGSYS)
    assert (without["error"], without["status"]) == (None, 0)


def test_there_are_enough_attacks_and_no_name_twice() -> None:
    families = Counter(attack.family for attack in ATTACKS)
    assert len(ATTACKS) >= 100
    assert min(families.values()) >= 8, families
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    assert {layer for attack in ATTACKS for layer in attack.stopped_by} <= set(LINUX)
