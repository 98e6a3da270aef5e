"""What is caught of a model's slips before a snippet runs, and what is wrongly called one.

    python bench/slips.py [--texts]

The corpus (`bench/slips_corpus`) was written before the check was tuned on it: 72 faulty snippets, twelve in each of
six families, and good ones that all run on the embedded wealth desk. A faulty snippet that is not caught is run, and
the writes that it makes before it fails are counted. What is in `later` was written when the check was there, by somebody
who had not read it: good and faulty ones for the wealth desk, and for a trading desk whose apps declare themselves in
other ways, most of them carelessly; those of the trading desk are checked and not run. Beside it: ty alone, on the same definitions, with its own rules;
and pydantic-ai's check, which is Monty's, where `pydantic_monty` is installed, with its flat names of functions. ty is
fitted to our language: nothing is marked wrong for an import of a namespace, a top-level `await` or `return`.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.output import write
from ioconnect_codegen.wealth_desk import make_handlers
from ioconnect_codegen.wealth_desk.handlers import BoundHandler
from ioconnect_codemode import CodeMode, Outcome
from ioconnect_codemode.lookup import projection
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.typecheck.installed import ty_command
from ioconnect_codemode.values import JsonValue

CORPUS = Path(__file__).parent / "slips_corpus"
PACKAGE = Path(__file__).parents[1] / "generated" / "wealth_desk"
FAMILIES = ("arguments", "names", "fields", "none", "types", "language")
LATER = ("later/good", "later/faulty")
TRADING = ("later/trading_desk_good", "later/trading_desk_faulty")
TRADING_DESK = CORPUS / "later" / "trading_desk.environment.json"
_BEFORE = ("syntax", "not_allowed", "unknown_name", "type_error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one snippet.

    Attributes:
        snippet: Its text.
        found: What was told before it ran; None where nothing was.
        writes: Writes that it had made when it ended.
        has_failed: Whether it failed, before running or later.
    """

    snippet: str
    found: str | None
    writes: int
    has_failed: bool


def snippets(name: str) -> list[str]:
    """Give the snippets of one file of the corpus."""
    return (CORPUS / f"{name}.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n---\n")


async def examine(code: Iterable[str]) -> list[Result]:
    """Run snippets as a model's, each on a desk of its own."""
    results: list[Result] = []
    desk = dict(make_handlers())
    transport = EmbeddedTransport({name: partial(_answer, desk, name) for name in desk})
    async with CodeMode.open(PACKAGE, transport=transport) as code_mode:
        for snippet in code:
            desk.update(make_handlers())
            results.append(_result(snippet, await code_mode.execute_python_code(snippet)))
    return results


def _answer(desk: Mapping[str, BoundHandler], name: str, arguments: dict[str, JsonValue]) -> JsonValue:
    return desk[name](arguments)


def _result(snippet: str, outcome: Outcome) -> Result:
    is_found = outcome.error is not None and outcome.error.kind in _BEFORE
    writes = [call for call in outcome.calls if call.effect != "read" and call.state == "finished"]
    return Result(
        snippet=snippet,
        found=outcome.text() if is_found else None,
        writes=len(writes),
        has_failed=not outcome.ok,
    )


async def review(code: Iterable[str], package: Path) -> list[Result]:
    """Check snippets as `codemode check` does; nothing runs."""
    async with CodeMode.open(package, transport=EmbeddedTransport({})) as code_mode:
        return [_result(snippet, await code_mode.check_python_code(snippet)) for snippet in code]


async def all_results(trading: Path) -> Mapping[str, list[Result]]:
    """Give the results by file of the corpus.

    Args:
        trading: The generated package of the trading desk.
    """
    ran = {name: await examine(snippets(name)) for name in (*FAMILIES, "good", *LATER)}
    return {**ran, **{name: await review(snippets(name), trading) for name in TRADING}}


def write_trading_desk(folder: Path) -> None:
    """Generate the package of the trading desk."""
    write(generate(read_environment(json.loads(TRADING_DESK.read_text(encoding="utf-8")))), folder)


