"""Text, JSON, globs and slips: the ground that the page's texts stand on."""

from __future__ import annotations

import fnmatch
import json
import random
import unicodedata
from typing import cast

from ioconnect_codemode.outcome import compact
from ioconnect_codemode.records import nearest
from ioconnect_codemode.source import Refusal, gate
from ioconnect_codemode.values import JsonValue
from page.both import differences, page_answers

TEXTS = [
    "",
    "plain",
    "it's",
    'say "it\'s"',
    "tab\tline\nend\r\\",
    "naïve — café",
    "ＷＩＤＥ 漢字 ｶﾅ",
    "e\u0301 combining",
    "\U0001f600 emoji \U0001f468\u200d\U0001f469",
    "zero\u200bwidth \u202e turned \x00\x1b[0m \x85 \xa0 \xad",
    "  blanks \u2003 \u3000 around  ",
    "_private9",
    "9lives",
    "ﬁ ligature ß ς Σ İ",
    "\ue000 private use \U000e0001",
]


def test_text_is_counted_cut_and_shown_as_in_python() -> None:
    places = [(text, start) for text in TEXTS for start in (0, 2)]
    cases = [{"text": text, "start": start, "end": start + 5} for text, start in places]
    python = [
        {
            "length": len(text),
            "slice": text[start : start + 5],
            "repr": repr(text),
            "printable": [one.isprintable() for one in text],
            "widths": [_width(one) for one in text],
            "identifier": text.isidentifier(),
            "one_line": " ".join(text.split()),
            "bytes": len(text.encode()),
        }
        for text, start in places
    ]
    assert differences(cases, python, page_answers("text", cases)) == []


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def test_json_is_written_as_python_writes_it() -> None:
    cases = [
        "1",
        "1.0",
        "-0.0",
        "0",
        "1e-05",
        "0.0001",
        "1e+16",
        "123456789012345678901234567890",
        "9007199254740993",
        "1.5",
        "2.50",
        "1E5",
        "[1.0, 2, 3.10]",
        '{"2026": 1, "2025": 2, "b": 3}',
        '{"b": {"10": 1.0, "9": [1e-7]}}',
        '"1.0 and 2e5 and \\"3.0\\""',
        '{"1.0": "1e5", "k": 1e5}',
        '{"__proto__": {"a": 1.0}, "constructor": 2}',
        '"\\u00e9\\u2028\\u007f\\u0001/"',
        "null",
        '[true, false, null, "x", {}]',
        "5e-324",
        "1.7976931348623157e+308",
        "0.1",
        "100000000000000000000.0",
        "123456789.123456789",
    ]
    python = [{"value": compact(cast("JsonValue", json.loads(text)))} for text in cases]
    assert differences(cases, python, page_answers("json", cases)) == []


def test_numbers_of_any_size_come_out_as_they_went_in() -> None:
    chance = random.Random(7)
    floats = [chance.uniform(-1, 1) * 10.0 ** chance.randint(-30, 30) for _ in range(500)]
    whole = [chance.randint(-(10**25), 10**25) for _ in range(100)]
    cases = [json.dumps(floats), json.dumps(whole)]
    assert page_answers("json", cases) == [{"value": compact(cast("JsonValue", json.loads(text)))} for text in cases]


def test_globs_match_the_same_names() -> None:
    names = ["crm.get_client", "crm.add_note", "orders.list_", "a-b", "a]b", "a\nb", "x.*", "[x]", ""]
    globs = [
        "*",
        "crm.*",
        "*.get_*",
        "crm.?dd_note",
        "[ac]*",
        "[!c]*",
        "a[-]b",
        "a[]]b",
        "[",
        "*[[]x]",
        "a?b",
        "[a-c]rm.*",
        "",
        "[z-a]*",
    ]
    cases = [{"name": name, "glob": glob} for name in names for glob in globs]
    python = [fnmatch.fnmatchcase(case["name"], case["glob"]) for case in cases]
    assert differences(cases, python, page_answers("glob", cases)) == []


def test_slips_are_guessed_the_same() -> None:
    known = ["get_client", "get_clients", "find_clients", "list_clients", "add_note", "Adviser", "advisors", "x" * 300]
    asked = ["get_cleint", "getclient", "find_client", "ADD_NOTE", "advisor", "notes", "zzz", "", "x" * 290, "client"]
    chance = random.Random(3)
    letters = "abcdeé_"
    known += ["".join(chance.choices(letters, k=chance.randint(2, 14))) for _ in range(150)]
    asked += ["".join(chance.choices(letters, k=chance.randint(2, 14))) for _ in range(60)]
    cases = [{"name": name, "known": known, "most": 3, "cutoff": cutoff} for name in asked for cutoff in (0.6, 0.8)]
    python = [nearest(cast("str", case["name"]), known, most=3, cutoff=cast("float", case["cutoff"])) for case in cases]
    assert differences(cases, python, page_answers("nearest", cases)) == []


def test_the_source_gate_lets_the_same_texts_through() -> None:
    texts = [
        "1 + 1",
        "```python\n1 + 1\n```",
        "```\nx = 1\nx\n```  ",
        "```py-3\nx\n```",
        "``` not a word!\nx\n```",
        "```1```",
        "text ```python\n1\n```",
        "\ufeffx = 1\r\ny = 2\rz",
        "a\x00b",
        "(" * 101,
        "(" * 100 + ")" * 100,
        "x" * 65_537,
        "é" * 32_768,
        "é" * 32_769,
        "",
        "```python\n```",
        "Here it is:\n```python\n1 + 1\n```\nIt gives two (2).",
        "Here:\n```\n1\n```\nand:\n```\n2\n```",
        "x = 1\n```\n1\n```",
        "f(1)\n```\n1\n```",
        "so\n```py\x1f\n1\n```\x1c\nends\\",
        "so\n```py\x1f\n1\n```\x1c\nends",
        "'''\n```\n1\n```\n'''",
        "    x = 1\n    if x:\n        y\n",
        "\t# so\n\tx\n \n\ty",
        "  x\n y",
        "  x\n\xa0\n  y",
        "\n \n```python\n  x\n  y\n```\n",
        "\x85\n```python\n  x\n\x1f  y\n```\n",
        "so\n" * 2_000 + "```\n  1\n```\n",
        "~~~python\n1 + 1\n~~~",
        "~~~\n1\n \t~~~ \n",
        "````py\n1\n````",
        "````py\n1\n```",
        "~~~x\ny  # ~~~",
        "~~~python\nx\n```",
        "Here:\n~~~py\n1\n~~~\nends (so)",
        "Here:\n~~~py\n1\n~~~\nends = so",
        "~~x\n1\n~~",
        "~~~",
    ]
    cases = [{"text": text, "limit_bytes": 65_536} for text in texts]
    python = [_gated(gate(text, limit_bytes=65_536)) for text in texts]
    assert differences(cases, python, page_answers("gate", cases)) == []


def _gated(gated: str | Refusal) -> object:
    return {"code": gated} if isinstance(gated, str) else {"message": gated.message, "hint": gated.hint}
