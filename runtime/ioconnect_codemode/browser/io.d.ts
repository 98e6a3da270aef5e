import type { IoClient, Kind } from "./codemode.js";

/** A call as an adapter gets it. */
export interface Route {
  kind: Kind;
  /** On the wire, without `intent:` or `context:`. */
  name: string;
  /** The apps that declare it. */
  apps: string[];
  /** Signatures of arguments and result, where an app has declared them. */
  accepts?: string | undefined;
  returns?: string | undefined;
  /** Of a stream: how many events are the answer, and after how many seconds it is what has come. */
  take?: number | undefined;
  takeForS?: number | undefined;
  /** Which of several apps. */
  target?: string | string[] | undefined;
  /** Seconds for which an app that is not there yet is waited for. */
  waitForS?: number | undefined;
}

/** Carries a call and gives its answer; `timeoutS` is for the app, the caller holds it. */
export type Adapter = (route: Route, args: Record<string, any>, context: { timeoutS: number; signal: AbortSignal }) => Promise<unknown>;

/** The adapter that `createCodeMode({ io })` uses. */
export function ofIo(io: IoClient): Adapter;
