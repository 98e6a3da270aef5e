"""A worker that is forked before its zygote has loaded everything: it has what its snippet names, under the same lock."""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
from pathlib import Path

import pytest

from ioconnect_codemode import CodeMode, confine
from ioconnect_codemode.errors import PackageError
from ioconnect_codemode.launch import ZygoteProcess, fresh_hash_seed, import_folders, started_ahead
from ioconnect_codemode.limits import Limits
from ioconnect_codemode.pool import Pool
from ioconnect_codemode.source import named_modules
from ioconnect_codemode.transports import EmbeddedTransport
from journeys.desk import PACKAGE
from snippets.conformance import header

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="zygotes are forked, and /proc is read")
SNIPPETS = sorted((Path(__file__).parents[1] / "snippets" / "accepted").glob("*.py"))

# What a zygote does for a run that waits, one child a snippet; what is not loaded then can't be loaded any more.
EARLY = """
import gc, json, os, sys
sys.path += sys.argv[1:]
from ioconnect_codemode import policy, sandbox, worker, zygote
from ioconnect_codemode.preload import Preload
from ioconnect_codemode.values import to_json
preload = Preload()

def outcome(source):
    program = policy.translate(policy.parse(source), facades=policy.FACADES)
    result = sandbox.run(program, names={}, inputs={}, facades=policy.FACADES, print_limit=4_000)
    return [to_json(result.value), result.printed] if isinstance(result, sandbox.Finished) else str(result)

found = {}
for name, (source, modules) in json.load(sys.stdin).items():
    read, write = os.pipe()
    if os.fork() == 0:
        preload.load(modules)
        worker.forget_disk()
        try:
            said = outcome(source)
        except BaseException as error:
            said = repr(error)
        os.write(write, json.dumps(said).encode())
        os._exit(0)
    os.close(write)
    with open(read, "rb") as file:
        found[name] = json.loads(file.read())
    os.wait()
print(json.dumps(found))
"""


@linux_only
def test_every_accepted_snippet_runs_with_no_more_loaded_than_it_names() -> None:
    sources = {path.stem: path.read_text(encoding="utf-8") for path in SNIPPETS}
    named = {name: named_modules(without_header(source)) for name, source in sources.items()}
    given = {name: (sources[name], sorted(modules)) for name, modules in named.items() if modules is not None}
    done = subprocess.run(
        [sys.executable, "-P", "-s", "-S", "-X", "utf8", "-c", EARLY, *import_folders()],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        env={},
    )

    assert done.stderr == ""
    expected = {
        name: [json.loads(header(sources[name], "value") or ""), json.loads(header(sources[name], "printed") or '""')]
        for name in given
    }
    assert json.loads(done.stdout) == expected
    assert len(given) > 200


def without_header(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if not line.startswith("#"))


def test_modules_are_named_by_their_words() -> None:
    assert named_modules("crm.find_clients('x')") == frozenset()
    assert named_modules("import json\nfrom collections.abc import Mapping") == frozenset(
        {"abc", "collections", "json"}
    )
    assert named_modules("math.pi") == frozenset({"math"})
    assert named_modules("import ｍａｔｈ") == frozenset({"math"})
    assert named_modules("'Zürich'") == frozenset()


@pytest.mark.parametrize(
    "code", ["x.encode('cp1252')", "str(b'\\x80', 'cp1252')", "getattr('x', 'enc' + 'ode')('rot13')"]
)
def test_what_may_need_a_codec_needs_everything(code: str) -> None:
    assert named_modules(code) is None


@linux_only
def test_a_worker_that_is_forked_early_takes_the_whole_lock() -> None:
    async def layers() -> list[dict[str, str]]:
        pool = Pool(Limits(), spares=0, zygote=ZygoteProcess(fresh_hash_seed()))
        early, full = await pool.take([]), await pool.take()
        found = [early.layers, full.layers]
        await pool.close()
        return found

    early, full = asyncio.run(layers())
    assert early == full
    assert set(confine.LINUX) <= early.keys()


