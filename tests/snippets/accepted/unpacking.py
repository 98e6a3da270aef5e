# value: [1, [2, 3], 4, 2, 1, 3, 4]
first, *middle, last = [1, 2, 3, 4]
(a, (b, c)), d = (1, (2, 3)), 4
a, b = b, a
[first, middle, last, a, b, c, d]
