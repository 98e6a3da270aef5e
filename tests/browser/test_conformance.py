"""Snippets mean in the browser what they mean on the desktop: results, printed text, error kinds, lines and texts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from boundaries.attacks import ATTACKS
from chromium.driver import Profile
from chromium.raw import RawWorker, with_raw_worker
from chromium.site import Site
from ioconnect_codemode import worker
from ioconnect_codemode.frames import HEADER_BYTES
from ioconnect_codemode.pipe import Exchange

TESTS = Path(__file__).parents[1]
SNIPPETS = sorted((TESTS / "snippets").glob("*/*.py"))
LIMITS = {"printed_characters": 4_000, "memory_bytes": 512 * 1024 * 1024, "frame_bytes": 1_000_000}

FAILING = [
    "x = 1 +",
    "def f(:\n    pass",
    "print('a'\nx",
    "for i in range(3)\n    pass",
    "if x = 1: pass",
    "'abc",
    "1 = x",
    "if True:\nx = 1",
    "import os",
    "open('x')",
    "eval('1')",
    "int('x')",
    "[1][5]",
    "{}['a']",
    "'a' + 1",
    "len(5)",
    "x",
    "def f(a): pass\nf(1, b=2)",
    "def f(x, y): pass\nf(1, 2, 3)",
    "'x'.foo()",
    "class A: pass\nA().x",
    "sorted([1, 'a'])",
    "raise ValueError",
    "assert 1 == 2, 'no'",
    "import json\njson.loads('{')",
    "import datetime\ndatetime.datetime.strptime('x', '%Y')",
    "import decimal\ndecimal.Decimal('x')",
    "int('9' * 5000)",
    "def f(n): return f(n + 1)\nf(0)",
    "def f(n): return 0 if n == 0 else 1 + f(n - 1)\nf(880)",
    "from enum import Enum\nclass A(Enum):\n    X = 1\nA(2)",
    "import zoneinfo\nsorted(zoneinfo.available_timezones())",
    "import zoneinfo\nzoneinfo.ZoneInfo('Europe/Atlantis')",
    "import random, uuid\n[random.sample(range(100), 5), str(uuid.uuid4())]",
]
"""Further snippets whose ends do not depend on the version of Python."""

RUN_ALL = """
import json, sys
from ioconnect_codemode import browser_worker
from ioconnect_codemode.pipe import Exchange

class Heard(Exchange):
    def __init__(self):
        self.frames = []
    def receive(self):
        return {"type": "stubs"}
    def send_frame(self, frame):
        self.frames.append(json.loads(frame[4:]))

def run(message):
    pipe = Heard()
    browser_worker.BrowserRun(pipe, message).perform()
    return pipe.frames

json.dumps([run(message) for message in json.loads(open("/corpus.json").read())])
"""


class Heard(Exchange):
    """A host that knows no names and notes what it is told."""

    def __init__(self) -> None:
        self.frames: list[dict[str, object]] = []

    def receive(self) -> dict[str, object]:
        return {"type": "stubs"}

    def send_frame(self, frame: bytes) -> None:
        self.frames.append(json.loads(frame[HEADER_BYTES:]))


def message_of(code: str) -> dict[str, object]:
    return {
        "type": "run",
        "code": code,
        "inputs": {},
        "limits": LIMITS,
        "started_ns": 1_790_000_000_000_000_000,
        "seed": 7,
    }


def desktop(code: str) -> list[dict[str, object]]:
    pipe = Heard()
    worker.Run(pipe, message_of(code)).perform()
    return told(pipe.frames)


def told(frames: list[dict[str, object]]) -> list[dict[str, object]]:
    """Give messages without what differs from run to run."""
    return [{key: part for key, part in frame.items() if key != "timings"} for frame in frames]


@pytest.fixture(scope="module")
def raw(profile: Profile, site: Site, assets: dict[str, bytes]) -> Iterator[RawWorker]:
    served = Site(with_raw_worker(site.files, assets))
    tab = profile.open(served.url)
    yield RawWorker(tab, is_isolated=True)
    tab.close()
    served.close()


@pytest.fixture(scope="module")
def in_browser(raw: RawWorker) -> dict[str, list[dict[str, object]]]:
    codes = [path.read_text(encoding="utf-8") for path in SNIPPETS] + FAILING
    raw.write({"/corpus.json": json.dumps([message_of(code) for code in codes])})
    answers = cast("list[list[dict[str, object]]]", json.loads(cast("str", raw.python(RUN_ALL))))
    return {code: told(frames) for code, frames in zip(codes, answers, strict=True)}


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_snippet_of_the_corpus_gives_what_it_gives_on_the_desktop(
    path: Path, in_browser: dict[str, list[dict[str, object]]]
) -> None:
    code = path.read_text(encoding="utf-8")
    assert in_browser[code] == desktop(code)


@pytest.mark.parametrize("code", FAILING)
def test_a_snippet_that_fails_has_the_kind_the_place_and_the_text_of_the_desktop(
    code: str, in_browser: dict[str, list[dict[str, object]]]
) -> None:
    assert in_browser[code] == desktop(code)


ATTACK_ALL = """
import json, sys, warnings
sys.path[:0] = ["/tests"]
warnings.simplefilter("ignore", RuntimeWarning)
from boundaries.attacks import ATTACKS, CONTROLS, WITHOUT_LANGUAGE, reached
json.dumps({family: [attack for attack in attacks if reached(attack)] for family, attacks in ATTACKS.items()})
"""


def attack_rooms() -> dict[str, str]:
    rooms = (TESTS / "boundaries").glob("*attacks.py")
    return {f"/tests/boundaries/{room.name}": room.read_text(encoding="utf-8") for room in rooms}


def test_no_attack_on_the_language_reaches_anything(raw: RawWorker) -> None:
    raw.write(attack_rooms())
    raw.python(WITH_LIBRARY)

    reached = json.loads(cast("str", raw.python(ATTACK_ALL)))

    assert reached.keys() == ATTACKS.keys()
    assert {family: attacks for family, attacks in reached.items() if attacks} == {}


PLAIN_ALL = """
import json, sys, warnings
sys.path[:0] = ["/tests"]
warnings.simplefilter("ignore")
from boundaries.attacks import WITHOUT_LANGUAGE
from snippets.conformance import run_plain

def value_of(source):
    try:
        return run_plain(source)[0] not in ("nothing", None, False)
    except ModuleNotFoundError as error:
        return str(error)

json.dumps({family: value_of(source) for family, source in WITHOUT_LANGUAGE.items()})
"""


def test_attacks_of_each_family_succeed_where_the_language_is_off(raw: RawWorker) -> None:
    plain = TESTS / "snippets" / "conformance.py"
    raw.write({**attack_rooms(), "/tests/snippets/conformance.py": plain.read_text(encoding="utf-8")})
    raw.python(WITH_LIBRARY)

    succeeds = json.loads(cast("str", raw.python(PLAIN_ALL)))

    assert succeeds == dict.fromkeys(ATTACKS, True)


WITH_LIBRARY = "import sys; sys.path[:] = ['/lib/python314.zip', '/lib/python3.14', '/lib/python3.14/site-packages']"
