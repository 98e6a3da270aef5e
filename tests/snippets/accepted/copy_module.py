# value: [{"k": [1]}, {"k": [1, 2]}, true, true, true, [1, 2]]
import copy

class Node:
    def __init__(self, kids):
        self.kids = kids

a = Node([Node([]), {"k": [1]}])
b = copy.deepcopy(a)
b.kids[1]["k"].append(2)
c = copy.copy(a)
loop = [1]
loop.append(loop)
twin = copy.deepcopy(loop)
[a.kids[1], b.kids[1], c.kids is a.kids, b is not a, twin[1] is twin, copy.copy([1, 2])]
