# value: {"balances": [0, 100, 70, 115, 55], "changes": [100, -30, 45, -60], "low": 55}
from itertools import accumulate, pairwise
flows = [100, -30, 45, -60]
balances = list(accumulate(flows, initial=0))
{"balances": balances, "changes": [b - a for a, b in pairwise(balances)], "low": min(balances[1:])}
