# value: [5, ["open a", "open b", "AB", "close b", "close a", "open c", "saw 'k'", "close c", "open d", "close d", "v"]]
import asyncio
from contextlib import asynccontextmanager, nullcontext
log = []
@asynccontextmanager
async def session(name):
    log.append(f"open {name}")
    await asyncio.sleep(0)
    try:
        yield name.upper()
    except KeyError as e:
        log.append(f"saw {e}")
    finally:
        log.append(f"close {name}")
async def main():
    async with session("a") as a, session("b") as b:
        log.append(a + b)
    async with session("c"):
        raise KeyError("k")
    try:
        async with session("d"):
            raise ValueError("v")
    except ValueError as e:
        log.append(str(e))
    async with nullcontext(5) as five:
        return five
[asyncio.run(main()), log]
