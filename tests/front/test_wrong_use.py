"""Wrong use of the Python interface says what was wrong; it never ends in an error of the inside."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import pytest

from front.test_cli import PACKAGE
from ioconnect_codemode import CodeMode, Limits, Policy
from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import JsonValue

ANY = cast("str", 5)
USES: list[tuple[Callable[[CodeMode], object], str]] = [
    (lambda opened: opened.list_python_definitions(ANY), "query must be text, not int"),
    (lambda opened: opened.get_python_definitions([ANY]), "names must be a list of names: text, each of them"),
    (lambda opened: opened.get_python_definitions("crm.get_client"), "names must be a list of names, not one string"),
    (lambda opened: opened.execute_python_code(ANY), "code must be text, not int"),
    (
        lambda opened: opened.execute_python_code("1", dry_run=cast("bool", "no")),
        "dry_run must be True or False, not str",
    ),
    (
        lambda opened: opened.check_python_code("1", inputs={"crm": 1}),
        "the input 'crm' would hide a name of the snippet's; give it another name",
    ),
    (
        lambda opened: opened.execute_python_code("1", inputs={"class": 1}),
        "an input needs an identifier without a leading underscore as its name, not 'class'",
    ),
    (
        lambda opened: opened.execute_python_code("1", inputs=cast("dict[str, JsonValue]", [])),
        "inputs must be a dict: JSON values by name, not list",
    ),
    (
        lambda opened: opened.resume("a1", approved=cast("bool", "no")),
        "approved must be True or False, not str",
    ),
    (
        lambda _: CodeMode.open(PACKAGE, transport=cast("EmbeddedTransport", {})),
        "transport must be a transport, not dict; EmbeddedTransport(handlers) calls a dict of functions",
    ),
    (
        lambda _: CodeMode.open(cast("str", None), transport=EmbeddedTransport({})),
        "package must be a folder or a Manifest, not NoneType",
    ),
    (
        lambda _: CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), policy=cast("Policy", "codemode.toml")),
        "policy must be a Policy, not str; Policy.read(path) reads a file",
    ),
    (
        lambda _: CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), limits=cast("Limits", 10)),
        "limits must be Limits, not int",
    ),
]


@pytest.mark.parametrize(("use", "said"), USES)
def test_wrong_use_is_refused_in_words(use: Callable[[CodeMode], object], said: str) -> None:
    async def used() -> None:
        async with CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), spares=0) as opened:
            given = use(opened)
            if asyncio.iscoroutine(given):
                await given

    with pytest.raises(UsageError) as refused:
        asyncio.run(used())
    assert str(refused.value) == said


def test_a_check_knows_the_inputs_that_it_is_given() -> None:
    async def checked() -> tuple[bool, bool]:
        async with CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), spares=0) as opened:
            code = "crm.find_clients(wanted)[0].adviser"
            with_inputs = await opened.check_python_code(code, inputs={"wanted": "Amelia Reid"})
            return with_inputs.ok, (await opened.check_python_code(code)).ok

    assert asyncio.run(checked()) == (True, False)
