# value: {"a": [1, 2], "b": [3]}
from itertools import groupby
{k: [n for _, n in g] for k, g in groupby([('a', 1), ('a', 2), ('b', 3)], key=lambda p: p[0])}
