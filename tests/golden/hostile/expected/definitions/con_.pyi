# hostile, catalog e7b25858
class con_:  # Methods of Con.
 def aux(nul: str) -> Any: ...  # result shape not declared
