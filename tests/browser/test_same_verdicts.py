"""Whole outcomes, field by field: what a page gives for a snippet is what the desktop gives, good, wrong and hostile."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import pytest

from chromium.driver import Profile
from chromium.page_code_mode import PagePlace
from chromium.site import PAGE, Site
from ioconnect_codegen.wealth_desk import make_handlers
from ioconnect_codegen.web.build import Order, made_files
from ioconnect_codemode import Limits, Outcome, Policy
from ioconnect_codemode.approval import ApprovalRules
from ioconnect_codemode.errors import DeniedError, UnavailableError
from ioconnect_codemode.transports.embedded import Handler
from ioconnect_codemode.values import JsonValue
from journeys.desk import PACKAGE, Desktop, Opening, Place

pytestmark = pytest.mark.browser

PATIENT: Final = Limits(timeout_s=30, total_s=60)
PLAIN: Final = Policy(limits=PATIENT)
STRICT: Final = Policy(
    limits=Limits(timeout_s=30, total_s=60, calls=4, value_characters=300, printed_characters=60, call_timeout_s=0.4),
    allow=("crm.*", "market_data.*", "portfolios.*"),
    deny=("*.delete_*", "crm.update_contact"),
    effects={"crm.get_client": "read", "crm.find_clients": "read", "crm.list_clients": "read", "crm.add_note": "write"},
    results="strict",
    results_by_name={"crm.list_*": "off"},
    approval=ApprovalRules(deny=("destructive",)),
    mask=("Client.email", "*.adviser"),
    facades=("json", "math"),
)


def odd(arguments: dict[str, JsonValue]) -> JsonValue:
    """Give what the client's id asks for."""
    wanted = str(arguments["id"])
    if wanted == "raise":
        raise ValueError("no\nsuch \x1b[31mclient\u2028 " + "x" * 700)
    if wanted == "left":
        raise UnavailableError("the app left")
    if wanted == "choose":
        raise UnavailableError("several", was_sent=False, is_running=False)
    if wanted == "denied":
        raise DeniedError("not for you")
    if wanted == "deep":
        deep: JsonValue = 1
        for _ in range(60):
            deep = [deep]
        return deep
    if wanted == "null":
        return None
    if wanted == "text":
        return "only text"
    return {"id": wanted, "name": "Zoë \U0001f642", "adviser": "Jonas Weber", "email": "z@example.com", "aum": 1.25}


ODD: Final[dict[str, Handler]] = {"CRM.GetClient": odd}

