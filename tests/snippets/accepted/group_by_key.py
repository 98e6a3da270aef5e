# value: {"a": [1, 3], "b": [2]}
rows = [{'desk': 'a', 'n': 1}, {'desk': 'b', 'n': 2}, {'desk': 'a', 'n': 3}]
groups = {}
for row in rows:
    groups.setdefault(row['desk'], []).append(row['n'])
groups
