"""A folder that is built again while a page of the older build is open: the page gets its own files, or is told to load again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

import ioconnect_schemas
from chromium.driver import Profile, Tab
from chromium.site import PAGE, Site
from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.output import write
from ioconnect_codegen.web.build import Order, made_files

pytestmark = pytest.mark.browser

ENVIRONMENT = json.loads(ioconnect_schemas.read("examples/wealth_desk.environment.json"))
NOTE = {
    "noteId": "N-1",
    "clientId": "CL-1",
    "author": "Ann",
    "category": "call",
    "createdAt": "2026-01-05T09:00:00Z",
    "text": "t",
}
OPEN = """async ({ answers, options }) => {
  const { createCodeMode } = await import("/codemode.js");
  window.sent = [];
  const invoke = (name, args) => (window.sent.push(name), answers[name]);
  window.codeMode = await createCodeMode({ package: "/packages/wealth_desk/", invoke, ...options });
}"""
RUN = "async (code) => { const { value, error } = await window.codeMode.execute(code); return [value, error?.kind ?? null, error?.message ?? null]; }"
LATER = "the package was built again since this page was opened: load the page again"


def built(folder: Path, assets: Path, *, changed: bool) -> dict[str, bytes]:
    """Give a built folder as a site's files; a changed one has another text in one function of the CRM."""
    document = json.loads(json.dumps(ENVIRONMENT))
    if changed:
        [method] = [one for one in document["methods"] if one["name"] == "CRM.FindClients"]
        method["description"] = "Finds clients otherwise."
    write(generate(read_environment(document)), folder)
    made = made_files(Order(assets=assets, packages=[folder], with_playground=False), progress=lambda _: None)
    return {"/": PAGE, **{f"/{path}": data for path, data in made.items()}}


@pytest.fixture(scope="module")
def builds(assets_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Give a folder and the one that takes its place."""
    folder = tmp_path_factory.mktemp("packages")
    return built(folder / "old", assets_folder, changed=False), built(folder / "new", assets_folder, changed=True)


@pytest.fixture
def site(builds: tuple[dict[str, bytes], dict[str, bytes]]) -> Iterator[Site]:
    made = Site(dict(builds[0]))
    yield made
    made.close()


@pytest.fixture
def tab(profile: Profile, site: Site) -> Iterator[Tab]:
    """Give a page that is open, and has run nothing that reads the catalog."""
    made = profile.open(site.url)
    opened(made)
    yield made
    assert made.errors == []
    made.close()


def opened(tab: Tab, **options: object) -> None:
    answers: dict[str, object] = {"CRM.FindClients": [], "CRM.AddNote": NOTE, "Research.GetRatings": []}
    tab.evaluate(OPEN, {"answers": answers, "options": options})


def run(tab: Tab, code: str) -> list[Any]:
    return cast("list[Any]", tab.evaluate(RUN, code))


def without(files: dict[str, bytes], pattern: str) -> dict[str, bytes]:
    return {path: data for path, data in files.items() if not re.match(pattern, path)}


def test_what_a_manifest_names_has_its_digest_in_its_name_and_is_kept_for_ever(
    builds: tuple[dict[str, bytes], ...],
) -> None:
    old, new = ({path for path in files if path.startswith("/packages/")} for files in builds)
    assert old & new >= {"/packages/wealth_desk/manifest.json"}
    changed = {re.sub(r"\.[0-9a-f]{12}\.", ".", path) for path in old - new}
    assert changed == {
        f"/packages/wealth_desk/{path}" for path in ("GUIDE.md", "crm.py", "definitions/crm.pyi", "search.json")
    }


def test_a_page_of_the_older_build_gets_its_own_files_where_they_were_left(
    tab: Tab, site: Site, builds: tuple[dict[str, bytes], ...]
) -> None:
    old, new = builds
    site.files = old | new
    assert run(tab, "crm.find_clients('Ann')") == [[], None, None]
    assert [
        path.removeprefix("GET ") in old.keys() - new.keys() for path in site.requests if "wealth_desk/crm." in path
    ] == [True]
    found = tab.evaluate("async () => [await window.codeMode.get(['crm.find_clients']), await window.codeMode.list()]")
    assert "otherwise" not in json.dumps(found)


def test_a_page_of_the_older_build_is_told_to_load_again_where_its_files_are_gone(
    tab: Tab, site: Site, builds: tuple[dict[str, bytes], ...]
) -> None:
    site.files = builds[1]
    value, kind, message = run(tab, "crm.find_clients('Ann')")
    assert (value, kind) == (None, "internal")
    assert message == f"the run can't go on: crm.py is missing from the package (status 404); {LATER}"
    assert tab.evaluate("() => window.sent") == []
    assert run(tab, "len([notes.search])") == [
        1,
        None,
        None,
    ]  # what the build has not changed is the page's own file too
    assert run(tab, "1 + 1") == [2, None, None]
    tab.reload()
    opened(tab)
    assert run(tab, "crm.find_clients('Ann')") == [[], None, None]
    assert "otherwise" in str(tab.evaluate("() => window.codeMode.get(['crm.find_clients'])"))


def test_a_page_whose_modules_are_gone_goes_on_with_what_it_has_and_says_what_to_do_without(
    tab: Tab, site: Site, builds: tuple[dict[str, bytes], ...]
) -> None:
    """As after a build of another version of this distribution: each of its modules and assets has another name."""
    site.files = without(builds[1], r"/(js-\w+|assets)/")
    assert run(tab, "1 + 1") == [2, None, None]
    tab.evaluate("() => document.querySelector('iframe').remove()")
    value, kind, message = run(tab, "1 + 1")
    assert (value, kind) == (None, "worker_lost")
    assert re.search(
        r"\S+ is not at \S+: status 404; load the page again; if that does not mend it, build", str(message)
    )
    told = tab.evaluate(
        """async () => {
          const { createCodeMode } = await import("/codemode.js");
          return createCodeMode({ package: "/packages/wealth_desk/", invoke: () => null }).catch((error) => `${error.name}: ${error.message}`);
        }"""
    )
    assert re.match(r"PackageError: \S+/\w+\.json can't be read: status 404; load the page again; if", str(told))
    site.files = builds[0]
    assert run(tab, "1 + 1") == [2, None, None]


def test_a_package_that_is_replaced_while_it_is_opened_is_not_mixed_with_the_other_ones_policy(
    profile: Profile, site: Site, builds: tuple[dict[str, bytes], ...]
) -> None:
    files = without(builds[0], r"/packages/wealth_desk/policy\.")
    files["/packages/wealth_desk/policy.json"] = b'{"capabilities": {"deny": ["*"]}}'
    site.files = files
    tab = profile.open(site.url)
    told = tab.evaluate(
        f"(given) => ({OPEN})(given).then(() => 'opened', (error) => `${{error.name}}: ${{error.message}}`)",
        {"answers": {}, "options": {}},
    )
    assert str(told).startswith(
        "PackageError: policy.json is missing from the package (status 404); build the folder again"
    )
    assert tab.evaluate("() => document.querySelectorAll('iframe').length") == 0
    tab.close()
