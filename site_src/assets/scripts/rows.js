// The rows of one table: fetched, filtered, sorted, written. Every cell is the text the canonical CSV has.

import { folded, language } from "./page.js";

const CHOICES = 40; // a column with at most this many different values is filtered by choosing among them
let collator;

/** Texts in the order of the language of the page. What knows it is slow to make, as with numbers. */
function order(a, b) {
  collator ??= new Intl.Collator(language, { numeric: true });
  return collator.compare(a, b);
}

/** The table that `plan` describes, with all of its rows; or, of a large one, what is needed to ask for some. */
export async function load(plan) {
  const { open } = await import("./parquet.js");
  const file = await open(plan.parquet, plan.bytes, plan.ranged);
  return file.partial ? new Distant(plan, file) : whole(plan, file);
}

async function whole(plan, file) {
  const names = plan.columns.map(({ name }) => name);
  const values = await file.read(names);
  const texts = { ...values };
  if (file.unlike.length) {
    // The file for analysts has numbers, not how they were written: 100 for 100.0, nothing for “n/a”.
    const written = csv(await (await fetch(plan.csv)).text());
    for (const name of file.unlike) {
      const place = names.indexOf(name);
      texts[name] = written.slice(1).map((record) => record[place]);
    }
  }
  return new Rows(plan, texts, values, file.rows);
}

/** The records of a CSV file as RFC 4180 describes it. */
function csv(text) {
  const records = [[]];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    records.at(-1).push(quoted?.replaceAll('""', '"') ?? bare);
    if (end === "") break;
    if (end !== ",") records.push([]);
  }
  if (records.at(-1).length === 1 && records.at(-1)[0] === "") records.pop();
  return records;
}

export class Rows {
  partial = false;
  #plan;
  #hay = null;
  #values = new Map();

  /** `values` are the texts too, except that numbers among them are written plainly. */
  constructor(plan, texts, values, total) {
    this.#plan = plan;
    this.texts = texts;
    this.values = values;
    this.total = total;
  }

  text = (name, row) => this.texts[name][row];

  /** The rows a view shows, in its order. */
  matching(view) {
    const tests = Object.entries(view.filters).map(([name, wanted]) => this.#test(name, wanted));
    if (view.q.trim()) tests.push(this.#anywhere(view.q));
    const found = [];
    for (let row = 0; row < this.total; row += 1) if (tests.every((test) => test(row))) found.push(row);
    return view.sort ? this.#sorted(found, view.sort) : found;
  }

  #test(name, wanted) {
    const texts = this.texts[name];
    const column = this.#column(name);
    if (wanted.startsWith("=")) return (row) => texts[row] === wanted.slice(1);
    const range = column.type !== "text" && /^(.*)\.\.(.*)$/.exec(wanted);
    if (range) return between(this.values[name], range[1].trim(), range[2].trim(), column.type);
    const part = folded(wanted.trim());
    return (row) => folded(texts[row]).includes(part);
  }

  /** Every word of the query, in any column or in the label of a code, in any language of the site. */
  #anywhere(query) {
    this.#hay ??= Array.from({ length: this.total }, (_, row) => this.#all(row));
    const parts = folded(query).split(/\s+/).filter(Boolean);
    return (row) => parts.every((part) => this.#hay[row].includes(part));
  }

  #all(row) {
    return folded(
      this.#plan.columns
        .map(({ name, labels }) => {
          const text = this.texts[name][row];
          return labels?.[text] ? `${text}\n${labels[text].join("\n")}` : text;
        })
        .join("\n"),
    );
  }

  #sorted(found, sort) {
    const name = sort.replace(/^-/, "");
    const direction = sort.startsWith("-") ? -1 : 1;
    const texts = this.values[name];
    const numeric = this.#column(name).type === "number";
    const keys = numeric ? texts.map(Number) : texts;
    const compare = numeric ? (a, b) => a - b || 0 : order;
    // Blank cells stand last either way; equal ones keep the order of the file.
    return found.sort((a, b) => {
      if (!texts[a] || !texts[b]) return (texts[a] ? 0 : 1) - (texts[b] ? 0 : 1) || a - b;
      return direction * compare(keys[a], keys[b]) || a - b;
    });
  }

  /** The different values of a column, if they are few enough to choose among; else `null`. */
  choices(name) {
    if (!this.#values.has(name)) this.#values.set(name, this.#different(name));
    return this.#values.get(name);
  }

  #different(name) {
    if (this.#column(name).type !== "text" || this.#plan.key.join() === name) return null;
    const found = new Set();
    for (const text of this.texts[name]) if (found.add(text).size > CHOICES) return null;
    return [...found].sort(order);
  }

  #column(name) {
    return this.#plan.columns.find((column) => column.name === name);
  }

  /** The row with an anchor, by what makes the anchor of a key; -1 where there is none. */
  async find(wanted, anchorOf) {
    for (let row = 0; row < this.total; row += 1) {
      if (anchorOf(this.#plan.key.map((name) => this.texts[name][row])) === wanted) return row;
    }
    return -1;
  }

  async reach() {}
}

/** Rows of which only those looked at are fetched; they come in the order of the file. */
export class Distant {
  partial = true;
  #plan;
  #file;
  #start = 0;
  #texts = {};

  constructor(plan, file) {
    this.#plan = plan;
    this.#file = file;
    this.total = file.rows;
  }

  text = (name, row) => this.#texts[name][row - this.#start];
  matching = () => ({ length: this.total, slice: (from, to) => span(from, Math.min(to, this.total)) });
  choices = () => null;

  async reach(start, end) {
    const names = this.#plan.columns.map(({ name }) => name);
    this.#texts = await this.#file.read(names, start, Math.min(end, this.total));
    this.#start = start;
  }

  async find(wanted, anchorOf) {
    const keys = await this.#file.read(this.#plan.key, 0, this.total);
    for (let row = 0; row < this.total; row += 1) {
      if (anchorOf(this.#plan.key.map((name) => keys[name][row])) === wanted) return row;
    }
    return -1;
  }

  /** The same table with all of its rows. */
  async complete() {
    await this.#file.complete();
    return whole(this.#plan, this.#file);
  }
}

const span = (from, to) => Array.from({ length: Math.max(0, to - from) }, (_, place) => from + place);

function between(texts, from, to, type) {
  if (type === "number") {
    const least = from === "" ? -Infinity : Number(from);
    const most = to === "" ? Infinity : Number(to);
    return (row) => texts[row] !== "" && Number(texts[row]) >= least && Number(texts[row]) <= most;
  }
  // A day of the last month named is within it: "2014" ends with 2014-12-31.
  return (row) => texts[row] !== "" && texts[row] >= from && (to === "" || texts[row].slice(0, to.length) <= to);
}

/** A CSV file (RFC 4180) of `rows`, with the machine names of `columns` in its first line. */
export function file(table, columns, rows) {
  const lines = [columns, ...rows.map((row) => columns.map((name) => table.text(name, row)))];
  const alone = columns.length === 1;
  const cell = (text) => (/[",\r\n]/.test(text) || (alone && !text) ? `"${text.replaceAll('"', '""')}"` : text);
  return `${lines.map((cells) => cells.map(cell).join(",")).join("\r\n")}\r\n`;
}
