# hostile
class con_:  # Methods of Con.
 def aux(nul: str) -> Any: ...  # result shape not declared
