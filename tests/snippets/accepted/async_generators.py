# value: [[0, 1, 2], 4]
import asyncio
async def numbers(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i
async def main():
    return [[x async for x in numbers(3)], sum([y async for y in numbers(4) if y % 2])]
asyncio.run(main())
