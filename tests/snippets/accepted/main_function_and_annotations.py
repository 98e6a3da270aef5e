# value: [["x", "y"], ["x"], []]
from __future__ import annotations
from typing import Any, Callable, Literal, Union
Handler = Callable[[dict[str, Any]], Union[str, None]]
def handle(event: dict[str, Any], *handlers: Handler, mode: Literal["first", "all"] = "all") -> list[str]:
    results: list[str] = []
    for h in handlers:
        result: str | None = h(event)
        if result is not None:
            results.append(result)
            if mode == "first":
                break
    return results
def main() -> list[list[str]]:
    on_a: Handler = lambda e: e.get("a")
    on_b: Handler = lambda e: e.get("b")
    event = {"a": "x", "b": "y"}
    return [handle(event, on_a, on_b), handle(event, on_a, on_b, mode="first"), handle({}, on_a)]
if __name__ == "__main__":
    answer = main()
answer
