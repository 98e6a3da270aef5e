"""Schemas and values that both validators are asked about."""

from __future__ import annotations

from typing import Final

from ioconnect_codemode.values import JsonValue

Schema = dict[str, JsonValue] | bool

RECORD: Final[dict[str, JsonValue]] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "aum": {"type": "number", "minimum": 0},
        "segment": {"enum": ["private", "retail"]},
        "address": {"$ref": "#/$defs/Address"},
        "a.b/c~d": {"type": "integer"},
    },
    "required": ["id"],
    "$defs": {
        "Address": {
            "type": "object",
            "properties": {"city": {"type": "string", "maxLength": 5}},
            "additionalProperties": False,
        }
    },
}

ROWS: Final[dict[str, JsonValue]] = {
    "type": "array",
    "items": {"$ref": "#/$defs/Row"},
    "$defs": {
        "Row": {key: value for key, value in RECORD.items() if key != "$defs"},
        "Address": {"type": "object", "properties": {"city": {"type": "string"}}, "additionalProperties": False},
    },
}

ONE: Final[JsonValue] = {"id": "1"}
LATE: Final[list[JsonValue]] = [*[ONE] * 20, {"id": None}]

KEYWORDS: Final[list[tuple[Schema, JsonValue]]] = [
    ({"type": "integer"}, "x"),
    ({"type": ["null", "integer"]}, "x"),
    ({"type": "integer"}, 1.5),
    ({"required": ["a"]}, {"b": 1}),
    ({"required": ["a", "c", "d", "e"]}, {"b": 1}),
    ({"dependentRequired": {"b": ["a"]}}, {"b": 1}),
    ({"additionalProperties": False}, {"b": 1}),
    ({"properties": {"a": {}}, "additionalProperties": False}, {"b": 1, "c": 2, "d": 3, "e": 4}),
    ({"properties": {"a": {}}, "additionalProperties": {"type": "string"}}, {"b": 1}),
    ({"properties": {}, "unevaluatedProperties": False}, {"b": 1}),
    ({"unevaluatedItems": False}, [1]),
    ({"enum": ["a", 1, None, 1.5]}, "x"),
    ({"const": "fdc3.contact"}, "x"),
    ({"const": {"a": [1]}}, {"a": [2]}),
    ({"format": "date"}, "x"),
    ({"pattern": "^[A-Z]"}, "x"),
    ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, "x"),
    (
        {"anyOf": [{"type": "array", "prefixItems": [{"type": "string"}], "items": False}, {"type": "object"}]},
        [1, "x", "y"],
    ),
    ({"oneOf": [{"properties": {"not": {"oneOf": [{"not": {}}, False]}}}, False]}, {"not": {}}),
    ({"oneOf": [{"type": "null"}]}, "x"),
    ({"oneOf": [{"type": "string"}, {"minLength": 1}]}, "x"),
    ({"not": {"type": "string"}}, "x"),
    ({"minimum": 3}, 1),
    ({"maximum": 3.5}, 4.5),
    ({"exclusiveMinimum": 3}, 3),
    ({"exclusiveMaximum": 3}, 3),
    ({"multipleOf": 3}, 4),
    ({"multipleOf": 0.01}, 0.015),
    ({"minLength": 99}, "x"),
    ({"maxLength": 2}, "\U0001f600\U0001f600\U0001f600"),
    ({"maxLength": 2}, "\U0001f600\U0001f600"),
    ({"minItems": 3}, [1]),
    ({"maxItems": 0}, [1]),
    ({"minProperties": 3}, {"a": 1}),
    ({"maxProperties": 0}, {"a": 1}),
    ({"uniqueItems": True}, [1, 1]),
    ({"uniqueItems": True}, [{"a": 1}, {"a": 1}]),
    ({"contains": {"type": "integer"}}, ["x"]),
    ({"propertyNames": {"maxLength": 0}}, {"a": 1}),
    ({"if": {"type": "string"}, "then": {"maxLength": 1}}, "xx"),
    ({"if": {"type": "string"}, "else": {"maximum": 1}}, 2),
    ({"allOf": [{"type": "string"}, {"maxLength": 1}]}, "xx"),
    ({"items": {"type": "string"}}, ["a", 1, 2, 3, 4]),
    ({"prefixItems": [{"type": "string"}], "items": False}, ["a", 1]),
    ({"items": [{"type": "string"}], "additionalItems": False}, ["a", 1]),
    ({"patternProperties": {"^x": {"type": "string"}}}, {"x1": 1}),
    ({"dependentSchemas": {"a": {"required": ["b"]}}}, {"a": 1}),
    (False, 1),
    ({"properties": {"a": False}}, {"a": 1}),
    (RECORD, {}),
    (RECORD, {"id": 5, "aum": -1, "segment": "royal", "address": {"city": "Zürich", "zip": 1}, "a.b/c~d": "x"}),
    (RECORD, {"id": "1", "address": {"zip": 1}}),
    (RECORD, [1]),
    (ROWS, LATE),
    ({"properties": {"odd key": {"properties": {"x" * 60: {"type": "null"}}}}}, {"odd key": {"x" * 60: 1}}),
    ({"type": "object", "properties": {"a": {"type": "string"}}}, {"a": "fits", "__proto__": 1, "constructor": 2}),
    ({"required": ["constructor", "toString"]}, {"a": 1}),
    ({"additionalProperties": False}, {"__proto__": 1}),
    ({"properties": {"__proto__": {"type": "string"}}}, {"__proto__": 1}),
]
"""One keyword each, and records with several faults: what is said of the first three."""

