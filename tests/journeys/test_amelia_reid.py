"""The story that the product is for: find the adviser of Amelia Reid, and send nothing but the answer."""

from __future__ import annotations

import json

import pytest

from ioconnect_codemode import CodeMode, Outcome
from journeys.desk import run, with_desk

ADVISER = "Jonas Weber"

ONE_RECORD = 'clients = crm.find_clients(name="Amelia Reid")\nclients[0].adviser'
BY_KEY = 'clients = crm.find_clients(name="Amelia Reid")\nclients[0]["adviser"]'
BY_A_LOOP = """
for client in crm.list_clients(limit=500).items:
    if client.name == "Amelia Reid":
        answer = client["adviser"]
answer
"""
IN_ONE_LINE = 'next(c.adviser for c in find_clients("amelia") if c.name == "Amelia Reid")'
WITH_AWAIT = 'clients = await crm.find_clients("Amelia Reid")\nreturn clients[0].get("adviser")'
WITH_IMPORT = 'from crm import find_clients\n\nfind_clients("Amelia Reid")[0].adviser'
IN_A_FENCE = f"```python\n{ONE_RECORD}\n```"


@pytest.mark.parametrize("code", [ONE_RECORD, BY_KEY, BY_A_LOOP, IN_ONE_LINE, WITH_AWAIT, WITH_IMPORT, IN_A_FENCE])
def test_every_way_a_model_writes_it_gives_the_adviser(code: str) -> None:
    assert run(code).value == ADVISER


def test_nothing_but_the_answer_is_in_the_outcome() -> None:
    outcome = run(BY_A_LOOP)
    document = outcome.to_json()
    assert document["value"] == ADVISER
    assert document["printed"] == ""
    assert document["notes"] == []
    assert [(call.name, call.effect, call.state) for call in outcome.calls] == [
        ("crm.list_clients", "read", "finished")
    ]
    assert outcome.calls[0].bytes > 50_000
    assert len(json.dumps(document)) < 400


def test_the_three_tools_lead_a_model_to_the_answer() -> None:
    async def act(code_mode: CodeMode) -> tuple[str, str, str]:
        return (
            await code_mode.call_tool("list_python_definitions", {"query": "find clients by name"}),
            await code_mode.call_tool("get_python_definitions", {"names": ["crm.find_clients"]}),
            await code_mode.call_tool("execute_python_code", {"code": ONE_RECORD}),
        )

    listed, definitions, answer = with_desk(act)
    assert listed.startswith("crm.find_clients(name: str, limit: int = 50) -> list[Client]")
    assert "adviser: str" in definitions
    assert answer.splitlines()[0] == f'"{ADVISER}"'


def test_a_note_is_really_added_and_the_next_run_reads_it() -> None:
    async def act(code_mode: CodeMode) -> tuple[Outcome, Outcome]:
        added = await code_mode.execute_python_code(
            'client = crm.find_clients("Amelia Reid")[0]\ncrm.add_note(client.id, "called about the fund").id'
        )
        read = await code_mode.execute_python_code(
            'client = crm.find_clients("Amelia Reid")[0]\n[note.text for note in crm.list_notes(client.id)]'
        )
        return added, read

    added, read = with_desk(act)
    assert added.ok
    assert [call.effect for call in added.calls] == ["read", "write"]
    assert isinstance(read.value, list)
    assert "called about the fund" in read.value


def test_inputs_reach_the_snippet_and_no_model() -> None:
    assert run("crm.find_clients(name=wanted)[0].adviser", inputs={"wanted": "Amelia Reid"}).value == ADVISER


def test_three_applications_are_joined_in_one_run() -> None:
    outcome = run(
        """
client = crm.find_clients(name="Amelia Reid")[0]
held = portfolios.get_for_client(client.id)
quotes = market_data.get_quotes(["CH0012032048"])
{"adviser": client.adviser, "portfolios": len(held.portfolios), "quotes": len(quotes)}
"""
    )
    assert outcome.ok, outcome.text()
    assert isinstance(outcome.value, dict)
    assert outcome.value["adviser"] == ADVISER


def test_state_is_fresh_in_every_run() -> None:
    async def act(code_mode: CodeMode) -> Outcome:
        await code_mode.execute_python_code("kept = 1")
        return await code_mode.execute_python_code("kept")

    outcome = with_desk(act)
    assert outcome.error is not None
    assert outcome.error.kind == "unknown_name"
