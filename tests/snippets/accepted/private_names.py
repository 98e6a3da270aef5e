# value: [6, 2, 6, {"_id": 1}]
_total = 0
_, second, _ = (1, 2, 3)

def _helper(_n, *, _k=1):
    return _n + _k

for _ in range(3):
    _total += _helper(1)
[_total, second, _helper(1, _k=5), dict(_id=1)]
