// @ts-check
/** Snippets as a model would write them, each to show one thing. */

/** @type {{title: string, question: string, code: string}[]} */
export const EXAMPLES = [
  {
    title: "Find the adviser of a client",
    question: "Who is the adviser of Amelia Reid?",
    code: `clients = crm.find_clients(name="Amelia Reid")
clients[0].adviser
`,
  },
  {
    title: "Narrow many records down",
    question: "Which advisers look after the most money in Switzerland?",
    code: `page = crm.list_clients(limit=500)
totals = {}
for client in page.items:
    if client.address and client.address.country == "CH":
        before = totals.get(client.adviser, 0)
        totals[client.adviser] = before + client.aum

best = sorted(totals.items(), key=lambda one: -one[1])[:3]
print(f"{len(page.items)} records read")
{adviser: round(aum) for adviser, aum in best}
`,
  },
  {
    title: "Call several apps side by side",
    question: "How far are Amelia Reid's portfolios off their models?",
    code: `import asyncio

client = crm.find_clients(name="Amelia Reid")[0]
held = portfolios.get_for_client(client.id).portfolios
drifts = await asyncio.gather(*[
    portfolios.drift(one.id, tolerance=0.05) for one in held
])

{one.name: {row.assetClass: round(row.actual - row.target, 2)
            for row in rows}
 for one, rows in zip(held, drifts)}
`,
  },
  {
    title: "A slip, found before anything runs",
    question: "What do the mistakes of a model look like?",
    code: `client = crm.get_client(id=10024)
notes = crm.list_note(client.id)
client.advisor
`,
  },
  {
    title: "A call that a person is asked about",
    question: "Add a note to Amelia Reid's file.",
    code: `client = crm.find_clients(name="Amelia Reid")[0]
note = crm.add_note(
    client.id, "Wants the currency hedge reviewed.", category="call"
)
note.id
`,
  },
  {
    title: "An app that says no",
    question: "What happens when an app refuses?",
    code: `filled = orders.list_(status="filled").orders
print(len(filled), "orders are filled")
try:
    orders.get("OR-1")
except AppError as error:
    print("the app says:", error)

crm.get_client("CL-99999")
`,
  },
  {
    title: "A loop that does not end",
    question: "Does the page stay alive?",
    code: `count = 0
while True:
    count += 1
`,
  },
];
