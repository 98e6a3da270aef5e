# value: [[1, [2, 3], 4], [1, [2]], {"a": [1, 2]}, true, [1, [2]]]
import copy
class Box:
    def __init__(self, items):
        self.items = items
b = Box([1, [2]])
shallow, deep = copy.copy(b), copy.deepcopy(b)
b.items[1].append(3)
b.items.append(4)
nested = {"a": [1]}
same = nested.copy()
nested["a"].append(2)
[shallow.items, deep.items, same, shallow.items is b.items, copy.deepcopy((1, [2]))]
