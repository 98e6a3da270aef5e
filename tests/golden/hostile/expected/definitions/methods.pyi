# hostile, catalog 460a2d6c
class methods:  # Methods of Methods.
 def unnamed(arguments: dict[str, Any] = ...) -> Any: ...  # arguments keys not declared; result shape not declared
