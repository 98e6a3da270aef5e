"""A worker's whole conversation, held to `frames.schema.json`: spoken here by a host of a few lines."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from typing import cast

import jsonschema_rs

import ioconnect_schemas
from ioconnect_codemode.frames import FrameReader, decode_json, encode_trusted
from ioconnect_codemode.limits import Limits
from ioconnect_codemode.lookup import stubs_message
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.process import worker_command
from ioconnect_codemode.rules import Policy
from ioconnect_codemode.run import run_message
from ioconnect_codemode.run_log import Opening
from journeys.desk import PACKAGE

MANIFEST = Manifest.read(PACKAGE)
CLIENT = {"id": "CL-1", "name": "A B", "adviser": "C D"}


def conversation(code: str, *, answer: Mapping[str, object], only_review: bool = False) -> list[dict[str, object]]:
    """Let a worker run a snippet; every call gets the same answer. Gives all messages in order."""
    said: list[dict[str, object]] = []
    worker = subprocess.Popen(worker_command(Limits()), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={})
    assert worker.stdin is not None
    assert worker.stdout is not None
    reader = FrameReader(1_000_000)

    def say(message: dict[str, object]) -> None:
        said.append(message)
        assert worker.stdin is not None
        worker.stdin.write(encode_trusted(message))
        worker.stdin.flush()

    with worker:
        while data := os.read(worker.stdout.fileno(), 65_536):
            for body in reader.feed(data):
                message = decode_json(body)
                said.append(json.loads(body))
                if message["type"] == "ready":
                    opening = Opening(
                        source=code, inputs={"wanted": "A B"}, started_ns=0, seed=1, only_review=only_review
                    )
                    say(run_message(opening, Policy()))
                elif message["type"] == "need":
                    say(stubs_message(MANIFEST, message["names"]))
                elif message["type"] == "call":
                    replies = [{"id": call["id"], **answer} for call in message["calls"]]
                    say({"type": "reply", "elapsed_us": 1, "replies": replies})
                elif message["type"] == "wait":
                    say({"type": "reply", "elapsed_us": 2, "replies": [], "woken": message["id"]})
                else:
                    worker.stdin.close()  # the run is over: the host says when the process may end
    assert worker.returncode == 0
    return said


def problems(said: list[dict[str, object]]) -> list[str]:
    """Give what the schema finds in messages; code objects count as the text that they are in the browser."""
    schema = jsonschema_rs.Draft202012Validator(json.loads(ioconnect_schemas.read("frames.schema.json")))
    found: list[str] = []
    for message in said:
        if message["type"] == "stubs":
            modules = cast("dict[str, object]", message["modules"])
            message = {**message, "modules": dict.fromkeys(modules, "code")}
        found += [f"{message['type']}: {error.message}" for error in schema.iter_errors(message)]
    return found


def test_a_run_with_a_call_speaks_as_the_schema_says() -> None:
    said = conversation("print('x')\ncrm.find_clients(wanted)[0].adviser", answer={"ok": True, "value": [CLIENT]})
    assert [message["type"] for message in said] == ["ready", "run", "need", "stubs", "call", "reply", "done"]
    assert said[4]["calls"] == [{"id": 1, "name": "crm.find_clients", "arguments": {"name": "A B", "limit": 50}}]
    assert (said[6]["value"], said[6]["printed"]) == ("C D", "x\n")
    assert problems(said) == []


def test_a_call_that_fails_and_a_snippet_that_is_refused_speak_as_the_schema_says() -> None:
    failed = conversation("crm.get_client('x')", answer={"ok": False, "kind": "app_error", "message": "no such client"})
    refused = conversation("import os\ncrm.get_cleint('x')", answer={})
    assert [message["type"] for message in failed][-1] == "failed"
    assert [message["type"] for message in refused] == ["ready", "run", "need", "stubs", "failed"]
    assert problems([*failed, *refused]) == []


def test_a_snippet_that_sleeps_is_woken_as_the_schema_says() -> None:
    said = conversation("import time\ntime.sleep(3600)\n1", answer={})
    assert [message["type"] for message in said] == ["ready", "run", "wait", "reply", "done"]
    assert said[2] == {"type": "wait", "id": 1, "for_us": 3600 * 10**6}
    assert problems(said) == []


def test_a_review_calls_nothing() -> None:
    said = conversation("crm.get_client('x')", answer={}, only_review=True)
    assert [message["type"] for message in said] == ["ready", "run", "need", "stubs", "done"]
    assert problems(said) == []


def test_the_schema_refuses_what_no_side_says() -> None:
    assert problems([{"type": "call", "calls": [{"id": "1", "name": "crm.get_client", "arguments": {}}]}])
    assert problems([{"type": "shell", "command": "ls"}])
