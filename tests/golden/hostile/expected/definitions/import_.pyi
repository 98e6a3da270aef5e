# hostile
class import_:  # Methods of Import.
 def os(path: str) -> Any: ...  # result shape not declared
