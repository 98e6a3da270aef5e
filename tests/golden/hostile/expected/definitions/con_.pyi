# hostile, catalog e7b25858
class con_:
 def aux(nul: str) -> Any: ...  # result shape not declared
