# collisions
class SinResult: y: float
class math_:  # Methods of Math.
 def sin(x: float) -> SinResult: ...
