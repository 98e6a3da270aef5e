# value: ["x", 0, true, 2, "last"]
[None or 'x', 0 and 1, not [], 1 and 2 or 3, '' or 0 or 'last']
