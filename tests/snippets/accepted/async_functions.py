# value: [2, 4, 6, 10]
import asyncio

async def double(n):
    await asyncio.sleep(0)
    return n * 2

async def main():
    values = await asyncio.gather(double(1), *[double(n) for n in (2, 3)])
    return values + [await double(5)]

asyncio.run(main())
