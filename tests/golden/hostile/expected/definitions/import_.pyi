# hostile, catalog e7b25858
class import_:
 def os(path: str) -> Any: ...  # result shape not declared
