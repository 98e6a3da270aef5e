from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from ioconnect_codemode.errors import PackageError, UsageError
from ioconnect_codemode.lookup import definitions_text, list_text, projection, stubs_message
from ioconnect_codemode.lookup.index import Texts, index_lines, index_text, line_of
from ioconnect_codemode.manifest import Manifest, digest
from ioconnect_codemode.manifest_data import CapabilityData
from ioconnect_codemode.rules import Policy
from ioconnect_codemode.values import JsonValue
from runtime.packages import manifest_data  # noqa: TID251 - the tests of the runtime, not its sources

FIND = (
    "crm.find_clients(name: str, limit: int = 50, segment: Segment = ...) -> list[Client]"
    "  # Clients whose name contains the text."
)
SHOW_IN_CRM = "crm.show_client(client_id: str) -> bool  # Show a client in the CRM."
SHOW = "intents.show_client(client: Client) -> Client  # Show a client."
VIEW = "intents.view_contact(context: Contact) -> None  # View a contact."
NOTE = "crm.add_note(client_id: str, text: str, address: Address = ..., phone: str | None = ...) -> Any  # Add a note."


def lines(*texts: str, count: str) -> str:
    return "\n".join([*texts, f"{count} shown, catalog 7f3a91c2"])


def large(manifest: Manifest, namespaces: int, functions: int = 20) -> Manifest:
    """The manifest with many namespaces more, each with many functions."""
    entry = manifest.capabilities["crm.add_note"]
    listed = [f"add_note_of_desk_{number}" for number in range(functions)]
    for number in range(namespaces):
        name = f"desk_{number:03}"
        manifest.data["namespaces"][name] = {
            "summary": "Notes of a desk. " * 9,
            "module": "x.py",
            "capabilities": listed,
        }
        manifest.data["capabilities"].update(
            {f"{name}.{one}": {**entry, "definition": entry["definition"].replace("add_note", one)} for one in listed}
        )
    return manifest


def test_a_small_catalog_is_answered_with_all_its_definitions_at_once(manifest: Manifest) -> None:
    definitions = definitions_text(manifest, ["crm", "intents"])
    assert list_text(manifest) == "\n".join(
        [
            "# crm (3): Clients and their advisers.",
            "# intents (2): What apps offer to do.",
            definitions,
            "# these are all definitions: go on with the snippet; 5 of 5 shown, catalog 7f3a91c2",
        ]
    )


def test_a_match_in_a_small_catalog_comes_with_its_types(manifest: Manifest) -> None:
    assert list_text(manifest, "add a note") == lines(
        "crm.add_note(client_id: str, text: str, address: Address = ..., phone: str | None = ...) -> Any"
        "  # Add a note. result shape not declared",
        "class Address: city: str; post_code: str | None",
        "# these definitions are whole: crm.add_note",
        count="1 of 1",
    )


def test_a_catalog_is_small_as_policy_leaves_it(manifest: Manifest) -> None:
    narrowed = Policy(allow=("intents.*",)).apply(large(manifest, 3))
    assert list_text(narrowed).endswith(
        "# these are all definitions: go on with the snippet; 2 of 2 shown, catalog 7f3a91c2"
    )


def test_without_a_query_namespaces_come_with_counts_and_then_names(manifest: Manifest) -> None:
    summary = ("Notes of a desk. " * 9)[:78].rsplit(" ", 1)[0] + "..."
    functions = ", ".join(f"add_note_of_desk_{number}" for number in range(60))
    assert list_text(large(manifest, 1, 60)) == lines(
        "crm (3): Clients and their advisers.",
        "intents (2): What apps offer to do.",
        f"desk_000 (60): {summary}",
        "crm: find_clients, add_note, show_client",
        "intents: view_contact, show_client",
        f"desk_000: {functions}",
        count="65 of 65",
    )


def test_names_of_a_namespace_come_whole_or_not_at_all(manifest: Manifest) -> None:
    text = list_text(large(manifest, 20)).split("\n")
    names = [line for line in text if re.match("desk_[0-9]+: ", line)]
    assert names
    assert {line.count("add_note_of_desk_") for line in names} == {20}
    assert text[-2] == "for further names: a namespace, or a query"
    assert text[-1] == f"{5 + 20 * len(names)} of 405 shown, catalog 7f3a91c2"


