# from-interop-dump, catalog 84af171c
class methods:  # Methods of Methods.
 def user_greeting(name: str) -> Any: ...  # result shape not declared
