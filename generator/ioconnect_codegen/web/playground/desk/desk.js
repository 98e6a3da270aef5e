// @ts-check
/**
 * The wealth desk's apps in the page: handlers by wire name, intents as `intent:<Name>`, over one desk's state.
 *
 * They answer as the Python desk of `codemode demo` does, from the same data.
 */

import { text } from "./arguments.js";
import { handlers as crm } from "./crm.js";
import { handlers as markets } from "./markets.js";
import { handlers as orders } from "./orders.js";
import { handlers as portfolios } from "./portfolios.js";
import { Desk } from "./state.js";

/** @typedef {import("./arguments.js").Arguments} Arguments */
/** @typedef {(args: Arguments) => any} Handler */

/** Handlers of a desk of its own. @param {any} data What `desk.json` has. @returns {Record<string, Handler>} */
export function makeHandlers(data) {
  const desk = new Desk(data);
  const all = { ...crm, ...portfolios, ...orders, ...markets, ...platform, ...intents };
  return Object.fromEntries(Object.entries(all).map(([name, handler]) => [name, (args) => handler(desk, args)]));
}

/** What the desk's own platform answers. Nothing starts. @type {Record<string, (desk: Desk, args: Arguments) => any>} */
const platform = {
  "T42.ACS.GetApplications": (desk) => ({
    applications: Object.entries(desk.data.applications).map(([name, title]) => ({ name, title })),
  }),
  "T42.ACS.StartApplication": (desk, args) => {
    const name = text(args, "Name");
    if (!Object.hasOwn(desk.data.applications, name)) throw new Error(`no application ${name}`);
    return { Id: desk.newId(name), Name: name };
  },
};

/** @type {Record<string, (desk: Desk, args: Arguments) => any>} */
const intents = {
  "intent:ShowClientCard": (desk, context) => {
    desk.client(text(fields(context), "id"));
    return null;
  },
  "intent:ExportPortfolio": (desk, context) => {
    const { id } = desk.portfolio(text(fields(context), "id"));
    return { type: "PortfolioDocument", data: { portfolioId: id, fileName: `${id}.pdf` } };
  },
  /** Opens a ticket and gives the order context back with the ticket's id; places nothing. */
  "intent:NewOrder": (desk, context) => {
    desk.now();
    return { ...context, type: "fdc3.order", id: { ticket: desk.newId("TK") } };
  },
  /** The contact is known by e-mail. */
  "intent:StartCall": (desk, context) => {
    const email = text(ids(context), "email");
    if (![...desk.clients.values()].some((one) => one.email === email)) throw new Error(`no client with e-mail ${email}`);
    return null;
  },
  "intent:ViewChart": viewInstrument,
  "intent:ViewResearch": viewInstrument,
};

/** One instrument, or a list of them. @param {Desk} desk @param {Arguments} context */
function viewInstrument(desk, context) {
  for (const one of Array.isArray(context.instruments) ? context.instruments : [context]) {
    if (isTable(one) && one.type !== "fdc3.organization") desk.instrument(text(ids(one), "ticker"));
  }
  return null;
}

/** The fields of an io.Connect context, which carries them in `data`. @param {Arguments} context */
function fields(context) {
  return isTable(context.data) ? context.data : context;
}

/** The identifiers of an FDC3 context. @param {Arguments} context */
function ids(context) {
  return isTable(context.id) ? context.id : {};
}

/** @param {any} value */
function isTable(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