@pytest.mark.parametrize("namespaces", [60, 300, 2000])
def test_any_number_of_namespaces_fits_a_page(manifest: Manifest, namespaces: int) -> None:
    text = list_text(large(manifest, namespaces, 2))
    assert len(text) <= 4_000
    shown = len(re.findall(r"\w+ \(\d+\)", text))
    more = re.search(r"^namespaces not named: (\d+); ask with a query$", text, re.MULTILINE)
    assert shown + int(more[1] if more else 0) == namespaces + 2


def test_a_namespace_is_listed_by_signature(manifest: Manifest) -> None:
    assert list_text(manifest, namespace="crm") == lines(FIND, NOTE, SHOW_IN_CRM, count="3 of 3")


def test_a_kind_is_listed_by_signature_and_intents_include_those_of_fdc3(manifest: Manifest) -> None:
    assert list_text(manifest, kind="intent") == lines(VIEW, SHOW, count="2 of 2")
    assert list_text(manifest, kind="fdc3_intent") == lines(VIEW, count="1 of 1")


def test_namespace_and_kind_narrow_together(manifest: Manifest) -> None:
    assert list_text(manifest, namespace="crm", kind="intent") == lines(count="0 of 0")


def test_an_unknown_namespace_is_answered_with_those_there_are(manifest: Manifest) -> None:
    assert list_text(manifest, namespace="cmr") == "there is no namespace cmr; there are: crm, intents"


@pytest.mark.parametrize(
    "query",
    ["client's name", "FIND", "find_clients", "findClients", "fnid", "look for customers", "segment of a client"],
)
def test_a_query_gives_the_best_match_first(manifest: Manifest, query: str) -> None:
    assert list_text(manifest, query, limit=1).split("\n")[0].startswith("crm.find_clients(")


def test_a_query_is_answered_with_how_many_match(manifest: Manifest) -> None:
    assert list_text(manifest, "client", limit=1).split("\n")[-1] == "1 of 5 shown, catalog 7f3a91c2"


def test_a_word_of_the_name_counts_more_than_one_of_the_text(manifest: Manifest) -> None:
    assert [line.partition("(")[0] for line in list_text(manifest, "show crm").split("\n")[:2]] == [
        "crm.show_client",
        "intents.show_client",
    ]


def test_a_query_stays_in_its_namespace_and_kind(manifest: Manifest) -> None:
    texts = [list_text(manifest, "client", namespace="intents"), list_text(manifest, "client", kind="intent")]
    assert [text.split("\n")[0] for text in texts] == [SHOW, SHOW]
    assert [text.split("\n")[-1] for text in texts] == ["2 of 2 shown, catalog 7f3a91c2"] * 2


def test_a_slip_of_the_pen_finds_what_was_meant(manifest: Manifest) -> None:
    assert list_text(manifest, "vew contct").split("\n")[0] == VIEW


def test_a_query_without_a_match_gives_the_nearest_names(manifest: Manifest) -> None:
    assert list_text(manifest, "dad nte") == lines(
        "nothing matches 'dad nte'; nearest names: crm.add_note", count="0 of 5"
    )


@pytest.mark.parametrize("query", ["!!!", "клиент", "x\n\x1b[2J" * 100])
def test_a_query_that_means_nothing_is_answered(manifest: Manifest, query: str) -> None:
    text = list_text(manifest, query)
    assert text.startswith("nothing matches ")
    assert text.count("\n") == 1


def test_a_package_s_own_words_are_searched(package: Path) -> None:
    line = line_of(Texts(function="add_note", namespace="crm", titles="Logbook of the desk"))
    text = index_text([index_lines({"crm.add_note": line})])
    (package / "search.json").write_text(text, encoding="utf-8")
    data = manifest_data()
    files = {**data["files"], "search.json": digest(text)}
    found = Manifest(package, {**data, "files": files})
    assert list_text(found, "logbook").split("\n")[0].startswith("crm.add_note(")
    assert list_text(found, "view").split("\n")[0] == VIEW


