"""Every failure of the first day: kind, place, what was expected, what came, what to do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest

from ioconnect_codemode import CodeMode, Limits, Outcome, OutcomeError, Policy
from ioconnect_codemode.errors import UnavailableError
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import JsonValue
from journeys.desk import PACKAGE, run, with_desk


def error_of(outcome: Outcome) -> OutcomeError:
    assert not outcome.ok
    assert outcome.value is None
    assert outcome.error is not None
    assert len(outcome.text()) <= 1_000
    return outcome.error


def test_a_wrong_argument_type_is_found_before_anything_runs() -> None:
    outcome = run("crm.add_note('CL-10024', 'x')\na = crm.get_client(id=12)")
    assert outcome.text() == "\n".join(
        [
            "type_error at line 2, column 23 (nothing was run)",
            "  2 | a = crm.get_client(id=12)",
            "    |                       ^^ expected str, got int",
            "crm.get_client(id: str) -> Client",
            'hint: Client.id is a str such as "CL-10024"',
        ]
    )
    assert outcome.calls == ()


def test_an_unknown_function_is_answered_with_the_nearest() -> None:
    error = error_of(run("crm.get_cleint('CL-10024')"))
    assert (error.kind, error.line, error.column) == ("unknown_name", 1, 5)
    assert error.hint is not None
    assert error.hint.startswith("did you mean crm.get_client")
    assert error.state == "nothing was run"


def test_an_unknown_namespace_is_answered_with_the_way_to_look_it_up() -> None:
    error = error_of(run("crn.get_client('CL-10024')"))
    assert (error.kind, error.message) == ("unknown_name", "crn is not defined")
    assert error.hint is not None


def test_a_missing_argument_is_named_with_the_signature() -> None:
    error = error_of(run("crm.get_client()"))
    assert (error.kind, error.message, error.signature) == (
        "type_error",
        "missing argument id",
        "crm.get_client(id: str) -> Client",
    )


def test_a_wrong_type_that_only_the_run_shows_is_refused_at_the_call() -> None:
    error = error_of(run("value = sum([6, 6])\ncrm.get_client(id=value)"))
    assert (error.kind, error.line) == ("argument", 2)
    assert error.message == "crm.get_client: id expected str, got int"
    assert error.signature == "crm.get_client(id: str) -> Client"


def test_an_argument_that_breaks_its_schema_is_refused_at_the_call() -> None:
    error = error_of(run("crm.find_clients(name='a', limit=501)"))
    assert (error.kind, error.message) == (
        "argument",
        "crm.find_clients: limit expected at most 500, got another integer",
    )


def test_a_refused_argument_can_be_caught() -> None:
    outcome = run(
        "try:\n    crm.find_clients('a', limit=0)\nexcept ArgumentError as error:\n    answer = 'caught'\nanswer"
    )
    assert outcome.value == "caught"
    assert [call.state for call in outcome.calls] == ["refused"]


def test_a_misspelt_field_is_answered_with_the_nearest_and_no_contents() -> None:
    outcome = run("read = {'one': crm.get_client('CL-10024')}\nread['one'].advisor")
    error = error_of(outcome)
    assert (error.kind, error.line) == ("snippet_error", 2)
    assert error.message == 'FieldError: Client has no field "advisor"; did you mean "adviser"?'
    assert "Jonas" not in outcome.text()


def test_a_misspelt_key_is_answered_with_the_nearest() -> None:
    error = error_of(run("key = 'advisor'\ncrm.get_client('CL-10024')[key]"))
    assert 'did you mean "adviser"?' in error.message


def test_a_misspelt_field_that_can_be_followed_is_found_before_anything_is_called() -> None:
    outcome = run("client = crm.get_client('CL-10024')\ncrm.add_note(client.id, client.advisor)")
    assert outcome.calls == ()
    assert outcome.text() == (
        "unknown_name at line 2, column 32 (nothing was run)\n"
        "  2 | crm.add_note(client.id, client.advisor)\n"
        "    |                                ^^^^^^^ Client has no field advisor\n"
        "hint: did you mean adviser?"
    )


def test_an_absent_optional_field_is_none_by_either_way() -> None:
    outcome = run(
        "client = crm.find_clients('x')[0]\n[client.phone, client['phone'], client.get('phone'), 'phone' in client]",
        handlers={"CRM.FindClients": lambda arguments: [_client()]},
    )
    assert outcome.value == [None, None, None, False]


def test_an_import_of_the_system_is_refused_with_what_to_do() -> None:
    error = error_of(run("import os\nos.listdir('/')"))
    assert (error.kind, error.line, error.state) == ("not_allowed", 1, "nothing was run")
    assert error.hint


def test_everything_wrong_before_the_run_is_told_at_once() -> None:
    error = error_of(run("import os\ncrm.get_client(id=12)\ncrm.get_cleint('x')\nnowhere"))
    assert [one.kind for one in (error, *error.others)] == [
        "not_allowed",
        "type_error",
        "unknown_name",
        "unknown_name",
    ]


def test_a_syntax_error_has_its_place() -> None:
    error = error_of(run("x = (1,\ny = 2 +"))
    assert error.kind == "syntax"
    assert error.line is not None


def test_an_endless_loop_ends_at_the_deadline() -> None:
    error = error_of(run("while True:\n    pass", limits=Limits(timeout_s=0.3)))
    assert error.kind == "timeout"
    assert error.message == "the snippet ran for more than 0.3 s, not counting the wait for apps"


@pytest.mark.parametrize(
    "code", ["try:\n    while True: pass\nexcept:\n    pass\n1", "10 ** 10 ** 8", "sum(range(10**12))"]
)
def test_no_snippet_outlasts_its_deadline(code: str) -> None:
    assert error_of(run(code, limits=Limits(timeout_s=0.3))).kind == "timeout"


def test_waiting_for_apps_is_not_the_run_s_time_but_the_total_s() -> None:
    async def slow(arguments: dict[str, JsonValue]) -> JsonValue:
        await asyncio.sleep(0.4)
        return [_client()]

    limits = Limits(timeout_s=0.3, total_s=5)
    assert run("len(crm.find_clients('x'))", handlers={"CRM.FindClients": slow}, limits=limits).value == 1

    async def never(arguments: dict[str, JsonValue]) -> JsonValue:
        await asyncio.Event().wait()
        return None

    limits = Limits(timeout_s=0.3, total_s=0.5)
    error = error_of(run("crm.add_note('CL-10024', 'x')", handlers={"CRM.AddNote": never}, limits=limits))
    assert error.kind == "timeout"
    assert error.message == "the run took more than 0.5 s; still waiting for crm.add_note for less than 1 s"
    assert error.state == "1 unfinished: do not repeat crm.add_note"


def test_a_run_out_of_time_names_the_calls_that_waited_the_longest() -> None:
    async def never(arguments: dict[str, JsonValue]) -> JsonValue:
        if arguments["id"] == "CL-1":
            return {}
        await asyncio.Event().wait()
        return None

    code = "parallel(lambda one: (crm.get_client(one), crm.get_advisers()), ['CL-1', 'CL-2', 'CL-3', 'CL-4'])"
    outcome = run(code, handlers={"CRM.GetClient": never}, limits=Limits(timeout_s=5, total_s=1.5))
    told = error_of(outcome).message.removeprefix("the run took more than 1.5 s; still waiting for ").split(", ")
    assert [one.partition(" for ")[0] for one in told] == ["crm.get_client", "crm.get_client", "1 more"]
    waited = [call.elapsed_ms for call in outcome.calls if call.state == "unfinished"]
    assert len(waited) == 3
    assert min(waited) > 0


def test_a_call_whose_app_was_given_up_before_is_not_said_to_be_waited_for() -> None:
    async def never(arguments: dict[str, JsonValue]) -> JsonValue:
        await asyncio.Event().wait()
        return None

    code = "try:\n    crm.get_client('CL-1')\nexcept UnavailableError:\n    pass\nimport time\ntime.sleep(60)"
    limits = Limits(total_s=1.5, timeout_s=5, call_timeout_s=0.1)
    outcome = run(code, handlers={"CRM.GetClient": never}, limits=limits)
    error = error_of(outcome)
    assert (outcome.calls[0].state, error.kind) == ("unfinished", "timeout")
    assert "still waiting" not in error.message


def test_memory_beyond_the_limit_ends_the_run() -> None:
    error = error_of(run("'x' * 10**10"))
    assert error.kind == "memory"


def test_the_call_limit_ends_the_run_and_can_t_be_caught() -> None:
    code = "try:\n    while True:\n        crm.get_client('CL-10024')\nexcept Exception:\n    pass\n'outlived'"
    outcome = run(code, limits=Limits(calls=3))
    assert error_of(outcome).kind == "call_limit"
    assert [call.state for call in outcome.calls] == ["finished"] * 3


def test_an_answer_that_breaks_its_schema_is_noted_by_default() -> None:
    outcome = run("len(crm.find_clients('x'))", handlers={"CRM.FindClients": _bad_clients})
    assert outcome.value == 2
    assert outcome.notes == (
        "the answer of crm to crm.find_clients was passed on but breaks its declaration: "
        "$[1].adviser expected string, got integer",
    )


def test_an_answer_that_breaks_its_schema_is_an_error_where_policy_is_strict() -> None:
    outcome = run("crm.find_clients('x')", handlers={"CRM.FindClients": _bad_clients}, policy=Policy(results="strict"))
    error = error_of(outcome)
    assert error.kind == "result_shape"
    assert "$[1].adviser expected string, got integer" in error.message
    assert "CL-2" not in outcome.text()


def test_an_app_that_throws_is_an_app_error_with_its_text() -> None:
    error = error_of(run("crm.get_client('CL-99999')"))
    assert error.kind == "app_error"
    assert error.message.startswith("crm.get_client: crm says: ")
    assert "CL-99999" in error.message
    assert error.state == "1 failed"


def test_an_app_error_can_be_caught_and_the_run_goes_on() -> None:
    outcome = run(
        "try:\n    crm.get_client('CL-99999')\nexcept AppError:\n    pass\ncrm.get_client('CL-10024').adviser"
    )
    assert outcome.value == "Jonas Weber"
    assert [call.state for call in outcome.calls] == ["failed", "finished"]


def test_an_app_that_is_gone_is_unavailable() -> None:
    def gone(arguments: dict[str, JsonValue]) -> JsonValue:
        raise UnavailableError("the app left before it answered")

    error = error_of(run("crm.get_client('CL-10024')", handlers={"CRM.GetClient": gone}))
    assert error.kind == "app_unavailable"
    assert "left before it answered" in error.message


def test_a_write_that_ran_is_not_to_be_repeated() -> None:
    error = error_of(run("crm.add_note('CL-10024', 'x')\n1 / 0"))
    assert (error.kind, error.line) == ("snippet_error", 2)
    assert error.state == "1 call finished (1 write: crm.add_note): do not repeat crm.add_note"


def test_a_denied_capability_can_t_be_seen_named_or_called() -> None:
    policy = Policy(deny=("crm.*",))

    async def act(code_mode: CodeMode) -> tuple[str, str, Outcome]:
        return (
            code_mode.list_python_definitions("client", limit=200),
            code_mode.get_python_definitions(["crm.get_client"]),
            await code_mode.execute_python_code("crm.get_client('CL-10024')"),
        )

    listed, definitions, outcome = with_desk(act, policy=policy)
    assert "crm." not in listed
    assert definitions.startswith("# crm.get_client is unknown")
    assert error_of(outcome).kind == "unknown_name"


def test_what_can_t_be_sent_is_refused_by_name_and_path() -> None:
    error = error_of(run("{'rows': [1, (i for i in range(3))]}"))
    assert error.kind == "snippet_error"
    assert "$.rows[1]" in error.message


@pytest.mark.parametrize(
    ("code", "kind"),
    [("", None), ("x" * 70_000, "syntax"), ("(" * 200, "syntax"), ("a = 1\0", "syntax"), ("```\n1\n```", None)],
)
def test_odd_source_is_answered_not_raised(code: str, kind: str | None) -> None:
    outcome = run(code)
    assert (outcome.error.kind if outcome.error else None) == kind


def test_a_large_value_leaves_as_a_preview() -> None:
    outcome = run("crm.list_clients(limit=500).items")
    assert outcome.ok
    assert outcome.value is None
    assert outcome.truncated is not None
    assert "first 3 of 500" in outcome.truncated.hint
    assert len(outcome.text()) < 2_500


def test_a_defect_of_a_transport_is_told_as_a_fault_of_the_host(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        async def describe(self) -> dict[str, JsonValue]:
            return {}

        async def call(self, *arguments: object, **named: object) -> JsonValue:
            raise ZeroDivisionError("a secret of the host")

        async def close(self) -> None:
            return None

    async def act() -> Outcome:
        async with CodeMode.open(PACKAGE, transport=Broken(), spares=0) as code_mode:
            return await code_mode.execute_python_code("crm.get_client('CL-10024')")

    outcome = asyncio.run(act())
    assert error_of(outcome).kind == "internal"
    assert "secret" not in outcome.text()
    assert "a secret of the host" in caplog.text


def _client(**changes: JsonValue) -> dict[str, JsonValue]:
    return {
        "id": "CL-1",
        "name": "A B",
        "email": "a@example.com",
        "adviser": "C D",
        "segment": "private",
        "status": "active",
        "aum": 1.0,
        "currency": "EUR",
        "onboarded": "2020-01-01",
        **changes,
    }


_bad_clients: Callable[[dict[str, JsonValue]], JsonValue] = lambda arguments: [  # noqa: E731
    _client(),
    _client(id="CL-2", adviser=7),
]


def test_half_a_character_is_shown_as_an_escape_or_refused_and_never_becomes_another() -> None:
    printed = run(r"print('a\ud800b')")
    raised = run(r"raise ValueError('a\ud800b')")
    given = run(r"['whole', 'a\ud800b']")
    assert printed.value == "a\\ud800b\n"
    assert error_of(given).message == r"the value cannot be sent: $[1]: half of a character, \ud800, can't be sent"
    assert error_of(given).hint == "use text.encode('utf-8', 'replace').decode()"
    for outcome in (printed, raised, given):
        outcome.text().encode("utf-8")
        json.dumps(outcome.to_json(), ensure_ascii=False).encode("utf-8")


def test_half_a_character_reaches_no_app_and_a_whole_one_does() -> None:
    sent: list[JsonValue] = []

    def add_note(arguments: dict[str, JsonValue]) -> JsonValue:
        sent.append(arguments["text"])
        raise UnavailableError("not now")

    half = run(r"crm.add_note('CL-10024', 'a\ud83d')", handlers={"CRM.AddNote": add_note})
    whole = run("crm.add_note('CL-10024', 'a\U0001f600')", handlers={"CRM.AddNote": add_note})
    assert (error_of(half).kind, error_of(whole).kind) == ("argument", "app_unavailable")
    assert sent == ["a\U0001f600"]


@pytest.mark.parametrize("kind", ["type_error", "memory", "internal", "nonsense"])
def test_a_snippet_can_t_choose_the_kind_of_its_error(kind: str) -> None:
    code = f"crm.add_note('CL-10024', 'x')\nclass T(AppError):\n    kind = {kind!r}\nraise T('boom')"
    error = error_of(run(code))
    assert error.kind == "snippet_error"
    assert error.state == "1 call finished (1 write: crm.add_note): do not repeat crm.add_note"


def test_a_call_that_was_never_sent_is_refused_and_may_be_repeated() -> None:
    def absent(arguments: dict[str, JsonValue]) -> JsonValue:
        raise UnavailableError("No running app offers it", was_sent=False)

    outcome = run("crm.add_note('CL-10024', 'x')", handlers={"CRM.AddNote": absent})
    error = error_of(outcome)
    assert (error.kind, error.state, error.hint) == ("app_unavailable", "no calls were made", None)
    assert [call.state for call in outcome.calls] == ["refused"]


def test_an_app_that_may_have_acted_is_not_to_be_asked_again() -> None:
    def left(arguments: dict[str, JsonValue]) -> JsonValue:
        raise UnavailableError("the app left")

    error = error_of(run("crm.add_note('CL-10024', 'x')", handlers={"CRM.AddNote": left}))
    assert error.state == "1 unfinished: do not repeat crm.add_note"
    assert error.hint == "whether the call took effect is not known: read before you repeat it"


def test_a_handler_that_is_cancelled_by_itself_is_an_app_error() -> None:
    async def gives_up(arguments: dict[str, JsonValue]) -> JsonValue:
        raise asyncio.CancelledError

    error = error_of(run("crm.get_client('CL-10024')", handlers={"CRM.GetClient": gives_up}))
    assert error.kind in ("app_error", "app_unavailable")


@pytest.mark.parametrize("at_least", [1, 2])
def test_closing_ends_the_runs_under_way_with_an_outcome(at_least: int) -> None:
    async def act() -> list[Outcome]:
        async with CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), spares=2) as code_mode:
            runs = [asyncio.create_task(code_mode.execute_python_code("while True: pass")) for _ in range(2)]
            while len(code_mode.worker_processes) < at_least:
                await asyncio.sleep(0)
        return await asyncio.gather(*runs)

    for outcome in asyncio.run(act()):
        error = error_of(outcome)
        assert (error.kind, error.message) == ("worker_lost", "the session was closed while the snippet was running")


def test_arguments_of_too_many_parts_end_the_run_before_the_host_looks_at_them() -> None:
    error = error_of(run("market_data.get_quotes(['A'] * 60_000)"))
    assert error.kind == "output_limit"
    assert error.message.startswith("the arguments of market_data.get_quotes have more than 50,000 parts")


def test_an_answer_of_undeclared_shape_reads_by_attribute_too() -> None:
    outcome = run("[order.symbol for order in orders.list_(max=2).orders] + [len(desk_home.get_desk_calendar())]")
    assert outcome.ok, outcome.text()


def test_a_table_that_was_printed_is_shown_as_it_was_printed() -> None:
    assert run("print('a | b')\nprint('1 | 2')").text().startswith("a | b\n1 | 2\n0 calls")


def test_more_runs_than_may_have_a_worker_wait_for_their_turn() -> None:
    async def act() -> tuple[list[Outcome], int]:
        most = 0
        transport = EmbeddedTransport({})
        async with CodeMode.open(PACKAGE, transport=transport, spares=0, runs_at_once=2) as code_mode:
            runs = [asyncio.create_task(code_mode.execute_python_code("1 + 1")) for _ in range(6)]
            while not all(task.done() for task in runs):
                most = max(most, len(code_mode.worker_processes))
                await asyncio.sleep(0.001)
            return [task.result() for task in runs], most

    outcomes, most = asyncio.run(act())
    assert [outcome.value for outcome in outcomes] == [2] * 6
    assert most <= 4  # two at work, two that are ending


@pytest.mark.parametrize(
    "code", ["note = crm.add_note('CL-10024', 'x')", "crm.add_note('CL-10024', 'x')\ncrm.list_clients(limit=500)"]
)
def test_a_run_that_has_changed_something_and_shows_no_value_says_what_not_to_repeat(code: str) -> None:
    """A model that wants the value sends the snippet again, and with it the change."""
    outcome = run(code)
    assert outcome.ok
    assert outcome.notes[-1].endswith("): do not repeat crm.add_note")
    assert outcome.notes[-1] in outcome.text()
    assert "again" not in outcome.text().partition("hint:")[2]


def test_a_run_that_has_only_read_or_gives_its_value_is_said_nothing_of() -> None:
    assert run("crm.add_note('CL-10024', 'x').text").notes == ()
    assert run("crm.add_note('CL-10024', 'x')\nNone").notes == ()
    assert run("crm.get_client('CL-10024')\nNone").notes == (
        "the value is None: end the snippet with what you want to see",
    )
    assert run("client = crm.get_client('CL-10024')").notes == (
        "the snippet ran and gave no value: end it with an expression such as `result` or `main()`, or with `return`",
    )


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ("crm.get_client(*given)", "missing 1 required positional argument: 'id'"),
        ("get_client(*given, **{'name': 'x'})", "got an unexpected keyword argument 'name'"),
        ("crm.get_client(1, *[2, *given])", "takes 1 positional argument but 2 were given"),
        ("crm.get_client('CL-1', **dict(id=1))", "got multiple values for argument 'id'"),
        ("list(map(crm.get_client, [1], [2]))", "takes 1 positional argument but 2 were given"),
    ],
)
def test_arguments_that_no_parameter_takes_are_told_as_others_are(call: str, reason: str) -> None:
    error = error_of(run(f"given = []\n{call}"))
    assert (error.kind, error.state) == ("argument", "no calls were made")
    assert error.message == f"crm.get_client() {reason}"
    assert error.signature == "crm.get_client(id: str) -> Client"
    assert error.hint == "nothing was sent to the app; correct the argument"


def test_arguments_that_a_function_of_the_snippet_does_not_take_are_the_snippet_s_error() -> None:
    for code in ("def get_client(id): pass\nget_client(*[])", "def f(id): pass\nf(*[])"):
        error = error_of(run(code))
        assert (error.kind, error.signature) == ("snippet_error", None)


@pytest.mark.parametrize("caught", ["ArgumentError", "TypeError", "(AppError, ArgumentError)"])
def test_an_argument_error_and_arguments_that_no_parameter_takes_are_caught_alike(caught: str) -> None:
    code = (
        "told = []\nfor given in ({}, {'id': [5][0]}, {'id': 'CL-1', 'name': 'x'}):\n    try:\n"
        f"        crm.get_client(**given)\n    except {caught} as error:\n        told.append(type(error).__name__)\ntold"
    )
    assert run(code).value == ["ArgumentError"] * 3
    side_by_side = "parallel(get_client, ['CL-10024', 5], return_exceptions=True)[1]"
    assert run(f"type({side_by_side}).__name__").value == "ArgumentError"


def test_a_type_error_of_a_snippet_s_own_function_is_no_argument_error() -> None:
    code = "def f(id): pass\ndef g():\n    try:\n        f()\n    except ArgumentError:\n        return 1\n    except TypeError:\n        return 2\ng()"
    assert run(code).value == 2


def test_an_argument_that_is_no_json_is_told_with_the_signature() -> None:
    error = error_of(run("crm.list_clients(adviser=[...][0])"))
    assert (error.kind, error.state) == ("argument", "no calls were made")
    assert error.signature is not None
    assert error.signature.startswith("crm.list_clients(offset: int = 0")
