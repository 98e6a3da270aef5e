# value: ["x"]
a, b = {'x': 1, 'y': 2}, {'y': 3}
sorted(a.keys() - b.keys())
