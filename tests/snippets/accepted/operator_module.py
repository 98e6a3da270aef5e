# value: [[[0, "c"], [1, "b"]], [1, 2], ["A"], 3]
from operator import itemgetter, attrgetter, methodcaller, add

class P:
    def __init__(self, x):
        self.x = x

[sorted([(1, "b"), (0, "c")], key=itemgetter(0)), [p.x for p in sorted([P(2), P(1)], key=attrgetter("x"))], list(map(methodcaller("upper"), ["a"])), add(1, 2)]
