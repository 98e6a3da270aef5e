// The TypeScript that @cloudflare/codemode shows a model. Standard input: [{name, description, inputSchema, outputSchema}].
import fs from "node:fs";
import { pathToFileURL } from "node:url";

// The package's entry needs its own runtime; the type generator alone has no entry.
const dist = new URL("node_modules/@cloudflare/codemode/dist/", import.meta.url);
const file = fs.readdirSync(dist).find((name) => /^json-schema-types.*\.js$/.test(name));
const { t: generateTypes } = await import(new URL(file, pathToFileURL(dist.pathname)).href);

const tools = JSON.parse(fs.readFileSync(0, "utf-8"));
process.stdout.write(generateTypes(Object.fromEntries(tools.map((tool) => [tool.name, tool]))));
