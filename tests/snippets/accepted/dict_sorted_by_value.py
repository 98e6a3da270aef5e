# value: {"b": 1, "a": 3}
d = {'a': 3, 'b': 1}
dict(sorted(d.items(), key=lambda item: item[1]))
