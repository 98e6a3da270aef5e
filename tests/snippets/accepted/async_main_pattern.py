# value: 12
import asyncio
async def work(n):
    await asyncio.sleep(0)
    return n * 2
async def main():
    results = await asyncio.gather(*(work(n) for n in range(4)))
    return sum(results)
asyncio.run(main())
