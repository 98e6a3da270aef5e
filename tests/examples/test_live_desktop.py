"""The example of an agent over a live desktop, run as its README says."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import pytest

from checkout import environment
from ioconnect_codemode.values import JsonValue
from live.processes import what_is_missing

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "live_desktop"
KEY = "a-key-that-only-the-model-gets"


@pytest.fixture(scope="module")
def desk_url() -> Iterator[str]:
    """What `desk.py` prints."""
    if missing := what_is_missing():
        pytest.skip(missing)
    command = [sys.executable, str(EXAMPLE / "desk.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as desk:
        assert desk.stdin is not None and desk.stdout is not None
        yield desk.stdout.readline().strip()
        desk.stdin.close()
        assert desk.wait(20) == 0


class Api(ThreadingHTTPServer):
    """A server of chat completions that gives prepared messages, one a request.

    Attributes:
        asked: The bodies of the requests.
        keys: Their authorization headers.
    """

    def __init__(self, messages: list[JsonValue]) -> None:
        super().__init__(("127.0.0.1", 0), Completions)
        self.messages = messages
        self.asked: list[dict[str, JsonValue]] = []
        self.keys: list[str] = []


class Completions(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = cast("Api", self.server)
        server.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        server.keys.append(f"{self.path} {self.headers['authorization']}")
        message = server.messages[len(server.asked) - 1]
        answer = json.dumps({"choices": [{"message": message}]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def api(*messages: JsonValue) -> Generator[Api]:
    with Api(list(messages)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def tool_call(name: str, arguments: str) -> JsonValue:
    function: JsonValue = {"name": name, "arguments": arguments}
    call: JsonValue = {"id": name, "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def ask(url: str, question: str, **environ: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in environment().items() if not name.startswith("CODEMODE_MODEL_")}
    command = [sys.executable, str(EXAMPLE / "agent.py"), url, question]
    return subprocess.run(command, env={**own, **environ}, capture_output=True, text=True, check=False, timeout=90)


def test_script_finds_the_adviser(desk_url: str) -> None:
    done = ask(desk_url, "Who is the adviser of Amelia Reid?")
    assert done.stdout == '"Jonas Weber"\n', done.stderr


def test_a_desktop_that_is_not_there_is_told_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"ws://127.0.0.1:{closed.getsockname()[1]}"

    done = ask(url, "Who is the adviser of Amelia Reid?")

    assert (done.returncode, done.stdout) == (1, "")
    assert f"No io.Connect gateway could be reached at {url}" in done.stderr
    assert done.stderr.endswith("agent: codemode serve has ended; above it says why\n")
    assert "Traceback" not in done.stderr


def test_model_behind_an_api_gets_the_tools_and_their_answers(desk_url: str) -> None:
    code = json.dumps({"code": 'crm.get_client("CL-10317").client.adviser'})
    steps = [tool_call("execute_python_code", "{not json"), tool_call("execute_python_code", code)]
    with api(*steps, {"role": "assistant", "content": "It is Jonas Weber."}) as server:
        done = ask(
            desk_url,
            "Who advises CL-10317?",
            CODEMODE_MODEL_URL=f"http://127.0.0.1:{server.server_port}/v1",
            CODEMODE_MODEL_KEY=KEY,
            CODEMODE_MODEL_NAME="test-model",
        )

    assert done.stdout == "It is Jonas Weber.\n", done.stderr
    assert server.keys == [f"/v1/chat/completions Bearer {KEY}"] * 3
    messages = server.asked[-1]["messages"]
    assert isinstance(messages, list)
    told = [one["content"] for one in messages if isinstance(one, dict) and one["role"] == "tool"]
    assert told[0] == "the arguments are not JSON"
    assert str(told[1]).startswith('"Jonas Weber"\n1 call')
    assert KEY not in json.dumps(server.asked)
    assert server.asked[0]["model"] == "test-model"


def test_what_the_policy_leaves_out_is_not_there(desk_url: str) -> None:
    code = json.dumps({"code": "crm.test_exit()"})
    with api(tool_call("execute_python_code", code), {"role": "assistant", "content": "done"}) as server:
        ask(desk_url, "?", CODEMODE_MODEL_URL=f"http://127.0.0.1:{server.server_port}", CODEMODE_MODEL_KEY=KEY)

    assert "unknown_name" in json.dumps(server.asked[-1])
