# value: ["a", "b", "none", "stopped", [1, 2]]
import asyncio

async def letters():
    for letter in "ab":
        await asyncio.sleep(0)
        yield letter

class Countdown:
    def __init__(self, start):
        self.left = start
    def __aiter__(self):
        return self
    async def __anext__(self):
        if self.left == 0:
            raise StopAsyncIteration
        self.left -= 1
        return 3 - self.left - 1

async def main():
    stream = aiter(letters())
    found = [await anext(stream), await anext(stream), await anext(stream, "none")]
    try:
        await anext(stream)
    except StopAsyncIteration:
        found.append("stopped")
    steps = aiter(Countdown(2))
    return [*found, [await anext(steps), await anext(steps)]]

try:
    result = asyncio.run(main())
except (ConnectionResetError, BrokenPipeError):
    result = None
result
