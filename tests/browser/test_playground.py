"""The playground: for a person with a keyboard, over the real engine, with a policy as strict as a host's."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import bpe_openai
import pytest

from chromium.driver import Chromium
from chromium.playground import PlaygroundPage
from chromium.site import Site as PlainSite
from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.naming import package_name
from ioconnect_codegen.wealth_desk import make_handlers
from ioconnect_codegen.web.build import Order, made_files
from ioconnect_codegen.web.place import put_folder
from ioconnect_codegen.web.serve import Site, make_server
from ioconnect_codemode import Manifest, Policy
from ioconnect_codemode.lookup import definitions_text, list_text
from ioconnect_codemode.outcome import compact

ROOT = Path(__file__).parents[2]
WEALTH_DESK = ROOT / "generated" / "wealth_desk"
PLAYGROUND = Path(str(files("ioconnect_codegen"))) / "web" / "playground"


@pytest.fixture(scope="module")
def made(assets_folder: Path) -> dict[str, bytes]:
    """Give the files of a folder with the playground."""
    return made_files(Order(assets=assets_folder), progress=lambda _: None)


@pytest.fixture(scope="module")
def folder(made: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder on the disk."""
    path = tmp_path_factory.mktemp("playground") / "web"
    put_folder(made, path)
    return path


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    """Give the address at which `codemode web serve` serves it."""
    with served(folder) as address:
        yield address


@contextmanager
def served(folder: Path, *, is_isolated: bool = False) -> Generator[str]:
    server = make_server(Site.open(folder, is_isolated=is_isolated), port=0)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def shared(chromium: Chromium, url: str) -> Iterator[PlaygroundPage]:
    """Give a started playground that tests share."""
    page = PlaygroundPage(chromium, url)
    page.wait_until_ready()
    yield page
    page.close()


@pytest.fixture
def page(shared: PlaygroundPage) -> PlaygroundPage:
    """Give the started playground with its first example; nothing may have gone wrong in it before."""
    shared.fill("#query", "")
    shared.choose("adviser")
    assert shared.errors == []
    return shared


# -- the catalog --------------------------------------------------------------------------------------------------


def test_it_starts_on_a_strict_page_and_asks_no_other_host(page: PlaygroundPage, url: str) -> None:
    assert page.errors == []
    assert {address.partition("/a")[0] for address in page.requests if not address.startswith(url)} <= {"data:text"}
    assert page.text("#environment") == (
        f"wealth-desk · catalog {Manifest.read(WEALTH_DESK).digest} · "
        "a person is asked about write, destructive · Client.phone, Address.street masked"
    )


def test_the_catalog_has_every_function_with_its_effect(page: PlaygroundPage) -> None:
    manifest = Policy.of_package(WEALTH_DESK).apply(Manifest.read(WEALTH_DESK))
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => (one.open = true))")
    page.wait("details:last-child .name")

    shown = page.evaluate(
        "() => [...document.querySelectorAll('.name')].map((one) => [one.dataset.name, one.lastChild.textContent])"
    )
    assert shown == [[name, entry["effect"]] for name, entry in manifest.capabilities.items()]


def test_a_search_finds_what_a_model_would_find(page: PlaygroundPage) -> None:
    page.fill("#query", "clients of an adviser")
    page.wait(".name.is-found")

    listed = list_text(Manifest.read(WEALTH_DESK), "clients of an adviser", limit=40)
    assert page.texts(".name.is-found code") == re.findall(r"^([a-z_]+\.\w+)\(", listed, re.MULTILINE)


def test_a_definition_is_the_text_that_a_model_reads(page: PlaygroundPage) -> None:
    page.click('.name[data-name="crm.find_clients"]')
    page.wait("#insert:not([hidden])")

    assert page.text("#definition") == definitions_text(
        Policy.of_package(WEALTH_DESK).apply(Manifest.read(WEALTH_DESK)), ["crm.find_clients"], detail="full"
    )


# -- the editor ---------------------------------------------------------------------------------------------------


def test_findings_stand_in_the_text_before_anything_has_run(page: PlaygroundPage) -> None:
    page.choose("slip")
    page.wait(".finding")

    assert page.texts("#copy .is-bad") == ["10024", "list_note", "advisor"]
    assert page.texts("#numbers .is-bad") == ["1", "2", "3"]
    assert page.texts(".finding .kind") == ["type_error", "unknown_name", "unknown_name"]
    assert page.texts(".call") == []


