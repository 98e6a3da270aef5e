# value: true
a, b, c = 1, 2, 3
a, b = b, a
(a, b, c) == (2, 1, 3)
