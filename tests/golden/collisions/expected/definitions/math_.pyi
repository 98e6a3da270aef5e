# collisions, catalog aa4afa0a
class SinResult: y: float
class math_:  # Methods of Math.
 def sin(x: float) -> SinResult: ...
