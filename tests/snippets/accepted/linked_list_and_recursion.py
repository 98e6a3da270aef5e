# value: ["c", 2]
# printed: "a\n  b\n    c\n  d\n"
class Node:
    def __init__(self, value, *children):
        self.value, self.children = value, list(children)
    def walk(self, depth=0):
        yield depth, self.value
        for child in self.children:
            yield from child.walk(depth + 1)
    def find(self, test):
        return next((v for _, v in self.walk() if test(v)), None)
tree = Node("a", Node("b", Node("c")), Node("d"))
print("\n".join("  " * d + v for d, v in tree.walk()))
[tree.find(lambda v: v > "b"), max(d for d, _ in tree.walk())]
