# real-signatures
class AdditionResult: sum: int
class DocsName: first: str; middle: str | None; last: str
class PersonalDetails: name: str; age: int
class StreamResult: symbol: str; lastTradePrice: float
class SumResult: answer: int
class docs:  # Offered by demo-app.
 def addition(a: int, b: int, c: int = ...) -> AdditionResult: ...
 def composite(name: DocsName) -> Any: ...  # result shape not declared
 def display_value(value: str) -> Any: ...  # result shape not declared
 def stream(symbol: str) -> StreamResult: ...
 def sum_(a: int, b: int) -> SumResult: ...
 def titles(name: str, titles: list[str] = ...) -> Any: ...  # result shape not declared
 def tuple_(personalDetails: tuple[str, int] | PersonalDetails) -> Any: ...  # result shape not declared
