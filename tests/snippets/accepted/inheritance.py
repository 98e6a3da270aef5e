# value: ["child:2!", true, true]
class Base:
    kind = "base"

    def __init__(self, n):
        self.n = n

    def text(self):
        return f"{self.kind}:{self.n}"

class Child(Base):
    kind = "child"

    def __init__(self, n):
        super().__init__(n + 1)

    def text(self):
        return super().text() + "!"

[Child(1).text(), isinstance(Child(1), Base), issubclass(Child, Base)]
