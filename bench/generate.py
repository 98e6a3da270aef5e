"""How fast a package is made, beside plain datamodel-code-generator and the generators of TypeScript.

    python bench/generate.py [METHODS]          1,000 unless told

Everything is measured in one run on one environment, and what counts is the ratio to one plain batch of
datamodel-code-generator over the same schemas, without a formatter, which is its fastest form. The peers write types
only; ours are the whole package: stubs, audited, definitions, guide, manifest and schemas.
"""

from __future__ import annotations

import gc
import json
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from environments import REPEATED, SEED, make_environment, with_one_change

from ioconnect_codegen import Builder, EnvironmentReader, Package, generate, read_environment
from ioconnect_codegen.cache import Cache
from ioconnect_codegen.output import write
from ioconnect_codemode.lookup import definitions_text
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.values import JsonValue

NPM = Path(__file__).parent / "npm"
T = TypeVar("T")
Json = dict[str, JsonValue]


def main(methods: int) -> None:
    """Measure and print."""
    document = make_environment(methods)
    generate(read_environment(make_environment(5)))  # both sides import before the clock starts
    with tempfile.TemporaryDirectory() as folder:
        environment = read_environment(document)
        cold_s, files = timed(lambda: generate(environment))
        package = Path(folder) / "package"
        write(files, package)
        tools = tools_of(Manifest.read(package))
        plain_s, _ = timed(lambda: plain_batch(tools))
        # On both sides of the plain batch; of another seed, because schemas that were read once are remembered.
        other = read_environment(make_environment(methods, seed=SEED + 1))
        cold_s = min(cold_s, timed(lambda: generate(other))[0])
        print(f"{methods} methods, seed {SEED}, {REPEATED:.0%} of nested objects repeated, {len(tools)} capabilities")
        row("datamodel-code-generator, one batch", plain_s, plain_s)
        row("cold", cold_s, plain_s, limit=0.35)
        for peer, seconds in typescript_seconds(tools).items():
            row(peer, seconds, plain_s)
        cached(document, files, Path(folder) / "cache", plain_s)
        followed(document, cold_s)
        opening(package)
        starting()


def cached(document: Json, files: dict[str, str], folder: Path, plain_s: float) -> None:
    """Time what the command does with the user's cache: fill it, and find an unchanged environment in it."""
    environment = read_environment(document)
    row("cold, filling the cache", timed(lambda: generate(environment, cache=Cache(folder)))[0], plain_s)
    warm_s, warm = timed(lambda: generate(read_environment(document), cache=Cache(folder)))
    assert warm == files
    row("warm: reading the environment, unchanged", warm_s, plain_s, limit=0.03)


