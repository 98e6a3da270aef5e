/** The model's tools as specifications and answers; the descriptions are fixed text, the desktop's (a test holds that). */

import { UsageError } from "./errors.js";
import { sayLookup } from "./messages.js";
import { cut, repr, strip } from "./text.js";

const LIST = "list_python_definitions";
const GET = "get_python_definitions";
const EXECUTE = "execute_python_code";
const INSPECT = "inspect_python_api";
/** @type {Record<string, string[]>} */
const PROFILES = { three: [LIST, GET, EXECUTE], two: [INSPECT, EXECUTE] };

/** @typedef {{title: string, description: string, schema: {type: string, properties: Record<string, any>, required?: string[], additionalProperties: boolean}}} Spec */
/** @typedef {{text: string, isError: boolean, outcome: import("./outcome.js").Outcome | null}} Answer */
/**
 * @typedef {object} CodeModeLike
 * @property {(query?: string, options?: any) => Promise<string>} list
 * @property {(names: string[], options?: any) => Promise<string>} get
 * @property {(code: string, options?: any) => Promise<import("./outcome.js").Outcome>} execute
 */

const QUERY = { type: "string", description: "What the function should do, in a few words." };
const NAMES = {
  type: "array",
  items: { type: "string" },
  description: "For example crm.get_client, crm.find_* or a namespace.",
};
/** @type {Record<string, Spec>} */
const SPECS = {
  [LIST]: {
    title: "Find functions",
    description:
      "Find Python functions of the user's desktop applications: the best matches for a query, a signature each, " +
      "or all namespaces without one.",
    schema: {
      type: "object",
      properties: {
        query: QUERY,
        namespace: { type: "string", description: "Only this namespace." },
        kind: { type: "string", enum: ["method", "stream", "intent", "fdc3_intent", "context"] },
        limit: { type: "integer", minimum: 1, maximum: 200, default: 20 },
      },
      additionalProperties: false,
    },
  },
  [GET]: {
    title: "Read definitions",
    description: "Get the exact parameters and result types of functions that you are about to call.",
    schema: {
      type: "object",
      properties: { names: NAMES, detail: { type: "string", enum: ["signature", "full"], default: "signature" } },
      required: ["names"],
      additionalProperties: false,
    },
  },
  [INSPECT]: {
    title: "Find functions and read definitions",
    description:
      "Find Python functions of the user's desktop applications. With a query: the best matches, a signature each. " +
      "With names: exact parameters and result types. Without either: all namespaces and what they are about.",
    schema: { type: "object", properties: { query: QUERY, names: NAMES }, additionalProperties: false },
  },
  [EXECUTE]: {
    title: "Run a snippet",
    description:
      "Run a Python snippet that calls these functions as namespace.function(...), the whole task in one snippet. " +
      "Filter, join and count there: only its last expression comes back, the data stays on the user's machine. " +
      "Records read as c.name or c['name']. Every run starts fresh.",
    schema: {
      type: "object",
      properties: {
        code: { type: "string", description: "The snippet." },
        dry_run: { type: "boolean", default: false, description: "Only list the calls that would change something." },
      },
      required: ["code"],
      additionalProperties: false,
    },
  },
};
const CHOICES = ["namespace", "kind", "detail"];
const WRONG_USE = 400; // characters of what is said of a wrong argument
/** @type {Record<string, (value: any) => boolean>} */
const TYPES = {
  string: (value) => typeof value === "string",
  integer: (value) => Number.isInteger(value),
  array: Array.isArray,
  boolean: (value) => typeof value === "boolean",
};

/**
 * The tool specifications in the form that a model's API or a protocol wants.
 *
 * @param {string} style `mcp`, `anthropic`, `openai` (chat completions) or `openai-responses`.
 * @param {string} profile `three` tools, or `two`, where one tool lists and gives definitions.
 * @param {Set<string>} effects What capabilities may do that a snippet can call; only `mcp` has words for it.
 * @returns {Record<string, any>[]}
 */
export function specs(style, profile, effects) {
  const names = toolsOf(profile);
  switch (style) {
    case "mcp":
      return names.map((name) => forMcp(name, effects));
    case "openai":
      return names.map((name) => ({ type: "function", function: ofFunction(name) }));
    case "openai-responses": // without `strict` that API makes every optional argument a required one
      return names.map((name) => ({ type: "function", ...ofFunction(name), strict: false }));
    case "anthropic":
      return names.map((name) => ({ name, description: SPECS[name].description, input_schema: structuredClone(SPECS[name].schema) }));
    default:
      throw new UsageError(`style must be mcp, openai, openai-responses or anthropic, not ${repr(String(style))}`);
  }
}

