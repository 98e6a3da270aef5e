# value: [[0, 0, 0], [0, 1, 2], [0, 2, 4]]
[[c * r for c in range(3)] for r in range(3)]
