// @ts-check
/** The desk's orders: placing, cancelling, blotters. */

import { count, day, number, numberOrNull, record, text, textOrNull } from "./arguments.js";
import { order as inOrder } from "./state.js";

/** @typedef {import("./state.js").Desk} Desk */
/** @typedef {import("./state.js").Row} Row */
/** @typedef {import("./arguments.js").Arguments} Arguments */

/** @type {Record<string, (desk: Desk, args: Arguments) => any>} */
export const handlers = {
  /** A market order is filled at once at the last price, a limit order stays working. */
  "Orders.Place": (desk, args) => {
    const portfolio = desk.portfolio(text(args, "portfolioId"));
    const instrument = desk.instrument(text(args, "symbol"));
    const limit = numberOrNull(args, "limitPrice");
    const type = textOrNull(args, "type") ?? "market";
    if (portfolio.closed != null) throw new Error(`portfolio ${portfolio.id} is closed`);
    if (type === "limit" && limit === null) throw new Error("a limit order needs limitPrice");
    const adviser = /** @type {Row} */ (desk.advisers.get(desk.client(portfolio.client_id).adviser));
    const placed = desk.now();
    const order = {
      id: desk.newId("OR"),
      portfolio_id: portfolio.id,
      symbol: instrument.symbol,
      side: text(args, "side"),
      quantity: number(args, "quantity"),
      type,
      limit_price: type === "limit" ? limit : null,
      placed,
      status: type === "market" ? "filled" : "working",
      trader: adviser.name,
      desk: adviser.desk,
      fill_price: type === "market" ? instrument.price : null,
    };
    desk.orders.set(order.id, order);
    return shown(order);
  },
  /** Only a working order can be cancelled. */
  "Orders.Cancel": (desk, args) => {
    const order = desk.order(text(args, "orderId"));
    if (order.status !== "working") throw new Error(`order ${order.id} is ${order.status}`);
    desk.orders.set(order.id, { ...order, status: "cancelled" });
    return { orderId: order.id, status: "cancelled" };
  },
  /** Newest first; fills come along only where they are asked for. */
  "Orders.List": (desk, args) => {
    const status = textOrNull(args, "status");
    const first = day(args, "from") ?? "";
    const found = [...desk.orders.values()].filter((one) => (status ?? one.status) === one.status && one.placed >= first);
    found.sort((one, other) => inOrder(other.placed, one.placed) || inOrder(other.id, one.id));
    const rows = found.slice(0, count(args, "max", 100)).map(shown);
    return { orders: args.withFills === true ? rows : rows.map(({ fills, ...row }) => row) };
  },
  "Orders.Get": (desk, args) => {
    const order = desk.order(text(args, "OrderId"));
    return { order: { ...shown(order), trader: order.trader, desk: order.desk } };
  },
  /** The portfolio comes as an id or as `{"id": ...}`; `reasons` only where there are some. */
  "Orders.Validate": (desk, { order }) => {
    if (order === null || typeof order !== "object" || Array.isArray(order)) throw new Error("order is missing");
    const id = order.portfolio !== null && typeof order.portfolio === "object" ? order.portfolio.id : order.portfolio;
    const reasons = [];
    if (!desk.instruments.has(order.symbol)) reasons.push("unknown symbol");
    if (!desk.portfolios.has(id)) reasons.push("unknown portfolio");
    if (number(order, "quantity") <= 0) reasons.push("quantity is not positive");
    return reasons.length > 0 ? { ok: false, reasons } : { ok: true };
  },
  /** With a date the archive answers, which knows the trader as well. */
  "Orders.GetBlotter": (desk, args) => {
    const wanted = text(args, "desk");
    const date = day(args, "date");
    const found = [...desk.orders.values()].filter((one) => one.desk === wanted && one.placed.startsWith(date ?? desk.today));
    return {
      rows: found.map(({ id, symbol, side, quantity, status, trader }) =>
        record({ id, symbol, side, quantity, status, trader: date === null ? null : trader }),
      ),
    };
  },
};

/** @param {Row} order @returns {Row} */
function shown(order) {
  const { id, status, portfolio_id: portfolioId, symbol, side, quantity, type, limit_price, placed, fill_price } = order;
  const fills = fill_price == null ? [] : [{ time: placed, quantity, price: fill_price }];
  return { id, status, portfolioId, symbol, side, quantity, type, limitPrice: limit_price ?? null, placed, fills };
}
