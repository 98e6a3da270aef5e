# value: [[2, 1, 0], {"a": 1, "b": 2}, 4]

class Countdown:
    def __init__(self, n): self.n = n
    def __aiter__(self): return self
    async def __anext__(self):
        if self.n == 0: raise StopAsyncIteration
        self.n -= 1
        return self.n
async def main(): return [x async for x in Countdown(3)], {x: y async for x, y in pairs()}, sum([x async for x in Countdown(4) if x % 2])
async def pairs():
    for p in [("a", 1), ("b", 2)]: yield p
import asyncio
asyncio.run(main())
