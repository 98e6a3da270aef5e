# value: ["a0", "b0", "a1", "b1"]
import asyncio
log = []
async def f(name):
    for n in range(2):
        log.append(name + str(n))
        await asyncio.sleep(0)
async def main():
    await asyncio.gather(f('a'), f('b'))
    return log
asyncio.run(main())
