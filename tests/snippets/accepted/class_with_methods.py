# value: [2, [1, 2], 1, true, "Stack([1, 2])", true, "Stack([1, 2, 1, 2])", 2, "A stack."]
class Stack:
    """A stack."""

    limit = 2

    def __init__(self, *items):
        self.items = list(items)

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        return iter(self.items)

    def __getitem__(self, i):
        return self.items[i]

    def __contains__(self, x):
        return x in self.items

    def __repr__(self):
        return f"Stack({self.items})"

    def __eq__(self, other):
        return self.items == other.items

    def __bool__(self):
        return True

    def __add__(self, other):
        return Stack(*self.items, *other.items)

s = Stack(1, 2)
[len(s), list(s), s[0], 2 in s, repr(s), s == Stack(1, 2), str(s + s), s.limit, Stack.__doc__]
