import type { Fdc3Agent } from "./codemode.js";
import type { Adapter } from "./io.js";

/** The adapter that `createCodeMode({ fdc3 })` uses. */
export function ofFdc3(agent: Fdc3Agent): Adapter;
