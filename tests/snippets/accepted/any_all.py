# value: [true, true, false]
[any(n > 2 for n in [1, 3]), all([]), all(n for n in [1, 0])]
