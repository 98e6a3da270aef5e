# value: [["odd 1", "odd 3"], ["row is incomplete (1 sub-exception)", "row is incomplete", ["KeyError"]], 1, "v", true]
import asyncio
async def work(n):
    await asyncio.sleep(0)
    if n % 2:
        raise ValueError(f"odd {n}")
    return n
async def main():
    try:
        async with asyncio.TaskGroup() as group:
            for n in range(4):
                group.create_task(work(n))
    except ExceptionGroup as failed:
        return [str(e) for e in failed.exceptions]
def check(row):
    errors = [KeyError(k) for k in ("id", "name") if k not in row]
    if errors:
        raise ExceptionGroup("row is incomplete", errors)
try:
    check({"id": 1})
except ExceptionGroup as e:
    found = [str(e), e.message, [type(x).__name__ for x in e.exceptions]]
keys, others = ExceptionGroup("g", [KeyError("k"), ValueError("v")]).split(KeyError)
[asyncio.run(main()), found, len(keys.exceptions), str(others.exceptions[0]), isinstance(keys, Exception)]