/** The names of a profile's tools. @param {string} profile */
export function toolsOf(profile) {
  if (!Object.hasOwn(PROFILES, profile)) throw new UsageError(`profile must be ${Object.keys(PROFILES).join(" or ")}, not ${repr(String(profile))}`);
  return PROFILES[profile];
}

/** @param {string} name @param {Set<string>} effects */
function forMcp(name, effects) {
  const { title, description, schema } = SPECS[name];
  return { name, title, description, inputSchema: structuredClone(schema), annotations: hints(name === EXECUTE ? effects : new Set(["read"])) };
}

/** What a tool may do to the world; what is not known counts as the worst. @param {Set<string>} effects */
function hints(effects) {
  if ([...effects].every((one) => one === "read")) return { readOnlyHint: true, openWorldHint: false };
  const destructiveHint = effects.has("destructive") || effects.has("unknown");
  return { readOnlyHint: false, destructiveHint, idempotentHint: false, openWorldHint: true };
}

/** @param {string} name */
function ofFunction(name) {
  return { name, description: SPECS[name].description, parameters: structuredClone(SPECS[name].schema) };
}

/** Answers a tool call of a model. What the model does wrong is answered, not thrown. @param {CodeModeLike} codeMode @param {string} name @param {any} asked @param {string} profile @returns {Promise<Answer>} */
export async function answer(codeMode, name, asked, profile) {
  const given = understood(asked ?? {});
  if (!Object.hasOwn(SPECS, name)) {
    const names = toolsOf(profile);
    return wrong(sayLookup("no_tool", { name: cut(String(name), 80), names: `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` }));
  }
  const problem = problemOf(SPECS[name].schema, given);
  if (problem !== null) return wrong(`${name}: ${problem}`);
  if (name === EXECUTE) {
    const outcome = await codeMode.execute(given.code, { dryRun: given.dry_run === true });
    return { text: outcome.text(), isError: !outcome.ok, outcome };
  }
  try {
    return { text: await lookedUp(codeMode, name, given), isError: false, outcome: null };
  } catch (error) {
    if (error instanceof UsageError) return wrong(cut(`${name}: ${error.message}`, WRONG_USE));
    throw error;
  }
}

/** Takes what can only be meant in one way as it is meant: one name for a list of names, "" for none. @param {any} asked */
function understood(asked) {
  if (typeof asked !== "object" || Array.isArray(asked)) return asked;
  const given = Object.fromEntries(Object.entries(asked).filter(([key, value]) => value !== "" || !CHOICES.includes(key)));
  if (typeof given.limit === "string" && /^[0-9]{1,3}$/.test(given.limit)) given.limit = Number(given.limit);
  if (typeof given.names !== "string") return given;
  return { ...given, names: given.names.split(/[\s,[\]"']+/).filter((/** @type {string} */ one) => one !== "") };
}

/** @param {string} text @returns {Answer} */
function wrong(text) {
  return { text, isError: true, outcome: null };
}

/** @param {CodeModeLike} codeMode @param {string} name @param {any} given */
async function lookedUp(codeMode, name, given) {
  const query = given.query ?? "";
  const names = given.names ?? [];
  if (name === LIST || names.length === 0) {
    return codeMode.list(query, { namespace: given.namespace ?? null, kind: given.kind ?? null, limit: given.limit ?? 20 });
  }
  const definitions = await codeMode.get(names, { detail: given.detail ?? "signature" });
  return strip(query) === "" ? definitions : `${await codeMode.list(query)}\n\n${definitions}`;
}

/** What is wrong with a tool call's arguments, in words for a model; null counts as not given. @param {Spec["schema"]} schema @param {any} given @returns {string | null} */
function problemOf({ properties, required = [] }, given) {
  if (typeof given !== "object" || Array.isArray(given)) return "the arguments must be an object";
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(properties, key)) return `there is no argument ${cut(key, 80)}; there are ${Object.keys(properties).join(", ")}`;
    const kind = properties[key].type;
    if (value !== null && !TYPES[kind](value)) return `${key} must be ${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
    if (Array.isArray(value) && value.some((item) => typeof item !== "string")) return `${key} must be a list of text`;
    if (Array.isArray(value) && value.length === 0 && required.includes(key)) return `${key} is empty`;
  }
  const missing = required.find((key) => given[key] === undefined || given[key] === null);
  return missing === undefined ? null : `${missing} is missing`;
}
