"""A page that takes the workers' frame away, navigates it, or is put aside itself: runs end in words, and the next one works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from chromium.driver import Profile, Tab, why_missing
from chromium.hidden import HidingChromium
from chromium.site import PAGE, Site
from ioconnect_codegen.web.build import Order, made_files
from journeys.desk import PACKAGE

pytestmark = pytest.mark.browser

OPEN = """async (options) => {
  const { createCodeMode } = await import("/codemode.js");
  window.started = new Promise((go) => (window.start = go));
  window.codeMode = await createCodeMode({ package: "/packages/wealth_desk/", policy: {}, invoke: () => (window.start(), new Promise(() => {})), ...options });
}"""
WAYS = {
    "it is removed": "document.querySelector('iframe').remove()",
    "the body is rendered again": "document.body.innerHTML = ''",
    "the body is replaced": "document.body.replaceWith(document.createElement('body'))",
    "everything is taken out": "document.documentElement.replaceChildren()",
    "it is moved": "document.body.append(document.createElement('div')); document.querySelector('div').append(document.querySelector('iframe'))",
    "it is navigated": "document.querySelector('iframe').src = '/'",
    "it gets another document": "document.querySelector('iframe').srcdoc = '<p>'",
}
LOST = ["worker_lost", "the worker ended before the snippet did", "1 unfinished"]


@pytest.fixture(scope="module")
def site(assets_folder: Path) -> Iterator[Site]:
    order = Order(assets=assets_folder, packages=[PACKAGE], with_playground=False)
    made = Site({"/": PAGE, **{f"/{path}": data for path, data in made_files(order, progress=lambda _: None).items()}})
    yield made
    made.close()


@pytest.fixture
def tab(profile: Profile, site: Site) -> Iterator[Tab]:
    made = profile.open(site.url)
    yield made
    assert made.errors == []
    made.close()


def opened(tab: Tab, **limits: float) -> None:
    tab.evaluate(OPEN, {"limits": {"timeout_s": 60, "total_s": 120, "call_timeout_s": 60, **limits}})


@pytest.mark.parametrize("way", WAYS)
def test_a_run_ends_and_those_that_wait_and_come_go_on_in_another_frame(tab: Tab, way: str) -> None:
    opened(tab)
    found = tab.evaluate(
        f"""async () => {{
          const run = async (code) => {{
            const {{ value, error }} = await window.codeMode.execute(code);
            return error === null ? value : [error.kind, error.message, error.state];
          }};
          const underWay = run("crm.get_client('CL-1')");
          await window.started;
          const waiting = [run("1 + 1"), run("2 + 2")];
          {WAYS[way]};
          const next = await run("3 + 3");
          const frames = document.querySelectorAll("iframe").length;
          const all = [await underWay, await Promise.all(waiting), next, frames];
          window.codeMode.dispose();
          return [...all, document.querySelectorAll("iframe").length];
        }}"""
    )
    assert found == [LOST, [2, 4], 6, 1, 0]


def test_a_frame_that_was_taken_out_is_noticed_though_nobody_asks_for_it(tab: Tab) -> None:
    opened(tab)
    found = tab.evaluate(
        """async () => {
          const running = window.codeMode.execute("crm.get_client('CL-1')");
          await window.started;
          document.querySelector("iframe").remove();
          const { error } = await running;
          return [error.kind, error.message, error.state];
        }"""
    )
    assert found == LOST


@pytest.mark.parametrize(
    ("act", "how"),
    [("frame.remove()", "was taken out of the page"), ("document.head.append(frame)", "was loaded again")],
)
def test_a_frame_that_is_disturbed_while_it_opens_is_told_and_another_try_works(tab: Tab, act: str, how: str) -> None:
    opened(tab)
    message = tab.evaluate(
        f"""async () => {{
          window.codeMode.dispose();
          const {{ createCodeMode }} = await import("/codemode.js");
          const seen = new MutationObserver(([{{ addedNodes: [frame] }}]) => {{
            seen.disconnect();
            frame.addEventListener("load", () => {act}, {{ once: true }});
          }});
          seen.observe(document.body, {{ childList: true }});
          const {{ fetch: own }} = window;
          window.fetch = (url, how) => (String(url).includes("frame.") ? new Promise((go) => setTimeout(go, 1500)).then(() => own(url, how)) : own(url, how));
          const told = await createCodeMode({{ package: "/packages/wealth_desk/", policy: {{}}, invoke: () => null }}).catch((error) => error);
          window.fetch = own;
          return [told.name, told.code, told.message, document.querySelectorAll("iframe").length];
        }}"""
    )
    name, code, text, frames = cast("tuple[str, str, str, int]", message)
    assert (name, code, frames) == ("EngineError", "frame_blocked", 0)
    assert f"{how} while it opened; leave it where it is in the page" in text
    opened(tab)
    assert tab.evaluate("async () => (await window.codeMode.execute('1 + 1')).value") == 2


@pytest.mark.skipif(why_missing() is not None, reason=str(why_missing()))
def test_a_page_that_is_put_aside_and_comes_back_ends_its_runs_in_words_and_runs_on(site: Site) -> None:
    """Frozen by the browser, and left by a link and come back to: its workers are there again, and its clocks have gone on."""
    with HidingChromium() as chromium:
        chromium.open(site.url)
        chromium.evaluate(f"({OPEN})({{ limits: {{ timeout_s: 20, total_s: 1, call_timeout_s: 60 }} }})")
        chromium.evaluate(
            """(() => {
              window.told = [];
              for (const [type, on] of [["freeze", document], ["resume", document], ["pagehide", window], ["pageshow", window]]) {
                on.addEventListener(type, ({ persisted }) => window.told.push(persisted === undefined ? type : `${type} ${persisted}`));
              }
              const text = ({ value, error }) => error?.message ?? value;
              window.run = (code) => window.codeMode.execute(code).then(text);
            })()"""
        )
        for put_aside in (chromium.freeze, lambda: chromium.leave_and_come_back(f"{site.url}codemode.js")):
            chromium.evaluate(
                "void (window.underWay = [run('while True: pass'), run('crm.get_client(`1`)'.replaceAll('`', '\\x22'))])"
            )
            put_aside()
            found = chromium.evaluate("Promise.all([...window.underWay, window.run('1 + 1')])")
            loop, call, next_run = cast("list[Any]", found)
            assert loop == "the run took more than 1 s, the wait for apps included"
            assert re.fullmatch(
                r"the run took more than 1 s; still waiting for crm\.get_client for (less than )?\d+ s", call
            )
            assert next_run == 2
        told = chromium.evaluate("window.told")
        assert told[:2] == ["freeze", "resume"]
        assert {"pagehide true", "pageshow true"} <= set(told)
