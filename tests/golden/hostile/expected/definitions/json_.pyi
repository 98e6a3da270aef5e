# hostile, catalog e7b25858
class json_:
 def loads(s: str) -> Any: ...  # result shape not declared
