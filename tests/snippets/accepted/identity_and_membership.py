# value: [true, true, false, true]
x = None
[x is None, 3 in [1, 3], 'b' not in 'abc', 'k' in {'k': 1}]
