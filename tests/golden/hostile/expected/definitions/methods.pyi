# hostile
class methods:
 def unnamed(arguments: dict[str, Any] = ...) -> Any: ...  # arguments keys not declared; result shape not declared
