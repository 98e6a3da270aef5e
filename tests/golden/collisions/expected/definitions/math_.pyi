# collisions, catalog 06460b74
class SinResult: y: float
class math_:  # Methods of Math.
 def sin(x: float) -> SinResult: ...
