# value: [{"a": 5, "b": 2}, [["a", 5]], {"x": {"y": [1]}}, [1, null], [1, 2], [9, 2, 3], [["a", 2], ["b", 3], ["z", 1]], 2, 7, true, {"b": 2}, {"a": 5, "b": 2}, 0, ["a", "a"], {"a": 2, "b": 1}, "a", ["z", "b", "a"], 1, 0, {"a": 2}, {"a": 2}, {}, ["a", "b"], [2, 1], 9, ["z", 1]]

from collections import Counter, OrderedDict, deque, ChainMap, defaultdict, namedtuple
c = Counter(a=3, b=1); c.update("aab"); d = defaultdict(lambda: defaultdict(list)); d["x"]["y"].append(1)
T = namedtuple("T", ["a", "b"], defaults=[None]); dq = deque(range(5), maxlen=3); dq.extendleft([9]); od = OrderedDict([("z", 1), ("a", 2)]); od["b"] = 3; od.move_to_end("z")
[c, c.most_common(1), d, T(1), T(1)._replace(b=2), list(dq), list(od.items()), ChainMap({"a": 1}, {"b": 2})["b"], sum(c.values()), Counter("ab") == Counter("ba"), +Counter(a=-1, b=2), dict(sorted(c.items())), c["zz"], [*c.elements()][:2], Counter(w for w in "a b a".split()), max(c, key=c.get), list(reversed(od)), dq.count(9), dq.index(9), Counter(a=1) | Counter(a=2), Counter(a=3) & Counter(a=2), Counter(a=2) - Counter(a=5), T._fields, T(b=1, a=2), dq.popleft(), od.popitem()]
