# value: [{"a": [1, 3], "b": [2]}, [["n", 4], ["a", 3]], [4, 2, 3], ["a"], [1, 0, {"x": 1, "y": 0}, [1, 5], ["x", "y"]]]
from collections import Counter, defaultdict, deque, OrderedDict, namedtuple

groups = defaultdict(list)
for name, n in [("a", 1), ("b", 2), ("a", 3)]:
    groups[name].append(n)
tally = Counter("banana")
tally.update("nn")
tally["z"] += 1
q = deque([1, 2, 3], maxlen=3)
q.append(4)
q.rotate(1)
P = namedtuple("P", "x y", defaults=[0])
p = P(1)
[dict(groups), tally.most_common(2), list(q), list(OrderedDict(a=1)), [p.x, p.y, p._asdict(), p._replace(y=5), P._fields]]
