# value: [[1, 0], [2, 0], [2, 1]]
[(a, b) for a in range(3) for b in range(a)]