def test_words_that_are_not_the_package_s_are_refused(package: Path) -> None:
    data = manifest_data()
    found = Manifest(package, {**data, "files": {**data["files"], "search.json": digest("{}")}})
    with pytest.raises(PackageError, match=r"search.json is missing from the package"):
        list_text(found, "note")
    (package / "search.json").write_text('{"crm.add_note": "x|0"}', encoding="utf-8")
    with pytest.raises(PackageError, match=r"search.json is not the file that manifest.json names"):
        list_text(found, "note")


@pytest.mark.parametrize("limit", [0, -1, 201, True, 1.5, "5"])
def test_a_limit_out_of_range_is_wrong_use(manifest: Manifest, limit: int) -> None:
    with pytest.raises(UsageError, match="limit must be a number from 1 to 200"):
        list_text(manifest, limit=limit)


def test_a_limit_of_200_is_the_most(manifest: Manifest) -> None:
    assert list_text(manifest, limit=200) == list_text(manifest)


def test_an_unknown_kind_is_wrong_use(manifest: Manifest) -> None:
    with pytest.raises(
        UsageError, match="kind must be one of method, stream, intent, fdc3_intent, context, not 'tool'"
    ):
        list_text(manifest, kind="tool")


def test_what_policy_takes_away_is_not_listed_nor_near(manifest: Manifest) -> None:
    narrowed = Policy(allow=("crm.find_*",)).apply(manifest)
    assert list_text(narrowed, "note") == lines(
        "nothing matches 'note': try other words of the task, or no query for all namespaces", count="0 of 1"
    )
    assert definitions_text(narrowed, ["add_note"]) == "# add_note is unknown: find it by words of the task"


# -- definitions ------------------------------------------------------------------------------------------------------


def test_definitions_come_with_just_the_types_they_need(manifest: Manifest) -> None:
    assert definitions_text(manifest, ["crm.find_clients", "show_client", "crm.show_client"]) == "\n".join(
        [
            "Segment = Literal['private', 'retail']",
            "class Address: city: str; post_code: str | None",
            "class Client: id: str; name: str; adviser: str | None; address: Address | None; "
            "partner: Client | None; items: list[str] | None",
            "class crm:",
            " def find_clients(name: str, limit: int = 50, segment: Segment = ...) -> list[Client]: ..."
            "  # Clients whose name contains the text. limit 1..500",
            " def show_client(client_id: str) -> bool: ...  # Show a client in the CRM.",
            "# show_client is in more than one namespace: ask for crm.show_client or intents.show_client",
        ]
    )


def test_definitions_do_not_depend_on_the_order_of_the_names(manifest: Manifest) -> None:
    names = ["intents.view_contact", "crm.*", "add_note"]
    assert definitions_text(manifest, names) == definitions_text(manifest, names[::-1])


def test_a_namespace_gives_all_its_functions(manifest: Manifest) -> None:
    assert definitions_text(manifest, ["intents.*"]).count(" def ") == 2


def test_full_definitions_have_notes_routes_and_effects(manifest: Manifest) -> None:
    assert definitions_text(manifest, ["add_note"], detail="full") == "\n".join(
        [
            "class Address:",
            " city: str",
            " post_code: str | None  # without blanks",
            "class crm:",
            " def add_note(client_id: str, text: str, address: Address = ..., phone: str | None = ...) -> Any: ..."
            "  # Add a note. result shape not declared",
            " # interop method CRM.AddNote, offered by crm; effect: write",
        ]
    )


@pytest.mark.parametrize(
    ("name", "functions"),
    [
        ("crm.*", ["find_clients", "add_note", "show_client"]),
        ("crm", ["find_clients", "add_note", "show_client"]),
        ("*.show_*", ["show_client", "show_client"]),
        ("crm.*note", ["add_note"]),
        ("ViewContact", ["view_contact"]),
    ],
)
def test_patterns_namespaces_and_wire_names_are_names_too(manifest: Manifest, name: str, functions: list[str]) -> None:
    assert re.findall(r" def (\w+)\(", definitions_text(manifest, [name])) == functions


