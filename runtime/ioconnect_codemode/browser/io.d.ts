import type { Invoke } from "./codemode.js";

/** A call as an adapter gets it: what it is, its arguments, and how long it may take. */
export type Adapter = (route: { kind: string; name: string }, args: Record<string, any>, context: { timeoutS: number; signal: AbortSignal }) => ReturnType<Invoke>;

/** The adapter that `createCodeMode({ io })` uses. */
export function ofIo(io: object): Adapter;
