# value: [2, 9, true, [9, 3], [9]]
class Box:
    def __init__(self, *items): self.items = list(items)
    def __len__(self): return len(self.items)
    def __getitem__(self, i): return self.items[i]
    def __setitem__(self, i, v): self.items[i] = v
    def __delitem__(self, i): del self.items[i]
    def __contains__(self, v): return v in self.items
    def __iter__(self): return iter(self.items)
b = Box(1, 2, 3)
b[0] = 9
del b[1]
[len(b), b[0], 3 in b, list(b), b[0:1]]