def test_a_snippet_without_findings_is_said_to_have_none(page: PlaygroundPage) -> None:
    page.fill("#snippet", "1 + 1")
    page.wait(".calm.is-good")

    assert page.text("#findings") == "Checked: nothing found, nothing has run"


def test_a_finding_leads_to_its_place(page: PlaygroundPage) -> None:
    page.fill("#snippet", "text = '\U0001f600'; crm.get_clint('CL-10024')")
    page.wait(".finding")
    page.click(".finding")

    assert page.focused() == "snippet"
    assert page.texts("#copy .is-bad") == ["get_clint"]
    assert page.evaluate("() => document.activeElement.selectionStart") == len("text = 'xx'; crm.")


def test_a_new_line_is_indented_like_the_one_before(page: PlaygroundPage) -> None:
    page.fill("#snippet", "for one in []:")
    page.press("Enter")
    page.type("pass")

    assert page.evaluate("() => document.querySelector('#snippet').value") == "for one in []:\n    pass"


# -- runs ---------------------------------------------------------------------------------------------------------


def test_a_run_shows_its_value_its_calls_and_what_left(page: PlaygroundPage) -> None:
    page.run()

    assert page.text("#result") == "Jonas Weber"
    assert page.texts(".call code") == ["crm.find_clients"]
    assert page.texts(".call .state") == ["finished"]
    digest = Manifest.read(WEALTH_DESK).digest
    assert page.text(".left pre") == f'"Jonas Weber"\n1 call, catalog {digest}'
    tools, code = (int(text.replace(",", "")) for text in page.texts("#tokens .bar b"))
    assert tools > 4 * code


def test_records_stay_and_their_sums_leave(page: PlaygroundPage) -> None:
    page.choose("narrow")
    page.run()

    assert page.texts("#boundary .bar .note") == ["500 records from 1 call"]
    stayed, left = page.texts("#boundary .bar b")
    assert (stayed.endswith(" kB"), left.endswith(" B")) == (True, True)


def test_masked_fields_do_not_leave(page: PlaygroundPage) -> None:
    page.fill("#snippet", 'crm.find_clients(name="Amelia Reid")[0].address')
    page.run()

    assert '"city":' in page.text(".left pre")
    assert not re.search(r'"street":"\d', page.text(".left pre"))


def test_an_apps_refusal_is_told_with_its_place(page: PlaygroundPage) -> None:
    page.choose("app error")
    page.run()

    assert page.text("#verdict") == "app_error"
    assert page.text("#result .answer") == "crm.get_client: crm says: no client CL-99999"
    assert page.texts(".call .state") == ["finished", "failed", "failed"]
    assert page.texts("#numbers .is-bad") == ["8"]


def test_a_person_who_closes_the_question_has_refused(page: PlaygroundPage) -> None:
    page.choose("approval")
    page.click("#run")
    page.wait("dialog[open]")
    assert page.focused() == "Refuse"
    page.press("Escape")
    page.wait_until_ready()

    assert page.text("#verdict") == "denied"
    assert page.texts(".call .state") == ["finished", "refused"]


def test_a_long_call_is_asked_about_with_the_question_and_the_answers_in_sight(page: PlaygroundPage) -> None:
    page.fill("#snippet", "crm.add_note('CL-10024', 'Wants the hedge reviewed. ' * 70)")
    page.click("#run")
    page.wait("dialog[open]")
    assert page.text("#findings") == "Running"
    within = """() => [...document.querySelectorAll("#approval button, #approval-title")].every((one) => {
      const { top, bottom } = one.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    })"""
    assert page.evaluate(within) is True
    assert re.fullmatch(r"Counts as refused at \d\d:\d\d", page.text("dialog .note"))
    page.press("Escape")
    page.wait_until_ready()
    assert page.texts(".call .note") == ["refused"]


def test_sizes_are_bytes_and_not_characters(page: PlaygroundPage) -> None:
    page.fill("#snippet", "'\u00e9' * 400")
    page.run()
    assert page.texts("#boundary .bar b") == ["0 B", "838 B"]
    assert page.texts("#boundary .bar .note") == ["no app has answered"]


