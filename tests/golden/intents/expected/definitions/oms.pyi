# intents
class Stream: t: str
class oms:
 def stream(s: str, *, take: int = 10, timeout_s: float = 5.0) -> list[Stream]: ...  # take 1..1000; timeout_s above 0
