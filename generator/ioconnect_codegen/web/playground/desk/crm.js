// @ts-check
/** The desk's CRM and its shared notebook. */

import { count, day, record, rounded, text, textOrNull } from "./arguments.js";
import { iso, order } from "./state.js";

/** @typedef {import("./state.js").Desk} Desk */
/** @typedef {import("./state.js").Row} Row */
/** @typedef {import("./arguments.js").Arguments} Arguments */

/** @type {Record<string, (desk: Desk, args: Arguments) => any>} */
export const handlers = {
  /** Names that are the text come first, then those that begin with it. */
  "CRM.FindClients": (desk, args) => {
    const wanted = text(args, "name").trim().toLowerCase();
    /** @param {Row} one */
    const rank = ({ name }) => (name.toLowerCase() === wanted ? 0 : name.toLowerCase().startsWith(wanted) ? 1 : 2);
    const found = [...desk.clients.values()].filter((one) => one.name.toLowerCase().includes(wanted));
    found.sort((one, other) => rank(one) - rank(other) || order(one.name, other.name));
    return found.slice(0, count(args, "limit", 50)).map((one) => client(desk, one));
  },
  "CRM.GetClient": (desk, args) => client(desk, desk.client(text(args, "id"))),
  /** One page, ordered by id. */
  "CRM.ListClients": (desk, args) => {
    const adviser = textOrNull(args, "adviser");
    const segment = textOrNull(args, "segment");
    const offset = count(args, "offset", 0);
    const matching = [...desk.clients.values()].filter(
      (one) => (adviser ?? one.adviser) === one.adviser && (segment ?? one.segment) === one.segment,
    );
    matching.sort((one, other) => order(one.id, other.id));
    const page = matching.slice(offset, offset + count(args, "limit", 100));
    return { items: page.map((one) => client(desk, one)), total: matching.length, offset };
  },
  /** The author is the client's adviser, whose desk this is. */
  "CRM.AddNote": (desk, args) => {
    const { id: client_id, adviser: author } = desk.client(text(args, "clientId"));
    const created = desk.now();
    const category = textOrNull(args, "category") ?? "other";
    const note = { id: desk.newId("CN"), client_id, author, created, category, text: text(args, "text"), follow_up: day(args, "followUp") };
    desk.contactNotes.set(note.id, note);
    return contactNote(note);
  },
  /** Newest first. */
  "CRM.ListNotes": (desk, args) => {
    const { id } = desk.client(text(args, "clientId"));
    const since = day(args, "since") ?? "";
    const notes = [...desk.contactNotes.values()].filter((one) => one.client_id === id && one.created >= since);
    return notes.sort((one, other) => order(other.created, one.created)).map(contactNote);
  },
  "CRM.DeleteNote": (desk, args) => {
    const id = text(args, "noteId");
    if (!desk.contactNotes.delete(id)) throw new Error(`no note ${id}`);
    return { deleted: true };
  },
  /** A phone of null removes the number, an absent one leaves it. */
  "CRM.UpdateContact": (desk, args) => {
    const before = desk.client(text(args, "id"));
    const email = textOrNull(args, "email") ?? before.email;
    const phone = "phone" in args ? textOrNull(args, "phone") : before.phone;
    const changed = { ...before, email, phone };
    desk.clients.set(before.id, changed);
    return client(desk, changed);
  },
  "CRM.GetAdvisers": (desk) => {
    const all = [...desk.clients.values()];
    const advisers = [...desk.advisers.values()].map(({ name, email, desk: place }) => ({
      name,
      email,
      desk: place,
      clients: all.filter((one) => one.adviser === name).length,
    }));
    return { advisers };
  },
  "T42.CRM.SyncContact": (desk, args) => {
    const { email } = desk.client(text(args, "clientId"));
    return { synced: true, email, time: desk.now() };
  },
  /** The period comes as a list or as an object. */
  "Notes.Search": (desk, args) => {
    const wanted = text(args, "text").toLowerCase();
    const [first, last] = period(args.period);
    const found = [...desk.notebook.values()].filter((one) => {
      const on = one.created.slice(0, 10);
      return one.text.toLowerCase().includes(wanted) && first <= on && on <= last;
    });
    return { hits: found.map(({ id, author, created, text: all }) => ({ id, author, created, text: all.slice(0, 200) })) };
  },
  "Notes.Pin note": (desk, args) => {
    const id = text(args, "noteId");
    if (!desk.notebook.has(id)) throw new Error(`no note ${id}`);
    if (!desk.pinned.includes(id)) desk.pinned.push(id);
    return { pinned: [...desk.pinned] };
  },
  getDeskCalendar: (desk) => ({
    date: desk.today,
    events: [...desk.clients.values()].slice(20, 26).map(({ id, name, adviser }, hour) => ({
      time: iso(Date.parse(desk.data.opening) + (hour + 1) * 3_600_000),
      title: `Review with ${name}`,
      clientId: id,
      adviser,
    })),
  }),
};

/** @param {any} value @returns {[string, string]} */
function period(value) {
  const days = Array.isArray(value) && value.length === 2 ? { first: value[0], last: value[1] } : value;
  const isTable = days !== null && typeof days === "object" && !Array.isArray(days);
  const table = isTable ? days : {};
  return [day(table, "first") ?? "", day(table, "last") ?? "9999-12-31"];
}

/** Assets under management are the worth of the open portfolios. @param {Desk} desk @param {Row} one */
function client(desk, one) {
  const { id, name, email, adviser, segment, status, currency, onboarded, phone, address } = one;
  const open = desk.portfoliosOf(id).filter((portfolio) => portfolio.closed == null);
  const aum = rounded(open.reduce((total, portfolio) => total + desk.worth(portfolio), 0), 2);
  const { street, city, postal_code: postalCode, country } = address ?? {};
  const placed = address == null ? null : { street, city, postalCode, country };
  return record({ id, name, email, adviser, segment, status, aum, currency, onboarded, phone, address: placed });
}

/** @param {Row} note */
function contactNote({ id, client_id: clientId, author, created, category, text, follow_up: followUp }) {
  return record({ id, clientId, author, created, category, text, followUp });
}
