# value: [1, null, [], {"c": []}]
d = {'a': 1}
[d.pop('a'), d.pop('b', None), d.setdefault('c', []), d]