FORMATS: Final[dict[str, list[str]]] = {
    "date": [
        "2026-02-28",
        "2026-02-29",
        "2024-02-29",
        "2026-13-01",
        "2026-1-1",
        "20260101",
        "2026-01-01T",
        "0000-01-01",
        "2026-01-01 ",
    ],
    "time": [
        "12:00:00Z",
        "12:00:00",
        "24:00:00Z",
        "23:59:60Z",
        "22:59:60Z",
        "12:00:00+01:00",
        "12:00:00.5z",
        "12:00Z",
        "12:00:00+24:00",
    ],
    "date-time": [
        "2026-01-01T12:00:00Z",
        "2026-01-01t12:00:00z",
        "2026-01-01 12:00:00Z",
        "2026-01-01T12:00:00",
        "2026-01-01T25:00:00Z",
        "2026-02-30T12:00:00Z",
        "2026-01-01T12:00:00.123456789+05:30",
        "1998-12-31T23:59:60Z",
        "1998-12-31T23:58:60Z",
        "2026-01-01",
    ],
    "duration": ["P1D", "PT1H", "P1Y2M3DT4H5M6S", "P1W", "P", "PT", "1D", "P1H", "P1W1D", "P0D", "PT1.5S"],
    "email": [
        "a@b.ch",
        "a@b",
        "a",
        "@b",
        "a@",
        "a b@c.d",
        "a..b@c.d",
        '"a b"@c.d',
        "a@[127.0.0.1]",
        "a@-b.ch",
        "ü@b.ch",
    ],
    "hostname": ["example.com", "a", "-a", "a-", "a..b", "a_b", "x" * 64, "1.2.3.4", "example.com.", ""],
    "ipv4": ["127.0.0.1", "256.0.0.1", "1.2.3", "01.2.3.4", "1.2.3.4.5", "1.2.3.4 ", ""],
    "ipv6": ["::1", "::", "1::2::3", "fe80::1%eth0", "12345::", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7"],
    "uri": [
        "https://example.com/a?b#c",
        "a",
        "mailto:a@b",
        "//x",
        "http://a b",
        "http://ü",
        "urn:x:y",
        "a:",
        "http://[::1]/",
        "http://a/%zz",
    ],
    "uri-reference": ["/a", "a", "#x", "", "\\x", "a b", "//x/y", "ü", "%zz"],
    "iri": ["https://exämple.com/ü", "ü", "http://a b", "urn:ü"],
    "iri-reference": ["/ü", "a b", "#ü", "\\\\x"],
    "uuid": [
        "2eb8aa08-aa98-11ea-b4aa-73b441d16380",
        "2EB8AA08-AA98-11EA-B4AA-73B441D16380",
        "2eb8aa08aa9811eab4aa73b441d16380",
        "x",
        "",
    ],
    "json-pointer": ["", "/a/b", "a", "/~0~1", "/~2", "/"],
    "relative-json-pointer": ["0", "1/a", "0#", "01", "-1", "a"],
    "regex": ["^a+$", "(", "[", "\\d", "a{2,1}", "(?<n>a)"],
    "uri-template": ["https://a/{b}", "https://a/{b", "{?x,y*}", "a b"],
    "nobody-knows": ["x"],
}
"""Texts for each format; two are the validators' own business and listed in `verdicts.py`."""

ROW: Final[dict[str, JsonValue]] = {"id": "CL-1", "aum": 5.5, "segment": "retail", "address": {"city": "Rome"}}
QUICK: Final[list[tuple[Schema, list[JsonValue]]]] = [
    (ROWS, [[], [ROW, ROW], [{"id": "2"}]]),
    (
        {"type": "object", "properties": {"when": {"format": "date"}, "at": {"format": "date-time"}}},
        [{"when": "2026-11-28", "at": "2026-11-28T10:00:00Z"}],
    ),
    (
        {
            "type": "object",
            "properties": {"next": {"$ref": "#/$defs/Node"}},
            "$defs": {"Node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}},
        },
        [{"next": {"next": {"next": {}}}}],
    ),
    ({"anyOf": [{"type": "string", "minLength": 1}, {"type": "null"}]}, ["a", None]),
    ({"type": "string", "pattern": "^[A-Z]{3}\\d{2}x$"}, ["CHF12x"]),
    ({"type": "string", "format": "email"}, ["amelia.reid@example.com"]),
]
"""What generated schemas consist of, with values that fit."""

STAND_INS: Final[list[Schema]] = [
    {"anyOf": [{"type": "string"}, {"type": "number"}]},
    {"anyOf": [{"type": "string"}, {"type": "number"}], "maxLength": 5},
    {"type": "string", "format": "email", "maxLength": 10},
    {"not": {"type": "null"}},
    {"type": "object", "patternProperties": {"^x-": {"type": "integer"}}, "minProperties": 1},
    {"type": "object", "propertyNames": {"pattern": "^[a-z]{3}$"}, "minProperties": 1},
    {"type": "object", "propertyNames": {"enum": ["EUR", "USD"]}, "additionalProperties": True, "minProperties": 2},
    True,
    {"type": "string", "minLength": 12},
    {"type": "string", "maxLength": 3},
    {"type": "string", "format": "date-time"},
    {"type": "string", "pattern": "^[A-Z]{2}\\d{4}-[a-f0-9]+$"},
    {"type": "string", "pattern": "^(buy|sell)$"},
    {"type": "string", "pattern": "^(?:[^a-z0]{3}|x)\\.\\w\\s\\x41$"},
    {"type": "string", "pattern": "(a|b)\\1{2}", "minLength": 5},
    {"type": "string", "pattern": "(?=x)x"},
    {"type": "integer", "minimum": 5, "multipleOf": 4},
    {"type": "integer"},
    {"type": "number", "maximum": 1},
    {"type": "number", "maximum": 0.9},
    {"type": "integer", "minimum": 0, "exclusiveMaximum": 1},
    {"type": "integer", "minimum": 2**53 - 1},
    {"type": "integer", "minimum": 2**53, "maximum": 2**62},
    {"type": "integer", "maximum": -(2**60)},
    {"type": "integer", "multipleOf": 10**15},
    {"type": "number", "multipleOf": 0.0001, "exclusiveMinimum": 0},
    {"const": 2**53 - 1},
    {"type": "string", "format": "decimal"},
    {"type": "string", "format": "money"},
    {"type": "string", "format": "int64"},
    {"type": "string", "format": "bigint"},
    {"type": "string", "format": "byte"},
    {"type": "string", "format": "date"},
    {"type": "string", "format": "time"},
    {"type": "string", "format": "decimal", "maxLength": 2},
    {"anyOf": [{"type": "string"}, {"type": "number"}]},
    {"anyOf": [{"type": "number"}, {"type": "string"}]},
    {"type": "object", "properties": {"at": {"anyOf": [{"type": "string"}, {"type": "number"}]}}, "required": ["at"]},
    {"type": "number", "exclusiveMinimum": 0, "maximum": 0.5},
    {"type": "number", "multipleOf": 0.01, "minimum": 0.005},
    {"type": "number", "maximum": -3, "multipleOf": 0.1},
    {"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": True},
    {"type": "array", "prefixItems": [{"const": "a"}, {"type": "boolean"}], "minItems": 2},
    {"type": "array", "contains": {"type": "string"}, "minContains": 2},
    {"type": "object", "minProperties": 2, "additionalProperties": {"type": "integer"}},
    {"type": "object", "properties": {"a": {"type": "string"}, "b": False}, "required": ["a"]},
    {
        "type": "object",
        "properties": {"a": {}, "b": {"type": "integer"}},
        "dependentRequired": {"a": ["b"]},
        "required": ["a"],
    },
    {"oneOf": [{"type": "null"}, {"type": "object", "required": ["x"], "properties": {"x": {"const": 1}}}]},
    {
        "allOf": [
            {"type": "object", "properties": {"a": {"minimum": 3}}},
            {"properties": {"a": {"type": "integer"}}, "required": ["a"]},
        ]
    },
    {
        "if": {"properties": {"k": {"const": 1}}},
        "then": {"required": ["x"]},
        "type": "object",
        "properties": {"k": {"enum": [1, 2]}},
    },
    {
        "$ref": "#/$defs/Node",
        "$defs": {
            "Node": {
                "type": "object",
                "properties": {"next": {"$ref": "#/$defs/Node"}, "v": {"type": "integer"}},
                "required": ["v"],
            }
        },
    },
    {"enum": ["a", 1, None], "type": ["integer", "null"]},
    {"type": ["null", "string"]},
    {"properties": {"a": {"type": "boolean"}}},
    {"not": {}},
    {"type": "string", "minLength": 20_000},
]
