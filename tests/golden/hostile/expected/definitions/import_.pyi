# hostile, catalog b43a546d
class import_:  # Methods of Import.
 def os(path: str) -> Any: ...  # result shape not declared
