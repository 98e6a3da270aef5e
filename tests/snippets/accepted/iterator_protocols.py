# value: [[true, false, 3, [1, 2, 3]], [3, 2, 1], "end", [1, 2]]
class Countdown:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return self
    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n + 1
    def __contains__(self, x):
        return 0 < x <= self.n
    def __len__(self):
        return self.n
    def __reversed__(self):
        return iter(range(1, self.n + 1))
c = Countdown(3)
first = [2 in c, 9 in c, len(c), list(reversed(c))]
[first, list(c), next(c, "end"), list(iter(lambda it=iter([1, 2, 0, 3]): next(it), 0))]
