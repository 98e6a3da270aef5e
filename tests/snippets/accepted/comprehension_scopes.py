# value: ["outer", [0, 1, 2], [0, 1, 2], "0-1-2", [1, 2, 2, 4], {"0": [], "1": [0], "2": [0, 1]}, [0, 1, 2]]
x = "outer"
inner = [x for x in range(3)]
class Table:
    width = 3
    cells = [c for c in range(width)]
    label = "-".join(str(c) for c in cells)
matrix = [[r * c for c in range(3)] for r in range(3)]
[x, inner, Table.cells, Table.label, [v for row in matrix for v in row if v], {c: {r for r in range(c)} for c in range(3)}, list(zip(*matrix))[1]]
