"""What a model is told to do about a mistake: the next snippet should be right."""

from __future__ import annotations

import pytest

from journeys.desk import run

CLIENT = "client = crm.get_client('CL-10024')\n"


@pytest.mark.parametrize(
    ("code", "message", "hint"),
    [
        (CLIENT + "client.emailAddress", "Client has no field emailAddress", "did you mean email, address?"),
        (CLIENT + "client['clientName']", "Client has no field clientName", "did you mean name?"),
        (
            CLIENT + "client.onboarded.year",
            "str has no attribute year",
            "dates are text here: read one with date.fromisoformat(...) or datetime.fromisoformat(...) first",
        ),
        (CLIENT + "client.name.toUpperCase()", "str has no attribute toUpperCase", "use .upper() or .lower() instead"),
        (CLIENT + "client.name.startWith('A')", "str has no attribute startWith", "use .startswith instead"),
        (CLIENT + "client.aum.toFixed(2)", "float has no attribute toFixed", "use round(...) or an f-string instead"),
        ("crm.find_clients('R').length", "list[Client] has no attribute length", "use len(...) instead"),
        ("crm.find_clients('R').map(str)", "list[Client] has no attribute map", "use a comprehension instead"),
        (
            "crm.find_clients('R').name",
            "list[Client] has no attribute name",
            "it is a list: use one of its items, or loop over them",
        ),
        (
            "len(crm.list_clients())",
            "ClientPage is a record, not a list",
            "iterating ClientPage gives its keys; its lists: .items",
        ),
        (
            "', '.join(research.topics())",
            "TopicsResult is a record, not a list",
            "iterating TopicsResult gives its keys; its lists: .topics",
        ),
        (
            "market_data.get_history('ALPR', '2026-01-05')[0]['close']",
            "tuple[str, float] has no key close",
            "it is a tuple of 2: unpack it, or use an index",
        ),
        (CLIENT + "client.name()", "Client.name is a str, not a function", "read it without brackets: .name"),
        (CLIENT + "client.aum > '5'", "> does not take float and str", "convert the text with float(...) first"),
        (CLIENT + "client['adviser']['name']", "str has no key name", None),
        ("platform.start_app('crm')", "platform has no function start_app", "did you mean platform.start_application?"),
    ],
)
def test_a_mistake_is_told_before_anything_runs_with_what_to_do(code: str, message: str, hint: str | None) -> None:
    error = run(code).error
    assert error is not None
    assert (error.message, error.hint, error.state) == (message, hint, "nothing was run")


@pytest.mark.parametrize(
    ("code", "value"),
    [
        (CLIENT + "client.email", "amelia.reid@mail.example"),
        (CLIENT + "len(client) > 5", True),
        (CLIENT + "client.aum > 5 and client.onboarded > '1900'", True),
        (CLIENT + "client.items()\nclient.name[0]", "A"),
        ("page = crm.list_clients(limit=7)\nlen(page.items), ', '.join(page.keys())[:5]", [7, "items"]),
        ("len(research.topics()['topics']) > 0", True),
        ("market_data.get_history('ALPR', '2026-01-05')[0][1] > 0", True),
    ],
)
def test_the_nearest_right_thing_passes(code: str, value: object) -> None:
    assert run(code).value == value


def test_a_single_near_function_is_told_with_its_signature() -> None:
    error = run("platform.start_app('crm')").error
    assert error is not None
    assert (
        error.signature == "platform.start_application(name: str, context: dict[str, Any] = ...) -> StartedApplication"
    )


@pytest.mark.parametrize(
    ("context", "message"),
    [
        ('{"type": "fdc3.instrument", "ticker": "ALPR"}', "field id of InstrumentContext is missing"),
        ('{"type": "fdc3.instrument", "id": {"ticker": 5}}', "expected str, got int"),
        ('{"type": "fdc3.portfolio"}', "'fdc3.portfolio' is not one of 'fdc3.instrument', 'fdc3.instrumentList'"),
    ],
)
def test_a_context_is_held_to_the_type_that_it_says_it_has(context: str, message: str) -> None:
    error = run(f"intents.view_chart({context})").error
    assert error is not None
    assert (error.kind, error.message, error.state) == ("type_error", message, "nothing was run")
