// The search: finds titles, units, columns, descriptions and rows in the index that was built with the site.
// MiniSearch does the finding; what is a word, and which words are one, is said here.

import MiniSearch from "minisearch";
import { stemmer } from "stemmer";
import { carryOver, folded, language, make, number, patient, say, stated } from "./page.js";

const SHOWN = 50;
const HAN = /\p{Script=Han}/u;
const RUN = /\p{Script=Han}+|[\p{L}\p{N}]+?(?=\p{Script=Han}|[^\p{L}\p{N}]|$)/gu;
const COMMON = new Set("a an and are as at by for from in is it of on or s that the to was what which with".split(" "));
// What readers mostly mean comes first among what matches equally well.
const WEIGHT = { dataset: 2, unit: 1.6, table: 1.3, field: 1, row: 1, text: 0.5 };
const INVENTED = 0.7; // rows that are invented come after those that are not
const FIELDS = { title: 4, other: 4, code: 4, more: 3, body: 1 };

const words = stated("#search-words");
const list = document.getElementById("found");
const state = document.getElementById("state");
const input = document.getElementById("query");

/** Of a run of Han characters every pair and the last, of all else what stands together; as the build has it. */
function wordsOf(text, { asked = false } = {}) {
  const found = [];
  for (const [run] of folded(text).matchAll(RUN)) {
    if (!HAN.test(run)) {
      found.push(run);
      continue;
    }
    const signs = [...run];
    const last = asked && signs.length > 1 ? signs.length - 1 : signs.length;
    for (let place = 0; place < last; place += 1) found.push(signs.slice(place, place + 2).join(""));
  }
  return found;
}

/** Neighbouring short words as one: who asks for a blacklist means black lists. */
function joined(text) {
  const found = folded(text).match(/[a-z]+/g) ?? [];
  return found.slice(1).map((word, place) => found[place] + word).filter((word) => word.length <= 12);
}

const stem = (word) => (/^[a-z]+$/.test(word) ? stemmer(word) : word);
const spelled = (word) => /^[a-z]{4,}$/.test(word);
/** The word and its stem, so that one is found by the other and a misspelt one by its letters. */
const forms = (word) => (COMMON.has(word) ? null : [...new Set([word, stem(word)])]);

/** What is asked for with one word: the word, its stem, what begins with it, what is spelled much like it. */
function meant(word) {
  const begun = spelled(word) || /^\d{2,}$/.test(word) || [...word].length === 1 || word.length > 4;
  return { combineWith: "OR", queries: [{ queries: [stem(word)], prefix: begun, fuzzy: false },
    { queries: [word], prefix: begun, fuzzy: spelled(word) ? 0.2 : false }] };
}

