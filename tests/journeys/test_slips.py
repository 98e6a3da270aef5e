"""Ways of writing that cost other sandboxes a turn are accepted, and so is io.Connect's own prompt for Code Mode."""

from __future__ import annotations

import pytest

from ioconnect_codemode import CodeMode, Outcome
from journeys.desk import run, with_desk

ADVISER = "Jonas Weber"


@pytest.mark.parametrize(
    "code",
    [
        "crm.get_client('CL-10024').adviser",
        "crm.get_client(id='CL-10024')['adviser']",
        "(await crm.get_client('CL-10024')).get('adviser')",
        "import crm\ncrm.get_client('CL-10024').adviser",
        "import crm as c\nc.get_client('CL-10024').adviser",
        "from crm import get_client\nget_client('CL-10024').adviser",
        "```python\nget_client('CL-10024').adviser\n```",
        "import json\njson.loads(crm.get_client('CL-10024'))['adviser']",
        "import json\njson.loads(json.dumps(crm.get_client('CL-10024')))['adviser']",
        "print(crm.get_client('CL-10024').adviser, end='')",
    ],
)
def test_each_way_gives_the_answer(code: str) -> None:
    assert run(code).value == ADVISER


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("result = find_clients(name='Amelia Reid')\n{'adviser': result[0]['adviser']}", {"adviser": ADVISER}),
        (
            "page = list_clients(limit=500)\n"
            "found = [c for c in page['items'] if c['name'] == 'Amelia Reid']\n"
            "{'count': len(found), 'adviser': found[0]['adviser']}",
            {"count": 1, "adviser": ADVISER},
        ),
        (
            "client = get_client(id='CL-10024')\n"
            "if client.get('success', True):\n"
            "    answer = {'name': client['name'], 'kind': type(client).__name__}\n"
            "else:\n"
            "    answer = {'error': client.get('error', 'unknown')}\n"
            "answer",
            {"name": "Amelia Reid", "kind": "Client"},
        ),
    ],
)
def test_snippets_in_the_manner_of_io_connect_s_prompt_work_unchanged(code: str, value: object) -> None:
    """Flat function names in snake case, dicts for results, the last expression for the answer, no imports, no print."""
    assert run(code).value == value


def test_the_deeper_check_finds_what_the_pre_flight_check_does_not_follow() -> None:
    code = "people = {'a': crm.get_client('CL-10024')}\npeople['a'].advisor"

    async def review(code_mode: CodeMode) -> Outcome:
        return await code_mode.check_python_code(code)

    error = with_desk(review).error
    assert error is not None
    assert (error.kind, error.message, error.line, error.state) == (
        "unknown_name",
        "Client has no field advisor",
        2,
        "nothing was run",
    )
