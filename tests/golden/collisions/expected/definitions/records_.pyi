# collisions
class ListResult: names: list[str]
class records_:
 def list_() -> ListResult: ...
