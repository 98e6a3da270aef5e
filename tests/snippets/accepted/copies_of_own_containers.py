# value: [1, ["t", [[1], 2], [[1, 5], 2]], [[1], [1, 5]], [[97], [0]], [{"a": [1]}, {"a": [1, 3]}], [["b", "a"], 2, ["x"]], [[1], [1, 2], "E"]]
import copy
from collections import ChainMap, OrderedDict, defaultdict, deque, namedtuple


class Named(dict):
    pass


class Rows(list):
    def __init__(self, *rows):
        super().__init__(rows)
        self.tag = "t"


class Ordered(OrderedDict):
    pass


class Groups(defaultdict):
    pass


class Recent(deque):
    pass


class Broken(Exception):
    def __init__(self, parts):
        super().__init__("broken")
        self.parts = parts


Point = namedtuple("Point", "xs")

one = Named(a=1)
two = copy.copy(one)
two["a"] = 2

rows = Rows([1], 2)
deep = copy.deepcopy(rows)
deep[0].append(5)

point = Point([1])
moved = copy.deepcopy(point)
moved.xs.append(5)

raw = bytearray(b"a")
changed = copy.copy(raw)
changed[0] = 0

chain = ChainMap({"a": [1]})
longer = copy.deepcopy(chain)
longer["a"].append(3)

ordered = Ordered(a=1, b=2)
ordered.move_to_end("a")
groups = copy.copy(Groups(list))
groups["x"]

error = Broken([1])
other = copy.deepcopy(error)
other.parts.append(2)

[
    one["a"],
    [deep.tag, [*rows], [*deep]],
    [point.xs, moved.xs],
    [[*raw], [*changed]],
    [dict(chain), dict(longer)],
    [[*copy.copy(ordered)], copy.deepcopy(Recent([1, 2, 3], maxlen=2)).maxlen, [*groups]],
    [error.parts, other.parts, "E" if str(other) == "broken" else ""],
]
