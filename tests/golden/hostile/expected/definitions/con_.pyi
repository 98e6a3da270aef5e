# hostile, catalog ca4f53b5
class con_:  # Methods of Con.
 def aux(nul: str) -> Any: ...  # result shape not declared
