# hostile, catalog 9f1bea1f
class con_:  # Methods of Con.
 def aux(nul: str) -> Any: ...  # result shape not declared
