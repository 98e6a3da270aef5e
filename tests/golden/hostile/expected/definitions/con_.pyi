# hostile, catalog 03e66096
class con_:  # Methods of Con.
 def aux(nul: str) -> Any: ...  # result shape not declared
