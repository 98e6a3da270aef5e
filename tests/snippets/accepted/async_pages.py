# value: [10, 20, 30]
import asyncio
class Pages:
    def __init__(self, n):
        self.n, self.i = n, 0
    def __aiter__(self):
        return self
    async def __anext__(self):
        if self.i >= self.n:
            raise StopAsyncIteration
        self.i += 1
        await asyncio.sleep(0)
        return [self.i * 10 + k for k in range(2)]
async def collect():
    return [row async for page in Pages(3) for row in page if row % 2 == 0]
asyncio.run(collect())
