# hostile, catalog b43a546d
class con_:  # Methods of Con.
 def aux(nul: str) -> Any: ...  # result shape not declared
