# value: [[1], [2]]
def outer(x, items=None):
    items = items or []
    def inner(y=x):
        items.append(y)
        return items
    return inner()
[outer(1), outer(2)]
