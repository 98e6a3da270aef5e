# collisions, catalog 50836bf7
class SinResult: y: float
class math_:  # Methods of Math.
 def sin(x: float) -> SinResult: ...
