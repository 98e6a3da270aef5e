# real-signatures
class JavaName: first: str; last: str
class java:  # Offered by demo-app.
 def arrays(branchCode: str, gIds: list[str]) -> Any: ...  # result shape not declared
 def composite(name: JavaName) -> Any: ...  # result shape not declared
 def optional(pId: str, dynamicsId: str = ...) -> Any: ...  # result shape not declared