@pytest.mark.parametrize("name", ["Client", "crm.Client", " `Client` "])
def test_the_name_of_a_type_gives_the_type_and_what_it_needs(manifest: Manifest, name: str) -> None:
    lines = definitions_text(manifest, [name]).split("\n")
    assert [line.partition(":")[0].partition(" =")[0] for line in lines] == ["class Address", "class Client"]


def test_types_and_functions_are_asked_for_together(manifest: Manifest) -> None:
    both = definitions_text(manifest, ["Client", "crm.find_clients"])
    assert sorted(both.split("\n")) == sorted(definitions_text(manifest, ["crm.find_clients"]).split("\n"))
    assert definitions_text(manifest, ["Address", "show_clients"]).split("\n")[0].startswith("class Address: ")


def test_a_type_of_denied_functions_alone_is_unknown(manifest: Manifest) -> None:
    left = manifest.only(lambda name, _: name == "crm.show_client")
    assert definitions_text(left, ["Client"]).startswith("# Client is unknown")


def test_a_pattern_of_nothing_is_unknown(manifest: Manifest) -> None:
    assert definitions_text(manifest, ["orders.*"]) == "# orders.* is unknown: find it by words of the task"
    assert definitions_text(manifest, ["crm.find_client*x"]).startswith("# crm.find_client*x is unknown")


def test_an_answer_is_bounded_and_says_how_to_narrow(manifest: Manifest) -> None:
    text = definitions_text(large(manifest, 50, 100), ["*"])
    assert 15_000 < len(text) <= 21_000
    last = text.split("\n")[-1]
    shown = text.count(" def ")
    assert last.startswith(f"# {shown} of 5005 shown, up to desk_")
    assert last.endswith(": ask for fewer, by name or as crm.find_*")


def wide(manifest: Manifest, functions: int, parameters: int) -> Manifest:
    """The manifest with functions of many parameters."""
    entry = manifest.capabilities["crm.show_client"]
    many = ", ".join(f"p{place}: str = ..." for place in range(parameters))
    for number in range(functions):
        name = f"wide_{number:03}"
        manifest.data["namespaces"]["crm"]["capabilities"].append(name)
        manifest.data["capabilities"][f"crm.{name}"] = {
            **entry,
            "signature": f"crm.{name}({many}) -> bool",
            "definition": f"def {name}({many}) -> bool: ...",
        }
    return manifest


def test_a_schema_of_thousands_of_properties_does_not_fill_a_model_s_context(manifest: Manifest) -> None:
    flood = wide(manifest, 20, 4_000)
    lines = list_text(flood, namespace="crm").split("\n")
    assert len(lines) == 21
    assert max(map(len, lines)) == 1_000
    text = definitions_text(flood, ["crm.wide_000", "nothing"])
    assert len(text) < 40_200
    assert text.split("\n")[-2:] == [
        "# cut at 40,000 characters: what one function needs is longer; its signature is in the list",
        "# nothing is unknown: find it by words of the task",
    ]


def test_a_long_list_of_long_lines_ends_and_counts_what_it_has(manifest: Manifest) -> None:
    lines = list_text(wide(manifest, 200, 30), namespace="crm", limit=200).split("\n")
    assert 50_000 < sum(map(len, lines)) < 51_100
    assert lines[-1].startswith(f"{len(lines) - 1} of 203 shown, ")


def test_many_unknown_names_are_counted(manifest: Manifest) -> None:
    text = definitions_text(manifest, [f"nothing_{number}" for number in range(500)])
    assert text.split("\n")[-1] == "# unknown besides: 495"
    assert text.count("\n") == 5


