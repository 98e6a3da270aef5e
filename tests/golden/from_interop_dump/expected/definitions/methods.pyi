# from-interop-dump, catalog f848a545
class methods:  # Methods of Methods.
 def user_greeting(name: str) -> Any: ...  # result shape not declared
