# value: [1, 4]
# own: await of a plain value outside an async function
def f(x):
    return await x

[f(1), [await n for n in [4]][0]]
