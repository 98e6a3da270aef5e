# value: ["b", 2]
class Table:
    names = ["a", "b"]
    for _n in names:
        last = _n
    count = len(names)

[Table.last, Table.count]
