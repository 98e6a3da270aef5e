"""What a model is told to do about a mistake: the next snippet should be right."""

from __future__ import annotations

import pytest

from ioconnect_codemode import Policy
from ioconnect_codemode.policy import FACADES
from ioconnect_codemode.policy.namespaces import members_of
from ioconnect_codemode.preflight.homes import HOMES
from journeys.desk import run

CLIENT = "client = crm.get_client('CL-10024')\n"
ALONE = "send the code alone, as one snippet: no code fences and no text around it"


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
    ("code", "hint"),
    [
        ("defaultdict(list)", "write `from collections import defaultdict` first"),
        ("@dataclass\nclass A:\n    x: int = 0\nA()", "write `from dataclasses import dataclass` first"),
        ("Decimal('1.5')", "write `from decimal import Decimal` first"),
        ("sleep(1)", "write `from time import sleep` first"),
        ("StringIO()", "write `from io import StringIO` first"),
        ("[true]", "write True"),
        ("x = null", "write None"),
        ("console.log(1)", "write print(...)"),
        ("pd.DataFrame()", "pandas is not available: use lists of dicts, collections and statistics"),
        (CLIENT + "client.to_dict()", "a record is a dict already: dict(x) copies it, json.dumps(x) writes it"),
        ("from crmm import get_client", "did you mean crm?"),
        (
            "import frobnicate",
            'leave it out: namespaces need no import; list_python_definitions("frobnicate") finds what there is',
        ),
        ("import crm.get_client", "write `from crm import get_client`"),
        ("list_python_definitions('x')", "list_python_definitions is a tool: call it outside of the snippet"),
        (">>> 1 + 1", "leave the prompts out"),
        ("import xml.etree", "use re on the text, or a capability that gives records"),
        ("x = 1 && 2", "write `and`"),
        ("x = a ? 1 : 2", "write `a if condition else b`"),
        ("x = 1\nx++", "write `x += 1`"),
        ("const x = 1", "leave `const` out"),
        ("if 1:\n    x = 1\nelse if 2:\n    x = 2", "write `elif`"),
        ("// the clients\nx = 1", "a comment begins with `#`"),
        ("1 !== 2", "write `!=`"),
        ("1 === 2", "write `==`"),
        ("x = 1\nif x => 1:\n    pass", "write `>=`"),
        ("f = (x) => x", "write `lambda x: ...`, or `>=`"),
        ("switch = 1 2", None),
        ("let = 1 2", None),
        ("1 !=", None),
        ("'a?' 1", None),
        ("x = 1 //", None),
        ("if TYPE_CHECKING:\n    import os", "write `from typing import TYPE_CHECKING` first"),
        ("```python\nx = 1", ALONE),
        ("```python\nx = 1\n```\nthen\n```python\nx\n```", ALONE),
        ("Here is the code:\n```python\nx = 1\n```\nIt counts = done", ALONE),
        ("y = '''\n```\n'''\nx = 1 2", None),
        ("python\ncrm.get_advisers()", "leave python out"),
        ("!pip install pandas", "leave the line out: there is no shell, and nothing can be installed"),
        ("%pip install pandas", "leave the line out: there is no shell, and nothing can be installed"),
        ("x = !y", "write `not x`"),
        ("get_client(\u201cCL-10024\u201d)", "write plain quotes, ' or \""),
        ("x = 1 \u2212 2", None),
        ("crm.sync_contact(clientId='CL-10024')", 'give them in one dict: arguments={"clientId": ...}'),
        ("orders.validate(side='buy', quantity=10)", 'give them in one dict: order={"side": ...}'),
        ("orders.validate(colour='red')", None),
        ("crm.get_client(client='CL-10024')", None),
        ("crm.get_client({'id': 'CL-10024'})", "give its keys as arguments of their own, the first as id="),
        (
            "orders.place_order({'portfolioId': 'P', 'symbol': 'ALPR', 'side': 'buy', 'quantity': 1})",
            "give its keys as arguments of their own, the first as portfolioId=",
        ),
        ("crm.get_client({'client': 'CL-10024'})", 'Client.id is a str such as "CL-10024"'),
        (
            "for one in crm.get_advisers():\n    print(one['name'])",
            "iterating GetAdvisersResult gives its keys; its lists: .advisers",
        ),
        (
            "[orders.get('1'), isinstance(crm.get_advisers(), Client)]",
            "it is a type of results: write crm.Client, or a dict where an argument is one",
        ),
        (
            "signals = [1]\nsignal",
            "signal is not available: call a capability instead; the caller's limits end a run; did you mean signals?",
        ),
        ("dates = [1]\ndate", "write `from datetime import date` first; did you mean dates?"),
        ("counter = Counter([1])", "write `from collections import Counter` first"),
    ],
)
def test_a_slip_that_is_found_before_anything_runs_says_what_to_write(code: str, hint: str | None) -> None:
    error = run(code).error
    assert error is not None
    assert (error.hint, error.state) == (hint, "nothing was run")


