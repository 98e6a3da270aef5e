# value: [0, 0, 0, 2, 0, 2]
[x * y for x in range(3) for y in range(3) if x != y]
