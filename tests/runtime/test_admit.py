from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioconnect_codemode.admit import Admission, Admitted, Refusal
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.manifest_data import CapabilityData
from ioconnect_codemode.rules import Policy, ResultCheck
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.validate import LEVELS
from ioconnect_codemode.values import JsonValue

FIND = "crm.find_clients(name: str, limit: int = 50, segment: Segment = ...) -> list[Client]"
NOTE = "crm.add_note(client_id: str, text: str, address: Address = ..., phone: str | None = ...) -> Any"
NOT_SENT = "nothing was sent to the app; correct the argument"
CLIENT: dict[str, JsonValue] = {"id": "1", "name": "Ann", "adviser": None}


def admit(manifest: Manifest, name: str, arguments: dict[str, JsonValue]) -> Admitted | Refusal:
    return Admission(manifest, Policy()).admit(name, arguments)


def sent(manifest: Manifest, name: str, arguments: dict[str, JsonValue]) -> dict[str, JsonValue]:
    admitted = admit(manifest, name, arguments)
    assert isinstance(admitted, Admitted)
    return admitted.arguments


def test_an_admitted_call_has_its_route_and_its_arguments_by_wire_key(manifest: Manifest) -> None:
    assert admit(manifest, "crm.add_note", {"client_id": "1", "text": "t"}) == Admitted(
        name="crm.add_note",
        entry=manifest.capabilities["crm.add_note"],
        route=Route(kind="method", name="CRM.AddNote", accepts=None, returns=None),
        arguments={"clientId": "1", "text": "t"},
        given={"client_id": "1", "text": "t"},
    )


def test_none_is_sent_only_where_it_is_a_value(manifest: Manifest) -> None:
    arguments: dict[str, JsonValue] = {"client_id": "1", "text": "t", "address": None, "phone": None}
    assert sent(manifest, "crm.add_note", arguments) == {"clientId": "1", "text": "t", "phone": None}


def test_an_optional_field_that_is_none_is_not_sent(manifest: Manifest) -> None:
    arguments: dict[str, JsonValue] = {"client_id": "1", "text": "t", "address": {"city": "Rome", "post-code": None}}
    assert sent(manifest, "crm.add_note", arguments)["address"] == {"city": "Rome"}


def test_a_spread_parameter_is_the_argument_object(manifest: Manifest) -> None:
    context: JsonValue = {"type": "fdc3.contact", "name": "Ann"}
    assert sent(manifest, "intents.view_contact", {"context": context}) == context


def test_a_spread_argument_that_is_no_object_is_refused(manifest: Manifest) -> None:
    entry = manifest.capabilities["intents.view_contact"]
    loose: CapabilityData = {**entry, "parameters": [{**entry["parameters"][0], "type": "Any"}], "input_schema": {}}
    manifest.data["capabilities"]["intents.view_contact"] = loose
    assert admit(manifest, "intents.view_contact", {"context": [1]}) == Refusal(
        kind="argument",
        message="intents.view_contact: context expected dict, got list",
        signature=entry["signature"],
        hint=NOT_SENT,
    )


@pytest.mark.parametrize("name", ["crm.delete_all", "CRM.FindClients", "find_clients", "", "x" * 500])
def test_a_name_that_is_not_in_the_catalog_is_denied(manifest: Manifest, name: str) -> None:
    assert admit(manifest, name, {}) == Refusal(
        kind="denied",
        message=f"policy does not allow {name[:80]}",
        hint="do not look for another way to the same effect: tell the user what was refused",
    )


