"""Snippets mean in the browser what they mean on the desktop: results, printed text, error kinds, lines and texts."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from browser.chromium import Profile
from browser.raw import RawWorker, with_raw_worker
from browser.site import Site
from ioconnect_codemode import worker
from ioconnect_codemode.frames import HEADER_BYTES

TESTS = Path(__file__).parents[1]
SNIPPETS = sorted((TESTS / "snippets").glob("*/*.py"))
LIMITS = {"printed_characters": 4_000, "memory_bytes": 512 * 1024 * 1024, "frame_bytes": 1_000_000}

RUN_ALL = """
import json, sys
from ioconnect_codemode import browser_worker, worker

class Heard(worker.Pipe):
    def __init__(self):
        super().__init__(-1, -1)
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


class Heard(worker.Pipe):
    """A host that knows no names and notes what it is told."""

    def __init__(self) -> None:
        super().__init__(-1, -1)
        self.frames: list[dict[str, object]] = []

    def receive(self) -> dict[str, object]:
        return {"type": "stubs"}

    def send_frame(self, frame: bytes) -> None:
        self.frames.append(json.loads(frame[HEADER_BYTES:]))


def message_of(code: str) -> dict[str, object]:
    return {"type": "run", "code": code, "inputs": {}, "limits": LIMITS, "started_ns": 1_790_000_000_000_000_000, "seed": 7}


def desktop(code: str) -> list[dict[str, object]]:
    pipe = Heard()
    worker.Run(pipe, message_of(code)).perform()
    return told(pipe.frames)


def told(frames: list[dict[str, object]]) -> list[dict[str, object]]:
    """Give messages without what differs from run to run."""
    return [{key: part for key, part in frame.items() if key != "timings"} for frame in frames]


@pytest.fixture(scope="module")
def raw(profile: Profile, site: Site) -> Iterator[RawWorker]:
    served = Site(with_raw_worker(site.files))
    tab = profile.open(served.url)
    yield RawWorker(tab, is_isolated=True)
    tab.close()
    served.close()


@pytest.fixture(scope="module")
def in_browser(raw: RawWorker) -> dict[str, list[dict[str, object]]]:
    corpus = json.dumps([message_of(path.read_text(encoding="utf-8")) for path in SNIPPETS])
    raw.write({"/corpus.json": corpus})
    answers = cast("list[list[dict[str, object]]]", json.loads(cast("str", raw.python(RUN_ALL))))
    return {path.stem: told(frames) for path, frames in zip(SNIPPETS, answers, strict=True)}


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_snippet_of_the_corpus_gives_what_it_gives_on_the_desktop(
    path: Path, in_browser: dict[str, list[dict[str, object]]]
) -> None:
    assert in_browser[path.stem] == desktop(path.read_text(encoding="utf-8"))


ATTACK_ALL = """
import json, sys, warnings
sys.path[:0] = ["/tests"]
warnings.simplefilter("ignore", RuntimeWarning)
from boundaries.attacks import ATTACKS, CONTROLS, WITHOUT_LANGUAGE, reached
json.dumps({family: [attack for attack in attacks if reached(attack)] for family, attacks in ATTACKS.items()})
"""


def test_no_attack_on_the_language_reaches_anything(raw: RawWorker) -> None:
    raw.write({"/tests/boundaries/attacks.py": (TESTS / "boundaries" / "attacks.py").read_text(encoding="utf-8")})
    raw.python(WITH_LIBRARY)

    reached = json.loads(cast("str", raw.python(ATTACK_ALL)))

    assert len(reached) >= 40
    assert {family: attacks for family, attacks in reached.items() if attacks} == {}


def test_attacks_succeed_where_the_language_is_off(raw: RawWorker) -> None:
    raw.python(WITH_LIBRARY)
    assert raw.python("__import__('os').getpid()")


WITH_LIBRARY = "import sys; sys.path[:] = ['/lib/python314.zip', '/lib/python3.14', '/lib/python3.14/site-packages']"
