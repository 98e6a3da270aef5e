"""A program runs with fresh globals; its value, its printed text and its failure come back apart."""

from __future__ import annotations

import pytest

from ioconnect_codemode import policy, sandbox
from ioconnect_codemode.errors import DeniedError
from ioconnect_codemode.policy.builtins import make_ahead, make_builtins
from ioconnect_codemode.sandbox import Finished, Namespace, Raised


def run(
    source: str,
    *,
    names: dict[str, object] | None = None,
    inputs: dict[str, object] | None = None,
    print_limit: int = 1_000,
    facades: tuple[str, ...] = tuple(policy.FACADES),
) -> Finished | Raised:
    program = policy.translate(policy.parse(source), facades=facades)
    return sandbox.run(program, names=names or {}, inputs=inputs or {}, facades=facades, print_limit=print_limit)


def value_of(source: str, **names: object) -> object:
    result = run(source, names=names)
    assert isinstance(result, Finished), result
    return result.value


class Page(dict[str, object]):
    """A record as the host makes it."""

    __record_keys__ = {"items": "items", "total": "total", "class_": "class", "_id": "_id"}  # noqa: RUF012

    _secret = "the host's"

    def __getattr__(self, name: str) -> object:
        keys = type(self).__record_keys__
        if name in keys:
            return self.get(keys[name])
        raise AttributeError(f"Page has no {name!r}")


def find_clients(name: str, limit: int = 50) -> list[dict[str, object]]:
    """Stands for a stub."""
    return [{"name": name, "limit": limit}]


CRM = Namespace("crm", {"find_clients": find_clients})


@pytest.mark.parametrize(
    ("source", "value", "has_value"),
    [
        ("1 + 1", 2, True),
        ("x = 1", None, False),
        ("", None, False),
        ("None", None, True),
        ("return 3", 3, True),
        ("return", None, False),
        ("if True:\n    5", None, False),
        ("if True:\n    return 5\n6", 5, True),
        ("for n in [1, 2]:\n    if n == 2: return n", 2, True),
        ("'docstring'", "docstring", True),
    ],
)
def test_value_is_a_return_or_the_last_expression(source: str, value: object, has_value: bool) -> None:
    result = run(source)

    assert result[:4] == (value, has_value, "", False)


def test_printed_text_is_kept_apart_from_the_value() -> None:
    assert run("print('a', 2)\n3")[:4] == (3, True, "a 2\n", False)


def test_printed_text_is_cut_at_the_limit() -> None:
    result = run("for n in range(100): print(n)", print_limit=5)

    assert (result.printed, result.printed_is_cut) == ("0\n1\n2", True)


def test_printed_text_at_the_limit_is_whole() -> None:
    result = run("print('1234')", print_limit=5)

    assert (result.printed, result.printed_is_cut) == ("1234\n", False)


def test_text_that_lies_about_its_length_is_cut_as_well() -> None:
    result = run("class S(str):\n    def __len__(self): return 0\nprint(S('x' * 100))", print_limit=5)

    assert (result.printed, result.printed_is_cut) == ("xxxxx", True)


def test_failure_names_its_class_its_message_and_its_place() -> None:
    result = run("print('so far')\nx = {}\ny = x['k'] + 1")

    assert isinstance(result, Raised)
    assert (result.type_name, result.message) == ("KeyError", "'k'")
    assert (result.line, result.column, result.end_column) == (3, 5, 11)
    assert result.printed == "so far\n"
    assert isinstance(result.error, KeyError)


def test_assertion_fails_where_its_condition_stands() -> None:
    result = run("assert 1 == 2, 'no'")

    assert isinstance(result, Raised)
    assert (result.line, result.column, result.end_column) == (1, 8, 14)


def test_failure_in_a_host_function_is_placed_at_the_snippets_call() -> None:
    def fail() -> None:
        raise ValueError("from the host")

    result = run("x = 1\nfail()", names={"fail": fail})

    assert isinstance(result, Raised)
    assert (result.message, result.line, result.column) == ("from the host", 2, 1)


def test_failure_whose_text_fails_has_no_message() -> None:
    result = run("class E(Exception):\n    def __str__(self): return 1 / 0\nraise E")

    assert isinstance(result, Raised)
    assert (result.type_name, result.message) == ("E", "")


def test_namespace_members_can_be_called_and_imported() -> None:
    source = "import crm as c\nfrom crm import find_clients\n[crm.find_clients('a')[0]['limit'], c.find_clients('b', limit=2)[0], find_clients('c')[0]['name']]"

    assert value_of(source, crm=CRM) == [50, {"name": "b", "limit": 2}, "c"]


