// @ts-check
/** The desk's portfolios: positions, performance, drift against the house models. */

import { count, numberOrNull, record, rounded, text, textOrNull } from "./arguments.js";
import { iso } from "./state.js";

/** @typedef {import("./state.js").Desk} Desk */
/** @typedef {import("./state.js").Row} Row */
/** @typedef {import("./arguments.js").Arguments} Arguments */

/** @type {Record<string, (desk: Desk, args: Arguments) => any>} */
export const handlers = {
  "Portfolios.GetForClient": (desk, args) => {
    const { id: clientId } = desk.client(text(args, "clientId"));
    const found = desk.portfoliosOf(clientId).filter((one) => args.includeClosed === true || one.closed == null);
    return { clientId, portfolios: found.map((one) => portfolio(desk, one)) };
  },
  /** At last night's close, so that orders of today do not show. */
  "Portfolios.GetPositions": (desk, args) => {
    const { positions } = desk.portfolio(text(args, "portfolioId"));
    const assetClass = textOrNull(args, "assetClass");
    const rows = positions.map((/** @type {Row} */ one) => position(desk, one));
    const asOf = iso(Date.parse(desk.data.opening) - 15.5 * 3_600_000);
    return { positions: rows.filter((/** @type {Row} */ row) => (assetClass ?? row.assetClass) === row.assetClass), asOf };
  },
  /** Month-end values that end at today's worth. */
  "Portfolios.GetPerformance": (desk, args) => {
    const { id: portfolioId, strategy } = desk.portfolio(text(args, "portfolioId"));
    const period = textOrNull(args, "period") ?? "YTD";
    const values = [...desk.data.performance[portfolioId][period]];
    const benchmark = { name: `House ${strategy} model`, return: values.pop() };
    return {
      portfolioId,
      period,
      return: rounded((values[values.length - 1] / values[0] - 1) * 100, 2),
      benchmark,
      values: values.map((value, index) => ({ date: monthEnd(desk, values.length - 1 - index), value })),
    };
  },
  /** Shares by asset class that are off the model by more than the tolerance. */
  "PORTFOLIOS.Drift": (desk, args) => {
    const held = desk.portfolio(text(args, "portfolioId"));
    const tolerance = numberOrNull(args, "tolerance") ?? 0;
    const actual = shares(desk, held);
    return Object.entries(desk.data.models[held.strategy])
      .filter(([assetClass, target]) => Math.abs(actual[assetClass] - target) >= tolerance)
      .map(([assetClass, target]) => ({ assetClass, target, actual: actual[assetClass] }));
  },
  /** One order for each asset class held, in its largest position. */
  "Portfolios.ProposeRebalance": (desk, args) => {
    const held = desk.portfolio(text(args, "portfolioId"));
    const proposed = Object.entries(desk.data.models[held.strategy])
      .map(([assetClass, target]) => correction(desk, held, assetClass, target))
      .filter((one) => one !== null);
    return { portfolioId: held.id, orders: proposed.slice(0, count(args, "maxOrders", 20)) };
  },
};

/** @param {Desk} desk @param {Row} held @param {string} assetClass @param {number} target */
function correction(desk, held, assetClass, target) {
  /** @type {Row[]} */
  const inClass = held.positions.filter((/** @type {Row} */ one) => desk.instrument(one.symbol).asset_class === assetClass);
  if (inClass.length === 0) return null;
  const largest = inClass.reduce((best, one) => (worth(desk, held, one) > worth(desk, held, best) ? one : best));
  const missing = (target - shares(desk, held)[assetClass]) * desk.worth(held);
  const quantity = rounded(Math.abs(missing) / (worth(desk, held, largest) / largest.quantity), 0);
  return quantity === 0 ? null : { symbol: largest.symbol, side: missing > 0 ? "buy" : "sell", quantity };
}

/** @param {Desk} desk @param {Row} held @returns {Record<string, number>} */
function shares(desk, held) {
  /** @type {Record<string, number>} */
  const amounts = Object.fromEntries(Object.keys(desk.data.models[held.strategy]).map((assetClass) => [assetClass, 0]));
  amounts.cash = held.cash;
  for (const one of held.positions) amounts[desk.instrument(one.symbol).asset_class] += worth(desk, held, one);
  const total = Object.values(amounts).reduce((sum, amount) => sum + amount, 0);
  return Object.fromEntries(Object.entries(amounts).map(([assetClass, amount]) => [assetClass, rounded(amount / total, 4)]));
}

/** Worth of a position in the portfolio's currency. @param {Desk} desk @param {Row} held @param {Row} one */
function worth(desk, held, { symbol, quantity }) {
  const { price, currency } = desk.instrument(symbol);
  const rates = desk.data.euro_rates;
  return (quantity * price * rates[currency]) / rates[held.currency];
}

/** @param {Desk} desk @param {number} monthsAgo */
function monthEnd(desk, monthsAgo) {
  if (monthsAgo === 0) return desk.today;
  const opening = new Date(desk.data.opening);
  return new Date(Date.UTC(opening.getUTCFullYear(), opening.getUTCMonth() - monthsAgo + 1, 0)).toISOString().slice(0, 10);
}

/** @param {Desk} desk @param {Row} one */
function portfolio(desk, one) {
  const { id, name, strategy, cash, currency, opened, closed } = one;
  return record({ id, name, strategy, value: desk.worth(one), cash, currency, opened, closed });
}

/** @param {Desk} desk @param {Row} one */
function position(desk, { symbol, quantity }) {
  const { name, asset_class: assetClass, price, currency } = desk.instrument(symbol);
  return { symbol, name, assetClass, quantity, price, marketValue: rounded(quantity * price, 2), currency };
}