SNIPPETS: Final = [
    # the language
    "a, *b = range(4)\n{'a': a, 'b': b, 'c': (1, 2), 'd': {3}}",
    "match {'k': [1, 2]}:\n    case {'k': [x, *_]}:\n        r = x\nr",
    "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int = 1\n    y: str = 'a'\nP(2)",
    "import decimal, datetime, uuid\n[decimal.Decimal('1.10'), datetime.date(2026, 3, 1), uuid.UUID(int=5)]",
    "import statistics as s\n[s.mean([1, 2, 4]), round(s.stdev([1, 2, 4]), 6), s.median([3, 1])]",
    "f'{1234567.891:,.2f} {0.1 + 0.2!r:>25} {255:#x} {\"é\":*^5}'",
    "str([1e16, 1e-5, 123456789012345678, -0.0, 0.1 + 0.2, 1.0, 2 ** 63, float('1e308')])",
    "float('nan')",
    "{'x': float('inf')}",
    "{1: 'a', True: 'b', None: 'c', 2.5: 'd'}",
    "{(1, 2): 3}",
    "b'bytes'",
    "lambda: 1",
    "(x for x in range(3))",
    "print('a', 'b', sep='|', end='!')\nprint()\nprint({'x': 1.0})",
    "print('z' * 5000)\n'v'",
    "for i in range(3):\n    print(i)",
    "'\\u202e\\x00\\x1b[2J\\ud800'",
    "return [n for n in range(5) if n % 2]",
    "if __name__ == '__main__':\n    7",
    "text = '''\n```python\n1\n```\n'''\nlen(text)",
    "Here is the code:\n```python\n1 + 1\n```\nIt adds.",
    "async def f(n):\n    await asyncio.sleep(0)\n    return n\nimport asyncio\nawait asyncio.gather(*(f(n) for n in range(3)))",
    "with_ = 1\nnonlocal_ = 2\n_ = 3\nwith_ + nonlocal_ + _",
    "import re\nre.sub(r'(\\w+)@(\\w+)', r'\\2 at \\1', 'me@home')",
    "import json\njson.dumps({'b': 1, 'a': [1.0, None, True]}, sort_keys=True, indent=1)",
    "from zoneinfo import ZoneInfo\nfrom datetime import datetime\ndatetime(2026, 7, 1, 9, tzinfo=ZoneInfo('Europe/Zurich')).isoformat()",
    "import random\nrandom.seed(4)\n[random.randint(1, 100) for _ in range(4)]",
    # wrong before the run
    "import socket, sys\nfrom os import path",
    "x.__class__.__subclasses__()",
    "eval('1')\nexec('2')\n__import__('os')",
    "def f(:\n  pass",
    "  x = 1\n y = 2",
    "while True\n    pass",
    "print 'a'",
    "crm.find_clients()\ncrm.find_clients(5)\ncrm.find_clients('a', limt=3)\ncrm.find_client('a')\ncrx.a()\nimport os",
    "crm.add_note('CL-1', 'x', category='nonsense')",
    "orders.place(portfolioId='p', symbol='A', side='hold', quantity='many')",
    "client = crm.get_client('CL-10024')\nclient.adviserName + client['nme']",
    "crm.get_client('CL-10024').aum.upper()",
    "for c in crm.list_clients():\n    c.name",
    "intents.show_client_card({'type': 'Client', 'data': {}})",
    "unknown_name + other_name",
    "'漢字' + crm.get_client(7).name",
    # wrong in the run
    "1 / 0",
    "def f(n):\n    return g(n)\ndef g(n):\n    return {}['k' + str(n)]\nf(1)",
    "raise ValueError('a' * 900)",
    "class Mine(Exception):\n    pass\nraise Mine('x', 2)",
    "def f(): return f()\nf()",
    "assert crm.get_client('CL-10024').adviser == 'Nobody', 'wrong adviser'",
    "import json\nvalue = json.loads('5')\ncrm.get_client(value)",
    "limit = sum([0])\ncrm.find_clients('a', limit=limit)",
    'import json\ncrm.add_note(**json.loads(\'{"clientId": "CL-10024", "text": 5, "extra": 1}\'))',
    "crm.find_clients('x', limit=2 ** 60)",
    "getattr(crm.get_client('CL-10024'), 'advisr')",
    "try:\n    crm.get_client('CL-0')\nexcept AppError as e:\n    a = [type(e).__name__, str(e)]\na",
    # calls
    "[n.text for n in crm.list_notes('CL-10024')][:1]",
    "c = crm.get_client('CL-10024')\n{**c, 'aum': round(c.aum)}['name']",
    "crm.add_note('CL-10024', text='a').id\ncrm.add_note('CL-10024', text='b')\nraise RuntimeError('after two writes')",
    "portfolios.get_for_client('CL-10024').portfolios[0].id",
    "market_data.ticks('ELBA', take=2, timeout_s=5)",
    "market_data.ticks('ELBA', take=0)",
    "crm.get_client('CL-10024', target='crm').name",
    "crm.get_client('CL-10024', target='all')",
    "crm.get_client('CL-10024', wait_for_s=9999)",
    "orders.list_(max=2).orders[0].symbol",
    "[c.name for c in parallel(lambda i: crm.get_client(i), ['CL-10024', 'CL-10025'])]",
    "import asyncio\nasync with asyncio.TaskGroup() as g:\n    a = g.create_task(crm.get_client('CL-10024'))\n    b = g.create_task(crm.get_client('CL-10025'))\n[a.result().name, b.result().name]",
    "import asyncio\nasync with asyncio.TaskGroup() as g:\n    a = g.create_task(crm.get_client('CL-10024'))\n    b = g.create_task(crm.get_client('nobody'))",
    "[[c.id, c.name, c.email] for c in crm.list_clients(limit=500).items]",
    "{'many': [[i] * 20 for i in range(2000)]}",
    "'long ' * 9000",
    "platform.start_application('crm')",
]
OF_ODD_APPS: Final = [
    *(f"crm.get_client({wanted!r})" for wanted in ("raise", "left", "choose", "denied", "deep", "null", "text", "Z")),
    "try:\n    crm.get_client('raise')\nexcept AppError as error:\n    print(str(error)[:60])",
    "c = crm.get_client('Z')\n[c.phone, 'phone' in c, c.name]",
]
UNDER_POLICY: Final = [
    "crm.delete_note('CN-30001')",
    "crm.update_contact('CL-10024', email='x')",
    "orders.list_()",
    "import datetime",
    "import json, math\njson.dumps(math.pi)",
    "[crm.get_client('CL-10024').email, crm.get_client('CL-10024').adviser]",
    "c = crm.get_client('CL-10024')\nprint(c.email, c.adviser.upper(), c.email[::-1])\nc",
    "raise ValueError(crm.get_client('CL-10024').email)",
    "[crm.get_client('CL-10024').name for _ in range(6)]",
    "list(range(500))",
    "print('x' * 200)",
    "crm.add_note('CL-10024', crm.get_client('CL-10024').email)\n1 / 0",
    "crm.list_clients(limit=1).items[0].name",
]


