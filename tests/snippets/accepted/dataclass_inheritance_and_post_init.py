# value: [3, "Child(a=1, b=5, total=6)"]
from dataclasses import dataclass, field

@dataclass
class Base:
    a: int

@dataclass(kw_only=True)
class Child(Base):
    b: int = 2
    total: int = field(init=False)

    def __post_init__(self):
        self.total = self.a + self.b

[Child(1).total, repr(Child(1, b=5))]
