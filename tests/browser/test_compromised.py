"""A worker that snippets have taken over, with all of JavaScript: the run ends in words, the page lives on, and so does the next run.

It stands where `worker.js` does, in the frame, and does what the snippet says as a module of JavaScript.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from chromium.driver import Profile, Tab
from chromium.engine_site import SOURCES
from chromium.site import PAGE, Site
from ioconnect_codegen.web.build import Order, made_files
from journeys.desk import PACKAGE

pytestmark = pytest.mark.browser

TAKEN_OVER = """
async function serveTakenOver(start, port) {
  start.modules.catch(() => {});
  const say = (message) => port.postMessage(typeof message === "string" ? message : JSON.stringify(message));
  if (start.makes) port.postMessage({ snapshot: new ArrayBuffer(8) });
  say({ type: "ready", protocol: 1, python: "", layers: await layers() });
  port.postMessage({ started: true });
  port.onmessage = async ({ data }) => {
    const message = JSON.parse(data);
    if (message.type === "warm") say("");
    if (message.type !== "run") return;
    const done = (value) => ({ type: "done", value, has_value: true, printed: "", printed_is_cut: false });
    const call = (id, args, name = "crm.find_clients") => ({ type: "call", calls: [{ id, name, arguments: args }] });
    const url = `data:text/javascript;charset=utf-8,${encodeURIComponent(message.code)}`;
    (await import(url)).default({ say, port, done, call });
  };
}
"""
BROKEN = ("worker_lost", "the worker broke the protocol and was ended")
ENDED = ("worker_lost", "the worker ended before the snippet did")
LATE = ("timeout", "the snippet ran for more than 2 s, not counting the wait for apps")
ATTACKS: dict[str, tuple[str, tuple[str, str]]] = {
    "a flood of ends": ("for (;;) say({ type: 'done' });", BROKEN),
    "a flood of texts that are nothing": ("for (let n = 0; n < 1e5; n += 1) say('x');", BROKEN),
    "a flood of rehearsals' ends": ("for (let n = 0; n < 1e5; n += 1) say('');", BROKEN),
    "a flood of starts": ("for (let n = 0; n < 1e5; n += 1) port.postMessage({ started: true });", ENDED),
    "a flood of snapshots": ("for (let n = 0; n < 1e3; n += 1) port.postMessage({ snapshot: new ArrayBuffer(1e5) });", ENDED),
    "nothing": ("port.postMessage(null);", ENDED),
    "a number": ("port.postMessage(7);", ENDED),
    "a port": ("port.postMessage({}, [new MessageChannel().port1]);", ENDED),
    "an end with a reason that is no text": ("port.postMessage({ ended: 'x', failed: { toString: 1, valueOf: 1 } });", ENDED),
    "an end that is no text": ("port.postMessage({ ended: { toString: 1, valueOf: 1 } });", ENDED),
    "20 MB at once": ("say('x'.repeat(2e7));", BROKEN),
    "a long string of brackets": ("say('['.repeat(1e6));", BROKEN),
    "a deep value": ("say(`{\"type\": \"done\", \"value\": ${'['.repeat(1e5)}${']'.repeat(1e5)}}`);", BROKEN),
    "deep numbers that are read anew": ("say(`{\"type\": \"done\", \"value\": ${'['.repeat(1e5)}1.0${']'.repeat(1e5)}}`);", BROKEN),
    "half a character": ("say(done('\\ud800'));", BROKEN),
    "half a character as a name": ("say(call(1, { '\\ud800': 1 }));", BROKEN),
    "a number beyond a float": ("say('{\"type\": \"wait\", \"id\": 1e999, \"for_us\": 1}');", BROKEN),
    "an end of its own": ("self.close();", LATE),
    "a port that it closes": ("port.close();", LATE),
    "a loop": ("for (;;);", LATE),
    "an error that nobody catches": ("setTimeout(() => { throw new Error('x'); });", ENDED),
    "a flood to the frame": ("const text = 'x'.repeat(1e5); for (;;) self.postMessage(text);", LATE),
    "workers of its own": (
        "for (let n = 0; n < 8; n += 1) new Worker('data:text/javascript,for(;;);'); for (;;);",
        LATE,
    ),
}  # fmt: skip
RUN = """async (code) => {
  const { value, error } = await window.codeMode.execute(`export default ({ say, port, done, call }) => { ${code} };`);
  return [value, error?.kind ?? null, error?.message ?? null];
}"""


@pytest.fixture(scope="module")
def site(assets_folder: Path) -> Iterator[Site]:
    """Give a built folder whose worker was taken over."""
    order = Order(assets=assets_folder, packages=[PACKAGE], with_playground=False)
    files = {"/": PAGE, **{f"/{path}": data for path, data in made_files(order, progress=lambda _: None).items()}}
    shipped = (SOURCES / "worker.js").read_text(encoding="utf-8")
    begun = shipped.replace("serve(start, port).catch", "serveTakenOver(start, port).catch")
    assert begun != shipped
    worker = (begun + TAKEN_OVER).encode()
    [path] = [name for name in files if re.fullmatch(r"/assets/worker\.\w+\.js", name)]
    [listed] = [name for name in files if re.fullmatch(r"/js-\w+/assets\.json", name)]
    manifest = json.loads(files[listed])
    manifest["files"]["worker.js"] |= {"sha256": hashlib.sha256(worker).hexdigest(), "bytes": len(worker)}
    made = Site({**files, path: worker, listed: json.dumps(manifest).encode()})
    yield made
    made.close()


@pytest.fixture(scope="module")
def tab(profile: Profile, site: Site) -> Iterator[Tab]:
    made = profile.open(site.url)
    made.evaluate(
        """async () => {
          const { createCodeMode } = await import("/codemode.js");
          window.sent = [];
          const invoke = (name, args) => (window.sent.push([name, args]), window.answer?.() ?? []);
          window.codeMode = await createCodeMode({ package: "/packages/wealth_desk/", policy: { limits: { timeout_s: 2, total_s: 20 } }, invoke });
        }"""
    )
    yield made
    made.close()


def run(tab: Tab, code: str) -> tuple[Any, str | None, str | None]:
    return cast("tuple[Any, str | None, str | None]", tuple(cast("list[Any]", tab.evaluate(RUN, code))))


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_run_ends_the_page_lives_on_and_the_next_run_works(tab: Tab, attack: str) -> None:
    code, told = ATTACKS[attack]
    tab.errors.clear()
    assert run(tab, code) == (None, *told)
    assert run(tab, "say(done(42));") == (42, None, None)
    assert (tab.errors, tab.evaluate("() => window.sent.splice(0)")) == ([], [])


def test_what_it_says_behind_its_end_reaches_no_app(tab: Tab) -> None:
    assert run(tab, "say(done(1)); say(call(1, { name: 'x' })); say(done(2));") == (1, None, None)
    assert run(tab, "say(done(42));") == (42, None, None)
    assert tab.evaluate("() => window.sent.splice(0)") == []


def test_names_of_every_object_are_names_like_any_other_and_change_nothing_in_the_page(tab: Tab) -> None:
    code = """
      say('{"type": "call", "calls": [{"id": 1, "name": "crm.find_clients", "arguments": {"name": "x", "__proto__": {"polluted": 1}}}]}');
      say('{"type": "call", "__proto__": {"polluted": 1}, "calls": [{"id": 2, "name": "__proto__", "arguments": {"constructor": 1}}]}');
      let count = 0;
      port.onmessage = ({ data }) => { count += JSON.parse(data).replies.length; if (count === 2) say(JSON.stringify(done(0)).replace("0", '{"__proto__": {"polluted": 1}}')); };
    """
    found = cast(
        "list[Any]",
        tab.evaluate(
            """async (code) => {
              const outcome = await window.codeMode.execute(`export default ({ say, port, done, call }) => { ${code} };`);
              return [JSON.stringify(outcome.value), outcome.calls.map(({ state }) => state), {}.polluted ?? null, Object.keys(Object.prototype).length];
            }""",
            code,
        ),
    )
    assert found == ['{"__proto__":{"polluted":1}}', ["refused", "refused"], None, 0]
    assert tab.evaluate("() => window.sent.splice(0)") == []


def test_an_answer_with_such_names_reaches_the_worker_as_it_is(tab: Tab) -> None:
    tab.evaluate(
        """() => { window.answer = () => JSON.parse('[{"id": "1", "name": "A", "__proto__": {"polluted": 1}}]'); }"""
    )
    code = """
      say(call(1, { name: "x" }));
      port.onmessage = ({ data }) => say(done(data.includes('"__proto__":{"polluted":1}')));
    """
    value, kind, _ = run(tab, code)
    tab.evaluate("() => { window.answer = undefined; }")
    assert (value, kind, tab.evaluate("() => ({}).polluted ?? null")) == (True, None, None)
