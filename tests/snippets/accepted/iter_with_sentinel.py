# value: [1, 2]
xs = iter([1, 2, 0, 3])
list(iter(lambda: next(xs), 0))
