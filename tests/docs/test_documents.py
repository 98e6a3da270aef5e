"""What the documents say is what happens: outputs are compared, Python blocks are run, commands exist."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import build_tables
import pytest

from checkout import ROOT, environment
from front.test_cli import codemode
from ioconnect_codegen import cli
from ioconnect_codemode import Limits, Policy
from ioconnect_codemode.confine.seccomp import MACHINES
from ioconnect_codemode.messages import table
from journeys.desk import run

DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "examples" / "live_desktop" / "README.md",
]
PACKAGES = {"generator": ROOT / "generator" / "ioconnect_codegen", "runtime": ROOT / "runtime" / "ioconnect_codemode"}
_BLOCK = re.compile(r"^ *```(?P<language>[\w -]*)\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL)


each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(document: Path, language: str) -> list[str]:
    return [found["text"] for found in _BLOCK.finditer(text_of(document)) if found["language"] == language]


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
    sections = re.split(r"^#{2,3} ", text_of(ROOT / "docs" / "errors.md"), flags=re.MULTILINE)
    by_kind = {section.partition("\n")[0]: section for section in sections}
    for kind in table()["kinds"]:
        answers = [found["text"] for found in _BLOCK.finditer(by_kind[kind]) if found["language"] == "answer"]
        assert answers, kind
        assert all(answer.startswith(kind) and len(answer) <= 800 for answer in answers), kind


@each_document
def test_python_blocks_run(document: Path) -> None:
    for block in blocks(document, "python"):
        done = subprocess.run(
            [sys.executable, "-c", block], capture_output=True, text=True, cwd=ROOT, env=environment()
        )
        assert done.returncode == 0, done.stderr


def test_every_block_is_of_a_language_that_something_holds() -> None:
    held = {"python", "python no-run", "js", "ts", "html", "nginx", "json", "toml", "sh", "text", "snippet", "answer"}
    languages = {one["language"] for document in DOCUMENTS for one in _BLOCK.finditer(text_of(document))}
    assert languages - held == set()


@each_document
def test_json_blocks_are_json(document: Path) -> None:
    for block in blocks(document, "json"):
        decoder, at = json.JSONDecoder(), 0
        while at < len(block):  # one document, or lines of an audit file, each folded where it is long
            _, at = decoder.raw_decode(block, at)
            at += len(block[at:]) - len(block[at:].lstrip())


def test_policies_that_are_shown_can_be_enforced(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    for block in blocks(ROOT / "docs" / "policy.md", "toml"):
        file.write_text(block, encoding="utf-8")
        assert Policy.read(file) != Policy()


@each_document
def test_every_command_that_is_shown_exists_with_its_options(document: Path) -> None:
    for line in text_of(document).splitlines():
        if line.strip().startswith("codemode "):
            cli.parser().parse_args(_words(line.strip())[1:])


@each_document
def test_every_command_in_a_sentence_exists(document: Path) -> None:
    for command in re.findall(r"`codemode ([a-z][^`]*)`", text_of(document)):
        with pytest.raises(SystemExit) as ended:
            cli.parser().parse_args([*_words(command), "--help"])
        assert ended.value.code == 0, command


@each_document
def test_every_option_in_a_sentence_exists(document: Path) -> None:
    folders = (PACKAGES["generator"] / "commands", ROOT / "bench", ROOT / "examples")
    scripts = "".join(text_of(path) for folder in folders for path in sorted(folder.rglob("*.py")))
    for option in re.findall(r"`[^`\n]*?(--[a-z][a-z-]+)", text_of(document)):
        assert f'"{option}"' in scripts, option


@each_document
def test_every_make_target_that_is_named_exists(document: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE)
    for target in re.findall(r"(?:`|^ {4})make ([a-z-]+)", text_of(document), re.MULTILINE):
        assert target in targets, target


def test_make_help_says_what_contributing_shows() -> None:
    said = subprocess.run(["make", "--silent", "help"], check=True, capture_output=True, text=True, cwd=ROOT).stdout
    shown = re.findall(r"^ {4}(make .*)$", text_of(ROOT / "CONTRIBUTING.md"), re.MULTILINE)
    assert shown == said.splitlines()


@each_document
def test_every_file_that_is_named_exists(document: Path) -> None:
    """Paths from the root, and those of rooms (`policy/native.py`) from a package."""
    folders = (ROOT, *PACKAGES.values(), document.parent)
    folders_of_files = "|".join(["bench", "docs", "examples", "tests", "schemas/ioconnect_schemas", "generated"])
    named = re.findall(rf"(?<![\w/.])((?:{folders_of_files})/[\w/.-]*\w)", text_of(document))
    rooms = re.findall(r"`((?:\w+/)+\w+\.(?:py|js|mjs))`", text_of(document))
    assert [one for one in (*named, *rooms) if not any((folder / one).exists() for folder in folders)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_room_stands_in_the_architecture(package: str) -> None:
    tables = text_of(ROOT / "docs" / "architecture.md").partition("\n## Rooms")[2].partition("| runtime room")
    table = {"generator": tables[0], "runtime": tables[2]}[package]
    named = {
        name
        for row in table.splitlines()
        if row.startswith("|")
        for name in re.findall(r"`(\w+(?:\.py|/))`", row.split("|")[1])
    }
    files = {path.name for path in PACKAGES[package].glob("[!_]*.py")}
    folders = {f"{path.name}/" for path in PACKAGES[package].glob("[!_]*") if path.is_dir()}
    assert named == files | folders


@each_document
def test_what_the_code_gives_is_in_the_documents(document: Path) -> None:
    text = text_of(document)
    assert build_tables.built(text) == text, "run make docs"


def test_the_tables_have_every_kind_limit_and_module() -> None:
    outcome = text_of(ROOT / "docs" / "outcome.md")
    assert outcome.count("<!-- table:") == 2
    assert all(f"| `{kind}` |" in outcome for kind in table()["kinds"])
    assert all(f"| `{item.name}` |" in outcome for item in fields(Limits))


def test_the_count_of_system_calls_is_that_of_the_filter() -> None:
    text = text_of(ROOT / "docs" / "boundaries.md")
    assert f"{len(MACHINES['x86_64'].calls)} system calls" in text


@each_document
def test_links_lead_somewhere(document: Path) -> None:
    for target, heading in re.findall(r"\]\((?!https?://)([^)#]*)#?([^)]*)\)", text_of(document)):
        leads_to = document.parent / target if target else document
        assert leads_to.exists(), target
        assert not heading or heading in _anchors(leads_to), heading


@each_document
def test_every_test_that_a_document_names_is_there(document: Path) -> None:
    text = text_of(document)
    sources = {path: text_of(path) for path in (ROOT / "tests").rglob("test_*.py")}

    files = set(re.findall(r"`(test_\w+\.(?:py|mjs))`", text))
    functions = set(re.findall(r"`(test_\w+)`", text))

    assert files - {path.name for path in sources} == set()
    assert [name for name in sorted(functions) if not any(f"def {name}(" in one for one in sources.values())] == []


def test_every_rule_of_the_language_names_a_test_of_it() -> None:
    text = text_of(ROOT / "docs" / "language.md")
    titled = [section.partition("\n") for section in text.split("\n## ")[1:]]

    without = {title for title, _, body in titled if "tests/" not in body}
    rows = [line for line in text.splitlines() if line.startswith("|") and line.count("|") == 5]

    assert without == set()
    assert [row for row in rows[2:] if "tests/" not in row and "test_" not in row] == []


def _words(command: str) -> list[str]:
    return [word.strip("\"'") for word in re.findall(r""""[^"]*"|'[^']*'|\S+""", command)]


def _anchors(document: Path) -> set[str]:
    """Give what a link can name of a document: its headings, as GitHub writes them."""
    headings = re.findall(r"^#+ (.+)$", text_of(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
