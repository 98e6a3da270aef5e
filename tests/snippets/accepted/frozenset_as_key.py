# value: "x"
d = {frozenset({1, 2}): 'x'}
d[frozenset([2, 1])]
