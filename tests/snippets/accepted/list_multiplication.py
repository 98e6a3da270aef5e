# value: [[0, 1], [0, 0]]
rows = [[0] * 2 for _ in range(2)]
rows[0][1] = 1
rows
