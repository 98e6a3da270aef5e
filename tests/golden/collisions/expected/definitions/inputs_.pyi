# collisions
class Record_: x: str
class GetResult: Record__: Record_  # Record__ is key 'Record'
class inputs_:
 def get(Any_: str, Literal_: str) -> GetResult: ...
