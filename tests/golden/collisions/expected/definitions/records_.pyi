# collisions, catalog aa4afa0a
class ListResult: names: list[str]
class records_:  # Methods offered by records.
 def list_() -> ListResult: ...
