# value: [0, [["a", 1], ["b", 2], ["c", [3]]], 1, ["b", "c"], [2, [3]], {"x": 0, "y": 0}, {"b": 2, "c": [3], "q": 1}]
d = {"a": 1}
d.update(b=2)
d.setdefault("c", []).append(3)
[d.get("z", 0), sorted(d.items(), key=str), d.pop("a"), list(d.keys()), list(d.values()), dict.fromkeys("xy", 0), d | {"q": 1}]
