# value: [[3, 4], [1, 2], [1, 2, 5], true, true, [1, 2, 3, 4, 5], 1, true]
a, b = {1, 2, 3, 4}, {3, 4, 5}
[sorted(a & b), sorted(a - b), sorted(a ^ b), a >= {1}, a.isdisjoint({9}), sorted(frozenset(a) | b), len({(1, 2), (1, 2)}), {*a, *b} == a | b]
