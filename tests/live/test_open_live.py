"""A catalog that follows a real gateway and real apps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ioconnect_codegen import News, open_live
from ioconnect_codegen.cli import main
from ioconnect_codemode import CodeMode, Policy
from ioconnect_codemode.errors import CaptureError
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.values import JsonValue
from live.processes import NodeProcess, running

pytestmark = pytest.mark.live

WAIT_S = 30


def method(name: str, *, accepts: str = "", returns: str = "Int n", does: JsonValue = None) -> JsonValue:
    definition: JsonValue = {"name": name, "accepts": accepts, "returns": returns, "description": "Made for a test."}
    return {"definition": definition, "does": {"answer": {"n": 1}} if does is None else does}


class Desk:
    """An environment of one gateway, one app that can be told what to do, and a catalog that follows it."""

    def __init__(self, code_mode: CodeMode, app: NodeProcess, news: asyncio.Queue[News]) -> None:
        self.code_mode = code_mode
        self.app = app
        self._news = news

    async def tell(self, **command: JsonValue) -> None:
        await asyncio.to_thread(self.app.tell, **command)

    async def next_news(self) -> News:
        async with asyncio.timeout(WAIT_S):
            return await self._news.get()

    async def until(self, holds: Callable[[Manifest], bool]) -> list[News]:
        """Wait until the catalog is as it should be; gives what was told on the way."""
        told: list[News] = []
        async with asyncio.timeout(WAIT_S):
            while not holds(self.code_mode.manifest):
                told.append(await self._news.get())
        while not self._news.empty():  # told in the moment in which the catalog was replaced
            told.append(self._news.get_nowait())
        return told


@asynccontextmanager
async def desk(url: str, *, user: str, policy: Policy | None = None) -> AsyncGenerator[Desk]:
    news: asyncio.Queue[News] = asyncio.Queue()
    with running("told_app.mjs", "--url", url, "--user", user) as app:
        app.tell(register=[method("Desk.First")])
        async with open_live(url, user=user, policy=policy, spares=0, on_news=news.put_nowait) as code_mode:
            yield Desk(code_mode, app, news)


def on_a_desk(
    act: Callable[[Desk], Coroutine[object, object, None]], url: str, *, policy: Policy | None = None
) -> None:
    """Let a test act on a desk of its own: the gateway shows a user only the apps of that user."""

    async def whole() -> None:
        async with desk(url, user=act.__qualname__, policy=policy) as made:
            await act(made)

    asyncio.run(whole())


def has(name: str) -> Callable[[Manifest], bool]:
    return lambda manifest: name in manifest.capabilities


def test_method_that_is_registered_later_can_be_called(gateway_url: str) -> None:
    async def act(desk: Desk) -> None:
        before = desk.code_mode.manifest.digest
        await desk.tell(register=[method("Desk.Second", does={"answer": {"n": 2}})])
        [news] = await desk.until(has("desk.second"))

        outcome = await desk.code_mode.execute_python_code("desk.second().n + desk.first().n")

        assert (outcome.value, news.came, news.catalog) == (3, ("desk.second",), outcome.catalog)
        assert outcome.catalog != before

    on_a_desk(act, gateway_url)


def test_method_that_goes_is_gone_and_whoever_read_it_is_told(gateway_url: str) -> None:
    async def act(desk: Desk) -> None:
        await desk.tell(register=[method("Desk.Second")])
        await desk.until(has("desk.second"))
        read_from = desk.code_mode.manifest.digest
        desk.code_mode.get_python_definitions(["desk.second"])
        await desk.tell(unregister=["Desk.Second"])
        await desk.until(lambda manifest: "desk.second" not in manifest.capabilities)

        outcome = await desk.code_mode.execute_python_code("desk.second()")
        unchanged = await desk.code_mode.execute_python_code("desk.first().n")

        assert outcome.error is not None and outcome.error.kind == "stale_definitions"
        assert outcome.error.message.startswith(f"desk.second is gone: the definitions are of catalog {read_from}")
        assert (outcome.error.state, outcome.calls) == ("nothing was run", ())
        assert unchanged.value == 1

    on_a_desk(act, gateway_url)


def test_changed_signature_is_told_once_and_then_the_snippet_is_judged_by_the_new_one(gateway_url: str) -> None:
    async def act(desk: Desk) -> None:
        desk.code_mode.list_python_definitions("first")
        await desk.tell(unregister=["Desk.First"], register=[])
        await desk.until(lambda manifest: "desk.first" not in manifest.capabilities)
        await desk.tell(register=[method("Desk.First", accepts="String? text")])
        await desk.until(has("desk.first"))

        first = await desk.code_mode.execute_python_code("desk.first().n")
        again = await desk.code_mode.execute_python_code("desk.first().n")

        assert first.error is not None and first.error.kind == "stale_definitions"
        assert first.error.signature == "desk.first(text: str = ...) -> FirstResult"
        assert again.value == 1

    on_a_desk(act, gateway_url)


def test_what_appears_later_is_under_the_policy_too(gateway_url: str) -> None:
    async def act(desk: Desk) -> None:
        await desk.tell(register=[method("Desk.DeleteAll"), method("Desk.Second")])
        await desk.until(has("desk.second"))

        assert "desk.delete_all" not in desk.code_mode.manifest.capabilities
        outcome = await desk.code_mode.execute_python_code("desk.delete_all()")
        assert outcome.error is not None and outcome.error.kind == "unknown_name"

    on_a_desk(act, gateway_url, policy=Policy(deny=("*.delete_*",)))


def test_run_under_way_ends_with_the_catalog_that_it_began_with(gateway_url: str) -> None:
    async def act(desk: Desk) -> None:
        await desk.tell(register=[method("Desk.Slow", does={"after_ms": 500, "answer": {"n": 5}})])
        await desk.until(has("desk.slow"))
        before = desk.code_mode.manifest.digest
        run = asyncio.create_task(desk.code_mode.execute_python_code("desk.slow().n + desk.first().n"))
        await asyncio.sleep(0)
        await desk.tell(register=[method("Desk.Third")])
        await desk.until(has("desk.third"))

        outcome = await run

        assert (outcome.value, outcome.catalog) == (6, before)
        assert desk.code_mode.manifest.digest != before

    on_a_desk(act, gateway_url)


def test_method_that_is_no_description_costs_no_other(gateway_url: str) -> None:
    async def act(desk: Desk) -> None:
        odd: JsonValue = {"definition": {"name": "Desk.Odd", "flags": {"ioIntelMCPTool": 7}}, "does": {"answer": {}}}
        await desk.tell(register=[odd, method("Desk.Second")])
        await desk.until(has("desk.second"))

        assert (await desk.code_mode.execute_python_code("desk.second().n")).value == 1

    on_a_desk(act, gateway_url)


def test_catalog_is_the_one_that_capture_and_generate_give(gateway_url: str, crm_app: str, tmp_path: Path) -> None:
    async def digest() -> str:
        async with open_live(gateway_url, user="dev", spares=0) as code_mode:
            return code_mode.manifest.digest

    document, package = str(tmp_path / "environment.json"), tmp_path / "package"
    assert main(["capture", gateway_url, "-o", document, "--user", "dev"]) == 0
    assert main(["generate", document, "-o", str(package), "--no-cache"]) == 0

    assert asyncio.run(digest()) == Manifest.read(package).digest


def test_files_are_merged_with_what_runs(gateway_url: str, crm_app: str, tmp_path: Path) -> None:
    definitions = tmp_path / "definitions.json"
    definitions.write_text(
        '[{"name": "pricer", "title": "Pricer", "type": "window", "details": {"url": "https://example.com"},'
        ' "intents": [{"name": "PriceBond", "contexts": ["acme.bond"]}]}]',
        encoding="utf-8",
    )

    async def names() -> list[str]:
        async with open_live(gateway_url, files=[str(definitions)], user="dev", spares=0) as code_mode:
            return list(code_mode.manifest.capabilities)

    found = asyncio.run(names())

    assert "intents.price_bond" in found
    assert "crm.find_clients" in found


def test_catalog_is_read_anew_when_the_gateway_is_back(node: None) -> None:
    async def live_through_it(first: NodeProcess) -> tuple[JsonValue, list[bool]]:
        url, user = first.facts["url"], "back"
        async with desk(url, user=user) as made:
            first.kill()
            lost = await made.next_news()
            during = await made.code_mode.execute_python_code("desk.first().n")
            with running("gateway.mjs", "--port", url.rpartition(":")[2]):
                async with asyncio.timeout(WAIT_S):
                    while (after := await made.code_mode.execute_python_code("desk.first().n")).value is None:
                        pass
            assert during.error is not None
            return after.value, [lost.problem is not None, during.error.kind == "app_unavailable"]

    with running("gateway.mjs") as gateway:
        assert asyncio.run(live_through_it(gateway)) == (1, [True, True])


def test_no_gateway_is_said_so() -> None:
    async def act() -> None:
        async with open_live("ws://127.0.0.1:9", user="dev", spares=0):
            pass

    with pytest.raises(CaptureError, match=r"No io\.Connect gateway could be reached"):
        asyncio.run(act())