def test_result_of_a_capability_may_be_awaited() -> None:
    source = "async def f():\n    return await crm.find_clients('a')\n[(await f())[0]['name'], (await crm.find_clients('b'))[0]['name']]"

    assert value_of(source, crm=CRM) == ["a", "b"]


@pytest.mark.parametrize(
    ("source", "type_name", "message"),
    [
        ("crm.find_client", "AttributeError", "crm has no 'find_client'; did you mean crm.find_clients?"),
        ("crm._members", "AttributeError", "crm has no '_members'; it has find_clients"),
        ("crm.find_clients = 1", "AttributeError", "the attribute 'find_clients' of a Namespace can't be set"),
        ("datetime.now()", "AttributeError", "datetime has no 'now'; use datetime.datetime.now"),
        ("import crn", "ImportError", "No module named 'crn' here"),
        ("from crm import nope", "ImportError", "cannot import name 'nope'"),
    ],
)
def test_what_a_namespace_lacks_is_named_with_the_nearest(source: str, type_name: str, message: str) -> None:
    result = run(source, names={"crm": CRM})

    assert isinstance(result, Raised)
    assert result.type_name == type_name
    assert result.message.startswith(message)


def test_namespace_is_frozen_for_the_host_too() -> None:
    with pytest.raises(AttributeError, match="crm is read-only"):
        CRM.find_clients = 1
    with pytest.raises(AttributeError, match="crm is read-only"):
        del CRM.find_clients
    assert CRM.find_clients is find_clients


def test_inputs_are_globals() -> None:
    result = run("name.upper()", inputs={"name": "reid"})

    assert isinstance(result, Finished)
    assert result.value == "REID"


def test_state_is_fresh_in_every_run() -> None:
    program = policy.translate(policy.parse("try:\n    seen += 1\nexcept NameError:\n    seen = 1\nseen"), facades=())

    results = [sandbox.run(program, names={}, inputs={}, facades=(), print_limit=10) for _ in range(2)]

    assert [result.value for result in results if isinstance(result, Finished)] == [1, 1]


def test_decimal_context_is_fresh_in_every_run() -> None:
    run("import decimal\ndecimal.getcontext().prec = 3")

    assert value_of("import decimal\ndecimal.getcontext().prec") == 28


def test_facade_that_is_switched_off_is_not_bound() -> None:
    result = run("json.dumps(1)", facades=("math",))

    assert isinstance(result, Raised)
    assert result.type_name == "NameError"


def test_input_hides_a_facade() -> None:
    result = run("time", inputs={"time": "10:30"})

    assert isinstance(result, Finished)
    assert result.value == "10:30"


PAGE = Page({"items": [1, 2], "class": "x", "_id": 7})


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("page.items", [1, 2]),
        ("sorted(page.items())", [("_id", 7), ("class", "x"), ("items", [1, 2])]),
        ("getattr(page, 'items')", [1, 2]),
        ("from operator import attrgetter\nattrgetter('items')(page)", [1, 2]),
        ("'{0.items}'.format(page)", "[1, 2]"),
        ("[n for n in page.items]", [1, 2]),
        ("page.total", None),
        ("page.class_", "x"),
        ("page._id", 7),
        ("page.get('items')", [1, 2]),
        ("sorted(page.keys())", ["_id", "class", "items"]),
        ("f = page.values\nlen(f())", 3),
        ("{**page}['class']", "x"),
        ("hasattr(page, 'nope')", False),
        ("getattr(page, 'nope', 5)", 5),
        ("match page:\n    case {'items': [first, *_]}: r = first\nr", 1),
        ("d = {'items': 1}\nlist(d.items())", [("items", 1)]),
    ],
)
def test_record_reads_by_key_and_by_attribute(source: str, value: object) -> None:
    assert value_of(source, page=Page(PAGE)) == value


@pytest.mark.parametrize(
    "source",
    [
        "page.total = 1",
        "setattr(page, 'total', 1)",
        "page.__dict__",
        "page._secret",
        "page.__record_keys__",
        "del page.items",
    ],
)
def test_record_attributes_cannot_be_set_or_looked_behind(source: str) -> None:
    try:
        result = run(source, names={"page": Page(PAGE)})
    except policy.Rejected as rejected:
        assert "__" in str(rejected)
    else:
        assert isinstance(result, Raised)
        assert result.type_name == "AttributeError"