def test_a_person_allows_a_call_once(page: PlaygroundPage) -> None:
    page.choose("approval")
    page.click("#run")
    page.wait("dialog[open]")
    assert "crm.add_note(" in page.text("dialog p")
    assert '"Wants the currency hedge reviewed."' in page.texts("dialog td")
    page.press("Tab", "Enter")
    page.wait_until_ready()

    assert re.fullmatch(r"CN-9\d{4}", page.text("#result"))
    assert page.texts(".call .state") == ["finished", "finished"]


def test_calls_made_side_by_side_are_asked_about_in_turn(page: PlaygroundPage) -> None:
    page.fill(
        "#snippet",
        "def note(text):\n    return crm.add_note('CL-10024', text).text\n"
        "try:\n    parallel(note, ['one', 'two'])\nexcept DeniedError:\n    pass\n"
        "[one.text for one in crm.list_notes('CL-10024') if one.text in ('one', 'two')]",
    )
    page.click("#run")
    page.wait("dialog[open] td:text-is('\"one\"')")
    page.press("Tab", "Enter")
    page.wait("dialog[open] td:text-is('\"two\"')")
    page.press("Escape")
    page.wait_until_ready()

    assert page.text("#result") == '[\n  "one"\n]'


def test_a_dry_run_makes_no_call_that_changes_something(page: PlaygroundPage) -> None:
    page.choose("approval")
    page.click("#dry-run")
    page.wait("#status.is-busy, .call:nth-child(2)")
    page.wait_until_ready()

    assert page.texts(".call .state") == ["finished", "not called"]


def test_a_loop_is_stopped_and_the_next_run_works(page: PlaygroundPage) -> None:
    page.choose("loop")
    page.click("#run")
    page.wait("#verdict.is-busy")
    page.press("Escape")
    page.wait_until_ready()
    assert page.text("#verdict").startswith("stopped after ")
    assert page.text("#findings") == "Stopped by you"

    page.choose("adviser")
    page.run()
    assert page.text("#result") == "Jonas Weber"


def test_what_a_snippet_says_is_text_and_never_markup(page: PlaygroundPage) -> None:
    page.fill("#snippet", "print('<img src=x><script>1</script>')\n{'<b>': '<i>x</i>'}")
    page.run()

    assert "<b>" in page.text("#result")
    assert page.evaluate("() => document.querySelectorAll('main img, main script, main b:empty, main i').length") == 0


# -- keyboard, colours, sizes -------------------------------------------------------------------------------------


def test_a_snippet_is_written_and_run_with_the_keyboard_alone(chromium: Chromium, url: str) -> None:
    page = PlaygroundPage(chromium, url).wait_until_ready()
    page.press("Tab")
    assert page.focused() == "Skip to the snippet"
    page.press("Enter", "Control+a")
    page.type("6 * 7")
    page.press("Control+Enter")
    page.wait("#verdict.is-good")
    assert page.text("#result") == "42"

    page.press("Tab")
    assert page.focused() != "snippet"
    reached: set[str] = set()
    for _ in range(50):
        page.press("Shift+Tab")
        reached.add(page.focused())
    assert reached >= {"snippet", "run", "dry-run", "examples", "definition", "query", "theme"}
    page.close()


def test_the_catalog_is_walked_with_the_arrow_keys(page: PlaygroundPage) -> None:
    page.click("#query")
    page.type("clients of an adviser")
    page.wait(".name.is-found")
    page.press("ArrowDown", "ArrowDown", "Enter")

    chosen = page.evaluate("() => document.activeElement.dataset.name")
    assert chosen == page.texts(".name.is-found code")[1]
    assert page.texts('.name[aria-pressed="true"] code') == [chosen]
    page.press("ArrowUp", "ArrowUp")
    assert page.focused() == "query"


def test_tab_stops_once_in_the_catalog_where_a_person_was_and_keys_open_and_close_its_groups(
    page: PlaygroundPage,
) -> None:
    page.click("#query")
    page.press("Tab")
    assert page.focused().startswith("crm")
    page.press("ArrowLeft")
    assert page.evaluate("() => document.activeElement.parentElement.open") is False
    page.press("ArrowDown", "ArrowRight", "ArrowDown", "Tab")
    assert page.focused() in ("insert", "definition")
    page.press("Shift+Tab")
    assert page.evaluate("() => document.activeElement.dataset.name") == "desk_home.get_desk_calendar"
    page.press("End")
    assert page.focused().startswith("research")
    page.press("Home", "ArrowRight")
    assert page.focused().startswith("crm")


