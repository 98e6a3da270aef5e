# value: [["a", 2], ["b", 2], ["c", 1]]
sorted([('b', 2), ('a', 2), ('c', 1)], key=lambda p: (-p[1], p[0]))
