# value: [{"n": 1}, 3, -1]
rows = [{'n': 3}, {'n': 1}]
[min(rows, key=lambda r: r['n']), max((r['n'] for r in rows), default=0), max([], default=-1)]