def test_record_items_can_be_set() -> None:
    assert value_of("page['total'] = 1\npage['total'] += 1\npage.total", page=Page(PAGE)) == 2


def test_record_is_copied_deeply() -> None:
    page = Page({"items": [1]})

    assert value_of(
        "import copy\nc = copy.deepcopy(page)\nc['items'].append(2)\n[page.items, c['items']]", page=page
    ) == [[1], [1, 2]]


def test_call_errors_can_be_caught_by_name() -> None:
    def refuse() -> None:
        raise DeniedError("not granted")

    assert value_of(
        "try:\n    refuse()\nexcept DeniedError as e:\n    r = [str(e), type(e).__name__]\nr", refuse=refuse
    ) == ["not granted", "DeniedError"]


def run_again(source: str) -> list[object]:
    results: list[object] = []
    for _ in range(2):
        program = policy.translate(policy.parse(source), facades=policy.FACADES)
        result = sandbox.run(
            program,
            names={},
            inputs={},
            facades=policy.FACADES,
            print_limit=100,
            clock=sandbox.SetClock(1_700_000_000_123_456_789),
            seed=7,
        )
        assert isinstance(result, Finished), result
        results.append(result.value)
    return results


@pytest.mark.parametrize(
    "source",
    [
        "import time\n[time.time(), time.time_ns(), time.monotonic(), time.perf_counter()]",
        "from datetime import datetime, timezone\ndatetime.now(timezone.utc).isoformat()",
        "import datetime\n[str(datetime.date.today()), str(datetime.datetime.utcnow()), str(datetime.datetime.today())]",
        "from datetime import datetime\nf = getattr(datetime, 'now')\nstr(f())",
        "from datetime import datetime\nstr(datetime(2020, 1, 1).now())",
        "import random\n[random.random(), random.sample(range(100), 5), random.Random().random()]",
        "import uuid\nstr(uuid.uuid4())",
        "import random\nrandom.seed()\nrandom.random()",
        "import random\nr = random.Random(1)\nr.seed()\nr.random()",
        "import time\nt = time.localtime()\n[t.tm_year, time.strftime('%Y')]",
    ],
)
def test_run_with_the_same_clock_and_seed_gives_the_same_again(source: str) -> None:
    first, second = run_again(source)

    assert first == second


def test_set_clock_is_what_a_snippet_reads_and_only_sleep_moves_it() -> None:
    source = (
        "import time, asyncio\nfrom datetime import datetime, timezone\na = time.time()\ntime.sleep(60)\n"
        "await asyncio.sleep(30)\n[datetime.fromtimestamp(a, timezone.utc).year, round(time.time() - a)]"
    )

    assert run_again(source)[0] == [2023, 90]


def test_attribute_error_of_the_interpreter_names_the_nearest_attribute() -> None:
    result = run("xs = []\nxs.appendd(1)")

    assert isinstance(result, Raised)
    assert result.message == "'list' object has no attribute 'appendd'; did you mean 'append'?"


def test_builtins_made_ahead_are_given_to_one_run_only() -> None:
    make_ahead(1)
    first, second = make_builtins(print), make_builtins(print)
    assert first is not second
    assert first == second


@pytest.mark.parametrize("ending", ["raise ValueError", "await asyncio.sleep(1)", "asyncio.create_task(left())"])
@pytest.mark.parametrize(("last", "expected"), [("'value'", "value"), ("{}['key']", "'key'")])
def test_task_that_nobody_waits_for_changes_nothing_by_how_it_ends(ending: str, last: str, expected: str) -> None:
    result = run(
        f"import asyncio\nasync def left():\n    try: await asyncio.sleep(9)\n    finally: {ending}\n"
        f"t = asyncio.create_task(left())\nawait asyncio.sleep(0)\n{last}"
    )

    assert (result.value if isinstance(result, Finished) else result.message) == expected


def test_state_of_an_object_is_a_copy_that_sets_and_deletes_on_the_object() -> None:
    result = run(
        "class P: pass\np = P()\nstate = vars(p)\nstate['a'] = 1\nstate.update(b=2, c=3)\nstate |= {'d': 4}\n"
        "del state['a']\ntaken = [state.pop('b'), state.pop('b', 0), state.popitem(), state.setdefault('e', 5)]\n"
        "after = dict(vars(p))\nstate.clear()\n[taken, after, vars(p), type(state) is dict, isinstance(state, dict)]"
    )

    assert isinstance(result, Finished), result
    assert result.value == [[2, 0, ("d", 4), 5], {"c": 3, "e": 5}, {}, True, True]
