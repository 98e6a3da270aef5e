# value: [[2, 3], 3, true, {"a": 1, "b": 3}]
class Rows(list[dict]):
    def where(self, **wanted):
        return Rows(r for r in self if all(r.get(k) == v for k, v in wanted.items()))
    def pluck(self, key):
        return [r[key] for r in self]
rows = Rows([{"a": 1, "b": 2}, {"a": 1, "b": 3}, {"a": 2, "b": 4}])
[rows.where(a=1).pluck("b"), len(rows), isinstance(rows, list), rows.where(a=1, b=3)[0]]
