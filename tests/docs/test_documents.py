"""What the documents say is what happens: outputs are compared, Python blocks are run, commands exist."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import build_tables
import pytest

from front.test_cli import ROOT, codemode
from ioconnect_codegen import cli
from ioconnect_codemode import Limits
from ioconnect_codemode.confine.seccomp import MACHINES
from ioconnect_codemode.messages import table
from journeys.desk import run

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(document: Path, language: str) -> list[str]:
    text = document.read_text(encoding="utf-8")
    return [found["text"] for found in _BLOCK.finditer(text) if found["language"] == language]


def without_times(text: str) -> str:
    return re.sub(r"\d+\.\d ms", "N ms", text)


def test_the_readme_shows_what_the_demo_prints() -> None:
    shown = next(block for block in blocks(ROOT / "README.md", "text") if block.startswith("Who is the adviser"))
    assert without_times(codemode("demo").stdout) == without_times(shown)


def test_the_readme_shows_the_error_that_a_mistake_gives() -> None:
    shown = next(block for block in blocks(ROOT / "README.md", "text") if block.startswith("type_error"))
    assert run("note = 'x'\na = crm.get_client(id=12)").text() + "\n" == shown


def test_every_kind_of_error_has_a_section_with_an_example_of_it() -> None:
    """The examples are what the code answers: `test_what_the_code_gives_is_in_the_documents` holds them."""
    sections = re.split(r"^#{2,3} ", (ROOT / "docs" / "errors.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    by_kind = {section.partition("\n")[0]: section for section in sections}
    for kind in table()["kinds"]:
        answers = [found["text"] for found in _BLOCK.finditer(by_kind[kind]) if found["language"] == "answer"]
        assert answers, kind
        assert all(answer.startswith(kind) and len(answer) <= 800 for answer in answers), kind


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_python_blocks_run(document: Path) -> None:
    for block in blocks(document, "python"):
        done = subprocess.run(
            [sys.executable, "-c", block], capture_output=True, text=True, cwd=ROOT, env=_environment()
        )
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_command_that_is_shown_exists_with_its_options(document: Path) -> None:
    for line in document.read_text(encoding="utf-8").splitlines():
        if line.strip().startswith("codemode "):
            words = re.findall(r'"[^"]*"|\S+', line.strip())[1:]
            cli.parser().parse_args([word.strip('"') for word in words])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_what_the_code_gives_is_in_the_documents(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert build_tables.built(text) == text, "run make docs"


def test_the_tables_have_every_kind_limit_and_module() -> None:
    outcome = (ROOT / "docs" / "outcome.md").read_text(encoding="utf-8")
    assert outcome.count("<!-- table:") == 2
    assert all(f"| `{kind}` |" in outcome for kind in table()["kinds"])
    assert all(f"| `{item.name}` |" in outcome for item in fields(Limits))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_paths_of_tests_that_are_named_exist(document: Path) -> None:
    for path in re.findall(r"`(tests/[\w/.]+)`", document.read_text(encoding="utf-8")):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_tests_that_are_named_exist(document: Path) -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("*/**/test_*.py"))
    for name in re.findall(r"`(test_\w+)`", document.read_text(encoding="utf-8")):
        assert f"def {name}(" in tests, name


def test_the_count_of_system_calls_is_that_of_the_filter() -> None:
    text = (ROOT / "docs" / "boundaries.md").read_text(encoding="utf-8")
    assert f"{len(MACHINES['x86_64'].calls)} system calls" in text


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target


def _environment() -> dict[str, str]:
    roots = os.pathsep.join(str(ROOT / name) for name in ("generator", "runtime", "schemas"))
    return {**os.environ, "PYTHONPATH": roots}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_test_that_a_document_names_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    sources = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")}

    files = set(re.findall(r"`(test_\w+\.(?:py|mjs))`", text))
    functions = set(re.findall(r"`(test_\w+)`", text))

    assert files - {path.name for path in sources} == set()
    assert [name for name in sorted(functions) if not any(f"def {name}(" in one for one in sources.values())] == []


def test_every_rule_of_the_language_names_a_test_of_it() -> None:
    text = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    titled = [section.partition("\n") for section in text.split("\n## ")[1:]]

    without = {title for title, _, body in titled if "tests/" not in body}
    rows = [line for line in text.splitlines() if line.startswith("|") and line.count("|") == 5]

    assert without == set()
    assert [row for row in rows[2:] if "tests/" not in row and "test_" not in row] == []
