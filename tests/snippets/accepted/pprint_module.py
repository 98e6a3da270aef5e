# value: ["{'a': {1, 2},\n 'clients': [{...}, {...}],\n 'n': None}", "[1, 1, 1, 1, 1]", "'xxxxx'"]
# printed: "{'a': {1, 2},\n 'clients': [{'holdings': [0, 1, 2], 'name': 'client 3'},\n             {'holdings': [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],\n              'name': 'client 12'}],\n 'n': None}\n{'b': 1, 'a': 2}\n{'b': 1, 'a': (2,)}\n"
from pprint import pprint, pformat, pp
import pprint as printing
data = {"clients": [{"name": f"client {n}", "holdings": list(range(n))} for n in (3, 12)], "a": {1, 2}, "n": None}
pprint(data)
pprint({"b": 1, "a": 2}, sort_dicts=False)
pp({"b": 1, "a": (2,)})
[pformat(data, width=40, depth=2), pformat([1] * 5, compact=True, indent=4), printing.pformat("x" * 5)]
