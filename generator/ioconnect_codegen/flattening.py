"""Several JSON Schemas that all hold -> one schema that says what all of them say.

Where two can't be said together, the near one counts: what stands in a schema itself before its parts, a part before
what it refers to.
"""

from __future__ import annotations

from ioconnect_codemode.values import JsonValue

JsonObject = dict[str, JsonValue]

_KINDS: dict[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    list: "array",
    dict: "object",
    type(None): "null",
}
_CONDITIONS = frozenset(("then", "else", "dependentSchemas"))
_LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")


def joined(near: JsonValue, far: JsonObject) -> JsonObject:
    """Give one schema that says what both say; where they differ, the near one counts."""
    if not isinstance(near, dict):
        return far
    whole: JsonObject = {**far, **near}
    both = near.keys() & far.keys()
    if "properties" in both:
        whole["properties"] = _all_properties(mapping(near["properties"]), mapping(far["properties"]))
    if "required" in both:
        whole["required"] = list(dict.fromkeys(map(str, (*listing(far["required"]), *listing(near["required"])))))
    if "type" in both:
        whole["type"] = _common_type(near["type"], far["type"])
    if "enum" in both:
        common = [value for value in listing(near["enum"]) if value in listing(far["enum"])]
        whole["enum"] = common or near["enum"]
    for key in both & {"items", "additionalProperties"}:
        whole[key] = _all_of(near[key], far[key])
    if "allOf" in both:
        whole["allOf"] = [*listing(near["allOf"]), *listing(far["allOf"])]
    for keys, tighter in ((_LEAST, max), (_MOST, min)):
        for key in both.intersection(keys):
            whole[key] = tighter(_number(near[key]), _number(far[key]))
    # Of two choices (`anyOf`, `oneOf`) a shape has room for one: the near one, which is usually the narrower.
    return whole


def also_allowed(whole: JsonObject) -> JsonObject:
    """Give the schema with the properties that it names under a condition.

    They may be there, and where the condition doesn't hold with any value: no more than their descriptions is kept.
    """
    if _CONDITIONS.isdisjoint(whole):
        return whole
    parts = [whole.get("then"), whole.get("else"), *mapping(whole.get("dependentSchemas")).values()]
    named = [one for part in parts for one in mapping(mapping(part).get("properties")).items()]
    is_object = whole.get("type") == "object" or not {"properties", "required"}.isdisjoint(whole)
    if not named or not is_object or whole.get("additionalProperties") is False:
        return whole
    conditional: JsonObject = {}
    for key, schema in named:
        description = mapping(schema).get("description")
        conditional.setdefault(key, {} if description is None else {"description": description})
    known = mapping(whole.get("properties"))
    return {**whole, "properties": known | {key: one for key, one in conditional.items() if key not in known}}


def has_type(value: JsonValue, kinds: JsonValue) -> bool:
    """Tell whether a value is of one of the kinds that `type` names; without `type` every value is."""
    names = kinds if isinstance(kinds, list) else [kinds]
    found = _KINDS[type(value)]
    is_whole = found == "number" and isinstance(value, float) and value.is_integer()
    return (
        kinds is None
        or found in names
        or ("integer" in names and is_whole)
        or ("number" in names and found == "integer")
    )


def mapping(value: JsonValue) -> JsonObject:
    """Give an object, empty for everything else."""
    return value if isinstance(value, dict) else {}


def listing(value: JsonValue) -> list[JsonValue]:
    """Give a list, empty for everything else."""
    return value if isinstance(value, list) else []


def _all_properties(near: JsonObject, far: JsonObject) -> JsonObject:
    properties: JsonObject = {**far, **near}
    for key in near.keys() & far.keys():
        properties[key] = _all_of(near[key], far[key])
    return properties


def _all_of(near: JsonValue, far: JsonValue) -> JsonValue:
    if near is False or far is False:
        return False
    if not isinstance(near, dict) or not isinstance(far, dict):
        return near if isinstance(near, dict) else far
    if near == far:
        return near
    if "$ref" in near:
        return {"allOf": [near, far]}
    return {**near, "allOf": [*listing(near.get("allOf")), far]}


def _common_type(near: JsonValue, far: JsonValue) -> JsonValue:
    near_names = near if isinstance(near, list) else [near]
    far_names = set(map(str, far if isinstance(far, list) else [far]))
    common = [name for name in near_names if str(name) in far_names or (name == "integer" and "number" in far_names)]
    return near if not common else common[0] if len(common) == 1 else common


def _number(value: JsonValue) -> float:
    return value if isinstance(value, int | float) else 0
