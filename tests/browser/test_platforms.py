"""Real platforms in Chromium: Glue42 Core, the open predecessor of io.Connect Browser, and an FDC3 2.2 desktop agent."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import pytest

from chromium.driver import Chromium, Profile, Tab
from chromium.site import Site
from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.web.build import Order, made_files

pytestmark = pytest.mark.browser

HERE: Final = Path(__file__).parent
MODULES: Final = HERE / "node_modules"
APPS: Final = HERE / "apps"
GLUE: Final = {
    "platform": "@glue42/web-platform/dist/platform.web.umd.min.js",
    "crm": "@glue42/web/dist/web.umd.min.js",
    "assistant": "@glue42/web/dist/web.umd.min.js",
}
POLICY: Final = {"limits": {"timeout_s": 60, "total_s": 120, "call_timeout_s": 5}}
OPEN = """async ({ environment, carrier, policy }) => {
  const { createCodeMode } = await import("/codemode.js");
  window.codeMode = await createCodeMode({ package: `/packages/${environment}/`, [carrier]: window[carrier === "io" ? "glue" : "agent"], policy });
}"""
RUN = "async (code) => { const outcome = await window.codeMode.execute(code); return { text: outcome.text(), json: outcome.toJSON() }; }"


@pytest.fixture(scope="module")
def platforms(assets_folder: Path) -> Iterator[Site]:
    """Give a site with a built folder and the apps of both platforms."""
    if not (MODULES / "@glue42" / "web-platform").exists():
        pytest.skip("the npm packages of tests/browser are not there: make live")
    made = made_files(Order(assets=assets_folder, with_playground=False), progress=lambda _: None)
    files = {f"/{path}": data for path, data in made.items()}
    for name, library in GLUE.items():
        files[f"/glue/{name}.js"] = (APPS / f"glue_{name}.js").read_bytes()
        files[f"/glue/library_{name}.js"] = (MODULES / library).read_bytes()
        files[f"/glue/{name}.html"] = page(name, f'<script src="library_{name}.js"></script>')
    for name in ("root", "crm", "assistant"):
        files[f"/fdc3/{name}.js"] = bundled(APPS / f"fdc3_{name}.js")
        files[f"/fdc3/{name}.html"] = page(name)
    site = Site(files)
    yield site
    site.close()


def page(name: str, scripts: str = "") -> bytes:
    head = f'<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>{name}</title>{scripts}'
    return f'{head}<body></body><script type="module" src="{name}.js"></script>'.encode()


def bundled(path: Path) -> bytes:
    """Give a module with the packages that it imports, as one file."""
    command = [str(MODULES / ".bin" / "esbuild"), str(path), "--bundle", "--format=esm", "--log-level=error"]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout


def package_files(document: dict[str, Any]) -> dict[str, bytes]:
    """Give the files of the package of an environment, as a site has them."""
    made = generate(read_environment({"schemaVersion": 1, **document}))
    return {f"/packages/{document['name']}/{path}": text.encode() for path, text in made.items()}


def ready(chromium: Chromium, tab: Tab) -> None:
    chromium.do(tab.page.wait_for_function("window.isReady"))


@pytest.fixture(scope="module")
def glue(chromium: Chromium, profile: Profile, platforms: Site) -> Iterator[dict[str, Tab]]:
    """Give the windows of a running Glue42 Core platform by their app, with Code Mode open in the assistant's."""
    tabs = {"platform": profile.open(f"{platforms.url}glue/platform.html")}
    ready(chromium, tabs["platform"])
    for opened in tabs["platform"].page.context.pages:
        for name in ("crm", "assistant"):
            if opened.url.startswith(f"{platforms.url}glue/{name}.html"):
                tabs[name] = Tab(chromium, opened)
                ready(chromium, tabs[name])
    described = cast("dict[str, Any]", tabs["assistant"].evaluate("() => window.describe()"))
    platforms.files.update(package_files({"name": "glue_desk", **described}))
    tabs["assistant"].evaluate(OPEN, {"environment": "glue_desk", "carrier": "io", "policy": POLICY})
    yield tabs
    tabs["assistant"].evaluate("() => window.codeMode.dispose()")
    for tab in tabs.values():
        tab.close()


def run(tab: Tab, code: str) -> dict[str, Any]:
    return cast("dict[str, Any]", tab.evaluate(RUN, code))