class Index {
  #mini = new MiniSearch({
    fields: Object.keys(FIELDS),
    storeFields: ["kind", "invented"],
    tokenize: (text, field) => (field === "title" ? [...wordsOf(text), ...joined(text)] : wordsOf(text)),
    processTerm: forms,
    // It would run while words are added, and does not allow for that.
    autoVacuum: false,
    searchOptions: {
      tokenize: (text) => [text],
      processTerm: (word) => word,
      boost: FIELDS,
      weights: { prefix: 0.5, fuzzy: 0.3 },
      boostDocument: (_, __, { kind, invented }) => WEIGHT[kind] * (invented ? INVENTED : 1),
    },
  });
  #known = new Map();
  #shards = new Map();

  static async open() {
    const index = new Index();
    index.first = await fetched(list.dataset.first);
    index.#titles();
    return index;
  }

  #titles() {
    const { datasets, tables, units, fields } = this.first;
    datasets.forEach(([code, title, invented], place) => {
      this.#add({ id: `d${place}`, kind: "dataset", code, title, invented });
    });
    tables.forEach(([place, code, title], table) => {
      // A table called like its dataset is the same thing to a reader.
      if (title === datasets[place][1]) return;
      this.#add({ id: `t${table}`, kind: "table", code, title, invented: datasets[place][2] });
    });
    units.forEach(([code, , title, other, more, invented], place) => {
      this.#add({ id: `u${place}`, kind: "unit", code, title, other, more, invented });
    });
    fields.forEach(([code, title, at], place) => {
      this.#add({ id: `f${place}`, kind: "field", code, title, invented: this.#invented(at[0]) });
    });
  }

  #invented = (table) => this.first.datasets[this.first.tables[table][0]][2];

  #add(entry) {
    this.#known.set(entry.id, entry);
    if (this.#mini.has(entry.id)) this.#mini.replace(entry);
    else this.#mini.add(entry);
  }

  /** Fetch the shards in which the words of a query can stand. */
  async reach(query) {
    const asked = wanting(query).filter((word) => [...word].length > 1);
    const shards = new Set(asked.map((word) => word.codePointAt(0) % this.first.shards));
    await Promise.all([...shards].map((shard) => this.#fetch(shard)));
  }

  #fetch(shard) {
    if (!this.#shards.has(shard)) {
      this.#shards.set(shard, fetched(`${list.dataset.words}-${shard}.json`).then((content) => this.#take(content)));
    }
    return this.#shards.get(shard);
  }

  #take({ texts, rows }) {
    for (const [kind, place, body] of texts) {
      const id = `x${kind}${place}`;
      const before = this.#known.get(id)?.body ?? "";
      const invented = kind === "d" ? this.first.datasets[place][2] : this.#invented(place);
      this.#add({ id, kind: "text", of: `${kind}${place}`, body: `${before} ${body}`, invented });
    }
    for (const [table, anchor, title, more] of rows) {
      const id = `${table}#${anchor}`;
      if (!this.#known.has(id)) this.#add({ id, kind: "row", table, anchor, title, more, invented: this.#invented(table) });
    }
  }

  /** What has every word of the query, else what has at least half of them; best first. */
  find(query) {
    const asked = wanting(query);
    const queries = asked.map(meant);
    let hits = this.#mini.search({ combineWith: "AND", queries });
    if (hits.length === 0) {
      const half = ({ queryTerms: said }) =>
        asked.filter((word) => said.includes(word) || said.includes(stem(word))).length * 2 >= asked.length;
      hits = this.#mini.search({ combineWith: "OR", queries }).filter(half);
    }
    const wanted = plain(query);
    const found = hits.map(({ id, score }) => {
      const entry = this.#known.get(id);
      return { entry, score: score * whole(entry, wanted) };
    });
    found.sort((a, b) => b.score - a.score);
    return this.#once(found.map(({ entry }) => entry));
  }

  /** A description is not listed where its dataset or table already is. */
  #once(entries) {
    const seen = new Set(entries.map(({ id }) => id));
    return entries.filter(({ kind, of }) => kind !== "text" || !seen.has(of));
  }

  /** Title, address and context of an entry. */
  show(entry) {
    const { datasets, tables, units, fields } = this.first;
    const page = (place) => `../datasets/${datasets[place][0]}/`;
    const dataset = (place) => ({ text: name(datasets[place]), href: page(place) });
    const table = (place) => ({ text: name(tables[place].slice(1)), href: `${page(tables[place][0])}#table-${tables[place][1]}` });
    const place = Number((entry.of ?? entry.id).slice(1));
    switch (entry.kind === "text" ? { d: "dataset", t: "table" }[entry.of[0]] : entry.kind) {
      case "dataset": return { ...dataset(place), within: [] };
      case "table": return { ...table(place), within: [dataset(tables[place][0])] };
      case "unit": return { text: entry.title || entry.other.split("\n")[0], href: `../${units[place][1]}`, within: [],
        note: entry.more.replaceAll("\n", " · ") };
      case "field": {
        const [, , at, count] = fields[place];
        const column = (one) => ({ ...table(one), href: `${page(tables[one][0])}#columns-table-${tables[one][1]}` });
        return { text: entry.title || entry.code, href: column(at[0]).href, code: entry.code,
          within: at.map(column), rest: count - at.length };
      }
      default: return { text: entry.title, href: `${page(tables[entry.table][0])}#${entry.anchor}`,
        note: entry.more.replaceAll("\n", " · "), within: [table(entry.table)] };
    }
  }
}

