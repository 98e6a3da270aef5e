# value: [{"b": 2}, [2, 3]]
x = [1, 2, 3]
y = x
del x
d = {'a': 1, 'b': 2}
del d['a'], y[0]
[d, y]