def test_amelia_reid_is_found_over_interop_and_shown_by_an_intent(glue: dict[str, Tab], chromium: Chromium) -> None:
    code = (
        "hit = next(c for c in clients.list_().clients if c.name == 'Amelia Reid')\n"
        "shown = intents.show_client({'clientId': hit.id})\n"
        "[hit.adviser, shown]"
    )
    found = run(glue["assistant"], code)
    assert found["json"]["value"] == ["Jonas Weber", {"shown": "CL-1234"}], found["text"]
    assert [call["state"] for call in found["json"]["calls"]] == ["finished", "finished"]
    assert chromium.do(glue["crm"].page.title()) == "crm: CL-1234"


def test_the_catalog_is_made_of_what_the_platform_describes(glue: dict[str, Tab]) -> None:
    text = glue["assistant"].evaluate("() => window.codeMode.get(['clients.get', 'intents.show_client'])")
    assert "def get(id: str) -> GetResult: ..." in str(text)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("clients.count()", 2000),
        ("clients.since('CL-1')", {"when": "1970-01-02T00:00:00Z"}),
        ("clients.get('CL-1234').client.adviser", "Jonas Weber"),
        (
            "[c.client.name for c in parallel(clients.get, ['CL-1', 'CL-2', 'CL-3'])]",
            ["Client 1", "Client 2", "Client 3"],
        ),
        ("[e['number'] for e in clients.watch(take=2, timeout_s=4)]", [1, 2]),
    ],
)
def test_answers_of_a_real_app_are_plain(glue: dict[str, Tab], code: str, value: object) -> None:
    found = run(glue["assistant"], code)
    assert found["json"]["value"] == value, found["text"]


def test_an_error_of_a_real_app_and_a_lying_signature_are_told(glue: dict[str, Tab]) -> None:
    failed = run(glue["assistant"], "clients.get('nobody')")["json"]["error"]
    assert (failed["kind"], "no client nobody" in failed["message"]) == ("app_error", True)
    lying = run(glue["assistant"], "clients.wrong()")["json"]
    assert lying["ok"] is True
    assert "breaks its declaration" in lying["notes"][0]


def test_a_method_that_its_app_has_taken_back_is_not_there(glue: dict[str, Tab], chromium: Chromium) -> None:
    glue["crm"].evaluate("() => window.glue.interop.unregister('Clients.Since')")
    gone = "() => window.glue.interop.methods({ name: 'Clients.Since' }).length === 0"
    chromium.do(glue["assistant"].page.wait_for_function(gone))
    error = run(glue["assistant"], "clients.since('CL-1')")["json"]["error"]
    assert error["kind"] == "app_unavailable"
    assert "No running app offers" in error["message"]


def test_an_fdc3_agent_carries_an_intent_and_its_result(chromium: Chromium, profile: Profile, platforms: Site) -> None:
    handler = {"applicationName": "crm", "type": "app", "contextTypes": ["fdc3.contact"], "resultType": "fdc3.contact"}
    intents = [{"name": "ViewContact", "handlers": [handler]}, {"name": "StartCall", "handlers": [handler]}]
    platforms.files.update(package_files({"name": "fdc3_desk", "methods": [], "intents": intents}))
    tab = profile.open(f"{platforms.url}fdc3/root.html")
    ready(chromium, tab)
    frames = {frame.name: frame for frame in tab.page.frames}
    assistant = frames["assistant"]
    chromium.do(assistant.evaluate(OPEN, {"environment": "fdc3_desk", "carrier": "fdc3", "policy": POLICY}))
    viewed = "intents.view_contact({'type': 'fdc3.contact', 'name': '%s', 'id': {}})"
    found = cast("dict[str, Any]", chromium.do(assistant.evaluate(RUN, f"{viewed % 'Amelia Reid'}.id['email']")))
    assert found["json"]["value"] == "amelia@example.com", found["text"]
    assert chromium.do(frames["crm"].title()) == "crm: Amelia Reid"
    # This agent says nothing where a handler throws: the call ends when its time is over.
    failed = cast("dict[str, Any]", chromium.do(assistant.evaluate(RUN, viewed % "Nobody")))
    assert "did not answer within 5 s" in failed["json"]["error"]["message"], failed["text"]
    missing = "intents.start_call({'type': 'fdc3.contact', 'name': 'Amelia Reid', 'id': {}})"
    unavailable = cast("dict[str, Any]", chromium.do(assistant.evaluate(RUN, missing)))
    assert unavailable["json"]["error"]["kind"] == "app_unavailable", unavailable["text"]
    chromium.do(assistant.evaluate("() => window.codeMode.dispose()"))
    tab.close()
