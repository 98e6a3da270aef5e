# value: [1, "<z>", null, ["a", "b"], false]
class Config(dict):
    def __missing__(self, key):
        return f"<{key}>"
    def merged(self, other):
        return Config({**self, **other})
c = Config(a=1).merged({"b": 2})
[c["a"], c["z"], c.get("z"), sorted(c), "z" in c]
