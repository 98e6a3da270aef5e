# value: [[5, {"x": 1}], [1, [2, 3]], "mapping"]
def read(event):
    match event:
        case {"type": "trade", "qty": int(q), **rest}:
            return [q, rest]
        case [first, *others]:
            return [first, others]
        case (a, b), c:
            return [a, b, c]
        case {}:
            return "mapping"

[read({"type": "trade", "qty": 5, "x": 1}), read([1, 2, 3]), read({"y": 1})]
