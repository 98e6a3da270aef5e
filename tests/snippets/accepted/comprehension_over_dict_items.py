# value: {"1": "a", "2": "b"}
d = {'a': 1, 'b': 2}
{v: k for k, v in d.items()}
