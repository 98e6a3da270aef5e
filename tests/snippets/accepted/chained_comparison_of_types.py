# value: ["number", "number", "bool", "str", "NoneType", "list"]
def describe(x):
    if isinstance(x, (int, float)) and not isinstance(x, bool):
        return "number"
    return type(x).__name__

[describe(x) for x in (1, 2.5, True, "s", None, [])]
