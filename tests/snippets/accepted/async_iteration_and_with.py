# value: ["open", 0, 1, 2, 1, 2]
import asyncio

class Session:
    async def __aenter__(self):
        return "open"

    async def __aexit__(self, kind, error, trace):
        return kind is ValueError

async def ticks():
    for n in range(3):
        yield n

async def main():
    out = []
    async with Session() as s:
        out.append(s)
        raise ValueError
    async for n in ticks():
        out.append(n)
    out += [n async for n in ticks() if n]
    return out

asyncio.run(main())
