"""The engine in a page: it starts, says what is wrong where it can't, and lives on."""

from __future__ import annotations

import json
from collections.abc import Coroutine, Iterator, Mapping
from typing import cast

import pytest

from chromium.driver import Chromium, Profile, Tab
from chromium.engine_site import FILES, with_manifest
from chromium.site import STRICT, Site
from ioconnect_codemode import rehearsal

USE = "const { openEngine, refusal, runAlone, LIMITS } = await import('/t/host.js');"
ASSET_FOLDER = "/assets/"


@pytest.fixture(scope="module")
def tab(profile: Profile, site: Site) -> Iterator[Tab]:
    opened = profile.open(site.url)
    yield opened
    opened.close()


def in_page(tab: Tab, body: str, argument: object = None) -> object:
    """Run the body of an async function that has `argument`, and gives what it returns."""
    return tab.evaluate(f"async (argument) => {{ {USE} {body} }}", argument)


def refusal_on(
    profile: Profile, site: Site, changes: Mapping[str, bytes | None], body: str = "await openEngine();"
) -> dict[str, str]:
    """Give the error of an engine that is opened on a changed site, and see that the page lives on."""
    served = site.with_changes(changes)
    tab = profile.open(served.url)
    try:
        found = in_page(tab, f"return refusal(async () => {{ {body} }});")
        assert tab.evaluate("() => document.querySelector('iframe') === null && 1 + 1") == 2
        assert tab.errors == []
    finally:
        tab.close()
        served.close()
    assert found is not None
    return cast("dict[str, str]", found)


def manifest_of(site: Site) -> dict[str, object]:
    return cast("dict[str, object]", json.loads(site.files["/assets/assets.json"]))


def test_a_first_worker_runs_a_snippet_on_a_strict_page(profile: Profile, site: Site) -> None:
    served = site.with_changes({})
    served.headers["/"] = {"Content-Security-Policy": STRICT}
    tab = profile.open(served.url)
    found = in_page(
        tab,
        """const { engine } = await openEngine();
        return (await runAlone(await engine.take(), "print('hello')\\nsum(range(10))")).messages[0];""",
    )
    tab.close()
    served.close()
    message = cast("dict[str, object]", found)
    assert (message["type"], message["value"], message["printed"]) == ("done", 45, "hello\n")


def test_progress_goes_by_bytes_and_ends_with_ready(tab: Tab) -> None:
    found = in_page(
        tab,
        """const { engine, progress } = await openEngine({ without: ["snapshot"] });
        engine.dispose();
        return progress;""",
    )
    told = cast("list[dict[str, object]]", found)
    loaded = [cast("int", one["loadedBytes"]) for one in told]
    assert loaded == sorted(loaded)
    assert told[-1]["step"] == "ready"
    assert told[-1]["loadedBytes"] == told[-1]["totalBytes"]
    assert cast("int", told[-1]["totalBytes"]) > 13_000_000


def test_every_layer_holds_and_is_reported(tab: Tab) -> None:
    found = in_page(
        tab, "const { engine } = await openEngine(); const { layers } = engine; engine.dispose(); return layers;"
    )
    layers = cast("dict[str, object]", found)
    assert layers["jspi"] is True
    assert layers["snapshot"] is True
    assert layers["worker"] == {"opaque_origin": "on", "no_network": "on", "no_eval": "on", "memory": "on"}


def test_a_page_that_comes_again_starts_from_the_kept_snapshot_and_fetches_less(profile: Profile, site: Site) -> None:
    tab = profile.open(site.url)
    in_page(tab, "(await openEngine()).engine.dispose();")
    tab.reload()
    before = len(site.requests)
    found = in_page(
        tab, "const { engine } = await openEngine(); const { layers } = engine; engine.dispose(); return layers;"
    )
    tab.close()
    fetched = {request.rpartition("/")[2] for request in site.requests[before:]}
    assert cast("dict[str, object]", found)["snapshot"] is True
    assert "pyodide.asm.wasm" in fetched
    assert not fetched & {"library.zip"}