def followed(document: Json, cold_s: float) -> None:
    """Time one changed method, as live mode meets it: from the changed document to the package in memory."""
    reader, builder = EnvironmentReader(), Builder()
    package = builder.update(reader.read(document))
    seconds: list[float] = []
    count = len(package.catalog.capabilities)
    for number in range(count // 4, count - 5, max(1, count // 8)):
        document = with_one_change(document, number=number)
        changed = document

        def update(changed: Json = changed) -> Package:
            return builder.update(reader.read(changed))

        took_s, package = timed(update)
        seconds.append(took_s)
    seconds.sort()
    row("one method changed, median, to cold", seconds[len(seconds) // 2], cold_s, limit=0.02)
    print(f"  one method changed, worst                       {seconds[-1] * 1000:9.1f} ms")
    # A type of a name that all desks share: it must not rename theirs.
    methods = document["methods"]
    assert isinstance(methods, list)
    document = {**document, "methods": [*methods, newcomer()]}
    came_s, package = timed(lambda: builder.update(reader.read(document)))
    row("one method come, whose type wants a shared name", came_s, cold_s)
    assert package.files() == generate(read_environment(document))


def newcomer() -> Json:
    """Give a method whose result is called like a type of the common stock, and is another one."""
    money: Json = {"type": "object", "title": "Money", "properties": {"cents": {"type": "integer"}}}
    flag: Json = {"name": "newcomer", "outputSchema": json.dumps(money)}
    return {"name": "CRM.Newcomer", "flags": {"ioIntelMCPTool": flag}}


def row(name: str, seconds: float, base: float, *, limit: float | None = None) -> None:
    """Print one line: time, ratio, and whether it is within its limit."""
    ratio = seconds / base
    verdict = "" if limit is None else f"  at most {limit}: {'holds' if ratio <= limit else 'MISSED'}"
    print(f"  {name:47} {seconds * 1000:9.1f} ms  x{ratio:.3f}{verdict}", flush=True)


def opening(package: Path) -> None:
    """Time what a user of the package waits for before the first snippet; in a fresh process imports come on top."""
    open_s, (manifest, names) = best(lambda: opened(package))
    definitions_s, _ = best(lambda: definitions_text(manifest, names))
    print(
        f"  opening, with the first definitions of 3        {open_s * 1000:9.1f} ms  at most 150: {holds(open_s, 0.150)}"
    )
    print(
        f"  definitions of 3, opened                        {definitions_s * 1000:9.2f} ms  at most 1: {holds(definitions_s, 0.001)}"
    )


def starting() -> None:
    """Time `codemode --help` from its start to its end, beside an interpreter that does nothing."""

    def run(*arguments: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, *arguments], capture_output=True, check=True)

    help_s, _ = best(run("-m", "ioconnect_codegen", "--help"))
    bare_s, _ = best(run("-c", "pass"))
    print(
        f"  codemode --help                                 {help_s * 1000:9.1f} ms  at most 150: {holds(help_s, 0.150)}"
    )
    print(f"  an interpreter that does nothing                {bare_s * 1000:9.1f} ms")


def holds(seconds: float, limit_s: float) -> str:
    """Tell in a word whether a time is within its limit."""
    return "holds" if seconds < limit_s else "MISSED"


def opened(package: Path) -> tuple[Manifest, list[str]]:
    """Open a package and get the first definitions."""
    manifest = Manifest.read(package)
    every = list(manifest.capabilities)
    names = [every[0], every[len(every) // 2], every[-1]]
    definitions_text(manifest, names)
    return manifest, names


def tools_of(manifest: Manifest) -> list[Json]:
    """Give the schemas of the package as a list of MCP tools: what all peers are given."""
    tools: list[Json] = []
    for name in manifest.capabilities:
        schemas = manifest.schemas(name)
        tool: Json = {"name": name.replace(".", "_"), "inputSchema": {"type": "object", **schemas["input_schema"]}}
        if schemas["output_schema"] is not None:
            tool["outputSchema"] = schemas["output_schema"]
        tools.append(tool)
    return tools


def plain_batch(tools: list[Json]) -> None:
    """Let datamodel-code-generator write TypedDicts for all schemas at once."""
    from datamodel_code_generator import generate as plain
    from datamodel_code_generator.enums import DataModelType, InputFileType

    definitions: Json = {}
    for tool in tools:
        definitions[f"{tool['name']}_input"] = tool["inputSchema"]
        if "outputSchema" in tool:
            definitions[f"{tool['name']}_output"] = tool["outputSchema"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain(
            {"$defs": definitions},
            input_file_type=InputFileType.JsonSchema,
            output_model_type=DataModelType.TypingTypedDict,
            formatters=[],
            disable_timestamp=True,
        )


def typescript_seconds(tools: list[Json]) -> dict[str, float]:
    """Give the seconds of the generators of TypeScript, nothing where their packages aren't installed."""
    if shutil.which("node") is None or not (NPM / "node_modules").is_dir():
        print(f"  SKIPPED: json-schema-to-typescript and @cloudflare/codemode; npm ci --prefix {NPM.name}, in bench/")
        return {}
    done = subprocess.run(
        ["node", "types.mjs"], cwd=NPM, input=json.dumps(tools), capture_output=True, text=True, check=True
    )
    seconds: dict[str, float] = json.loads(done.stdout)
    return seconds


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Give the seconds that work takes once, and what it gives."""
    gc.collect()
    start = time.perf_counter()
    given = work()
    return time.perf_counter() - start, given


def best(work: Callable[[], T]) -> tuple[float, T]:
    """Give the best of five."""
    return min((timed(work) for _ in range(5)), key=lambda one: one[0])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
