# value: ["wait_for", "timeout"]
import asyncio
async def main():
    out = []
    try:
        await asyncio.wait_for(asyncio.sleep(10), 0.001)
    except asyncio.TimeoutError:
        out.append('wait_for')
    try:
        async with asyncio.timeout(0.001):
            await asyncio.sleep(10)
    except TimeoutError:
        out.append('timeout')
    return out
asyncio.run(main())
