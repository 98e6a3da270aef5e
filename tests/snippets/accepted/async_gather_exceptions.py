# value: [1, "ValueError"]
import asyncio

async def fail():
    raise ValueError("no")

async def fine():
    return 1

async def main():
    got = await asyncio.gather(fine(), fail(), return_exceptions=True)
    return [got[0], type(got[1]).__name__]

asyncio.run(main())
