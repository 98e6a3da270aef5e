// Has the page's wealth desk answer the calls that come on standard input, one after the other; errors by their text.
import { readFileSync } from "node:fs";

const { desk, calls } = JSON.parse(readFileSync(0, "utf8"));
const { makeHandlers } = await import(process.argv[2]);
const handlers = makeHandlers(desk);
const answers = calls.map(({ wire, arguments: args }) => {
  try {
    return { answer: handlers[wire](args) };
  } catch (error) {
    return { error: error.message };
  }
});
process.stdout.write(JSON.stringify({ answers, wires: Object.keys(handlers).sort() }));
