# value: [[1, 2], 2, true]
class Stack(list):
    def push(self, x):
        self.append(x)
        return self
s = Stack([1]).push(2)
[list(s), len(s), isinstance(s, list)]
