# hostile, catalog 460a2d6c
class con_:  # Methods of Con.
 def aux(nul: str) -> Any: ...  # result shape not declared
