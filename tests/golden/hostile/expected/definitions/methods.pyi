# hostile, catalog ca4f53b5
class methods:  # Methods of Methods.
 def unnamed(arguments: dict[str, Any] = ...) -> Any: ...  # arguments keys not declared; result shape not declared