@pytest.fixture(scope="module")
def page(profile: Profile, assets_folder: Path) -> Iterator[PagePlace]:
    """Give a page with a built folder."""
    made = made_files(Order(assets=assets_folder, with_playground=False), progress=lambda _: None)
    site = Site({f"/{path}": data for path, data in made.items()} | {"/page": PAGE})
    place = PagePlace(profile.open(f"{site.url}page"))
    yield place
    place.close()
    site.close()


def outcomes(place: Place, codes: list[str], policy: Policy, handlers: dict[str, Handler]) -> list[dict[str, Any]]:
    """Give what becomes of each snippet, on one desk, one after the other."""
    opening = Opening(
        handlers={**make_handlers(), **handlers}, policy=policy, limits=None, package=PACKAGE, on_approval=None
    )

    async def run() -> list[dict[str, Any]]:
        async with place.open(opening) as code_mode:
            return [told(await code_mode.execute_python_code(code)) for code in codes]

    return asyncio.run(run())


def told(outcome: Outcome) -> dict[str, Any]:
    """Give an outcome without what differs from run to run; the number of an answer's bytes counts its kind of number."""
    document = cast("dict[str, Any]", outcome.to_json())
    calls = [
        {key: part for key, part in call.items() if key not in ("elapsed_ms", "bytes")} for call in document["calls"]
    ]
    return {**document, "calls": calls, "elapsed_s": None, "text": outcome.text()}


@pytest.mark.parametrize(
    ("codes", "policy", "handlers"),
    [(SNIPPETS, PLAIN, {}), (OF_ODD_APPS, PLAIN, ODD), (OF_ODD_APPS, STRICT, ODD), (UNDER_POLICY, STRICT, {})],
    ids=["the desk", "odd apps", "odd apps, strictly", "a strict policy"],
)
def test_outcomes_are_the_same(page: PagePlace, codes: list[str], policy: Policy, handlers: dict[str, Handler]) -> None:
    desktop = outcomes(Desktop(), codes, policy, handlers)
    found = outcomes(page, codes, policy, handlers)
    differences = [
        (code, here, there) for code, here, there in zip(codes, found, desktop, strict=True) if here != there
    ]
    assert differences == []
