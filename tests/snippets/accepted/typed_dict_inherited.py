# value: [{"id": 1, "name": "Ana"}, {"id": 2, "tags": ["x"]}, 3]
from typing import TypedDict, NotRequired
class Base(TypedDict):
    id: int
class Client(Base, total=False):
    name: str
    tags: NotRequired[list[str]]
c: Client = {"id": 1, "name": "Ana"}
d = Client(id=2, tags=["x"])
[c, d, c["id"] + d["id"]]
