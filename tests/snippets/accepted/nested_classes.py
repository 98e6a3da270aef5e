# value: [4, 4, "Outer.Inner"]
class Outer:
    class Inner:
        value = 4

    def get(self):
        return self.Inner.value

[Outer().get(), Outer.Inner().value, Outer.Inner.__qualname__]
