"""With the language switched off, a worker still reaches nothing: not the network, no storage, not the page.

The same script does the same in an ordinary worker of the page's origin, and there each way leads out: so it is the frame
and its policy that hold, not the test.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

import pytest

from chromium.channels import EVALUATION, NETWORK, PYTHON_NETWORK, STORAGE
from chromium.driver import Profile, Tab
from chromium.raw import RawError, RawWorker, with_raw_worker
from chromium.site import Site


@pytest.fixture(scope="module")
def raw_site(site: Site, assets: dict[str, bytes]) -> Iterator[Site]:
    served = Site(with_raw_worker(site.files, assets))
    yield served
    served.close()


@pytest.fixture(scope="module")
def tab(profile: Profile, raw_site: Site) -> Iterator[Tab]:
    opened = profile.open(raw_site.url)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def isolated(tab: Tab) -> RawWorker:
    return RawWorker(tab, is_isolated=True)


@pytest.fixture(scope="module")
def plain(profile: Profile, raw_site: Site) -> Iterator[RawWorker]:
    opened = profile.open(raw_site.url)
    yield RawWorker(opened, is_isolated=False)
    opened.close()


def leaks(site: Site, worker: RawWorker, name: str, module: str) -> bool:
    """Say whether the site saw the request of an attempt."""
    path = f"/leak/{id(worker)}/{re.sub('[^a-zA-Z]', '-', name)}"
    with contextlib.suppress(RawError):
        worker.javascript(module, {"url": f"{site.url[:-1]}{path}"})
    return any(path in request for request in site.requests)


def leaks_by_python(site: Site, worker: RawWorker, name: str, code: str) -> bool:
    path = f"/leak/python/{id(worker)}/{re.sub('[^a-zA-Z]', '-', name)}"
    with contextlib.suppress(RawError):
        worker.python(code.replace("{url}", f"{site.url[:-1]}{path}"))
    return any(path in request for request in site.requests)


@pytest.mark.parametrize("name", NETWORK)
def test_no_request_leaves_a_worker(raw_site: Site, isolated: RawWorker, name: str) -> None:
    assert not leaks(raw_site, isolated, name, NETWORK[name])


@pytest.mark.parametrize("name", NETWORK)
def test_the_same_request_leaves_an_ordinary_worker(raw_site: Site, plain: RawWorker, name: str) -> None:
    assert leaks(raw_site, plain, name, NETWORK[name])


@pytest.mark.parametrize("name", PYTHON_NETWORK)
def test_no_request_leaves_python(raw_site: Site, isolated: RawWorker, name: str) -> None:
    assert not leaks_by_python(raw_site, isolated, name, PYTHON_NETWORK[name])


@pytest.mark.parametrize("name", PYTHON_NETWORK)
def test_the_same_request_leaves_python_in_an_ordinary_worker(raw_site: Site, plain: RawWorker, name: str) -> None:
    assert leaks_by_python(raw_site, plain, name, PYTHON_NETWORK[name])


@pytest.mark.parametrize("name", STORAGE)
def test_nothing_is_stored(isolated: RawWorker, name: str) -> None:
    with pytest.raises(RawError, match=r"SecurityError|InvalidStateError|UnknownError"):
        isolated.javascript(STORAGE[name])


@pytest.mark.parametrize("name", STORAGE)
def test_an_ordinary_worker_stores(plain: RawWorker, name: str) -> None:
    assert plain.javascript(STORAGE[name]) == "reached"


@pytest.mark.parametrize("name", EVALUATION)
def test_no_code_is_made_of_a_text(isolated: RawWorker, name: str) -> None:
    try:
        assert isolated.javascript(EVALUATION[name]) is None
    except RawError as error:
        assert "EvalError" in str(error)


@pytest.mark.parametrize("name", EVALUATION)
def test_an_ordinary_worker_makes_code_of_a_text(plain: RawWorker, name: str) -> None:
    assert plain.javascript(EVALUATION[name]) == "reached"


LISTEN = """() => {
  globalThis.heard = [];
  globalThis.channel?.close();
  globalThis.channel = new BroadcastChannel("x");
  channel.onmessage = ({ data }) => heard.push(data);
}"""
SPEAK = """export default () => new Promise((done) => {
  const [mine, other] = [new BroadcastChannel("x"), new BroadcastChannel("x")];
  other.onmessage = () => done("said");
  mine.postMessage("from a worker");
});"""
HEARD = """() => new Promise((done) => {
  const barrier = new BroadcastChannel("x");
  channel.onmessage = ({ data }) => data === "barrier" ? done(heard) : heard.push(data);
  barrier.postMessage("barrier");
})"""


def test_the_page_is_not_reached_by_a_broadcast(tab: Tab, isolated: RawWorker) -> None:
    tab.evaluate(LISTEN)
    assert isolated.javascript(SPEAK) == "said"
    assert tab.evaluate(HEARD) == []


def test_the_page_hears_the_broadcast_of_an_ordinary_worker(tab: Tab, plain: RawWorker) -> None:
    tab.evaluate(LISTEN)
    assert plain.javascript(SPEAK) == "said"
    assert tab.evaluate(HEARD) == ["from a worker"]


def test_the_document_around_a_worker_has_no_way_to_the_page(tab: Tab, isolated: RawWorker) -> None:
    assert isolated.javascript("export default () => [self.origin, typeof document, typeof parent];") == [
        "null",
        "undefined",
        "undefined",
    ]
    assert tab.evaluate("() => document.querySelector('iframe').getAttribute('sandbox')") == "allow-scripts"
    assert tab.evaluate("() => document.querySelector('iframe').contentDocument") is None


def test_what_a_worker_tells_its_frame_is_not_passed_on(tab: Tab, isolated: RawWorker) -> None:
    tab.evaluate("() => { globalThis.told = []; addEventListener('message', ({ data }) => told.push(data)); }")
    isolated.javascript(
        "export default () => { for (const type of ['hold', 'start', 'end']) self.postMessage({ type, id: 1 }); };"
    )
    isolated.python("1 + 1")
    assert tab.evaluate("() => told") == []


def test_python_in_a_worker_has_no_file_of_the_machine(isolated: RawWorker) -> None:
    found = isolated.python("import os\n[os.path.exists(p) for p in ('/etc/passwd', '/root', '/proc/self/environ')]")
    assert found == [False, False, False]