def test_whatever_can_have_the_focus_has_a_name_and_a_part_to_play(page: PlaygroundPage) -> None:
    """As Chromium's own tree for screen readers has it, after a run."""
    page.choose("app error")
    page.run()
    nodes = page.accessibility_tree()
    focusable = [node for node in nodes if node.is_focusable and node.role != "RootWebArea"]
    assert len(focusable) > 20
    assert [node for node in focusable if not node.name.strip() or node.role in ("generic", "none")] == []
    named = {(node.role, node.name) for node in nodes}
    assert named >= {
        ("searchbox", "Search the catalog"),
        ("textbox", "Snippet, Python"),
        ("combobox", "Example"),
        ("button", "Dry run"),
        ("button", "Run Ctrl ↵"),
        ("tab", "Error"),
        ("tabpanel", "Error"),
        ("list", "Calls"),
        ("region", "The text that left"),
        ("region", "As the model sees it"),
        ("status", ""),
    }
    assert sum(node.role == "listitem" for node in nodes) == 3


def test_the_focus_can_be_seen_wherever_it_is(page: PlaygroundPage) -> None:
    page.run()
    page.evaluate("() => document.querySelector('.skip').focus()")
    seen: set[str] = set()
    for _ in range(40):
        page.press("Tab")
        seen.add(page.focused())
        shown = page.evaluate(
            """() => {
              const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
              const { boxShadow } = getComputedStyle(document.activeElement.closest(".editor") ?? document.activeElement);
              return document.activeElement === document.body || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow.includes("0px 0px 0px 1px");
            }"""
        )
        assert shown, page.focused()
    assert seen >= {"theme", "query", "definition", "examples", "dry-run", "run", "snippet", "tab-0", "result"}


def test_the_records_of_the_audit_are_shown_as_they_are_kept(page: PlaygroundPage) -> None:
    page.run()
    assert page.text("details.left summary") == "Audit: 2 records"
    page.click("details.left summary")
    records = [json.loads(line) for line in page.text("details.left pre").splitlines()]
    assert [record["type"] for record in records] == ["call", "run"]


def test_nothing_moves_for_a_person_who_wants_no_motion(chromium: Chromium, url: str) -> None:
    page = PlaygroundPage(chromium, url, wants_no_motion=True)
    moving = "() => document.getAnimations().length"
    assert page.evaluate(moving) == 0  # while it loads, when the rows of the catalog stand for what is to come
    page.wait_until_ready()
    page.choose("loop")
    page.click("#run")
    page.wait("#status.is-busy")
    assert page.evaluate(moving) == 0
    page.press("Escape")
    page.wait_until_ready()
    page.close()


def test_at_twice_the_size_a_person_is_asked_and_answers_with_everything_in_sight(chromium: Chromium, url: str) -> None:
    page = PlaygroundPage(chromium, url, size=(640, 360))  # 1280 x 720 at 200 %
    page.wait_until_ready()
    page.choose("approval")
    page.click("#run")
    page.wait("#approval[open]")
    within = """() => [...document.querySelectorAll("#approval button, #approval-title")].every((one) => {
      const { top, bottom, left, right } = one.getBoundingClientRect();
      return top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
    })"""
    assert page.evaluate(within) is True
    page.press("Escape")
    page.wait_until_ready()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_in_forced_colours_effects_the_chosen_tab_and_bars_are_told_by_more_than_a_colour(
    chromium: Chromium, url: str
) -> None:
    page = PlaygroundPage(chromium, url, forces_colours=True)
    page.wait_until_ready()
    page.run()
    found = page.evaluate(
        """() => {
          const styleOf = (selector) => getComputedStyle(document.querySelector(selector));
          const chosen = styleOf("#tabs [aria-selected='true']").outlineStyle;
          const other = styleOf("#tabs [aria-selected='false']").outlineStyle;
          return [styleOf(".name .effect").borderTopStyle, styleOf("#verdict").borderTopStyle, chosen, other];
        }"""
    )
    assert found == ["solid", "solid", "solid", "none"]
    page.close()


def test_colours_follow_the_system_until_a_person_chooses(chromium: Chromium, url: str) -> None:
    page = PlaygroundPage(chromium, url, colours="dark")
    theme = "() => document.documentElement.dataset.theme"
    assert page.evaluate(theme) == "dark"
    page.click("#theme")
    assert page.evaluate(theme) == "light"
    page.evaluate("() => location.reload()")
    page.wait("#theme")
    page.wait('html[data-theme="light"]')
    page.close()


