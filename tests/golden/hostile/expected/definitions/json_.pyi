# hostile
class json_:  # Methods of Json.
 def loads(s: str) -> Any: ...  # result shape not declared
