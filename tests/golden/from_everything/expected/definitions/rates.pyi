# from-everything
class rates:  # Methods of Rates.
 def get(base: str, quote: str) -> Any: ...  # result shape not declared
 def get_2(pair: str) -> Any: ...  # result shape not declared
