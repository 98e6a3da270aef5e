# collisions, catalog cd3daf69
class SinResult: y: float
class math_:
 def sin(x: float) -> SinResult: ...
