// Times the peers that make TypeScript of JSON Schemas. Standard input: [{name, inputSchema, outputSchema}, ...].
// Standard output: {"json-schema-to-typescript": seconds, "@cloudflare/codemode": seconds}.
import fs from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const tools = JSON.parse(fs.readFileSync(0, "utf-8"));
const { compile } = createRequire(import.meta.url)("json-schema-to-typescript");

// Its type generator has no entry of its own among the package's exports.
const dist = new URL("node_modules/@cloudflare/codemode/dist/", import.meta.url);
const file = fs.readdirSync(dist).find((name) => /^json-schema-types.*\.js$/.test(name));
const { t: generateTypes } = await import(new URL(file, pathToFileURL(dist.pathname)).href);

async function seconds(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

const options = { format: false, bannerComment: "" };
console.log(
  JSON.stringify({
    "json-schema-to-typescript": await seconds(async () => {
      for (const { name, inputSchema, outputSchema } of structuredClone(tools)) {
        await compile(inputSchema, `${name}Input`, options);
        if (outputSchema) await compile(outputSchema, `${name}Output`, options);
      }
    }),
    "@cloudflare/codemode": await seconds(() => generateTypes(Object.fromEntries(tools.map((t) => [t.name, t])))),
  }),
);