@linux_only
def test_a_run_gets_no_worker_that_lacks_what_it_names() -> None:
    async def act() -> list[object]:
        transport = EmbeddedTransport({})
        async with CodeMode.open(PACKAGE, transport=transport, spares=0) as code_mode:
            codes = [
                "1 + 1",
                "import statistics\nstatistics.mean([1, 3])",
                "import decimal\nstr(decimal.Decimal('1.5'))",
            ]
            outcomes = await asyncio.gather(*(code_mode.execute_python_code(code) for code in codes * 3))
            return [outcome.value for outcome in outcomes]

    assert asyncio.run(act()) == [2, 2, "1.5"] * 3


@linux_only
def test_a_package_that_is_opened_and_never_entered_leaves_no_process() -> None:
    before = children()
    code_mode = CodeMode.open(PACKAGE, transport=EmbeddedTransport({}))
    started = children() - before
    del code_mode
    gc.collect()

    assert len(started) == 1
    assert children() == before


@linux_only
def test_a_package_that_cant_be_opened_leaves_no_process(tmp_path: Path) -> None:
    before = children()
    with pytest.raises(PackageError):
        CodeMode.open(tmp_path, transport=EmbeddedTransport({}))

    assert children() == before


@linux_only
def test_a_zygote_of_another_thread_is_replaced_when_the_context_is_entered() -> None:
    async def act() -> tuple[set[int], set[int], object]:
        before = children()
        code_mode = await asyncio.to_thread(CodeMode.open, PACKAGE, transport=EmbeddedTransport({}))
        opened = children() - before
        async with code_mode:
            return opened, children(), (await code_mode.execute_python_code("1 + 1")).value

    opened, entered, value = asyncio.run(act())
    assert len(opened) == 1
    assert not opened & entered
    assert value == 2


@linux_only
def test_a_zygote_that_was_started_ahead_is_that_of_the_first_package_that_is_opened() -> None:
    async def act() -> list[int]:
        async with CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), spares=0) as first:
            taken = len(children() - before)
            async with CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), spares=0) as second:
                both = len(children() - before)
                values = [(await one.execute_python_code("1 + 1")).value for one in (first, second)]
        assert values == [2, 2]
        return [taken, both]

    before = children()
    with started_ahead():
        ahead = len(children() - before)
        found = asyncio.run(act())

    assert (ahead, found) == (1, [1, 2])
    assert children() == before


@linux_only
def test_a_zygote_that_was_started_ahead_in_vain_ends_with_its_block() -> None:
    before = children()
    with pytest.raises(PackageError), started_ahead():
        assert len(children() - before) == 1
        raise PackageError("none")

    assert children() == before


def children() -> set[int]:
    """Give the processes that any thread of this one has started."""
    lists = Path("/proc/self/task").glob("*/children")
    return {int(one) for of_thread in lists for one in of_thread.read_text(encoding="utf-8").split()}


# A zygote's life in short: a child is forked early and takes the whole lock, the zygote takes its part, then it is killed.
KILLED = """
import os, sys, time
sys.path += sys.argv[1:]
from ioconnect_codemode import confine
from ioconnect_codemode.confine import Bounds
pipe = os.pipe()
said, say = os.pipe()
zygote = os.fork()
if zygote == 0:
    steps = confine.load_steps()
    bounds = Bounds(read_fd=pipe[0], write_fd=say, memory_bytes=1 << 30, cpu_s=20, parent=os.getpid())
    if os.fork() == 0:
        os.write(say, b"1" if set(confine.take(steps, bounds).values()) == {"on"} else b"0")
        while True:
            pass
    confine.take_inherited(steps, bounds)
    os.write(say, b"2")
    time.sleep(60)
os.close(say)
told = os.read(said, 1)
told += os.read(said, 1)
os.kill(zygote, 9)
rest = os.read(said, 1)  # comes to its end when nobody holds the pipe any more
print(sorted(told.decode()), rest)
"""


@linux_only
def test_a_worker_that_was_forked_early_ends_with_its_zygote() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-s", "-S", "-X", "utf8", "-c", KILLED, *import_folders()],
        capture_output=True,
        text=True,
        env={},
        timeout=15,
    )
    assert (done.stdout, done.stderr) == ("['1', '2'] b''\n", "")
