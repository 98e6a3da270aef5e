# hostile
class json_:
 def loads(s: str) -> Any: ...  # result shape not declared
