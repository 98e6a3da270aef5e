# hostile
class import_:
 def os(path: str) -> Any: ...  # result shape not declared
