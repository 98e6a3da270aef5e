# hostile, catalog e7b25858
class import_:  # Methods of Import.
 def os(path: str) -> Any: ...  # result shape not declared
