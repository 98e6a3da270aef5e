# hostile
class con_:
 def aux(nul: str) -> Any: ...  # result shape not declared
