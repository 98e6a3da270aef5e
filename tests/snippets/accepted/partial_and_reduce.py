# value: [25, 3, ["b9", "b10"], true, [2, 0], {"x": 1, "yy": 2}]
from functools import partial, reduce, lru_cache, cmp_to_key, total_ordering
power = partial(pow, exp=2)
compose = lambda *fs: reduce(lambda f, g: lambda x: g(f(x)), fs)
@total_ordering
class Version:
    def __init__(self, text):
        self.parts = tuple(map(int, text.split(".")))
    def __eq__(self, o):
        return self.parts == o.parts
    def __lt__(self, o):
        return self.parts < o.parts
[power(5), compose(lambda x: x + 1, str, len)(99), sorted(["b10", "b9"], key=cmp_to_key(lambda a, b: int(a[1:]) - int(b[1:]))), Version("1.10") > Version("1.9"), max(map(Version, ["0.1", "2.0"]), key=lambda v: v).parts, reduce(lambda a, b: {**a, b: len(b)}, ["x", "yy"], {})]