def test_full_definitions_have_what_parameters_mean_and_examples(manifest: Manifest) -> None:
    entry = manifest.capabilities["crm.show_client"]
    described: dict[str, JsonValue] = {
        "type": "string",
        "description": "Number\nin the CRM",
        "examples": ["CL-1", "CL-2", 3],
    }
    changed: CapabilityData = {**entry, "input_schema": {"type": "object", "properties": {"clientId": described}}}
    manifest.data["capabilities"]["crm.show_client"] = changed
    assert definitions_text(manifest, ["crm.show_client"], detail="full") == "\n".join(
        [
            "class crm:",
            " def show_client(client_id: str) -> bool: ...  # Show a client in the CRM.",
            " #  client_id: Number in the CRM; e.g. 'CL-1', 'CL-2'",
            " # interop method CRM.ShowClient, offered by crm, viewer (io.Connect picks one of them); effect: unknown",
        ]
    )


def test_full_definitions_show_no_example_twice(manifest: Manifest) -> None:
    described: JsonValue = {"type": "string", "description": "Number, e.g. CL-1", "examples": ["CL-1"]}
    entry = manifest.capabilities["crm.show_client"]
    changed: CapabilityData = {**entry, "input_schema": {"type": "object", "properties": {"clientId": described}}}
    manifest.data["capabilities"]["crm.show_client"] = changed
    text = definitions_text(manifest, ["crm.show_client"], detail="full")
    assert " #  client_id: Number, e.g. CL-1\n" in text


def test_an_unknown_name_is_answered_with_the_nearest(manifest: Manifest) -> None:
    assert definitions_text(manifest, ["crm.add_not\n# x"]).startswith(
        "# crm.add_not # x is unknown: did you mean crm.add"
    )


@pytest.mark.parametrize(
    "name",
    [
        "crm.find_clients()",
        "crm.find_clients(name)",
        " `crm.find_clients` ",
        "'find_clients'",
        "crm.findClients",
        "findClients",
        "crm/find_clients",
        "crm_find_clients",
        "my_desk.crm.find_clients",
    ],
)
def test_a_name_is_understood_as_models_write_it(manifest: Manifest, name: str) -> None:
    assert definitions_text(manifest, [name]) == definitions_text(manifest, ["crm.find_clients"])


def test_what_is_only_near_to_a_name_is_not_taken_for_it(manifest: Manifest) -> None:
    near = [definitions_text(manifest, [name]) for name in ("sales.find_clients", "crm.find_client", "find", "()")]
    assert [text.startswith("# ") and " is unknown" in text for text in near] == [True] * 4


def test_a_text_is_no_name(manifest: Manifest) -> None:
    assert (
        definitions_text(manifest, ["x" * 10_000] * 10_000) == f"# {'x' * 80} is unknown: find it by words of the task"
    )


def test_another_detail_is_wrong_use(manifest: Manifest) -> None:
    with pytest.raises(UsageError, match="detail must be signature or full, not 'long'"):
        definitions_text(manifest, [], detail="long")


# -- the projection for type checkers ---------------------------------------------------------------------------------

Shape = dict[str, dict[str, tuple[str, bool]]]


def model_s_shape(text: str) -> Shape:
    """Names, types and optionality as the model's text says them: classes to fields, functions to parameters."""
    shape: Shape = {}
    for statement in ast.parse(text).body:
        if isinstance(statement, ast.ClassDef):
            shape |= fields_and_functions(statement)
    return shape


def fields_and_functions(node: ast.ClassDef) -> Shape:
    fields = {
        one.target.id: (ast.unparse(one.annotation), "None" in ast.unparse(one.annotation))
        for one in node.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    }
    functions: Shape = {}
    for one in node.body:
        if isinstance(one, ast.FunctionDef) and (not fields or any(True for _ in one.decorator_list)):
            required = len(one.args.args) - len(one.args.defaults)
            functions[f"{node.name}.{one.name}"] = {
                parameter.arg: (ast.unparse(parameter.annotation or ast.Name("?")), index >= required)
                for index, parameter in enumerate(one.args.args)
            } | {"return": (ast.unparse(one.returns or ast.Name("?")), False)}
    return {**({node.name: fields} if fields else {}), **functions}


def without_dicts(shape: Shape) -> Shape:
    """Record arguments also accept dicts in the projection; the model's text doesn't say so."""
    return {
        name: {part: (type_.replace(" | dict[str, Any]", ""), optional) for part, (type_, optional) in parts.items()}
        for name, parts in shape.items()
    }


