# value: [[2, 3], [1, 2, 3, 4], [1], [1, 4], true]
a, b = {1, 2, 3}, {2, 3, 4}
[sorted(a & b), sorted(a | b), sorted(a - b), sorted(a ^ b), a <= {1, 2, 3, 4}]