@pytest.mark.parametrize("width", [320, 420, 800, 1000, 1280])
def test_no_width_makes_the_page_scroll_sideways(chromium: Chromium, url: str, width: int) -> None:
    page = PlaygroundPage(chromium, url, size=(width, 800))
    page.wait("#run")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_everything_that_matters_is_on_a_laptops_screen(page: PlaygroundPage) -> None:
    page.run()
    for part in ("#query", "#snippet", "#run", "#result", "#calls", "#boundary", "#tokens .bar"):
        bottom = page.evaluate(f"() => document.querySelector({json.dumps(part)}).getBoundingClientRect().top")
        assert isinstance(bottom, (int, float)) and bottom < 800, part


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_the_contrast_that_wcag_asks_for(theme: str) -> None:
    colours = palette(theme)
    grounds = {
        "text": ("ground", "surface", "sunken"),
        "muted": ("ground", "surface", "sunken"),
        "accent": ("surface", "accent-soft"),
        "on-accent": ("accent", "accent-strong"),
        "good": ("surface", "good-soft"),
        "warn": ("surface", "warn-soft"),
        "bad": ("surface", "bad-soft"),
        **{f"py-{kind}": ("surface", "sunken", "bad-soft") for kind in ("keyword", "text", "number", "call")},
        "py-comment": ("surface", "sunken"),
    }
    for name, behind in grounds.items():
        for ground in behind:
            assert contrast(colours[name], colours[ground]) >= 4.5, (theme, name, ground)


def palette(theme: str) -> dict[str, str]:
    style = (PLAYGROUND / "style.css").read_text(encoding="utf-8")
    light, dark = (
        re.search(head + r" \{(.*?)\}", style, re.DOTALL) for head in (":root", r':root\[data-theme="dark"\]')
    )
    assert light is not None and dark is not None
    found = dict(re.findall(r"--([\w-]+): (#\w{6});", light[1]))
    return found if theme == "light" else {**found, **dict(re.findall(r"--([\w-]+): (#\w{6});", dark[1]))}


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of WCAG 2.2."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_it_runs_on_a_cross_origin_isolated_page_too(chromium: Chromium, folder: Path) -> None:
    with served(folder, is_isolated=True) as isolated:
        page = PlaygroundPage(chromium, isolated).wait_until_ready()
        assert page.evaluate("() => crossOriginIsolated") is True
        page.run()
        assert page.text("#result") == "Jonas Weber"
        assert page.errors == []
        page.close()


def test_another_package_is_browsed_and_checked_though_no_app_answers(
    chromium: Chromium, assets_folder: Path, tmp_path: Path
) -> None:
    package = ROOT / "tests" / "golden" / "clean_signatures" / "expected"
    order = Order(assets=assets_folder, packages=[package])
    put_folder(made_files(order, progress=lambda _: None), tmp_path / "web")
    manifest = Manifest.read(package)
    name, entry = next((name, one) for name, one in manifest.capabilities.items() if not one["parameters"])
    with served(tmp_path / "web") as address:
        page = PlaygroundPage(chromium, address).wait_until_ready()
        page.select("#packages", package_name(manifest.name))
        page.wait(f'#environment:has-text("{manifest.digest}")')
        page.wait_until_ready()
        page.fill("#snippet", f"{name}()")
        page.run()

        assert page.text("#verdict") == "app_error", entry
        assert "no app in this page answers" in page.text("#result .answer")
        page.close()


HOSTILE = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script> & 'quoted'"


