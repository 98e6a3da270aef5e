// @ts-check
/**
 * What the wealth desk holds, from `desk.json`: records by their id, and the state that notes and orders change.
 *
 * The names are those of the exported data. Records are replaced, never changed.
 */

import { rounded } from "./arguments.js";

/** @typedef {Record<string, any>} Row */

export class Desk {
  /** @param {any} data What `desk.json` has. */
  constructor(data) {
    /** @type {Map<string, Row>} */ this.clients = by(data.clients, "id");
    /** @type {Map<string, Row>} */ this.advisers = by(data.advisers, "name");
    /** @type {Map<string, Row>} */ this.portfolios = by(data.portfolios, "id");
    /** @type {Map<string, Row>} */ this.instruments = by(data.instruments, "symbol");
    /** @type {Map<string, Row>} */ this.orders = by(data.orders, "id");
    /** @type {Map<string, Row>} */ this.contactNotes = by(data.contact_notes, "id");
    /** @type {Map<string, Row>} */ this.research = by(data.research, "id");
    /** @type {Map<string, Row>} */ this.notebook = by(data.notebook, "id");
    /** @type {Map<string, Row[]>} */ this.portfoliosByClient = new Map();
    for (const one of this.portfolios.values()) {
      this.portfoliosByClient.set(one.client_id, [...this.portfoliosOf(one.client_id), one]);
    }
    /** @type {{opening: string, euro_rates: any, models: any, months: any, applications: any, performance: any, close_days: string[], closes: any, ticks: any}} */
    this.data = data;
    /** @type {string[]} */ this.pinned = [];
    /** @type {string[]} */ this.subscriptions = [];
    this.events = 0;
  }

  /** The day that the desk's clock stands on. */
  get today() {
    return this.data.opening.slice(0, 10);
  }

  /** The time of a new event, one second after the last. */
  now() {
    this.events += 1;
    return iso(Date.parse(this.data.opening) + this.events * 1000);
  }

  /** An id for something that this session makes, unlike those in the data. @param {string} prefix */
  newId(prefix) {
    return `${prefix}-${90000 + this.events}`;
  }

  /** @param {string} id */
  client(id) {
    return found(this.clients, id, "client");
  }

  /** @param {string} id */
  portfolio(id) {
    return found(this.portfolios, id, "portfolio");
  }

  /** @param {string} id */
  order(id) {
    return found(this.orders, id, "order");
  }

  /** @param {string} symbol */
  instrument(symbol) {
    return found(this.instruments, symbol, "instrument");
  }

  /** The portfolios of a client, closed ones too. @param {string} clientId */
  portfoliosOf(clientId) {
    return this.portfoliosByClient.get(clientId) ?? [];
  }

  /** Positions and cash in the portfolio's currency. @param {Row} portfolio */
  worth(portfolio) {
    const rates = this.data.euro_rates;
    let total = portfolio.cash;
    for (const { symbol, quantity } of portfolio.positions) {
      const instrument = this.instrument(symbol);
      total += quantity * instrument.price * (rates[instrument.currency] / rates[portfolio.currency]);
    }
    return rounded(total, 2);
  }
}

/** A time as the apps send it. @param {number} milliseconds */
export function iso(milliseconds) {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** Texts in the order of their code points, as Python sorts them. @param {string} one @param {string} other */
export function order(one, other) {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** @param {Row[]} rows @param {string} key @returns {Map<string, Row>} */
function by(rows, key) {
  return new Map(rows.map((row) => [row[key], row]));
}

/** @param {Map<string, Row>} table @param {string} id @param {string} what */
function found(table, id, what) {
  const row = table.get(id);
  if (row === undefined) throw new Error(`no ${what} ${id}`);
  return row;
}
