# from-interop-dump, catalog f848a545
class methods:
 def user_greeting(name: str) -> Any: ...  # result shape not declared