def test_a_snapshot_that_is_spoilt_costs_a_cold_start_and_is_made_anew(profile: Profile, site: Site) -> None:
    tab = profile.open(site.url)
    found = in_page(
        tab,
        """(await openEngine()).engine.dispose();
        const store = await caches.open("ioconnect-codemode");
        const isKept = async () => { while ((await store.keys()).length === 0) await new Promise((go) => setTimeout(go, 10)); };
        await isKept();
        for (const key of await store.keys()) {
          const kept = await store.match(key);
          const headers = Object.fromEntries(kept.headers);
          const memory = new Uint8Array(await kept.arrayBuffer()).fill(0, 0, 4096);
          await store.put(key, new Response(memory, { headers }));
        }
        const { engine } = await openEngine();
        const { messages } = await runAlone(await engine.take(), "1 + 1");
        engine.dispose();
        await isKept();
        const again = (await openEngine()).engine;
        const next = await runAlone(await again.take(), "2 + 2");
        again.dispose();
        return [messages[0].value, engine.layers.snapshot, next.messages[0].value];""",
    )
    tab.close()
    assert found == [2, True, 4]


def test_two_pages_of_an_origin_start_at_once_and_one_while_the_other_throws_away_what_is_kept(
    chromium: Chromium, site: Site
) -> None:
    profile = chromium.profile()
    one, other = profile.open(site.url), profile.open(site.url)
    start = f"""async () => {{ {USE}
      const {{ engine }} = await openEngine();
      const {{ messages }} = await runAlone(await engine.take(), "40 + 2");
      engine.dispose();
      return messages[0].value;
    }}"""
    one.post(f"() => {{ window.started = ({start})(); }}")
    assert other.evaluate(start) == 42
    assert one.evaluate("() => window.started") == 42
    one.post(
        """() => {
          window.isDeleting = true;
          (async () => { while (window.isDeleting) await caches.delete("ioconnect-codemode"); })();
        }"""
    )
    assert other.evaluate(start) == 42
    one.evaluate("() => { window.isDeleting = false; }")
    assert (one.errors, other.errors) == ([], [])
    profile.close()


def test_a_frame_that_the_page_took_out_is_opened_again_by_the_next_run(tab: Tab) -> None:
    found = in_page(
        tab,
        """const { engine } = await openEngine();
        document.body.replaceChildren();
        const runs = [engine.take(), engine.take()].map(async (taken) => (await runAlone(await taken, "40 + 2")).messages[0]?.value);
        const values = await Promise.all(runs);
        const frames = document.querySelectorAll("iframe").length;
        engine.dispose();
        return [values, frames];""",
    )
    assert found == [[42, 42], 1]


def test_a_frame_that_the_page_moved_is_opened_again_by_the_next_run(tab: Tab) -> None:
    found = in_page(
        tab,
        """const { engine } = await openEngine();
        await engine.take();
        const frame = document.querySelector("iframe");
        const again = new Promise((resolve) => frame.addEventListener("load", resolve));
        document.body.append(document.createElement("main"));
        document.querySelector("main").append(frame);
        await again;
        const { messages } = await runAlone(await engine.take(), "1 + 1");
        const frames = document.querySelectorAll("iframe").length;
        engine.dispose();
        document.querySelector("main").remove();
        return [messages[0].value, frames];""",
    )
    assert found == [2, 1]
    assert tab.errors == []


def test_workers_share_their_hashes_and_not_their_state(tab: Tab) -> None:
    found = in_page(
        tab,
        """const { engine } = await openEngine();
        const run = async (seed) => (await runAlone(await engine.take(), argument, { seed })).messages[0].value;
        const values = [await run(1), await run(1), await run(2)];
        engine.dispose();
        return values;""",
        "import random\nclass C: pass\nC.x = 1\n[hash('abc'), random.random(), list({'a', 'b', 'c', 'd'})]",
    )
    first, same, other = cast("list[list[object]]", found)
    assert first == same
    assert other[0] == first[0]
    assert other[1] != first[1]
    assert other[2] == first[2]


