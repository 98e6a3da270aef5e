# collisions, catalog cd3daf69
class ListResult: names: list[str]
class records_:
 def list_() -> ListResult: ...
