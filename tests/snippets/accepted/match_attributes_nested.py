# value: [["left", 2], ["right", 3], ["leaf"], null]
class Node:
    def __init__(self, value, left=None, right=None):
        self.value, self.left, self.right = value, left, right
def f(n):
    match n:
        case Node(left=Node(value=v), right=None):
            return ['left', v]
        case Node(left=None, right=Node() as r):
            return ['right', r.value]
        case Node(value=int() | float()):
            return ['leaf']
        case _:
            return None
[f(Node(1, Node(2))), f(Node(1, None, Node(3))), f(Node(1)), f(5)]
