# value: {"x": [2, 3], "y": [1]}
from itertools import groupby
from operator import itemgetter
rows = [{"d": "x", "n": 3}, {"d": "y", "n": 1}, {"d": "x", "n": 2}]
{k: [r["n"] for r in g] for k, g in groupby(sorted(rows, key=itemgetter("d", "n")), key=itemgetter("d"))}
