# hostile, catalog 24543750
class methods:  # Methods of Methods.
 def unnamed(arguments: dict[str, Any] = ...) -> Any: ...  # arguments keys not declared; result shape not declared
