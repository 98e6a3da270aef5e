// Starts Python as a worker of the browser does, from sources, and writes what it has loaded: JSON of paths and base64.

import { readFileSync } from "node:fs";
import { loadPyodide } from "./pyodide.mjs";

const here = process.cwd();
const python = await loadPyodide({
  indexURL: here,
  packageBaseUrl: here,
  stdLibURL: `${here}/sources.zip`,
  lockFileContents: { info: { abi_version: "2026_0" }, packages: {} },
  env: { PYTHONHASHSEED: "0" }, // sets among the constants are written in the order of their hashes
  stdout: (line) => console.error(line),
  stderr: (line) => console.error(line),
});
python.runPython("from ioconnect_codemode import browser_worker; browser_worker.prepare()");
python.runPython(readFileSync(`${here}/in_pyodide.py`, "utf8"));
const loaded = python.globals.get("loaded")().toJs({ dict_converter: Array.from });
const written = loaded.map(([path, bytes]) => [path, Buffer.from(bytes).toString("base64")]);
process.stdout.write(JSON.stringify(Object.fromEntries(written)));