def test_projection_and_model_s_text_agree_in_names_types_and_optionality(manifest: Manifest) -> None:
    names = list(manifest.capabilities)
    model = model_s_shape(definitions_text(manifest, names))
    assert list(model) == [
        "Address",
        "Client",
        "Contact",
        *(f"{name}" for name in names),
    ]
    assert without_dicts(model_s_shape(projection(manifest, names))) == model


def test_a_type_checker_passes_right_snippets_and_finds_wrong_ones(manifest: Manifest, tmp_path: Path) -> None:
    head = projection(manifest, manifest.capabilities)
    good = (
        "found = crm.find_clients('A', segment='retail')\n"
        "city = found[0].address.city if found[0].address else None\n"
        "crm.add_note('1', 't', {'city': 'Rome'}, None)\n"
        "whole = {**found[0]}\n"
        "short = [(one['id'], one.get('phone'), 'id' in one, len(one)) for one in found]\n"
        "crm.add_note('1', 't').anything\n"
    )
    bad = (
        "crm.find_clients(5)\ncrm.find_clients('A').name\ncrm.show_client('1').real.nothing\nintents.show_client('1')\n"
    )
    (tmp_path / "good.py").write_text(head + good, encoding="utf-8")
    (tmp_path / "bad.py").write_text(head + bad, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file=", "--no-incremental", "--no-error-summary"]
    done = subprocess.run(
        [*command, "--disable-error-code=empty-body", "good.py", "bad.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    wrong_lines = [int(line.split(":")[1]) - head.count("\n") for line in done.stdout.splitlines() if "bad.py" in line]
    assert (wrong_lines, [line for line in done.stdout.splitlines() if "good.py" in line]) == ([1, 2, 3, 4], [])


# -- what a worker needs ----------------------------------------------------------------------------------------------


def test_a_worker_gets_modules_entries_and_types_of_the_namespaces_it_names(manifest: Manifest) -> None:
    message = stubs_message(manifest, ["crm", "view_contact", "json", "show_client", "ad_note"])
    parts = {name: list(cast("Mapping[str, object]", message[name])) for name in ("modules", "entries", "types")}
    assert parts == {
        "modules": ["crm", "records", "intents"],
        "entries": list(manifest.capabilities),
        "types": ["Segment", "Address", "Client", "Contact"],
    }
    assert message["functions"] == {"view_contact": "intents.view_contact"}
    assert message["unknown"] == {
        "json": [],
        "show_client": ["crm.show_client", "intents.show_client"],
        "ad_note": ["crm.add_note"],
    }


def test_a_worker_gets_nothing_of_what_policy_took_away(manifest: Manifest) -> None:
    narrowed = Policy(allow=("crm.find_*",)).apply(manifest)
    message = stubs_message(narrowed, ["crm", "intents", "add_note"])
    assert list(cast("Mapping[str, object]", message["entries"])) == ["crm.find_clients"]
    assert message["unknown"] == {"intents": ["crm.find_clients"], "add_note": []}


@pytest.mark.timeout(10)
def test_many_unknown_names_do_not_keep_the_host_busy(manifest: Manifest) -> None:
    entry = manifest.capabilities["crm.find_clients"]
    manifest.data["capabilities"].update({f"crm.find_clients_{number}": entry for number in range(3000)})
    message = stubs_message(manifest, [f"find_client_{number}x" for number in range(2000)])
    near = list(cast("Mapping[str, list[str]]", message["unknown"]).values())
    assert ([len(names) for names in near[:5]], any(near[5:])) == ([3] * 5, False)


@pytest.mark.timeout(10)
def test_long_unknown_names_that_begin_alike_do_not_keep_the_host_busy(manifest: Manifest) -> None:
    entry = manifest.capabilities["crm.find_clients"]
    manifest.data["capabilities"].update({f"crm.find_clients_{number}": entry for number in range(5000)})

    message = stubs_message(manifest, [f"{'find_clients_' * 20}{number}" for number in range(2000)])

    assert len(cast("Mapping[str, object]", message["unknown"])) == 1
