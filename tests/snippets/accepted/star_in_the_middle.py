# value: [0, [1, 2, 3], 4]
first, *middle, last = range(5)
[first, middle, last]
