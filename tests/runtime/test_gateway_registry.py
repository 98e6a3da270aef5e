from __future__ import annotations

import itertools

import pytest

from ioconnect_codemode.errors import UnavailableError
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.registry import Registry
from ioconnect_codemode.values import JsonValue

Message = dict[str, JsonValue]


def peer(server_id: str, application: str | None, *, instance: str | None = None, is_local: bool = True) -> Message:
    identity: JsonValue = {"application": application, "instance": instance}
    return {"type": "peer-added", "new_peer_id": server_id, "identity": identity, "meta": {"local": is_local}}


def methods(server_id: str, *declared: Message) -> Message:
    return {"type": "methods-added", "peer_id": "p-self", "server_id": server_id, "methods": [*declared]}


def method(method_id: str, name: str, accepts: str | None = None, **more: JsonValue) -> Message:
    return {"id": method_id, "name": name, "input_signature": accepts, **more}


def registry_of(*messages: Message) -> Registry:
    registry = Registry()
    for message in messages:
        registry.apply(message)
    return registry


def found(registry: Registry, name: str, accepts: str | None = None, returns: str | None = None) -> tuple[object, ...]:
    [registration] = registry.find(Route(kind="method", name=name, accepts=accepts, returns=returns))
    return registration.server_id, registration.method_id


# Finding


def test_name_is_found_in_any_case() -> None:
    assert found(registry_of(methods("p-1", method("0", "CRM.Echo"))), "crm.echo") == ("p-1", "0")


@pytest.mark.parametrize(
    ("first_is_local", "second_is_local", "server_id"),
    [(True, True, "p-1"), (False, True, "p-2"), (True, False, "p-1"), (False, False, "p-1")],
)
def test_first_local_server_is_the_best_and_else_the_first(
    first_is_local: bool, second_is_local: bool, server_id: str
) -> None:
    registry = registry_of(
        peer("p-1", "one", is_local=first_is_local),
        peer("p-2", "two", is_local=second_is_local),
        methods("p-1", method("0", "Echo")),
        methods("p-2", method("0", "Echo")),
    )

    assert found(registry, "Echo") == (server_id, "0")


@pytest.mark.parametrize(
    ("accepts", "returns", "method_id"),
    [("string ID", None, "1"), (None, "int n", "2"), ("", None, "0"), (None, None, "0"), ("", "Int n", "2")],
)
def test_signature_selects_among_methods_of_one_name(accepts: str | None, returns: str | None, method_id: str) -> None:
    registry = registry_of(
        methods(
            "p-1",
            method("0", "Get"),
            method("1", "Get", "String id"),
            method("2", "Get", result_signature="Int n"),
        )
    )

    assert found(registry, "Get", accepts, returns) == ("p-1", method_id)


def test_stream_is_no_target_of_a_call() -> None:
    registry = registry_of(methods("p-1", method("0", "Ticks", flags={"streaming": True})))

    with pytest.raises(UnavailableError, match='"Ticks" is a stream'):
        found(registry, "Ticks")


def test_method_beside_a_stream_of_the_same_name_is_called() -> None:
    registry = registry_of(methods("p-1", method("0", "Ticks", flags={"streaming": True}), method("1", "Ticks")))

    assert found(registry, "Ticks") == ("p-1", "1")


@pytest.mark.parametrize(
    "removal",
    [
        {"type": "methods-removed", "server_id": "p-1", "methods": ["0"]},
        {"type": "peer-removed", "removed_id": "p-1"},
    ],
)
def test_what_is_removed_is_not_found_and_the_rest_is(removal: Message) -> None:
    registry = registry_of(methods("p-1", method("0", "Echo")), methods("p-2", method("0", "Other")), removal)

    with pytest.raises(UnavailableError, match="No running app offers"):
        found(registry, "Echo")
    assert found(registry, "Other") == ("p-2", "0")


def test_registration_of_a_known_id_replaces_it() -> None:
    registry = registry_of(methods("p-1", method("0", "Old")), methods("p-1", method("0", "New")))

    assert registry.describe() == [{"name": "New"}]


# Targets


def of_three(target: str | tuple[str, ...]) -> list[str]:
    """Servers that a call of `Echo` goes to: two instances of a CRM, of which only the second is here, and a desk."""
    registry = registry_of(
        peer("p-1", "crm", instance="i-1", is_local=False),
        peer("p-2", "crm", instance="i-2"),
        peer("p-3", "desk", instance="i-3"),
        *(methods(server, method("0", "Echo")) for server in ("p-1", "p-2", "p-3")),
        methods("p-3", method("1", "Echo", "String other")),
    )
    return [one.server_id for one in registry.find(Route(kind="method", name="Echo", target=target))]


@pytest.mark.parametrize(
    ("target", "servers"),
    [
        ("best", ["p-2"]),
        ("all", ["p-1", "p-2", "p-3"]),
        ("skipMine", ["p-1", "p-2", "p-3"]),
        ("desk", ["p-3"]),
        ("CRM", ["p-2"]),
        ("i-1", ["p-1"]),
        (("i-1", "desk"), ["p-1", "p-3"]),
    ],
)
def test_target_says_which_servers_are_called(target: str | tuple[str, ...], servers: list[str]) -> None:
    assert of_three(target) == servers


@pytest.mark.parametrize("target", ["blotter", ("desk", "blotter")])
def test_target_that_offers_nothing_is_named_with_those_that_do(target: str | tuple[str, ...]) -> None:
    with pytest.raises(UnavailableError) as caught:
        of_three(target)

    assert str(caught.value) == (
        'No running app or instance "blotter" offers the method "Echo"; offered by: crm, desk.'
    )
    assert not caught.value.was_sent


