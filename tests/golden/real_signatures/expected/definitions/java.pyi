# real-signatures
class JavaName: first: str; last: str
class java:  # Methods offered by demo-app.
 def arrays(branchCode: str, gIds: list[str]) -> Any: ...  # result shape not declared
 def composite(name: JavaName) -> Any: ...  # result shape not declared
 def optional(pId: str, dynamicsId: str = ...) -> Any: ...  # result shape not declared
