# value: [["d", "A", "B"], ["mon", 1, 2], ["tue", 5, null]]
# printed: "    d |     A |     B\n  mon |     1 |     2\n  tue |     5 |      \n"

def pivot(rows, index, columns, values, agg=sum):
    cells = {}
    for r in rows: cells.setdefault((r[index], r[columns]), []).append(r[values])
    cols = sorted({c for _, c in cells}); idx = sorted({i for i, _ in cells})
    return [[index, *cols]] + [[i, *(agg(cells[i, c]) if (i, c) in cells else None for c in cols)] for i in idx]
t = pivot([{"d":"mon","s":"A","v":1},{"d":"mon","s":"B","v":2},{"d":"tue","s":"A","v":5}], "d", "s", "v")
for row in t: print(" | ".join(f"{('' if c is None else c)!s:>5}" for c in row))
t
