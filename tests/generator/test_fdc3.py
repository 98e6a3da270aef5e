"""FDC3's standard contexts and intents as the catalog types them."""

from __future__ import annotations

import json

import jsonschema_rs
import pytest

import ioconnect_schemas
from ioconnect_codegen import build_catalog, read_environment
from ioconnect_codegen.capabilities import Capability
from ioconnect_codegen.fdc3 import describe_contexts, is_channel, standard_contexts, standard_intents, type_title
from ioconnect_codemode.values import JsonValue


def intent(name: str, *contexts: str, result: str = "", display: str = "") -> Capability:
    declared: JsonValue = {"name": name, "contexts": list(contexts), "resultType": result, "displayName": display}
    app: JsonValue = {"name": "app", "intents": [declared]}
    document: JsonValue = {"schemaVersion": 1, "name": "desk", "methods": [], "applications": [app]}
    (capability,) = build_catalog(read_environment(document)).capabilities
    return capability


def takes(contexts: tuple[str, ...], value: JsonValue) -> bool:
    return jsonschema_rs.Draft202012Validator(describe_contexts(contexts).schema).is_valid(value)


def test_there_are_28_types_besides_the_base_and_19_intents() -> None:
    assert (len(standard_contexts()), len(standard_intents())) == (28, 19)


def test_types_are_called_after_their_context() -> None:
    assert {context: type_title(context) for context in standard_contexts()} == standard_contexts()


def test_intents_take_and_give_standard_contexts_only() -> None:
    for one in standard_intents().values():
        assert set(one.contexts) <= standard_contexts().keys()
        assert not one.result or one.result in standard_contexts()
        assert not one.replaced_by or one.replaced_by in standard_intents()


def test_schemas_are_sound_and_described() -> None:
    document = json.loads(ioconnect_schemas.read("fdc3/contexts.json"))
    jsonschema_rs.meta.validate(document)
    for name, schema in document["$defs"].items():
        undescribed = [
            key for key, value in schema["properties"].items() if key != "type" and "description" not in value
        ]
        assert (name, undescribed, "description" in schema) == (name, [], True)


@pytest.mark.parametrize("context", sorted(standard_contexts()))
def test_contexts_are_open_and_of_their_type_only(context: str) -> None:
    described = describe_contexts((context,))
    wrong = jsonschema_rs.Draft202012Validator(described.schema).iter_errors({"type": "fdc3.other"})
    assert all(record.is_open for record in described.definitions.values())
    assert any(list(error.instance_path) == ["type"] for error in wrong)


def test_one_context_is_one_record_and_several_are_a_union() -> None:
    (one,) = intent("ViewContact", "fdc3.contact").parameters
    (several,) = intent("StartCall", "fdc3.contact", "fdc3.contactList").parameters
    assert (one.name, one.type) == ("context", "ContactContext")
    assert several.type == "ContactContext | ContactListContext"


def test_required_identifiers_are_held_at_the_wire() -> None:
    assert takes(("fdc3.contact",), {"type": "fdc3.contact", "id": {"email": "a@b.c"}})
    assert not takes(("fdc3.contact",), {"type": "fdc3.contact", "name": "Amelia Reid"})


def test_context_outside_the_standard_has_what_every_context_has() -> None:
    (one,) = intent("demo.GetPrices", "fdc3.Quote").parameters
    assert one.type == "QuoteContext"
    assert takes(("fdc3.Quote",), {"type": "fdc3.Quote", "price": 1})
    assert not takes(("fdc3.Quote",), {"type": "fdc3.contact"})


def test_standard_intent_without_declared_contexts_takes_the_standards() -> None:
    capability = intent("ViewQuote")
    assert (capability.kind, capability.parameters[0].type) == ("fdc3_intent", "InstrumentContext")
    assert capability.summary == "Shows a quote."


def test_other_intent_without_contexts_takes_data() -> None:
    assert intent("Refresh").kind == "intent"


def test_text_of_the_app_goes_before_that_of_the_standard() -> None:
    assert intent("ViewQuote", display="Live quote").summary == "Live quote."


def test_declared_result_is_typed_and_an_undeclared_one_is_not_guessed() -> None:
    assert intent("StartChat", "fdc3.contact", result="fdc3.chat.room").result == "ChatRoomContext"
    assert intent("StartChat", "fdc3.contact").result == "Any"


@pytest.mark.parametrize("result", ["channel", "channel<fdc3.instrument>", "Channel"])
def test_channel_is_any_with_a_remark(result: str) -> None:
    capability = intent("ViewQuote", "fdc3.instrument", result=result)
    assert (capability.result, capability.output_schema) == ("Any", None)
    assert capability.summary == "Shows a quote (answers with a channel, which a snippet can't listen to)."


@pytest.mark.parametrize("result", ["", "channels", "channel<", "fdc3.channel", "mychannel"])
def test_other_words_are_no_channel(result: str) -> None:
    assert not is_channel(result)


def test_time_range_needs_one_end_at_least() -> None:
    assert takes(("fdc3.timeRange",), {"type": "fdc3.timeRange", "startTime": "2026-03-01T00:00:00Z"})
    assert not takes(("fdc3.timeRange",), {"type": "fdc3.timeRange"})