def test_a_name_that_policy_took_away_is_denied(manifest: Manifest) -> None:
    policy = Policy(deny=("crm.*",))
    admission = Admission(policy.apply(manifest), policy)
    refused = admission.admit("crm.find_clients", {"name": "A"})
    assert isinstance(refused, Refusal)
    assert refused.kind == "denied"


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        ({}, "crm.find_clients: missing argument name", NOT_SENT),
        ({"name": 5}, "crm.find_clients: name expected str, got int", NOT_SENT),
        ({"name": "A", "limt": 5}, "crm.find_clients: unknown argument limt", "did you mean limit?"),
        ({"name": "A", "zzz": 5}, "crm.find_clients: unknown argument zzz", NOT_SENT),
        (
            {"limit": True, "segment": "gold"},
            "crm.find_clients: missing argument name; crm.find_clients: limit expected int, got bool; "
            "crm.find_clients: segment expected Literal['private', 'retail'], got str",
            NOT_SENT,
        ),
        ({"name": "ann"}, "crm.find_clients: name expected text like ^[A-Z], got another string", NOT_SENT),
        ({"name": "A", "limit": 501}, "crm.find_clients: limit expected at most 500, got another integer", NOT_SENT),
    ],
)
def test_wrong_arguments_are_refused_in_words(
    manifest: Manifest, arguments: dict[str, JsonValue], message: str, hint: str
) -> None:
    assert admit(manifest, "crm.find_clients", arguments) == Refusal(
        kind="argument", message=message, signature=FIND, hint=hint
    )


def test_a_wrong_field_of_a_record_is_refused_with_its_path(manifest: Manifest) -> None:
    refused = admit(manifest, "crm.add_note", {"client_id": "1", "text": "t", "address": {"city": 5}})
    assert refused == Refusal(
        kind="argument", message="crm.add_note: address.city expected str, got int", signature=NOTE, hint=NOT_SENT
    )


def test_a_schema_that_is_broken_as_a_whole_is_told_of_the_arguments(manifest: Manifest) -> None:
    refused = admit(manifest, "intents.view_contact", {"context": {"type": "fdc3.chart"}})
    assert isinstance(refused, Refusal)
    assert refused.message == 'intents.view_contact: type expected "fdc3.contact", got another string'


def test_a_refusal_never_shows_a_value(manifest: Manifest) -> None:
    for arguments in ({"name": "secret"}, {"name": ["secret"]}, {"name": "A", "segment": "secret"}):
        refused = admit(manifest, "crm.find_clients", dict(arguments))  # type: ignore[arg-type]
        assert "secret" not in str(refused)


def judge(manifest: Manifest, check: ResultCheck, answer: JsonValue) -> Refusal | str | None:
    admission = Admission(manifest, Policy(results=check))
    admitted = admission.admit("crm.find_clients", {"name": "A"})
    assert isinstance(admitted, Admitted)
    return admission.judge(admitted, answer)


@pytest.mark.parametrize("check", ["strict", "warn", "off"])
def test_an_answer_that_fits_passes(manifest: Manifest, check: ResultCheck) -> None:
    assert judge(manifest, check, [CLIENT]) is None


WRONG: list[JsonValue] = [CLIENT, {**CLIENT, "name": 5}]


def test_an_answer_that_does_not_fit_is_refused_where_policy_is_strict(manifest: Manifest) -> None:
    assert judge(manifest, "strict", WRONG) == Refusal(
        kind="result_shape",
        message="the answer of crm to crm.find_clients breaks its declaration: $[1].name expected string, got integer",
        signature=FIND,
        hint="a fault of the app, not of the snippet: the call itself may have taken effect",
    )


def test_such_an_answer_is_passed_on_with_a_note_where_policy_warns(manifest: Manifest) -> None:
    assert judge(manifest, "warn", WRONG) == (
        "the answer of crm to crm.find_clients was passed on but breaks its declaration: $[1].name expected string, got integer"
    )


def test_an_answer_that_is_deeper_than_an_engine_can_go_is_not_given_to_it(manifest: Manifest) -> None:
    deep: JsonValue = []
    for _ in range(LEVELS):
        deep = [deep]
    refused = judge(manifest, "strict", [{"id": "1", "name": "A", "adviser": None, "further": deep}])
    assert isinstance(refused, Refusal)
    assert f"$ expected at most {LEVELS} levels, got more" in refused.message


