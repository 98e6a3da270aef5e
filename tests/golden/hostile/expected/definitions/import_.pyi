# hostile, catalog 03e66096
class import_:  # Methods of Import.
 def os(path: str) -> Any: ...  # result shape not declared
