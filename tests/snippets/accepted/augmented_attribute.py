# value: [5, ["x"]]
class C:
    def __init__(self):
        self.n = 1
        self._tags = []

c = C()
c.n += 4
c._tags += ["x"]
[c.n, c._tags]
