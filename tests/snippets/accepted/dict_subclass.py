# value: [1, "no x", ["a", "b"], 2]
class Default(dict):
    def __missing__(self, key):
        return f"no {key}"

d = Default(a=1)
d["b"] = 2
[d["a"], d["x"], sorted(d.keys()), len(d)]