def test_method_that_a_server_registers_twice_is_one_target() -> None:
    registry = registry_of(methods("p-1", method("0", "Echo"), method("1", "Echo")))
    every = Route(kind="method", name="Echo", target="all")

    assert [one.method_id for one in registry.find(every)] == ["0"]
    registry.apply({"type": "methods-removed", "server_id": "p-1", "methods": ["0"]})
    assert [one.method_id for one in registry.find(every)] == ["1"]


def test_route_leads_elsewhere_when_its_server_has_left() -> None:
    registry = registry_of(*(methods(server, method("0", "Echo")) for server in ("p-1", "p-2")))
    assert found(registry, "Echo") == ("p-1", "0")

    registry.apply({"type": "peer-removed", "removed_id": "p-1"})

    assert found(registry, "Echo") == ("p-2", "0")


def test_servers_that_give_themselves_one_name_are_told_apart() -> None:
    registry = registry_of(
        *(peer(server, "crm", instance="i-1") for server in ("p-1", "p-2")),
        peer("p-3", "desk", instance="i-3"),
        peer("p-4", "desk"),
        *(methods(server, method("0", "Echo")) for server in ("p-1", "p-2", "p-3", "p-4")),
    )
    found = registry.find(Route(kind="method", name="Echo", target="all"))

    assert registry.targets_of(found) == ["i-1 (p-1)", "i-1 (p-2)", "i-3", "desk"]


def test_instances_are_the_connected_apps_in_order() -> None:
    registry = registry_of(peer("p-1", "desk", instance="i-1"), peer("p-2", "crm", instance="i-2"), peer("p-3", None))

    assert registry.instances() == [
        {"application": "crm", "instance": "i-2"},
        {"application": "desk", "instance": "i-1"},
    ]


def test_peer_that_is_named_after_its_methods_changes_what_they_say() -> None:
    registry = registry_of(methods("p-1", method("0", "Echo")))
    assert registry.describe() == [{"name": "Echo"}]

    assert registry.apply(peer("p-1", "crm")) == {"Echo"}
    assert registry.describe() == [{"name": "Echo", "servers": [{"application": "crm"}]}]


# Describing


def test_declaration_is_given_whole_and_without_blanks() -> None:
    full: Message = {
        "id": "0",
        "name": "CRM.Get",
        "input_signature": "String id",
        "result_signature": "String name",
        "description": "One client",
        "display_name": "Get",
        "object_types": ["Client"],
        "version": 2,
        "flags": {"streaming": False, "metadata": {"ioIntelMCPTool": {"name": "get"}}},
    }
    blank: Message = {
        "id": "1",
        "name": "bare",
        "input_signature": None,
        "result_signature": "",
        "object_types": [],
        "version": None,
        "flags": {"streaming": True, "metadata": {}},
    }

    assert registry_of(peer("p-1", "crm"), methods("p-1", full, blank)).describe() == [
        {"name": "bare", "supportsStreaming": True, "servers": [{"application": "crm"}]},
        {
            "name": "CRM.Get",
            "accepts": "String id",
            "returns": "String name",
            "description": "One client",
            "displayName": "Get",
            "objectTypes": ["Client"],
            "version": 2,
            "flags": {"ioIntelMCPTool": {"name": "get"}},
            "servers": [{"application": "crm"}],
        },
    ]


def test_description_is_made_anew_for_what_has_changed_only() -> None:
    registry = registry_of(methods("p-1", method("0", "Get"), method("1", "Set")))

    before = registry.describe()
    changed = registry.apply(methods("p-2", method("0", "Set", description="Sets it.")))
    after = registry.describe()

    assert changed == {"Set"}
    assert after[0] is before[0]
    assert after[1] is not before[1]


def test_what_changed_is_named() -> None:
    registry = registry_of(methods("p-1", method("0", "Get"), method("1", "Set")))

    assert registry.apply({"type": "methods-removed", "server_id": "p-1", "methods": ["1"]}) == {"Set"}
    assert registry.apply({"type": "methods-removed", "server_id": "p-1", "methods": ["1"]}) == frozenset()
    assert registry.apply({"type": "peer-removed", "removed_id": "p-1"}) == {"Get"}
    assert registry.describe() == []


def test_own_registrations_are_left_out() -> None:
    assert registry_of(methods("p-self", method("0", "Mine")), methods("p-1", method("0", "Theirs"))).describe() == [
        {"name": "Theirs"}
    ]


def test_servers_of_the_same_method_are_merged_in_any_order_of_arrival() -> None:
    arrivals = [
        [peer("p-1", "zebra"), methods("p-1", method("0", "GET", "STRING id", description="of the zebra"))],
        [peer("p-2", "ant"), methods("p-2", method("0", "Get", "String id", description="of the ant"))],
        [peer("p-3", "ant"), methods("p-3", method("4", "Get", "String id", description="of the ant"))],
        [peer("p-4", "bee"), methods("p-4", method("0", "Get", "Int id"))],
    ]

    described = [registry_of(*itertools.chain(*order)).describe() for order in itertools.permutations(arrivals)]

    assert described == [
        [
            {"name": "Get", "accepts": "Int id", "servers": [{"application": "bee"}]},
            {
                "name": "Get",
                "accepts": "String id",
                "description": "of the ant",
                "servers": [{"application": "ant", "instances": 2}, {"application": "zebra"}],
            },
        ]
    ] * len(described)
