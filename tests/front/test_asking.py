"""`codemode run` and approval: the person at the terminal is asked; where there is none, the outcome says how to go on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from checkout import environment
from front.test_cli import DESK, PACKAGE

if sys.platform != "win32":
    import pty

NOTE = "crm.add_note('CL-10024', 'called', 'call').text"
POLICY = '[effects]\n"crm.add_note" = "write"\n[approval]\nask = ["write"]\nexpires_s = {expires_s}\n'
QUESTION = b"allow it? [y/N] "


def command(tmp_path: Path, *arguments: str, code: str = NOTE, expires_s: float = 60) -> list[str]:
    snippet, policy = tmp_path / "snippet.py", tmp_path / "policy.toml"
    snippet.write_text(code, encoding="utf-8")
    policy.write_text(POLICY.format(expires_s=expires_s), encoding="utf-8")
    run = (sys.executable, "-m", "ioconnect_codegen", "run", str(PACKAGE), str(snippet))
    return [*run, "--embedded", str(DESK), "--policy", str(policy), *arguments]


def at_a_terminal(arguments: list[str], *answers: str | None, typed_before: str | None = None) -> tuple[str, str, int]:
    """Run with a terminal; gives what it shows, standard output and the status. None is a person who says nothing."""
    person, terminal = pty.openpty()
    if typed_before is not None:
        os.write(person, f"{typed_before}\n".encode())
    with subprocess.Popen(
        arguments, stdin=terminal, stderr=terminal, stdout=subprocess.PIPE, env=environment()
    ) as running:
        os.close(terminal)
        shown = b""
        for answer in answers:
            questions = shown.count(QUESTION)
            while shown.count(QUESTION) == questions:
                shown += os.read(person, 4096)
            if answer is not None:
                os.write(person, f"{answer}\n".encode())
        output = running.communicate(timeout=60)[0]
    os.close(person)
    return shown.decode(), output.decode(), running.returncode


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")


def test_the_person_at_the_terminal_is_asked_and_yes_lets_the_call_through(tmp_path: Path) -> None:
    shown, output, status = at_a_terminal(command(tmp_path), "y")
    assert "an AI agent wants to change something in crm: crm.add_note(" in shown
    assert (output.splitlines()[0], status) == ('"called"', 0)


@pytest.mark.parametrize("answer", ["n", "", "yes please", "Y E S"])
def test_anything_but_yes_refuses(tmp_path: Path, answer: str) -> None:
    _, output, status = at_a_terminal(command(tmp_path), answer)
    assert (output.splitlines()[0].split()[0], status) == ("denied", 1)


def test_what_was_typed_before_the_question_is_no_answer(tmp_path: Path) -> None:
    _, output, status = at_a_terminal(command(tmp_path), "n", typed_before="y")
    assert (output.splitlines()[0].split()[0], status) == ("denied", 1)


def test_each_call_is_asked_about_in_turn(tmp_path: Path) -> None:
    code = (
        "import asyncio\n"
        "notes = await asyncio.gather(*[crm.add_note('CL-10024', t, 'call') for t in 'ab'], return_exceptions=True)\n"
        "[type(one).__name__ for one in notes]"
    )
    shown, output, _ = at_a_terminal(command(tmp_path, code=code), "yes", "no")
    assert shown.count(QUESTION.decode()) == 2
    assert output.splitlines()[0] == '["Note","DeniedError"]'


def test_nobody_answers_in_time(tmp_path: Path) -> None:
    _, output, status = at_a_terminal(command(tmp_path, expires_s=0.3), None)
    assert (output.splitlines()[0].split()[0], status) == ("denied", 1)
    assert "nobody" in output


def test_json_stays_one_document_at_a_terminal(tmp_path: Path) -> None:
    _, output, _ = at_a_terminal(command(tmp_path, "--json"), "y")
    assert output.startswith("{")
    assert output.count("\n") == 1


def test_where_there_is_no_terminal_the_outcome_says_how_to_go_on(tmp_path: Path) -> None:
    done = subprocess.run(
        command(tmp_path), input="y\n", capture_output=True, text=True, env=environment(), check=False
    )
    assert done.returncode == 1
    assert done.stdout.startswith("approval_needed")
    assert "codemode run at a terminal asks" in done.stdout
    assert "approval_id" not in done.stdout
