"""A dry run: what is read is read, what would change something is answered by a stand-in and listed."""

from __future__ import annotations

from ioconnect_codegen.wealth_desk import make_handlers
from ioconnect_codemode import CodeMode, Outcome, Policy
from ioconnect_codemode.approval import ApprovalRules
from ioconnect_codemode.transports.embedded import Handler
from ioconnect_codemode.values import JsonValue
from journeys.desk import with_desk


class Desk:
    """Handlers that count what reaches an app."""

    def __init__(self) -> None:
        self.called: list[str] = []

    def handlers(self) -> dict[str, Handler]:
        return {name: self._counting(name, handler) for name, handler in make_handlers().items()}

    def _counting(self, name: str, handler: Handler) -> Handler:
        def call(arguments: dict[str, JsonValue]) -> object:
            self.called.append(name)
            return handler(arguments)

        return call  # type: ignore[return-value]


def dry(code: str, *, desk: Desk, policy: Policy | None = None) -> Outcome:
    async def act(code_mode: CodeMode) -> Outcome:
        return await code_mode.execute_python_code(code, dry_run=True)

    return with_desk(act, handlers=desk.handlers(), policy=policy)


def test_reads_are_real_and_writes_are_listed_with_their_arguments() -> None:
    desk = Desk()
    outcome = dry(
        "client = crm.get_client('CL-10024')\nnote = crm.add_note(client.id, 'call', category='call')\n"
        "[client.name, note.category]",
        desk=desk,
    )
    assert outcome.ok, outcome.error
    assert desk.called == ["CRM.GetClient"]
    assert [(call.name, call.state, call.arguments) for call in outcome.calls] == [
        ("crm.get_client", "finished", None),
        ("crm.add_note", "not_called", {"clientId": "CL-10024", "text": "call", "category": "call"}),
    ]
    assert outcome.to_json()["calls"][1]["arguments"] == {  # type: ignore[index,call-overload]
        "clientId": "CL-10024",
        "text": "call",
        "category": "call",
    }
    assert (
        'dry run: crm.add_note(clientId="CL-10024", text="call", category="call") not called'
        in outcome.text().splitlines()
    )


def test_stand_ins_have_the_declared_type() -> None:
    code = (
        "from datetime import datetime\nnote = crm.add_note('CL-10024', 'x')\n"
        "[isinstance(note.id, str), datetime.fromisoformat(note.created).year > 0, note.category in ('call', 'other')]"
    )
    assert dry(code, desk=Desk()).value == [True, True, True]


def test_a_snippet_goes_on_with_stand_ins_as_with_answers() -> None:
    code = (
        "from datetime import datetime\nfrom decimal import Decimal\n"
        "order = orders.place_order('PF-1', 'ALPR', 'buy', 10, type='limit', limitPrice=5)\n"
        "filled = sum(fill.quantity for fill in order.fills)\n"
        "price = sum(fill.price * fill.quantity for fill in order.fills) / filled\n"
        "[price, datetime.fromisoformat(order.placed).year, str(Decimal(str(order.limitPrice)) / order.quantity)]"
    )
    assert dry(code, desk=Desk()).value == [1, 2000, "1"]


def test_arguments_are_checked_as_in_a_real_run() -> None:
    outcome = dry("text = ''\ncrm.add_note('CL-10024', text)", desk=Desk())
    assert outcome.error is not None
    assert (outcome.error.kind, outcome.calls[0].state) == ("argument", "refused")


def test_what_is_wrong_before_the_run_is_found_before_it() -> None:
    outcome = dry("crm.add_note(12, 'x')", desk=Desk())
    assert outcome.error is not None
    assert (outcome.error.kind, outcome.error.state) == ("type_error", "nothing was run")


def test_an_unknown_effect_is_not_called_and_the_outcome_says_so() -> None:
    desk = Desk()
    outcome = dry("crm.get_client('CL-10024')", desk=desk, policy=Policy(effects={"crm.get_client": "unknown"}))
    assert desk.called == []
    assert "crm.get_client: the effect is unknown and counts as a write" in outcome.notes
    assert outcome.calls[0].state == "not_called"


def test_nobody_is_asked_and_what_would_be_asked_is_not_called() -> None:
    desk = Desk()
    policy = Policy(
        effects={"crm.get_client": "read", "crm.add_note": "write"},
        approval=ApprovalRules(ask=("write", "crm.get_client")),
    )
    outcome = dry("crm.get_client('CL-10024')\ncrm.add_note('CL-10024', 'x')\n1", desk=desk, policy=policy)
    assert outcome.value == 1
    assert [call.state for call in outcome.calls] == ["not_called", "not_called"]
    assert desk.called == []


def test_a_dry_run_without_writes_says_so() -> None:
    outcome = dry("crm.get_client('CL-10024').id", desk=Desk())
    assert outcome.notes == ("dry run: no call that changes anything was left out",)


def test_a_failed_dry_run_does_not_warn_of_what_it_has_not_done() -> None:
    outcome = dry("crm.add_note('CL-10024', 'x')\n1 / 0", desk=Desk())
    assert outcome.error is not None
    assert outcome.error.state == "no calls were made"
    assert "dry run: crm.add_note" in outcome.text()


def test_arguments_are_bounded() -> None:
    outcome = dry("crm.add_note('CL-10024', 'x' * 4000)", desk=Desk())
    arguments = outcome.calls[0].arguments
    assert isinstance(arguments, dict)
    assert len(str(arguments)) < 500
    assert max(len(note) for note in outcome.notes) < 400


def test_the_same_dry_run_gives_the_same_stand_ins() -> None:
    code = "dict(crm.add_note('CL-10024', 'x'))"
    assert dry(code, desk=Desk()).value == dry(code, desk=Desk()).value


def test_a_dry_run_that_did_not_begin_says_nothing_of_calls() -> None:
    outcome = dry("crm.get_client(12)", desk=Desk())
    assert outcome.error is not None and outcome.error.kind == "type_error"
    assert outcome.notes == ()
