# from-everything
class rates:
 def get(base: str, quote: str) -> Any: ...  # result shape not declared
 def get_2(pair: str) -> Any: ...  # result shape not declared