def test_no_answer_is_looked_at_where_policy_says_off(manifest: Manifest) -> None:
    assert judge(manifest, "off", WRONG) is None


def test_an_answer_without_a_declaration_passes(manifest: Manifest) -> None:
    admission = Admission(manifest, Policy(results="strict"))
    admitted = admission.admit("crm.add_note", {"client_id": "1", "text": "t"})
    assert isinstance(admitted, Admitted)
    assert admission.judge(admitted, {"anything": [1]}) is None


def with_parts(manifest: Manifest, **parts: object) -> Manifest:
    """Give the catalog with one capability whose arguments are partly fixed."""
    entry = cast("CapabilityData", {**manifest.capabilities["crm.add_note"], "input_schema": {}, **parts})
    return Manifest(manifest.folder, {**manifest.data, "capabilities": {"crm.add_note": entry}})


def test_parameters_stand_under_their_keys_beside_what_is_fixed(manifest: Manifest) -> None:
    parts = with_parts(manifest, fixed={"do": "add", "data": {"by": "us"}}, under=["data", "note"])
    assert sent(parts, "crm.add_note", {"client_id": "1", "text": "t"}) == {
        "do": "add",
        "data": {"by": "us", "note": {"clientId": "1", "text": "t"}},
    }


def test_what_is_fixed_wins_over_a_parameter_of_the_same_key(manifest: Manifest) -> None:
    parts = with_parts(manifest, fixed={"text": "ours"})
    assert sent(parts, "crm.add_note", {"client_id": "1", "text": "t"}) == {"clientId": "1", "text": "ours"}


def test_what_is_fixed_is_the_same_on_the_next_call(manifest: Manifest) -> None:
    fixed: dict[str, JsonValue] = {"data": {"by": "us"}}
    parts = with_parts(manifest, fixed=fixed, under=["data"])
    for text in ("a", "b"):
        data: dict[str, JsonValue] = {"by": "us", "clientId": "1", "text": text}
        assert sent(parts, "crm.add_note", {"client_id": "1", "text": text}) == {"data": data}
    assert fixed == {"data": {"by": "us"}}


# -- plain arguments are admitted in short; the verdict is that of the long way -------------------------------------------


def the_long_way(manifest: Manifest) -> Admission:
    """Admission of the same catalog, which takes the long way with every call: each has a form of its own."""
    entries: dict[str, CapabilityData] = {
        name: {**entry, "fixed": {}, "under": []} for name, entry in manifest.capabilities.items()
    }
    return Admission(Manifest(manifest.folder, {**manifest.data, "capabilities": entries}, source=manifest), Policy())


PLAIN = (
    st.none() | st.booleans() | st.integers(-3, 200) | st.floats(-1, 300) | st.sampled_from(["", "1", "private", "x"])
)
_ODD: tuple[JsonValue, ...] = ([], {}, {"city": "Rome"}, ["a"])
ODD = st.sampled_from(_ODD)
NAMES = st.sampled_from(["name", "limit", "segment", "client_id", "text", "address", "phone", "nobody"])


def test_plain_arguments_get_the_verdict_of_the_long_way(manifest: Manifest) -> None:
    short_way, long_way = Admission(manifest, Policy()), the_long_way(manifest)

    @given(st.sampled_from(["crm.find_clients", "crm.add_note"]), st.dictionaries(NAMES, PLAIN | ODD, max_size=5))
    def hold(name: str, arguments: dict[str, JsonValue]) -> None:
        short, long = short_way.admit(name, arguments), long_way.admit(name, arguments)
        if isinstance(short, Admitted) and isinstance(long, Admitted):
            assert (short.arguments, short.given, short.route) == (long.arguments, long.given, long.route)
        else:
            assert short == long

    hold()