def test_a_worker_serves_one_run(tab: Tab) -> None:
    found = in_page(
        tab,
        """const { engine } = await openEngine();
        const worker = await engine.take();
        const told = new Promise((resolve) => { globalThis.ended = resolve; });
        const first = await runAlone(worker, "1");
        worker.onEnd = globalThis.ended;
        const reason = await told;
        worker.onMessage = () => { throw new Error("it spoke after its end"); };
        worker.send({ type: "run", code: "2", inputs: {}, limits: LIMITS });
        const other = await runAlone(await engine.take(), "3");
        engine.dispose();
        return [first.messages[0].value, reason, other.messages[0].value];""",
    )
    assert found == [1, "ended", 3]


def test_a_snippet_that_never_ends_is_ended_at_once_and_the_next_one_runs(tab: Tab) -> None:
    found = in_page(
        tab,
        """const { engine } = await openEngine();
        const values = [];
        for (const code of ["while True: pass", "10 ** (10 ** 8)", "'x' * 3 in [sum(range(10 ** 12))]"]) {
          const worker = await engine.take();
          worker.onMessage = worker.onEnd = () => {};
          worker.send({ type: "run", code, inputs: {}, limits: LIMITS });
          worker.onEnd = () => values.push("told after kill");
          worker.kill();
          values.push((await runAlone(await engine.take(), "40 + 2")).messages[0].value);
        }
        engine.dispose();
        return values;""",
    )
    assert found == [42, 42, 42]


@pytest.mark.parametrize(
    "code",
    [
        "x = [0] * 10 ** 8",
        "'x' * 10 ** 9",
        "x = []\nwhile True:\n    x.append('y' * 1000)",
        "try:\n    x = [0] * 10 ** 8\nexcept MemoryError:\n    'caught'",
    ],
)
def test_memory_is_capped_and_what_needs_more_is_told_so(tab: Tab, code: str) -> None:
    found = in_page(
        tab,
        """const { engine } = await openEngine({ memoryBytes: 96 * 1024 * 1024 });
        const told = await runAlone(await engine.take(), argument);
        const next = await runAlone(await engine.take(), "1");
        engine.dispose();
        return [told.messages.map(({ type, errors }) => [type, errors[0].kind]), next.messages[0].value];""",
        code,
    )
    assert found == [[["failed", "memory"]], 1]


def test_a_worker_that_crashes_is_told_and_the_next_one_runs(tab: Tab) -> None:
    found = in_page(
        tab,
        """const { engine } = await openEngine();
        const worker = await engine.take();
        const reason = await new Promise((resolve) => {
          worker.onEnd = resolve;
          worker.onMessage = () => {};
          worker.send({ type: "run" });
        });
        const next = await runAlone(await engine.take(), "1");
        engine.dispose();
        return [reason, next.messages[0].value];""",
    )
    assert found == ["crashed", 1]


