# value: [[2, 3], [1, 2, 3, 4], [1], [1, 4], true]
a, b = {1, 2, 3}, frozenset([2, 3, 4])
[sorted(a & b), sorted(a | b), sorted(a - b), sorted(a ^ b), a.issubset({1, 2, 3, 4})]
