# from-interop-dump
class methods:
 def user_greeting(name: str) -> Any: ...  # result shape not declared
