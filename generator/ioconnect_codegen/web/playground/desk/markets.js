// @ts-check
/** The desk's market data and research. */

import { count, day, record, rounded, text, textOrNull, texts } from "./arguments.js";
import { order } from "./state.js";

/** @typedef {import("./state.js").Desk} Desk */
/** @typedef {import("./state.js").Row} Row */
/** @typedef {import("./arguments.js").Arguments} Arguments */

/** @type {Record<string, (desk: Desk, args: Arguments) => any>} */
export const handlers = {
  "MarketData.GetQuote": (desk, args) => {
    const instrument = desk.instrument(text(args, "symbol"));
    const { change, ...rest } = quote(desk, instrument);
    return { symbol: instrument.symbol, ...rest };
  },
  /** By symbol; unknown symbols are left out. */
  "MarketData.GetQuotes": (desk, args) => {
    const known = texts(args, "symbols").filter((symbol) => desk.instruments.has(symbol));
    return Object.fromEntries(known.map((symbol) => [symbol, quote(desk, desk.instrument(symbol))]));
  },
  "MarketData.Ticks": (desk, args) => desk.data.ticks[desk.instrument(text(args, "symbol")).symbol],
  /** The last close of each day, week or month, oldest first. */
  "MarketData.GetHistory": (desk, args) => {
    const { symbol } = desk.instrument(text(args, "symbol"));
    const first = day(args, "from") ?? "";
    const last = day(args, "to") ?? desk.today;
    const interval = textOrNull(args, "interval") ?? "day";
    /** @type {Map<string, [string, number]>} */
    const closes = new Map();
    desk.data.close_days.forEach((on, index) => closes.set(bucket(on, interval), [on, desk.data.closes[symbol][index]]));
    return [...closes.values()].filter(([on]) => first <= on && on <= last);
  },
  /** Notes in which all words occur, newest first. */
  "Research.Search": (desk, args) => {
    const words = text(args, "query").toLowerCase().split(/\s+/).filter((word) => word !== "");
    const symbols = texts(args, "symbols");
    const since = day(args, "since") ?? "";
    const found = [...desk.research.values()].filter((one) => {
      const all = `${one.title} ${one.abstract} ${one.house}`.toLowerCase();
      const isOn = symbols.length === 0 || one.symbols.some((/** @type {string} */ symbol) => symbols.includes(symbol));
      return words.every((word) => all.includes(word)) && isOn && one.published >= since;
    });
    found.sort((one, other) => order(other.published, one.published) || order(other.id, one.id));
    return found.slice(0, count(args, "limit", 20)).map(note);
  },
  "Research.GetNote": (desk, args) => {
    const id = text(args, "id");
    const found = desk.research.get(id);
    if (found === undefined) throw new Error(`no research note ${id}`);
    const body = Array.from({ length: found.pages }, () => `${found.title}\n\n${found.abstract}`).join("\n\n");
    return { note: { ...note(found), body } };
  },
  /** Names of the instruments that notes exist on. */
  "Research.Topics": (desk) => {
    const symbols = new Set([...desk.research.values()].flatMap((one) => one.symbols));
    return { topics: [...symbols].sort(order).map((symbol) => desk.instrument(symbol).name) };
  },
  "Research.Subscribe": (desk, args) => {
    desk.subscriptions.push(text(args, "topic"));
    return { subscribed: [...desk.subscriptions] };
  },
};

/** @param {Desk} desk @param {Row} instrument @returns {Row} */
function quote(desk, { price, change, currency }) {
  return { bid: rounded(price * 0.9995, 4), ask: rounded(price * 1.0005, 4), last: price, change, currency, time: desk.data.opening };
}

/** What days are one of, by their last close: ISO weeks begin on Monday. @param {string} on @param {string} interval */
function bucket(on, interval) {
  if (interval === "month") return on.slice(0, 7);
  if (interval !== "week") return on;
  const monday = new Date(`${on}T00:00:00Z`);
  monday.setUTCDate(monday.getUTCDate() - ((monday.getUTCDay() + 6) % 7));
  return monday.toISOString().slice(0, 10);
}

/** @param {Row} one */
function note({ id, title, published, symbols, analyst: name, email, house, rating, target_price, abstract, pages }) {
  const analyst = record({ name, email, house });
  return { id, title, published, symbols, analyst, rating: rating ?? null, targetPrice: target_price ?? null, abstract, pages };
}
