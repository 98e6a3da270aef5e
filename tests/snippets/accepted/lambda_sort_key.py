# value: ["a", "b", "c"]
rows = [{"n": "b", "v": 2}, {"n": "a", "v": 2}, {"n": "c", "v": 1}]
[r["n"] for r in sorted(rows, key=lambda r: (-r["v"], r["n"]))]