def test_a_decimal_for_a_number_is_told_to_be_sent_as_one() -> None:
    error = run("from decimal import Decimal\norders.place_order('P-1', 'ALPR', 'buy', Decimal('10'))").error
    assert error is not None
    assert error.hint == "nothing was sent to the app; give float(...) or int(...), a Decimal is sent as text"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "from datetime import datetime\ndatetime.datetime.now()",
            "AttributeError: type object 'datetime.datetime' has no attribute 'datetime'; "
            "it is datetime itself: leave `.datetime` out",
        ),
        (
            "from datetime import datetime\ndatetime.timedelta(days=1)",
            "AttributeError: type object 'datetime.datetime' has no attribute 'timedelta'; "
            "write `from datetime import timedelta`, or `import datetime` and nothing else of that name",
        ),
        (
            "from datetime import datetime as dt\ndt.datetime.now()",
            "AttributeError: type object 'datetime.datetime' has no attribute 'datetime'; "
            "it is datetime itself: leave `.datetime` out",
        ),
        ("[1].push(2)", "AttributeError: 'list' object has no attribute 'push'; use .append instead"),
        ("{1}.push(2)", "AttributeError: 'set' object has no attribute 'push'; use .add instead"),
        ("{}.append(2)", "AttributeError: 'dict' object has no attribute 'append'; use d[key] = value instead"),
        ("[].sort().append(2)", "AttributeError: 'NoneType' object has no attribute 'append'"),
        ("x = None\nx.find(2)", "AttributeError: 'NoneType' object has no attribute 'find'"),
        ("(1).map(str)", "AttributeError: 'int' object has no attribute 'map'"),
        (
            "T = type\nclass M(T): pass",
            "TypeError: a class can't derive from type here; derive from abc.ABC, or use a class decorator",
        ),
        ("class M(3): pass", "TypeError: a class can't derive from this int here; derive from a class"),
        ("'{} {}'.format(1)", "IndexError: Replacement index 1 out of range for positional args tuple"),
    ],
)
def test_a_slip_that_is_seen_only_in_the_run_says_what_to_write(code: str, message: str) -> None:
    error = run(code).error
    assert error is not None
    assert error.message == message


def test_every_home_of_a_name_has_it() -> None:
    assert [name for name, module in HOMES.items() if name not in members_of(FACADES[module]())] == []


def test_a_module_that_is_switched_off_is_no_home() -> None:
    error = run("Decimal('1')", policy=Policy(facades=("json",))).error
    assert error is not None
    assert "decimal" not in str(error.hint)


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


def test_parallel_without_items_is_found_before_its_calls_are_made() -> None:
    error = run("parallel([crm.get_client(one) for one in ('CL-10024', 'CL-10001')])").error
    assert error is not None
    assert (error.kind, error.message, error.state) == ("type_error", "missing argument items", "nothing was run")
    assert error.signature == "parallel(function, items)"
    assert run("parallel(crm.get_client, items=['CL-10024'])[0].id").value == "CL-10024"
    assert run("parallel(*[crm.get_client, ['CL-10024']])[0].id").value == "CL-10024"
    assert run("def parallel(one): return one\nparallel([1])").value == [1]


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (
            "from datetime import datetime, timezone\ndatetime.now() - datetime.now(timezone.utc)",
            "datetime.now(timezone.utc) is aware, x.replace(tzinfo=None) is not",
        ),
        (
            "from dataclasses import asdict\nasdict(crm.get_client('CL-10024'))",
            "a record is a dict already: dict(x) copies it",
        ),
    ],
)
def test_what_python_leaves_open_is_told_with_what_to_do(code: str, advice: str) -> None:
    error = run(code).error
    assert error is not None
    assert error.message.endswith(f"; {advice}")