@pytest.mark.parametrize("is_running", [True, False], ids=["while a snippet runs", "while nothing runs"])
def test_a_frame_whose_process_ends_is_noticed_and_another_one_takes_its_place(
    chromium: Chromium, profile: Profile, site: Site, is_running: bool
) -> None:
    """The driver takes the whole page for crashed: what the page has seen is asked of another one."""
    tab, other = profile.open(site.url), profile.open(site.url)
    in_page(
        tab,
        """const { engine } = await openEngine();
        const worker = await engine.take();
        worker.onMessage = () => {};
        if (argument) worker.send({ type: "run", code: "while True: pass", inputs: {}, limits: LIMITS });
        worker.onEnd = async (reason) => {
          const runs = [engine.take(), engine.take()].map(async (taken) => (await runAlone(await taken, "40 + 2")).messages[0].value);
          const told = [reason, ...(await Promise.all(runs)), document.querySelectorAll("iframe").length];
          engine.dispose();
          new BroadcastChannel("told").postMessage([...told, document.querySelectorAll("iframe").length]);
        };""",
        is_running,
    )
    in_page(
        other,
        "globalThis.told = new Promise((go) => { new BroadcastChannel('told').onmessage = ({ data }) => go(data); });",
    )
    (frame,) = tab.page.main_frame.child_frames
    session = chromium.do(tab.page.context.new_cdp_session(frame))
    chromium.post(cast("Coroutine[object, object, object]", session.send("Page.crash")))  # pyright: ignore[reportUnknownMemberType]  # as the system ends it where memory is short; nothing answers it
    found = in_page(other, "return globalThis.told;")
    tab.close()
    other.close()
    assert found == ["crashed", 42, 42, 1, 0]


def test_a_message_is_told_to_whoever_listens_later_too(tab: Tab) -> None:
    found = in_page(
        tab,
        """const { engine } = await openEngine();
        const worker = await engine.take();
        const types = await new Promise((resolve) => {
          const heard = [];
          worker.onEnd = () => resolve(heard);
          worker.send({ type: "run", code: "1", inputs: {}, limits: LIMITS });
          worker.onMessage = (text) => heard.push(JSON.parse(text).type);
        });
        engine.dispose();
        return types;""",
    )
    assert found == ["ready", "done"]


REHEARSING = """
const { EngineWorker } = await import("/js/engine_worker.js");
const { port1, port2 } = new MessageChannel();
const worker = new EngineWorker({ begin: () => ({ port: port1, goOn() {}, end() {} }) }, true);
const asked = [];
/** Answer each text with "", after an act, until so many have come. */
const answered = (count, act) =>
  new Promise((resolve) => {
    port2.onmessage = ({ data }) => {
      asked.push(JSON.parse(data).type);
      if (asked.length === count) act();
      port2.postMessage("");
      if (asked.length === count) resolve();
    };
  });
const heardNext = () => new Promise((resolve) => (worker.onMessage = resolve));
"""
"""The page's side of a worker at a port that the test holds the other end of."""


def test_rehearsals_follow_one_another_and_any_further_empty_text_is_a_message(tab: Tab) -> None:
    found = in_page(
        tab,
        REHEARSING
        + """const done = answered(3, () => {});
        await Promise.all([done, new Promise((then) => worker.rehearse(3, then))]);
        const heard = heardNext();
        port2.postMessage("");
        return [asked, await heard];""",
    )
    assert found == [["warm", "warm", "warm"], ""]


def test_a_worker_that_was_taken_rehearses_no_further_and_nobody_hears_of_it(tab: Tab) -> None:
    found = in_page(
        tab,
        REHEARSING
        + """const done = answered(2, () => (worker.isTaken = true));
        worker.rehearse(9, () => asked.push("over"));
        await done;
        const heard = heardNext();
        port2.postMessage("first");
        const first = await heard;
        await new Promise((resolve) => setTimeout(resolve, 10)); // a timer that is set later and for longer comes later
        const run = answered(3, () => {});
        worker.send({ type: "run" });
        await run;
        return [asked, first];""",
    )
    assert found == [["warm", "warm", "run"], "first"]


def test_a_worker_that_was_taken_is_told_no_lesson(tab: Tab) -> None:
    found = in_page(
        tab,
        REHEARSING
        + """worker.learn({ type: "learn" });
        worker.isTaken = true;
        worker.learn({ type: "learn" });
        const done = answered(2, () => {});
        worker.send({ type: "run" });
        await done;
        return asked;""",
    )
    assert found == ["learn", "run"]


