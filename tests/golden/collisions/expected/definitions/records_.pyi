# collisions
class ListResult: names: list[str]
class records_:  # Methods offered by records.
 def list_() -> ListResult: ...
