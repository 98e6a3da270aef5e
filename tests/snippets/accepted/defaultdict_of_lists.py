# value: {"a": [1, 3], "b": [2]}
from collections import defaultdict
d = defaultdict(list)
for k, v in [('a', 1), ('b', 2), ('a', 3)]:
    d[k].append(v)
dict(d)