def test_spares_come_to_know_what_they_were_taught_and_then_what_they_are_taught_in_its_place(tab: Tab) -> None:
    lesson = {**rehearsal.catalog(), "type": "learn", "modules": {"rehearsal": rehearsal.STUBS}}
    found = in_page(
        tab,
        """const { engine } = await openEngine();
        const heard = async (ahead) => (await runAlone(await engine.take(), "len([rehearsal.find])", { ahead })).messages;
        const found = [];
        for (const key of ["first", "second"]) {
          found.push((await heard(key))[0].type);
          engine.teach({ ...argument, key });
          let messages;
          for (let restMs = 500; (messages?.length ?? 2) > 1; restMs *= 2) {
            await new Promise((resolve) => setTimeout(resolve, restMs)); // a spare that is taken too soon has learnt nothing
            messages = await heard(key);
          }
          found.push(messages[0].value);
        }
        engine.dispose();
        return found;""",
        lesson,
    )
    assert found == ["need", 1, "need", 1]


def test_a_spare_that_rehearses_runs_a_snippet_as_any_other(tab: Tab) -> None:
    found = in_page(
        tab,
        """const { engine } = await openEngine();
        const worker = await engine.take();
        for (let time = 0; time < 40; time++) worker.send({ type: "warm" });
        const texts = [];
        worker.send({ type: "run", code: "[type(x).__name__ for x in (1, 'a')]", inputs: {}, limits: LIMITS });
        await new Promise((resolve) => {
          worker.onEnd = resolve;
          worker.onMessage = (text) => texts.push(text);
        });
        engine.dispose();
        const messages = texts.filter((text) => text !== "").map((text) => JSON.parse(text));
        return [texts.length - messages.length, messages.map(({ type }) => type), messages.at(-1).value];""",
    )
    assert found == [40, ["ready", "done"], ["int", "str"]]


def test_an_engine_that_was_disposed_of_says_so(tab: Tab) -> None:
    found = in_page(
        tab,
        """const { engine } = await openEngine();
        engine.dispose();
        engine.dispose();
        return [await refusal(() => engine.take()), document.querySelectorAll("iframe").length];""",
    )
    error, frames = cast("tuple[dict[str, str], int]", found)
    assert error["code"] == "disposed"
    assert frames == 0


def test_another_frame_that_the_pages_policy_refuses_does_not_end_a_start(profile: Profile, site: Site) -> None:
    served = site.with_changes({})
    served.headers["/"] = {"Content-Security-Policy": STRICT}
    tab = profile.open(served.url)
    found = in_page(
        tab,
        """const refused = new Promise((resolve) => document.addEventListener("securitypolicyviolation", resolve));
        const starting = openEngine();
        const other = document.createElement("iframe");
        other.src = "https://elsewhere.invalid/";
        document.body.append(other);
        const { effectiveDirective } = await refused;
        other.remove();
        const { engine } = await starting;
        return [effectiveDirective, (await runAlone(await engine.take(), "1")).messages[0].value];""",
    )
    tab.close()
    served.close()
    assert found == ["frame-src", 1]


