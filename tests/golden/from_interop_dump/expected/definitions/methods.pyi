# from-interop-dump, catalog b1c64d2c
class methods:  # Methods of Methods.
 def user_greeting(name: str) -> Any: ...  # result shape not declared
