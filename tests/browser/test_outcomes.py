"""Snippets that call the desk: the desktop's host drives a worker in Chromium, and the outcome is the desktop's.

Once with a worker that waits by suspending Python, once with one that can't wait and goes through the run again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import cast

import pytest

from chromium.driver import Profile, Tab
from chromium.pool import ChromiumPool, open_session
from chromium.site import Site
from ioconnect_codegen.wealth_desk import make_handlers
from ioconnect_codemode import Limits, Manifest, Policy
from ioconnect_codemode.pool import Pool
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.typecheck import TypeCheck
from journeys.desk import PACKAGE

PATIENT = Limits(timeout_s=60, total_s=120)
POLICY = Policy(limits=PATIENT)
SNIPPETS = {
    "one record": 'clients = crm.find_clients(name="Amelia Reid")\nclients[0].adviser',
    "a loop": "for c in crm.list_clients(limit=500).items:\n    if c.name == 'Amelia Reid':\n        a = c['adviser']\na",
    "in one line": 'next(c.adviser for c in find_clients("amelia") if c.name == "Amelia Reid")',
    "with await": 'clients = await crm.find_clients("Amelia Reid")\nreturn clients[0].get("adviser")',
    "in a fence": "```python\nget_client('CL-10024').adviser\n```",
    "a sort key that calls": "sorted(['CL-10025', 'CL-10024'], key=lambda i: crm.get_client(i).name)",
    "a comprehension that calls": "[crm.get_client(i).name for i in ('CL-10024', 'CL-10025')]",
    "a generator that calls": "def g():\n    yield crm.get_client('CL-10024').name\nlist(g())",
    "side by side": (
        "import asyncio\na, b = await asyncio.gather(crm.get_client('CL-10024'), crm.get_client('CL-10025'))\n[a.name, b.name]"
    ),
    "parallel": "[c.name for c in parallel(crm.get_client, ['CL-10024', 'CL-10025', 'CL-10026'])]",
    "in parallel with failures": (
        "import asyncio\nr = await asyncio.gather(crm.get_client('CL-10024'), crm.get_client('nobody'), return_exceptions=True)\n"
        "[type(x).__name__ for x in r]"
    ),
    "a note": "crm.add_note('CL-10024', 'called')\nprint('done')",
    "a task that sleeps": "import asyncio\nasync def f():\n    await asyncio.sleep(0.01)\n    return 1\nawait f() + 1",
    "chance": "import random, uuid\n[0 <= random.random() < 1, len(str(uuid.uuid4()))]",
    "an app's error": "crm.get_client('nobody')",
    "an app's error caught": "try:\n    crm.get_client('nobody')\nexcept AppError as error:\n    x = str(error)\nx",
    "an argument against its schema": "crm.find_clients(name='a', limit=501)",
    "a misspelt field": "read = {'one': crm.get_client('CL-10024')}\nread['one'].advisor",
    "a misspelt key": "key = 'advisor'\ncrm.get_client('CL-10024')[key]",
    "a misspelt function": "crm.get_cleint('CL-10024')",
    "an unknown namespace": "crn.get_client('CL-10024')",
    "a missing argument": "crm.get_client()",
    "a wrong type before the run": "crm.add_note('CL-10024', 'x')\na = crm.get_client(id=12)",
    "everything at once": "import os\ncrm.get_client(id=12)\ncrm.get_cleint('x')\nnowhere",
    "a syntax error": "x = (1,\ny = 2 +",
    "an exception": "x = crm.get_client('CL-10024')\ndef f(n):\n    return 1 / n\nf(0)",
    "a value that is no JSON": "crm.get_client",
    "an optional argument that is None": "len(crm.find_clients('Amelia', limit=None))",
    "a dry call of nothing": "print('only text')",
    "a class": "class A:\n    def __init__(self, n): self.n = n\n[A(c.name).n for c in find_clients('Amelia')]",
    "json of a record": "import json\njson.loads(json.dumps(crm.get_client('CL-10024')))['adviser']",
    "text beyond ascii": "print('\\U0001f642 \\u00e9')\n'\\u4e2d'",
    "half a character": "'\\ud800'",
    "half a character that is printed": "print('a\\ud800b')",
    "half a character in an argument": "crm.add_note('CL-10024', 'a\\ud800b')",
    "a large number": "2 ** 200",
    "division of huge numbers": "(10 ** 20000 // 7 ** 9000) % 1000",
    "finally that calls": "try:\n    crm.get_client('nobody')\nfinally:\n    crm.add_note('CL-10024', 'after')",
    "a wrong type that only the run shows": "value = sum([6, 6])\ncrm.get_client(id=value)",
    "several wrong types": "import json\nv = json.loads('[[1], true]')\ncrm.find_clients(name=v[0], limit=v[1])",
    "a wrong type among others side by side": (
        "import asyncio\nv = sum([12])\nr = await asyncio.gather(crm.get_client(str('CL-10024')), crm.get_client(v),"
        " return_exceptions=True)\n[type(x).__name__ for x in r]"
    ),
    "a wrong type that is caught": (
        "v = sum([1])\ntry:\n    crm.get_client(v)\nexcept ArgumentError as error:\n    x = str(error)\nx"
    ),
}

Opened = Callable[[str], dict[str, object]]


@pytest.fixture(scope="module")
def tab(profile: Profile, site: Site) -> Iterator[Tab]:
    opened = profile.open(site.url)
    yield opened
    opened.close()


def outcome_of(pool: Callable[[Manifest], Pool], code: str, policy: Policy = POLICY) -> dict[str, object]:
    """Give the outcome of a snippet on a fresh desk, without times and the size of frames: those are texts here."""

    async def run() -> dict[str, object]:
        manifest = Manifest.read(PACKAGE)
        session = open_session(pool(manifest), manifest, policy, EmbeddedTransport(make_handlers()))
        session.type_check = TypeCheck(manifest, None)
        try:
            return session_free(cast("dict[str, object]", (await session.run(code, {"given": [1, 2.5]})).to_json()))
        finally:
            await session.close()

    return asyncio.run(run())


def session_free(outcome: dict[str, object]) -> dict[str, object]:
    calls = cast("list[dict[str, object]]", outcome["calls"])
    kept = {key: part for key, part in outcome.items() if key not in ("elapsed_s", "timings")}
    return {
        **kept,
        "calls": [{key: part for key, part in call.items() if key not in ("elapsed_ms", "bytes")} for call in calls],
    }


def on_desktop(code: str) -> dict[str, object]:
    return outcome_of(lambda _: Pool(PATIENT, spares=0), code)


def in_chromium(tab: Tab, code: str, *without: str) -> dict[str, object]:
    return outcome_of(lambda manifest: ChromiumPool(tab, manifest, PATIENT, without=without), code)


@pytest.mark.parametrize("name", SNIPPETS)
def test_the_outcome_is_that_of_the_desktop(tab: Tab, name: str) -> None:
    assert in_chromium(tab, SNIPPETS[name]) == on_desktop(SNIPPETS[name])


@pytest.mark.parametrize("name", [name for name in SNIPPETS if name != "chance"])
def test_a_run_that_is_gone_through_again_has_the_same_outcome(tab: Tab, name: str) -> None:
    assert in_chromium(tab, SNIPPETS[name], "jspi") == on_desktop(SNIPPETS[name])
