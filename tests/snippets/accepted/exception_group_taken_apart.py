# value: [["a"], 1, 1, "m"]
group = ExceptionGroup("m", [ValueError("a"), KeyError("b")])
values = group.subgroup(ValueError)
keys, rest = group.split(lambda error: isinstance(error, KeyError))
[[str(e) for e in values.exceptions], len(keys.exceptions), len(rest.exceptions), group.message]
