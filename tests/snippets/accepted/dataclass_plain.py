# value: [{"name": "x", "amount": 2.5, "tags": ["t"]}, 5.0, "Line(name='y', amount=0.0, tags=[])", true]
from dataclasses import dataclass, field, asdict

@dataclass
class Line:
    name: str
    amount: float = 0.0
    tags: list = field(default_factory=list)

    def total(self):
        return self.amount * 2

line = Line("x", amount=2.5)
line.tags.append("t")
[asdict(line), line.total(), repr(Line("y")), Line("a") == Line("a")]