@pytest.mark.parametrize(
    ("quota_bytes", "is_kept"), [(1, False), (1_000_000, False), (30_000_000, True)], ids=["none", "little", "one"]
)
def test_where_the_store_is_full_a_page_starts_cold_and_says_nothing(
    chromium: Chromium, site: Site, quota_bytes: int, is_kept: bool
) -> None:
    """The quota is the browser's own, its refusal a real one; with room for one snapshot another version's makes place."""
    profile = chromium.profile()
    tab = profile.open(site.url)
    told: list[str] = []
    tab.evaluate(
        "async () => (await caches.open('ioconnect-codemode')).put('/codemode-snapshot/old', new Response(new Uint8Array(2e7)))"
    )
    quota: dict[str, object] = {"origin": site.url[:-1], "quotaSize": quota_bytes}

    async def limit() -> None:
        tab.page.on("console", lambda message: told.append(message.text))
        session = await tab.page.context.new_cdp_session(tab.page)
        await session.send("Storage.overrideQuotaForOrigin", quota)  # pyright: ignore[reportUnknownMemberType]

    chromium.do(limit())
    found = in_page(
        tab,
        """const answers = [];
        for (const round of [1, 2]) {
          const { engine } = await openEngine();
          answers.push((await runAlone(await engine.take(), "40 + 2")).messages[0].value);
          engine.dispose();
        }
        const kept = await (await caches.open("ioconnect-codemode")).keys();
        return [answers, kept.filter(({ url }) => !url.endsWith("/old")).length];""",
    )
    assert (found, told, tab.errors) == ([[42, 42], int(is_kept)], [], [])
    profile.close()


@pytest.mark.parametrize("step", ["before", "at once", "assets", "python", "ready"])
def test_a_start_that_is_given_up_ends_with_the_signals_reason_and_leaves_nothing(tab: Tab, step: str) -> None:
    found = in_page(
        tab,
        """const { createEngine } = await import("/js/engine.js");
        const abort = new AbortController();
        const giveUp = () => abort.abort(new Error("the person went on"));
        if (argument === "before") giveUp();
        const starting = createEngine({
          assets: { baseUrl: "/assets/", manifest: await (await fetch("/assets/assets.json")).json() },
          limits: { memoryBytes: LIMITS.memory_bytes },
          onProgress: ({ step }) => step === argument && giveUp(),
          signal: abort.signal,
        });
        if (argument === "at once") giveUp();
        return [await refusal(() => starting), document.querySelectorAll("iframe").length];""",
        step,
    )
    error, frames = cast("tuple[dict[str, str], int]", found)
    assert error["message"] == "the person went on"
    assert frames == 0
    assert tab.errors == []


def test_opening_and_disposing_again_and_again_leaves_no_worker_frame_or_listener(profile: Profile, site: Site) -> None:
    profile.prepare(
        """window.listening = 0;
        for (const [name, by] of [["addEventListener", 1], ["removeEventListener", -1]]) {
          const { [name]: own } = EventTarget.prototype;
          EventTarget.prototype[name] = function (...given) {
            if (this === document || this === window) window.listening += by;
            return own.apply(this, given);
          };
        }"""
    )
    tab = profile.open(site.url)
    found = in_page(
        tab,
        """const before = window.listening;
        for (let round = 0; round < 4; round++) {
          const { engine } = await openEngine();
          await runAlone(await engine.take(), "1");
          engine.dispose();
        }
        return [window.listening - before, document.querySelectorAll("iframe").length, window.length];""",
    )
    assert found == [0, 0, 0]
    assert tab.errors == []
    tab.close()


def test_two_engines_of_a_page_do_not_meet(tab: Tab) -> None:
    found = in_page(
        tab,
        """const [{ engine: one }, { engine: other }] = [await openEngine(), await openEngine()];
        const worker = await other.take();
        one.dispose();
        const told = await runAlone(worker, "1");
        other.dispose();
        return told.messages[0].value;""",
    )
    assert found == 1


# -- what can't start ----------------------------------------------------------------------------------------------


def test_an_asset_whose_connection_breaks_off_is_named_as_missing(tab: Tab) -> None:
    found = in_page(
        tab,
        """const { fetch: own } = window;
        window.fetch = async (url, how) => {
          if (!String(url).includes("library")) return own(url, how);
          const parts = [new Uint8Array(10)];
          const pull = (to) => (parts.length > 0 ? to.enqueue(parts.pop()) : to.error(new TypeError("network error")));
          return new Response(new ReadableStream({ pull }));
        };
        const error = await refusal(() => openEngine({ without: ["snapshot"] }));
        window.fetch = own;
        return error;""",
    )
    error = cast("dict[str, str]", found)
    assert error["code"] == "missing_asset"
    assert "library.zip came only as far as 10 of its" in error["message"]