def test_a_large_catalog_of_hostile_words_is_text_searched_and_scrolled(
    chromium: Chromium, assets_folder: Path, tmp_path: Path
) -> None:
    """Every word of an app is text, wherever it is shown; what is folded makes no rows."""
    methods = [
        {
            "name": f"Area{number % 12}.Method{number}",
            "accepts": 'String name, String? "<b>odd</b>"' if number == 5 else "String name",
            "returns": "String answer",
            "description": f"{HOSTILE} number {number}",
            "servers": [{"application": "<i>app</i>"}],
        }
        for number in range(1_500)
    ]
    document = {"schemaVersion": 1, "name": "hostile-desk", "methods": methods}
    folder = tmp_path / "hostile_desk"
    for path, text in generate(read_environment(document)).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    put_folder(made_files(Order(assets=assets_folder, packages=[folder]), progress=lambda _: None), tmp_path / "web")
    with served(tmp_path / "web") as address:
        page = PlaygroundPage(chromium, address).wait_until_ready()
        page.select("#packages", "hostile_desk")
        page.wait("#environment:has-text('hostile-desk')")
        page.wait_until_ready()
        assert page.text("#catalog-count").endswith(" functions, 12 namespaces")
        assert page.evaluate("() => document.querySelectorAll('.name').length") == 125
        page.fill("#query", "method 1234")
        page.wait(".name.is-found")
        page.click(".name.is-found")
        page.wait("#definition-pane:not(.is-empty)")
        page.fill("#snippet", "print(\"<img src=x onerror=alert(1)>\")\narea1.method1(name='<script>1</script>')")
        page.run()
        assert page.text("#verdict") == "app_error"
        marks = "main img, main script, main i, main b:empty, dialog img"
        assert page.evaluate(f"() => document.querySelectorAll('{marks}').length") == 0
        assert page.evaluate("() => document.title") == "Code Mode playground"
        page.close()


# -- what can be wrong with a folder ------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["missing", "tampered"])
def test_a_spoilt_asset_is_named_and_the_page_lives_on(chromium: Chromium, made: dict[str, bytes], change: str) -> None:
    (path,) = (name for name in made if re.fullmatch(r"assets/library\.\w+\.zip", name))
    good = {f"/{name}": data for name, data in made.items()} | {"/": made["index.html"]}
    spoilt = {**good, f"/{path}": made[path][:-1] + b"x"}
    if change == "missing":
        del spoilt[f"/{path}"]
    site = PlainSite(spoilt)
    page = PlaygroundPage(chromium, site.url)
    page.wait("#status.is-bad")

    assert "library.zip" in page.text(".problem p")
    assert "`codemode web build`" in page.text(".problem p")
    site.files[f"/{path}"] = made[path]
    page.click(".problem button")
    page.wait_until_ready()
    page.run()
    assert page.text("#result") == "Jonas Weber"
    (search,) = (name for name in site.files if re.fullmatch(r"/packages/wealth_desk/search\.\w+\.json", name))
    del site.files[search]
    page.fill("#query", "adviser")
    page.wait("#names [role=alert]")
    assert page.text("#names").startswith(
        "search.json is missing from the package (status 404); build the folder again"
    )
    page.fill("#query", "")
    page.wait("#names summary")
    page.run()
    assert page.text("#result") == "Jonas Weber"
    page.close()
    site.close()


def test_a_manifest_of_another_form_is_told(chromium: Chromium, made: dict[str, bytes]) -> None:
    (path,) = (name for name in made if re.fullmatch(r"js-\w+/assets\.json", name))
    site = PlainSite({f"/{name}": data for name, data in made.items()} | {"/": made["index.html"], f"/{path}": b"{}"})
    page = PlaygroundPage(chromium, site.url)
    page.wait("#status.is-bad")

    assert "`codemode web build`" in page.text(".problem p")
    assert page.text("#names").startswith("The catalog is there once")
    page.close()
    site.close()


# -- what it says of itself ---------------------------------------------------------------------------------------


def test_its_effects_are_those_that_were_reviewed() -> None:
    assert Policy.read(PLAYGROUND / "codemode.toml").effects == Policy.of_package(WEALTH_DESK).effects


def test_the_characters_of_a_token_are_those_of_the_desks_texts() -> None:
    text = (PLAYGROUND / "tokens.js").read_text(encoding="utf-8")
    found = re.search(r"CHARACTERS = \{ definitions: ([\d.]+), data: ([\d.]+) \}", text)
    assert found is not None
    tokenizer = bpe_openai.get_encoding("o200k_base")
    tools = tools_of(Manifest.read(WEALTH_DESK))
    records = compact(make_handlers()["CRM.ListClients"]({"limit": 500}))

    for stated, real in ((found[1], tools), (found[2], records)):
        assert float(stated) == pytest.approx(len(real) / len(tokenizer.encode(real)), rel=0.08)


def tools_of(manifest: Manifest) -> str:
    return compact(
        [
            {
                "type": "function",
                "function": {
                    "name": name.replace(".", "_"),
                    "description": entry["summary"],
                    "parameters": manifest.schemas(name)["input_schema"],
                },
            }
            for name, entry in manifest.capabilities.items()
        ]
    )
