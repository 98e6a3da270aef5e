"""The command's standard streams: one document, UTF-8, closed ones, and those that take no more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from checkout import ROOT, environment
from front.test_cli import DESK, ENVIRONMENT, PACKAGE, codemode

SHOWS = "x = 'Müller €'\nprint(x)\nx"


def command(
    *arguments: str | Path, given: bytes = b"", closed: str = "", output: str = "", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the command through a shell that closes streams or sends its output elsewhere."""
    redirected = f"{closed} {'>' + output if output else ''}"
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {redirected}', "sh", sys.executable, "-m", "ioconnect_codegen", *map(str, arguments)],
        input=given,
        capture_output=True,
        cwd=ROOT,
        env=environment(**(env or {})),
    )


def test_what_handlers_print_is_not_on_standard_output(tmp_path: Path) -> None:
    handlers = tmp_path / "handlers.py"
    handlers.write_text(
        "print('as it is read')\nasync def find(arguments):\n    print('as it is called')\n    return []\n"
        "handlers = {'CRM.FindClients': find}\n",
        encoding="utf-8",
    )
    done = codemode("run", PACKAGE, "-", "--embedded", handlers, "--json", given="crm.find_clients('x')")
    assert json.loads(done.stdout)["value"] == []
    assert done.stderr == "as it is read\nas it is called\n"


@pytest.mark.skipif(sys.platform == "win32", reason="sh and locales")
@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
    ],
)
def test_documents_are_utf_8_in_every_locale(locale: dict[str, str]) -> None:
    done = command("run", PACKAGE, "-", "--embedded", DESK, "--json", given=SHOWS.encode(), env=locale)
    assert done.stderr == b""
    assert json.loads(done.stdout.decode())["value"] == "Müller €"


@pytest.mark.skipif(sys.platform == "win32", reason="sh closes the streams")
@pytest.mark.parametrize(
    ("closed", "status", "said"),
    [
        ("<&-", 2, b"codemode: standard input is closed: name a file in the place of -\n"),
        (">&-", 0, b""),
        (">&- 2>&-", 0, b""),
    ],
)
def test_a_closed_stream_is_no_error_unless_it_is_needed(closed: str, status: int, said: bytes) -> None:
    done = command("run", PACKAGE, "-", "--embedded", DESK, given=b"1 + 1", closed=closed)
    assert (done.returncode, done.stdout, done.stderr) == (status, b"", said)


@pytest.mark.skipif(sys.platform == "win32", reason="sh closes the streams")
def test_mcp_without_standard_input_is_wrong_usage() -> None:
    done = command("serve", PACKAGE, "--embedded", DESK, closed="<&-")
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert b"standard input is closed" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize(
    "arguments", [("list", PACKAGE), ("run", PACKAGE, "-", "--embedded", DESK, "--json"), ("demo",)]
)
def test_output_that_can_t_be_written_is_one_line(arguments: tuple[str | Path, ...]) -> None:
    done = command(*arguments, given=b"1", output="/dev/full")
    assert (done.returncode, done.stderr) == (2, b"codemode: the output: No space left on device\n")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of sh")
def test_output_that_nobody_reads_any_more_is_one_line() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "ioconnect_codegen", "list", str(PACKAGE)],
            stdout=writer,
            stderr=subprocess.PIPE,
            env=environment(),
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (2, b"codemode: the output: Broken pipe\n")


@pytest.mark.parametrize("text", ["crm.find_clients('Amelia Reid')[0].name", "1 + 1"])
def test_a_mark_that_an_editor_puts_first_is_no_part_of_a_snippet(tmp_path: Path, text: str) -> None:
    snippet, inputs = tmp_path / "snippet.py", tmp_path / "inputs.json"
    snippet.write_text(text, encoding="utf-8-sig")
    inputs.write_text('{"wanted": 1}', encoding="utf-8-sig")
    assert codemode("run", PACKAGE, snippet, "--embedded", DESK, "--inputs", inputs).returncode == 0
    assert codemode("run", PACKAGE, "-", "--embedded", DESK, given=f"\ufeff{text}").returncode == 0


def test_standard_input_that_is_no_text_is_one_line() -> None:
    done = command("check", PACKAGE, "-", given=b"\xff\xfe")
    assert (done.returncode, done.stderr) == (2, b"codemode: standard input is not UTF-8 text\n")


def test_standard_input_is_read_for_one_thing() -> None:
    done = codemode("run", PACKAGE, "-", "--inputs", "-", "--embedded", DESK, given="1")
    assert done.returncode == 2
    assert done.stderr == "codemode: standard input holds one document: SNIPPET or --inputs may be -, not both\n"


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of files")
def test_a_cache_that_can_t_be_used_stops_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file", encoding="utf-8")
    done = command(
        "generate", ENVIRONMENT, "-o", tmp_path / "desk", env={"HOME": str(home), "XDG_CACHE_HOME": str(home)}
    )
    assert done.returncode == 0, done.stderr


HANDLERS = {
    "imports from beside it": ("handlers.py", "from beside import find\nhandlers = {'CRM.FindClients': find}\n"),
    "dataclasses with postponed annotations": (
        "handlers.py",
        "from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass One:\n    id: str\n"
        "def find(arguments): return [] if One('a').id else None\nhandlers = {'CRM.FindClients': find}\n",
    ),
    "another ending": ("handlers.txt", "handlers = {'CRM.FindClients': lambda arguments: []}\n"),
}


@pytest.mark.parametrize(("file", "source"), HANDLERS.values(), ids=HANDLERS)
def test_a_file_of_handlers_is_read_as_python_reads_it(tmp_path: Path, file: str, source: str) -> None:
    (tmp_path / "beside.py").write_text("def find(arguments): return []\n", encoding="utf-8")
    (tmp_path / file).write_text(source, encoding="utf-8")
    done = codemode("run", PACKAGE, "-", "--embedded", tmp_path / file, given="crm.find_clients('x')")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_a_module_of_handlers_is_found_in_the_working_folder(tmp_path: Path) -> None:
    (tmp_path / "my_handlers.py").write_text("handlers = {'CRM.FindClients': lambda a: []}\n", encoding="utf-8")
    done = codemode("run", PACKAGE, "-", "--embedded", "my_handlers", given="crm.find_clients('x')", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise SystemExit(3)\n", "failed as it was read: SystemExit: 3"),
        ("handlers = {'a': 5}\n", "handlers['a'] must be a function of a dict, not int"),
        ("handlers = [1]\n", "has no mapping `handlers`"),
        ("def (\n", "is not Python: invalid syntax"),
    ],
)
def test_a_file_of_handlers_that_fails_is_one_line(tmp_path: Path, source: str, said: str) -> None:
    (tmp_path / "handlers.py").write_text(source, encoding="utf-8")
    done = codemode("run", PACKAGE, "-", "--embedded", tmp_path / "handlers.py", given="1")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert said in done.stderr


@pytest.mark.parametrize("module", ["", "not a module", "nothing-there", ROOT])
def test_what_is_no_module_is_said(module: str | Path) -> None:
    done = codemode("run", PACKAGE, "-", "--embedded", module, given="1")
    assert done.returncode == 2
    assert "is neither a Python file nor a module" in done.stderr