@pytest.mark.parametrize("name", FILES)
def test_a_missing_asset_is_named(profile: Profile, site: Site, name: str) -> None:
    error = refusal_on(profile, site, {ASSET_FOLDER + name: None}, "await openEngine({ without: ['snapshot'] });")
    assert (error["name"], error["code"]) == ("EngineError", "missing_asset")
    assert name in error["message"]
    assert "status 404" in error["message"]
    assert "codemode web build" in error["message"]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("change", ["same length", "longer", "shorter", "a page"])
def test_a_tampered_asset_is_named_and_never_used(profile: Profile, site: Site, name: str, change: str) -> None:
    data = site.files[ASSET_FOLDER + name]
    spoilt = {"same length": data[:-1] + bytes([data[-1] ^ 1]), "longer": data + b" ", "shorter": data[:-1]}
    changed = {**spoilt, "a page": b"<!doctype html><title>Sign in</title>"}[change]
    error = refusal_on(profile, site, {ASSET_FOLDER + name: changed}, "await openEngine({ without: ['snapshot'] });")
    assert error["code"] == "tampered_asset"
    assert name in error["message"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": 2}, "it is of version 2"),
        ({"files": {}}, "it does not name frame.html"),
        ({"pyodide": None}, "does not say which Pyodide"),
    ],
)
def test_a_wrong_manifest_is_told_by_its_first_fault(
    tab: Tab, site: Site, change: dict[str, object], told: str
) -> None:
    manifest = {**manifest_of(site), **change}
    found = in_page(tab, "return refusal(() => openEngine({ manifest: argument }));", manifest)
    error = cast("dict[str, str]", found)
    assert error["code"] == "wrong_manifest"
    assert told in error["message"]


def test_a_manifest_whose_files_have_no_digest_is_wrong(tab: Tab, site: Site) -> None:
    manifest = manifest_of(site)
    files = cast("dict[str, dict[str, object]]", manifest["files"])
    files["worker.js"]["sha256"] = "0"
    error = cast("dict[str, str]", in_page(tab, "return refusal(() => openEngine({ manifest: argument }));", manifest))
    assert error["code"] == "wrong_manifest"
    assert "no path, digest and size of worker.js" in error["message"]


def test_a_browser_without_webassembly_is_told_from_a_broken_one(profile: Profile, site: Site) -> None:
    error = refusal_on(profile, site, {}, "delete globalThis.WebAssembly; await openEngine();")
    assert error["code"] == "no_webassembly"
    assert "does not run WebAssembly" in error["message"]


def test_a_frame_that_may_not_be_framed_is_told_with_the_mend(profile: Profile, site: Site) -> None:
    served = site.with_changes({})
    served.headers["/"] = {"Content-Security-Policy": "default-src 'self'; frame-src 'none'"}
    tab = profile.open(served.url)
    error = cast("dict[str, str]", in_page(tab, "return refusal(() => openEngine());"))
    tab.close()
    served.close()
    assert error["code"] == "frame_blocked"
    assert "frame-src 'self'" in error["message"]


@pytest.mark.parametrize("policy", ["connect-src 'none';", "default-src 'none';"])
def test_a_frame_whose_policy_was_weakened_runs_nothing(profile: Profile, site: Site, policy: str) -> None:
    weak = site.files["/assets/frame.html"].replace(b"default-src 'none';", b"").replace(b"connect-src 'none';", b"")
    changed = with_manifest(
        {
            path: weak if path == "/assets/frame.html" else data
            for path, data in site.files.items()
            if path.startswith(ASSET_FOLDER) and path != "/assets/assets.json"
        }
    )
    error = refusal_on(profile, site, changed)
    assert error["code"] == "not_isolated"
    assert "no_network" in error["message"]