def marked_by_ty(names: Sequence[str], package: Path) -> Mapping[str, int] | None:
    """Count the snippets in which ty alone finds an error, by its own choice of rules; None where there is no ty."""
    command = ty_command()
    if command is None:
        return None
    manifest = Manifest.read(package)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        functions = "".join(f"{name} = {full}\n" for name, full in manifest.global_functions.items())
        known = "def parallel(function: Any, items: Any) -> list[Any]: ...\nclass AppError(Exception): ...\n"
        head = projection(manifest, manifest.capabilities) + functions + known
        (root / "catalog.pyi").write_text(head, encoding="utf-8")
        for name in names:
            for number, snippet in enumerate(snippets(name)):
                text = f"from catalog import *\n{snippet}\n"
                (root / f"{_file(name)}_{number}.py").write_text(text, encoding="utf-8")
        options = ["check", "--output-format", "concise", "--ignore", "unresolved-import"]
        options += ["--ignore", "import-not-found", "--error-on-warning"]
        done = subprocess.run([command[0], *options], cwd=root, capture_output=True, text=True, check=False)
    marked = {line.partition(":")[0] for line in done.stdout.splitlines() if ".py:" in line and "catalog" not in line}
    ours = {one for one in marked if not _is_form_of_ours(one, done.stdout)}
    return {name: sum(one.rpartition("_")[0] == _file(name) for one in ours) for name in names}


def _file(name: str) -> str:
    return name.replace("/", "_")


def _is_form_of_ours(file: str, output: str) -> bool:
    """Whether all that is marked in a file is an `await` or `return` at module level."""
    lines = [line for line in output.splitlines() if line.startswith(f"{file}:")]
    return all("await" in line or "outside" in line for line in lines)


def marked_by_monty(names: Sequence[str], package: Path) -> Mapping[str, int] | None:
    """Count the snippets that Monty's type check refuses, as pydantic-ai uses it; None where it isn't installed."""
    if importlib.util.find_spec("pydantic_monty") is None:
        return None
    monty: Any = importlib.import_module("pydantic_monty")
    manifest = Manifest.read(package)
    head, spaces = _flat(manifest), re.compile(rf"\b({'|'.join(manifest.namespaces)})\.(?=\w+\()")
    counts: dict[str, int] = dict.fromkeys(names, 0)
    with monty.Monty() as pool:
        for name in counts:
            for snippet in snippets(name):
                try:
                    with pool.checkout(type_check=True, type_check_stubs=head) as session:
                        session.feed_run(spaces.sub(r"\1_", snippet))
                except (monty.MontyTypingError, monty.MontySyntaxError):
                    counts[name] += 1
                except monty.MontyError:  # passed the check, and found no function to call
                    pass
    return counts


def _flat(manifest: Manifest) -> str:
    """Give the definitions as pydantic-ai has them: `crm_find_clients`, no namespaces."""
    lines: list[str] = []
    namespace = ""
    for line in projection(manifest, manifest.capabilities).splitlines():
        found = re.match(r"class (\w+):$", line)
        if found and found[1] in manifest.namespaces:
            namespace = found[1]
        elif namespace:
            function = line.strip().removeprefix("def ")
            if not function.startswith("@"):
                lines.append(f"def {namespace}_{function}")
                name = function.partition("(")[0]
                if name in manifest.global_functions:
                    lines.append(f"def {function}")
        else:
            lines.append(line)
    return "\n".join([*lines, "def parallel(function: Any, items: Any) -> list[Any]: ..."]) + "\n"


def main() -> None:
    """Print the table, and with `--texts` what a model reads for each faulty snippet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", action="store_true", help="show each faulty snippet and its text")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trading = Path(folder)
        write_trading_desk(trading)
        results = asyncio.run(all_results(trading))
        desk = [name for name in results if name not in TRADING]
        peers = {
            "ty alone": _both(marked_by_ty(desk, PACKAGE), marked_by_ty(TRADING, trading)),
            "Monty's check": _both(marked_by_monty(desk, PACKAGE), marked_by_monty(TRADING, trading)),
        }
    sys.stdout.write(f"{'snippets':<28}" + "".join(f"{cell:>16}" for cell in ("", "caught before", *peers)) + "\n")
    for name, found in results.items():
        caught = sum(one.found is not None for one in found)
        cells = [str(len(found)), str(caught)]
        cells += ["-" if counts is None else str(counts[name]) for counts in peers.values()]
        sys.stdout.write(f"{name:<28}" + "".join(f"{cell:>16}" for cell in cells) + "\n")
    writes = sum(one.writes for name in (*FAMILIES, "later/faulty") for one in results[name])
    sys.stdout.write(f"writes made by faulty snippets: {writes}\n")
    good = [one for name, found in results.items() if name.endswith("good") for one in found]
    sys.stdout.write("".join(f"good, and yet it failed:\n{one.snippet}\n" for one in good if one.has_failed))
    if options.texts:
        for name in (*FAMILIES, "later/faulty", TRADING[1]):
            for one in results[name]:
                sys.stdout.write(f"\n--- {name}\n{one.snippet}\n>>>\n{one.found or 'not caught'}\n")


def _both(first: Mapping[str, int] | None, second: Mapping[str, int] | None) -> Mapping[str, int] | None:
    return None if first is None or second is None else {**first, **second}


if __name__ == "__main__":
    main()
