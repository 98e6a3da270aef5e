# hostile, catalog e7b25858
class methods:
 def unnamed(arguments: dict[str, Any] = ...) -> Any: ...  # arguments keys not declared; result shape not declared