const name = ([code, title]) => title || code;
const plain = (text) => folded(text).replace(/[^\p{L}\p{N}]+/gu, " ").trim();

/** The words of a query that tell anything; all of them, where none does. */
function wanting(query) {
  const asked = [...new Set(wordsOf(query, { asked: true }))];
  const telling = asked.filter((word) => !COMMON.has(word));
  return telling.length ? telling : asked;
}

/** How much more an entry counts for having the query as it stands: as a name, at its head, or within it. */
function whole({ kind, title = "", other = "", code = "", more = "" }, wanted) {
  const names = `${title}\n${other}\n${more}`.split("\n").map(plain);
  // There are many columns and rows, and what is called like a common word is rarely what is meant by it.
  const small = kind === "field" || kind === "row";
  if (plain(code) === wanted) return 6;
  if (names.includes(wanted)) return small ? 2 : 6;
  if (names.some((text) => text.startsWith(wanted))) return small ? 1.5 : 2.5;
  return names.some((text) => text.includes(wanted)) ? (small ? 1.4 : 2.2) : 1;
}

async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

// --- the page ---------------------------------------------------------------------------------------------

let index;
let turn = 0;

async function search(query) {
  turn += 1;
  const mine = turn;
  if (!query.trim()) return show([], "");
  try {
    index ??= Index.open();
    const known = await index;
    if (mine !== turn) return undefined;
    if (!state.textContent) state.textContent = words.searching;
    await known.reach(query);
    return mine === turn ? show(known.find(query), query, known) : undefined;
  } catch {
    index = undefined;
    state.textContent = words.failed;
    return undefined;
  }
}

function show(entries, query, known, count = SHOWN) {
  const facts = { count: number(entries.length), query };
  const sentence = [words.none, words.one][entries.length] ?? words.found;
  state.textContent = query ? say(sentence, facts) : "";
  list.replaceChildren(...entries.slice(0, count).map((entry) => item(entry, known.show(entry))));
  document.getElementById("further")?.remove();
  if (entries.length > count) {
    const onclick = () => {
      show(entries, query, known, count + SHOWN);
      list.children[count].querySelector("a").focus();
    };
    list.after(make("button", { type: "button", id: "further", className: "g-do", onclick }, words.more));
  }
}

function item(entry, { text, href, within, note, code, rest = 0 }) {
  const context = [make("span", {}, words[entry.kind])];
  if (code) context.push(" · ", make("code", {}, code));
  within.forEach((place, order) => context.push(order ? ", " : " · ", link(place.text, place.href)));
  if (entry.invented) context.push(" · ", make("span", { className: "g-badge g-badge--illustrative" }, words.illustrative));
  if (rest > 0) context.push(` +${number(rest)}`);
  if (note) context.push(" · ", make("span", { lang: spoken(note) }, note));
  return make("li", { "data-kind": entry.kind }, make("div", { className: "g-found__title" }, link(text, href)), make("p", {}, ...context));
}

const link = (text, href) => make("a", { href, lang: spoken(text) }, text);

/** The language of a text that is not in that of the page (WCAG 2.2, 3.1.2). */
function spoken(text) {
  if (HAN.test(text)) return language.startsWith("zh") ? null : "zh-Hans";
  return language.startsWith("zh") && /[A-Za-z]{2,} [A-Za-z]{2,}/.test(text) ? "en" : null;
}

function follow() {
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  carryOver();
  return search(input.value);
}

function record(way) {
  const query = input.value.trim();
  const target = location.pathname + (query && `?${new URLSearchParams({ q: query })}`);
  if (target !== location.pathname + location.search) history[way](null, "", target);
  carryOver();
}

document.getElementById("hint").hidden = true;
input.form.addEventListener("submit", (event) => {
  event.preventDefault();
  record("pushState");
  search(input.value);
});
input.addEventListener("input", patient(() => {
  record("replaceState");
  search(input.value);
}));
addEventListener("popstate", follow);
follow();
