import type { Adapter } from "./io.js";

/** The adapter that `createCodeMode({ fdc3 })` uses. */
export function ofFdc3(agent: object): Adapter;
