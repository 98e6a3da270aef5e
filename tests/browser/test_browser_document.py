"""What `docs/browser.md` shows a web developer, as it stands there: the first page, a server's rules, the pages it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chromium.driver import Profile
from chromium.site import Site
from ioconnect_codegen.web.build import Order, made_files
from ioconnect_codegen.web.site import is_immutable

DOCUMENT = (Path(__file__).parents[2] / "docs" / "browser.md").read_text(encoding="utf-8")
WAITED = """async () => {
  const told = document.getElementById("told");
  while (/^(Starting|assets|python|ready)/.test(told.textContent)) await new Promise((go) => setTimeout(go, 20));
  return told.textContent;
}"""
NEEDED = "connect-src 'self'; worker-src 'self'; frame-src 'self'"
PAGES = {
    "default-src 'self'": "",
    "default-src 'none'": f"; script-src 'self'; {NEEDED}",
    "script-src 'nonce-abc' 'strict-dynamic'": f"; {NEEDED}; object-src 'none'; base-uri 'none'",
    "script-src 'nonce-abc'": f"; {NEEDED}",
    "require-trusted-types-for 'script'": f"; script-src 'self'; {NEEDED}",
    "require-trusted-types-for 'script'; trusted-types ioconnect-codemode": f"; script-src 'self'; {NEEDED}",
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(assets_folder: Path) -> dict[str, bytes]:
    """Give the files that the first page's commands build."""
    return made_files(Order(assets=assets_folder), progress=lambda _: None)


@pytest.fixture(scope="module")
def site(folder: dict[str, bytes]) -> Iterator[Site]:
    """Give the first page, served with its folder."""
    page = blocks("html")[0].replace("<script ", '<script nonce="abc" ')
    own = {"/": page.encode(), "/desk.js": blocks("js")[0].encode(), "/favicon.ico": b""}
    made = Site({**{f"/codemode/{path}": data for path, data in folder.items()}, **own})
    yield made
    made.close()


def shown(profile: Profile, site: Site, policy: str | None = None) -> str:
    site.headers["/"] = {} if policy is None else {"Content-Security-Policy": policy}
    tab = profile.open(site.url)
    told = str(tab.evaluate(WAITED))
    tab.close()
    return told


@pytest.mark.browser
def test_the_first_page_tells_what_the_document_says(profile: Profile, site: Site) -> None:
    assert f"{shown(profile, site)}\n" in blocks("text")


@pytest.mark.browser
@pytest.mark.parametrize("policy", PAGES)
def test_a_page_of_a_strict_policy_needs_no_more_than_the_document_says(
    profile: Profile, site: Site, policy: str
) -> None:
    assert shown(profile, site, policy + PAGES[policy]).startswith('"Jonas Weber"')


@pytest.mark.browser
@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (f"script-src 'self'; {NEEDED}; require-trusted-types-for 'script'; trusted-types other", "trusted-types "),
        ("default-src 'none'; script-src 'self'; frame-src 'self'", "can't be fetched: .*no `connect-src 'self'`$"),
        ("script-src 'self'; connect-src 'self'; frame-src 'none'", "allow `frame-src 'self'`"),
    ],
)
def test_a_page_whose_policy_forbids_it_is_told_which_part_and_nothing_is_called(
    profile: Profile, site: Site, policy: str, message: str
) -> None:
    assert re.search(message, shown(profile, site, policy))


def test_the_servers_rules_keep_for_ever_what_never_changes_and_nothing_else(folder: dict[str, bytes]) -> None:
    [rules] = blocks("nginx")
    [pattern] = re.findall(r"location ~ (\S+) \{", rules)
    kept = {path for path in folder if re.search(pattern, f"/codemode/{path}")}
    assert kept == {path for path in folder if is_immutable(path)}
    typed = set(re.findall(r"\b(\w+)(?=[ ;])", " ".join(re.findall(r"[\w/+]+ ([\w ]+;)", rules))))
    assert {path.rpartition(".")[2] for path in folder if path.endswith((".js", ".mjs", ".wasm", ".html"))} <= typed


def test_every_code_of_an_error_is_told_of() -> None:
    types = Path(__file__).parents[2] / "runtime/ioconnect_codemode/browser/codemode.d.ts"
    (codes,) = re.findall(r"type EngineErrorCode =(.*?);", types.read_text(encoding="utf-8"), re.DOTALL)
    section = DOCUMENT.partition("## When it does not start")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(re.findall(r'"(\w+)"', codes))
