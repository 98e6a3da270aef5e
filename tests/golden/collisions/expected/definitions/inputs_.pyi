# collisions
class Record_: x: str
class GetResult: Record_: Record_  # Record_ is key 'Record'
class inputs_:
 def get(Any_: str, Literal_: str) -> GetResult: ...
