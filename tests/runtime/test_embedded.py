"""The embedded transport: what a handler gets, what comes back, and how it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from ioconnect_codemode.errors import AppError, CallError, CaptureError, UnavailableError, UsageError
from ioconnect_codemode.transports.base import Route, Transport
from ioconnect_codemode.transports.embedded import EmbeddedTransport, Handler
from ioconnect_codemode.values import JsonValue

Arguments = dict[str, JsonValue]

GET_CLIENT = Route(kind="method", name="CRM.GetClient")


def call(handlers: Mapping[str, Handler], route: Route = GET_CLIENT, arguments: Arguments | None = None) -> JsonValue:
    """The answer of one call on a transport of its own."""
    transport: Transport = EmbeddedTransport(handlers)
    return asyncio.run(transport.call(route, arguments or {}, timeout_s=5))


def refusal(handler: Handler) -> CallError:
    """What the call of a handler raises."""
    with pytest.raises(CallError) as caught:
        call({"CRM.GetClient": handler})
    return caught.value


def test_sync_handler_gets_the_argument_object_and_its_answer_comes_back() -> None:
    answer = call({"CRM.GetClient": lambda arguments: {"asked": arguments}}, arguments={"id": "CL-10024"})
    assert answer == {"asked": {"id": "CL-10024"}}


def test_async_handler_is_awaited() -> None:
    async def get_client(arguments: Arguments) -> JsonValue:
        await asyncio.sleep(0)
        return [arguments["id"]]

    assert call({"CRM.GetClient": get_client}, arguments={"id": "CL-10024"}) == ["CL-10024"]


@pytest.mark.parametrize("kind", ["intent", "fdc3_intent"])
def test_intent_of_either_kind_is_found_by_its_prefixed_name(kind: str) -> None:
    route = Route(kind="intent" if kind == "intent" else "fdc3_intent", name="ViewChart")
    handlers: dict[str, Handler] = {"ViewChart": lambda _: "method", "intent:ViewChart": lambda _: "intent"}
    assert call(handlers, route) == "intent"
    assert call(handlers, Route(kind="method", name="ViewChart")) == "method"


def test_methods_that_share_a_name_share_a_handler() -> None:
    route = Route(kind="method", name="CRM.GetClient", accepts="string id", returns="composite client")
    assert call({"CRM.GetClient": lambda _: 1}, route) == 1


def test_targets_share_a_handler_that_is_called_for_each() -> None:
    handlers: dict[str, Handler] = {"CRM.GetClient": lambda arguments: arguments["id"]}
    several = Route(kind="method", name="CRM.GetClient", target=("crm", "desk"))
    every = Route(kind="method", name="CRM.GetClient", target="all")

    assert call(handlers, several, {"id": 1}) == [{"target": "crm", "value": 1}, {"target": "desk", "value": 1}]
    assert call(handlers, every, {"id": 1}) == [{"target": "embedded", "value": 1}]
    assert call(handlers, Route(kind="method", name="CRM.GetClient", target="crm"), {"id": 1}) == 1


def test_unknown_name_is_unavailable() -> None:
    with pytest.raises(UnavailableError, match=r"^no running app offers CRM\.GetClient$"):
        call({"crm.getclient": lambda _: 1})


def test_handlers_that_come_later_are_found() -> None:
    handlers: dict[str, Handler] = {}
    transport = EmbeddedTransport(handlers)
    handlers["CRM.GetClient"] = lambda _: 1
    assert asyncio.run(transport.call(GET_CLIENT, {}, timeout_s=5)) == 1


def test_exception_of_a_sync_handler_is_the_apps_error_with_its_text() -> None:
    def get_client(arguments: Arguments) -> JsonValue:
        raise LookupError("no client CL-99999")

    error = refusal(get_client)
    assert (type(error), str(error)) == (AppError, "no client CL-99999")
    assert isinstance(error.__cause__, LookupError)


def test_exception_of_an_async_handler_is_the_apps_error_even_if_it_is_a_timeout_of_its_own() -> None:
    async def get_client(arguments: Arguments) -> JsonValue:
        raise TimeoutError("the database is slow")

    error = refusal(get_client)
    assert (type(error), str(error)) == (AppError, "the database is slow")


def test_exception_without_a_text_is_named_by_its_type() -> None:
    def get_client(arguments: Arguments) -> JsonValue:
        raise ZeroDivisionError

    assert str(refusal(get_client)) == "ZeroDivisionError"


def test_a_handler_that_exits_is_the_apps_error_and_ends_nobody_elses_run() -> None:
    def sync(arguments: Arguments) -> JsonValue:
        raise SystemExit("no more")

    async def later(arguments: Arguments) -> JsonValue:
        await asyncio.sleep(0)
        raise SystemExit(3)

    for handler, said in ((sync, "SystemExit: no more"), (later, "SystemExit: 3")):
        error = refusal(handler)
        assert (type(error), str(error)) == (AppError, said)


def test_handler_can_play_an_app_that_is_not_there() -> None:
    def get_client(arguments: Arguments) -> JsonValue:
        raise UnavailableError("crm left")

    error = refusal(get_client)
    assert (type(error), str(error)) == (UnavailableError, "crm left")


def test_async_handler_that_takes_too_long_is_unavailable_and_cancelled() -> None:
    ended: list[str] = []

    async def get_client(arguments: Arguments) -> JsonValue:
        try:
            return await asyncio.Future[JsonValue]()
        finally:
            ended.append("cancelled")

    async def scene() -> str:
        transport = EmbeddedTransport({"CRM.GetClient": get_client})
        with pytest.raises(UnavailableError) as caught:
            await transport.call(GET_CLIENT, {}, timeout_s=0.01)
        await asyncio.sleep(0)
        return str(caught.value)

    assert asyncio.run(scene()) == "no answer within 0.01 s"
    assert ended == ["cancelled"]


def test_cancelled_call_cancels_its_handler() -> None:
    ended: list[str] = []

    async def scene() -> None:
        started = asyncio.Event()

        async def get_client(arguments: Arguments) -> JsonValue:
            started.set()
            try:
                return await asyncio.Future[JsonValue]()
            finally:
                ended.append("cancelled")

        transport = EmbeddedTransport({"CRM.GetClient": get_client})
        task = asyncio.create_task(transport.call(GET_CLIENT, {}, timeout_s=5))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0)

    asyncio.run(scene())
    assert ended == ["cancelled"]


def test_close_ends_calls_under_way_refuses_new_ones_and_may_be_repeated() -> None:
    async def scene() -> list[str]:
        started = asyncio.Event()

        async def get_client(arguments: Arguments) -> JsonValue:
            started.set()
            return await asyncio.Future[JsonValue]()

        transport = EmbeddedTransport({"CRM.GetClient": get_client})
        task = asyncio.create_task(transport.call(GET_CLIENT, {}, timeout_s=5))
        await started.wait()
        await transport.close()
        await transport.close()
        results = await asyncio.gather(task, transport.call(GET_CLIENT, {}, timeout_s=5), return_exceptions=True)
        return [f"{type(each).__name__}: {each}" for each in results]

    assert asyncio.run(scene()) == ["UnavailableError: the connection is closed"] * 2


def test_calls_of_async_handlers_run_side_by_side() -> None:
    async def scene() -> list[JsonValue]:
        both = asyncio.Barrier(2)

        async def get_client(arguments: Arguments) -> JsonValue:
            await both.wait()
            return arguments["id"]

        transport = EmbeddedTransport({"CRM.GetClient": get_client})
        return await asyncio.gather(*(transport.call(GET_CLIENT, {"id": id}, timeout_s=5) for id in ("a", "b")))

    assert asyncio.run(scene()) == ["a", "b"]


def test_handler_cannot_change_the_callers_arguments() -> None:
    def get_client(arguments: Arguments) -> JsonValue:
        nested = arguments["filter"]
        assert isinstance(nested, dict)
        nested["name"] = "changed"
        arguments["id"] = "changed"
        return None

    arguments: Arguments = {"id": "CL-10024", "filter": {"name": "Reid"}}
    call({"CRM.GetClient": get_client}, arguments=arguments)
    assert arguments == {"id": "CL-10024", "filter": {"name": "Reid"}}


def test_caller_cannot_change_what_the_handler_keeps() -> None:
    kept: JsonValue = {"clients": [{"id": "CL-10024"}]}
    answer = call({"CRM.GetClient": lambda _: kept})
    assert isinstance(answer, dict)
    answer.clear()
    assert kept == {"clients": [{"id": "CL-10024"}]}


def test_every_json_value_passes_unchanged() -> None:
    value: JsonValue = {"a": [None, True, 0, -1.5, "", {"b": []}], "ü": 2**70}
    assert call({"CRM.GetClient": lambda _: value}) == value


class Opaque:
    """Not a JSON value."""


@pytest.mark.parametrize(
    ("answer", "where"),
    [
        (Opaque(), "$ is Opaque"),
        ({"items": [{"aum": 1}, {"aum": Opaque()}]}, "$.items[1].aum is Opaque"),
        ([(1, 2)], "$[0] is tuple"),
        ({"price": float("nan")}, "$.price is nan"),
        ({"price": float("inf")}, "$.price is inf"),
        ({"rates": {1: "one"}}, "a key of $.rates is int"),
    ],
)
def test_answer_that_is_no_json_value_is_the_apps_error_with_type_and_path(answer: object, where: str) -> None:
    handlers: dict[str, object] = {"CRM.GetClient": lambda _: answer}  # pyright: ignore[reportUnknownLambdaType]
    with pytest.raises(AppError) as caught:
        call(handlers)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    assert str(caught.value) == f"the answer is no JSON value: {where}"


def test_answer_that_contains_itself_is_the_apps_error() -> None:
    endless: list[JsonValue] = []
    endless.append(endless)
    assert str(refusal(lambda _: endless)) == ("the answer is no JSON value: it is nested too deep, or contains itself")


def test_handlers_describe_no_environment() -> None:
    with pytest.raises(CaptureError, match="handlers carry no declarations"):
        asyncio.run(EmbeddedTransport({}).describe())


def test_targets_are_called_side_by_side_and_one_that_fails_is_told_beside_the_others() -> None:
    async def act() -> JsonValue:
        both = asyncio.Barrier(2)
        seen: list[int] = []

        async def handler(arguments: dict[str, JsonValue]) -> JsonValue:
            seen.append(1)
            number = len(seen)
            await both.wait()
            if number == 2:
                raise RuntimeError("closed for today")
            return number

        route = Route(kind="method", name="Desk.Open", target=("one", "two"))
        return await EmbeddedTransport({"Desk.Open": handler}).call(route, {}, timeout_s=5)

    assert asyncio.run(act()) == [{"target": "one", "value": 1}, {"target": "two", "error": "closed for today"}]


def test_targets_that_all_fail_are_one_error() -> None:
    def handler(arguments: dict[str, JsonValue]) -> JsonValue:
        raise RuntimeError("closed for today")

    route = Route(kind="method", name="Desk.Open", target=("one", "two"))
    with pytest.raises(AppError, match="closed for today"):
        asyncio.run(EmbeddedTransport({"Desk.Open": handler}).call(route, {}, timeout_s=5))


@pytest.mark.parametrize(
    ("handlers", "said"),
    [
        ([], "handlers must map wire method names to functions, not be a list"),
        ({"CRM.GetClient": 3}, "handlers['CRM.GetClient'] must be a function of a dict, not int"),
        ({5: print}, "handlers has the key '5' of type int: names are text"),
    ],
)
def test_what_is_no_handler_is_refused_before_a_call(handlers: object, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        EmbeddedTransport(cast("Mapping[str, Handler]", handlers))
    assert str(refused.value) == said


def test_a_module_that_fails_as_it_is_read_is_told_with_its_line(tmp_path: Path) -> None:
    module = tmp_path / "desk.py"
    module.write_text("handlers = {}\nraise ValueError('boo')\n", encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        EmbeddedTransport.of_module(str(module))
    assert str(refused.value) == f"{module} failed as it was read: ValueError: boo ({module}, line 2)"
