# value: {"a.b[0]": 1, "a.b[1].c": 2, "d": null}
def flatten(value, prefix=""):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from flatten(item, f"{prefix}.{key}" if prefix else key)
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            yield from flatten(item, f"{prefix}[{i}]")
    else:
        yield prefix, value
dict(flatten({"a": {"b": [1, {"c": 2}]}, "d": None}))
