# hostile, catalog 9f1bea1f
class import_:  # Methods of Import.
 def os(path: str) -> Any: ...  # result shape not declared
