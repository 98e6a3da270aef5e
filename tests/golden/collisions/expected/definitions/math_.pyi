# collisions
class SinResult: y: float
class math_:
 def sin(x: float) -> SinResult: ...
