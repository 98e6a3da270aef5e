# from-interop-dump
class methods:  # Methods of Methods.
 def user_greeting(name: str) -> Any: ...  # result shape not declared
