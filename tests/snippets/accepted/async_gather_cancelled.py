# value: ["cancelled", true]
import asyncio
async def slow(n):
    await asyncio.sleep(5)
    return n
async def main():
    both = asyncio.gather(slow(1), slow(2))
    await asyncio.sleep(0.01)
    both.cancel()
    try:
        await both
    except asyncio.CancelledError:
        return ["cancelled", both.done()]
asyncio.run(main())
