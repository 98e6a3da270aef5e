# hostile, catalog ca4f53b5
class import_:  # Methods of Import.
 def os(path: str) -> Any: ...  # result shape not declared
