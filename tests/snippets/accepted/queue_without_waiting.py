# value: [["full", 1, "empty"], true, false]
import asyncio
async def main():
    q = asyncio.Queue(maxsize=1)
    q.put_nowait(1)
    seen = []
    try:
        q.put_nowait(2)
    except asyncio.QueueFull:
        seen.append("full")
    seen.append(q.get_nowait())
    try:
        q.get_nowait()
    except asyncio.QueueEmpty:
        seen.append("empty")
    return seen, asyncio.iscoroutinefunction(main), asyncio.iscoroutinefunction(len)
asyncio.run(main())
