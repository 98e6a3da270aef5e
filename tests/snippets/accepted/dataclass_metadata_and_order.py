# value: ["a", ["priority", "Name", "tags"], {"priority": 9, "name": "a", "tags": ["x"]}]
from dataclasses import dataclass, field, fields, asdict, replace
@dataclass(order=True)
class Task:
    priority: int
    name: str = field(compare=False, metadata={"label": "Name"})
    tags: list = field(default_factory=list, compare=False)
a, b = Task(2, "b"), Task(1, "a", ["x"])
[min(a, b).name, [f.metadata.get("label", f.name) for f in fields(Task)], asdict(replace(b, priority=9))]
