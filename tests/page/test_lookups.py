"""Lists, search, definitions, stub modules, tools: the same catalog reads the same."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import pytest

from ioconnect_codemode import Manifest, Policy, lookup, tools
from ioconnect_codemode.code_mode import CodeMode
from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.manifest_data import Effect
from ioconnect_codemode.outcome import Outcome
from page.both import REPOSITORY, WEALTH_DESK, differences, page_answers
from runtime.packages import write_package  # noqa: TID251 - the tests of the runtime, not its sources

QUERIES = [
    "",
    "client",
    "clients of an adviser",
    "P&L",
    "profit and loss",
    "watch list",
    "portfolo perfomance",
    "delete",
    "find Clients by name",
    "stock price quote",
    "zzzz",
    "placeorder",
    "Überweisung café",
    "order 2026 x",
    "note",
    "call somebody on the phone",
    "x" * 300,
    "  ",
    "crm.get_cleint",
]
POLICIES: list[dict[str, object]] = [
    {},
    {"capabilities": {"allow": ["crm.*", "intents.*"]}},
    {"capabilities": {"deny": ["*"]}},
]
NAMES: list[list[str]] = [
    ["crm.get_client"],
    ["crm.*", "orders"],
    ["*"],
    ["*.get_*"],
    ["get_client", "search", "get"],
    ["CRM.GetClient", "crm.get_cleint", "nothing", "zz*", "x\u202ey", "a", "b", "c"],
    ["orders.list_", "platform", "market_data.ticks"],
    ["crm.wide_000"],
    ["crm.wide_100", "crm.wide_001"],
    ["Client"],
    ["crm.Client", "Fill", "crm.get_client", "client", "Clientt"],
    ["OrderContext", "Side", "orders.PlaceOrderResult", "*.OrderContext"],
    [],
]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    made = [
        write_package(tmp_path_factory.mktemp("package") / "small"),
        wide_package(tmp_path_factory.mktemp("package") / "wide"),
        WEALTH_DESK,
    ]
    return [
        *made,
        *sorted(
            path for path in (REPOSITORY / "tests" / "golden").glob("*/expected/*") if (path / "manifest.json").exists()
        ),
    ]


def wide_package(folder: Path) -> Path:
    """The small package with hundreds of functions more, some of thousands of parameters."""
    package = write_package(folder)
    manifest = json.loads((package / "manifest.json").read_text(encoding="utf-8"))
    capabilities = manifest["capabilities"]
    entry = capabilities["crm.show_client"]
    for number in range(260):
        many = ", ".join(f"p{place}: str = ..." for place in range(4_000 if number < 30 else 30))
        signature = f"crm.wide_{number:03}({many}) -> bool"
        definition = f"def wide_{number:03}({many}) -> bool: ...  # Wide."
        capabilities[f"crm.wide_{number:03}"] = {**entry, "signature": signature, "definition": definition}
        manifest["namespaces"]["crm"]["capabilities"].append(f"wide_{number:03}")
    (package / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return package


def manifest_of(folder: Path, policy: Mapping[str, object]) -> Manifest:
    capabilities = cast("dict[str, list[str]]", policy.get("capabilities", {}))
    return Policy(allow=capabilities.get("allow", ["*"]), deny=capabilities.get("deny", [])).apply(
        Manifest.read(folder)
    )


def told(act: Callable[[], object]) -> object:
    try:
        return {"value": act()}
    except UsageError as error:
        return {"error": "UsageError", "message": str(error)}


def test_lists_and_searches_read_the_same(packages: list[Path]) -> None:
    asked = [
        (folder, policy, query, namespace, kind, limit)
        for folder in packages
        for policy in POLICIES
        for query in QUERIES
        for namespace, kind, limit in ((None, None, 20), ("crm", None, 3), (None, "intent", 200), ("nowhere", None, 20))
    ]
    cases = [
        {"package": str(folder), "policy": policy, "query": query, "namespace": namespace, "kind": kind, "limit": limit}
        for folder, policy, query, namespace, kind, limit in asked
    ]
    manifests = {(folder, id(policy)): manifest_of(folder, policy) for folder in packages for policy in POLICIES}
    python = [
        told(
            lambda one=one: lookup.list_text(  # type: ignore[misc]
                manifests[one[0], id(one[1])], one[2], namespace=one[3], kind=one[4], limit=one[5]
            )
        )
        for one in asked
    ]
    assert differences(cases, python, page_answers("list", cases)) == []


def test_a_wrong_kind_or_limit_is_wrong_use_in_the_same_words() -> None:
    asked = [("methods", 20), (None, 0), (None, 201)]
    cases = [{"package": str(WEALTH_DESK), "query": "", "kind": kind, "limit": limit} for kind, limit in asked]
    manifest = Manifest.read(WEALTH_DESK)
    python = [told(lambda one=one: lookup.list_text(manifest, kind=one[0], limit=one[1])) for one in asked]  # type: ignore[misc]
    assert differences(cases, python, page_answers("list", cases)) == []


def test_definitions_read_the_same(packages: list[Path]) -> None:
    asked = [
        (folder, policy, names, detail)
        for folder in packages
        for policy in POLICIES
        for names in NAMES
        for detail in ("signature", "full", "all")
    ]
    cases = [
        {"package": str(f), "policy": policy, "names": names, "detail": detail} for f, policy, names, detail in asked
    ]
    manifests = {(folder, id(policy)): manifest_of(folder, policy) for folder in packages for policy in POLICIES}
    python = [
        told(lambda one=one: lookup.definitions_text(manifests[one[0], id(one[1])], one[2], detail=one[3]))  # type: ignore[misc]
        for one in asked
    ]
    assert differences(cases, python, page_answers("definitions", cases)) == []


def test_a_worker_is_given_the_same_stubs_as_source_text(packages: list[Path]) -> None:
    names = [
        "crm",
        "get_client",
        "show_client",
        "portfolios",
        "cmr",
        "find_cleints",
        "math",
        "x" * 300,
        "search",
        "get",
        "print",
        "constructor",
    ]
    asked = [(folder, policy) for folder in packages for policy in POLICIES]
    cases = [{"package": str(folder), "policy": policy, "names": names} for folder, policy in asked]
    python = [stubs(manifest_of(folder, policy), names) for folder, policy in asked]
    assert differences(cases, python, page_answers("stubs", cases)) == []


def stubs(manifest: Manifest, names: list[str]) -> object:
    message = lookup.stubs_message(manifest, names)
    modules = cast("dict[str, object]", message["modules"])
    return json.loads(json.dumps({**message, "modules": {name: manifest.text(f"{name}.py") for name in modules}}))


def test_the_tools_are_described_by_the_same_words() -> None:
    effects: list[list[Effect]] = [["read"], ["read", "write"], ["unknown"], ["destructive"], []]
    styles = ("mcp", "anthropic", "openai", "openai-responses", "xml")
    asked = [(style, profile, some) for style in styles for profile in ("three", "two", "four") for some in effects]
    cases = [{"style": style, "profile": profile, "effects": some} for style, profile, some in asked]
    python = [told(lambda one=one: tools.specs(one[0], one[1], effects=one[2])) for one in asked]  # type: ignore[misc]
    assert differences(cases, python, page_answers("specs", cases)) == []


class Fake:
    """Answers what it was asked."""

    def list_python_definitions(self, query: str = "", **options: object) -> str:
        return json.dumps(["list", query, options], separators=(",", ":"))

    def get_python_definitions(self, names: list[str], **options: object) -> str:
        return json.dumps(["get", names, options], separators=(",", ":"))

    async def execute_python_code(self, code: str, *, dry_run: bool) -> Outcome:
        return FakeOutcome(ok=True, value=json.dumps(["execute", code, dry_run], separators=(",", ":")))


class FakeOutcome(Outcome):
    def text(self) -> str:
        return str(self.value)


TOOL_CALLS: list[tuple[str, dict[str, object], str]] = [
    ("execute_python_code", {"code": "1"}, "three"),
    ("execute_python_code", {"code": "1", "dry_run": True}, "three"),
    ("execute_python_code", {"code": "1", "dry_run": None}, "three"),
    ("execute_python_code", {"code": "1", "dry_run": "yes"}, "three"),
    ("execute_python_code", {}, "three"),
    ("execute_python_code", {"code": 5}, "three"),
    ("execute_python_code", {"code": "1", "toString": 1}, "three"),
    ("list_python_definitions", {}, "three"),
    ("list_python_definitions", {"query": "a", "namespace": None, "kind": "intent", "limit": 3}, "three"),
    ("list_python_definitions", {"limit": True}, "three"),
    ("list_python_definitions", {"limit": 1.5}, "three"),
    ("list_python_definitions", {"query": "a", "limit": "3"}, "three"),
    ("list_python_definitions", {"limit": "many"}, "three"),
    ("list_python_definitions", {"limit": "0"}, "three"),
    ("get_python_definitions", {"names": []}, "three"),
    ("get_python_definitions", {"names": ["a", 1]}, "three"),
    ("get_python_definitions", {"names": "a"}, "three"),
    ("get_python_definitions", {"names": ["a"], "detail": "full"}, "three"),
    ("inspect_python_api", {"query": "a", "names": ["b"]}, "two"),
    ("inspect_python_api", {"names": ["b"]}, "two"),
    ("run_shell", {}, "two"),
    ("constructor", {}, "three"),
]


def test_a_tool_call_is_answered_alike() -> None:
    cases = [{"name": name, "arguments": given, "profile": profile} for name, given, profile in TOOL_CALLS]
    code_mode = cast("CodeMode", Fake())
    python: list[object] = []
    for name, given, profile in TOOL_CALLS:
        answer = asyncio.run(tools.answer(code_mode, name, given, profile=profile))
        python.append({"text": answer.text, "is_error": answer.is_error})
    assert differences(cases, python, page_answers("tool", cases)) == []
