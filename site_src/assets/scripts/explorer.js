// The table explorer: sorts, filters and pages the rows of a dataset's tables, once a reader asks for them.
// What it says comes from the page, in the page's language; without it the page shows the first rows.

import { carryOver, language, make, number, patient, say, stated } from "./page.js";
import * as address from "./view.js";
import { file, load } from "./rows.js";

const HAN = /\p{Script=Han}/u;
const PROSE = /[A-Za-z]{2,}[,;:]? +[A-Za-z]{2,}/;
const words = stated("#explorer-words");

class Explorer {
  #view = address.fresh();
  #table = null;
  #found = [];
  #last = "";

  constructor(section, block) {
    this.plan = JSON.parse(block.textContent);
    this.names = this.plan.columns.map(({ name }) => name);
    this.grid = section.querySelector(".g-rows");
    this.region = this.grid.parentElement;
    this.heading = document.getElementById(`rows-table-${this.plan.table}`);
    this.status = section.querySelector(".g-showing");
    this.status.setAttribute("role", "status");
    this.start = make("button", { type: "button", className: "g-do", onclick: () => this.#begin() }, this.plan.open);
    this.place = make("div", { className: "g-tools" }, this.start);
    this.region.before(this.place);
    this.follow();
  }

  /** Show what the address asks for. */
  async follow() {
    const view = address.read(this.plan.table, this.names);
    const anchor = address.wanted();
    const elsewhere = anchor.startsWith(`r-${this.plan.table}.`) && this.plan.key.length > 0;
    this.#report(elsewhere ? anchor : "");
    if (!view && !elsewhere && !this.#table) return;
    if (elsewhere && !view && !this.#table && this.#mark(anchor)) return;
    if (!(await this.#ready())) return;
    this.#view = view ?? address.fresh();
    this.#drawControls();
    await this.#draw();
    if (elsewhere) await this.#go(anchor);
  }

  async #begin() {
    if (!(await this.#ready())) return;
    this.#drawControls();
    await this.#draw();
    this.place.querySelector("input, button")?.focus();
  }

  /** Have the rows at hand; `false` where they cannot be had. */
  async #ready() {
    if (this.#table) return true;
    this.start.setAttribute("aria-disabled", "true");
    this.status.textContent = words.loading;
    try {
      this.#table = await load(this.plan);
      return true;
    } catch {
      this.status.textContent = words.failed;
      this.start.removeAttribute("aria-disabled");
      return false;
    }
  }

  // --- what a reader sets ---------------------------------------------------------------------------------

  /** Change the view; a step of the same `kind` as the last (typing on) replaces it in the history. */
  async #set(change, kind = "") {
    Object.assign(this.#view, { page: 1 }, change);
    const target = address.written(this.plan.table, this.#view);
    history[kind && kind === this.#last ? "replaceState" : "pushState"](null, "", target);
    this.#last = kind;
    carryOver();
    await this.#draw();
  }

  #filter(name, value, kind) {
    const { [name]: _, ...filters } = this.#view.filters;
    if (value) filters[name] = value;
    return this.#set({ filters }, kind);
  }

  #drawControls() {
    const open = [...this.place.querySelectorAll("details")].map((details) => details.open);
    this.place.replaceChildren(...(this.#table.partial ? this.#few() : this.#all()));
    [...this.place.querySelectorAll("details")].forEach((details, place) => {
      details.open = open[place] ?? false;
    });
    // From here on it is what changes with every step, so it stands where the reader is.
    this.region.before(this.status);
    this.heading.firstChild.textContent = `${words.heading} `;
    this.#drawPager();
  }

  #few() {
    const complete = async () => {
      this.status.textContent = words.loading;
      this.#table = await this.#table.complete();
      this.#drawControls();
      await this.#draw();
    };
    return [make("button", { type: "button", className: "g-do", onclick: complete }, this.plan.whole)];
  }

  #all() {
    const search = make("input", { type: "search", value: this.#view.q });
    search.oninput = patient(() => this.#set({ q: search.value }, "q"));
    const choose = this.#columnBoxes();
    const filters = this.plan.columns.map((column) => this.#filterFor(column));
    return [
      make("div", { className: "g-tools__line" }, labelled(words.search, search), this.#actions()),
      make("details", { className: "g-tools__more" }, make("summary", {}, words.filters),
        make("div", { className: "g-tools__grid" }, ...filters)),
      make("details", { className: "g-tools__more" }, make("summary", {}, words.columns),
        make("div", { className: "g-tools__grid" }, ...choose)),
    ];
  }

  #filterFor(column) {
    const value = this.#view.filters[column.name] ?? "";
    const choices = this.#table.choices(column.name);
    if (choices) return labelled(title(column), this.#menu(column, choices, value));
    if (column.type !== "text") return this.#range(column, value);
    const input = make("input", { type: "text", value });
    input.oninput = patient(() => this.#filter(column.name, input.value, `filter.${column.name}`));
    return labelled(title(column), input);
  }

  #menu(column, choices, value) {
    const option = (text) => make("option", { value: `=${text}`, selected: value === `=${text}`,
      lang: spoken(text, column) }, column.labels?.[text]?.[0] ?? (text || words.blank));
    const onchange = (event) => this.#filter(column.name, event.target.value);
    return make("select", { onchange }, make("option", { value: "" }, words.any), ...choices.map(option));
  }

  #range(column, value) {
    const [from = "", to = ""] = value.includes("..") ? value.split("..") : [value, value];
    const numeric = column.type === "number" ? { inputmode: "decimal" } : { placeholder: column.example };
    const bounds = [words.from, words.to].map((name, place) =>
      make("input", { type: "text", value: [from, to][place], "aria-label": name, ...numeric }));
    const set = patient(() => {
      const [least, most] = bounds.map((input) => input.value.trim());
      return this.#filter(column.name, least || most ? `${least}..${most}` : "", `filter.${column.name}`);
    });
    for (const input of bounds) input.oninput = set;
    return make("fieldset", {}, make("legend", {}, title(column)), ...bounds);
  }

  #columnBoxes() {
    return this.plan.columns.map((column) => {
      const box = make("input", { type: "checkbox", checked: this.#shown().includes(column) });
      box.onchange = () => {
        const columns = this.names.filter((name) => (name === column.name ? box.checked : this.#shows(name)));
        if (columns.length === 0) box.checked = true;
        else this.#set({ columns: columns.length === this.names.length ? null : columns, page: this.#view.page });
      };
      return make("label", { className: "g-tools__box" }, box, " ", title(column));
    });
  }

  #actions() {
    const button = (text, onclick) => make("button", { type: "button", className: "g-do", onclick }, text);
    this.clear = button(words.clear, async () => {
      await this.#set({ q: "", filters: {} });
      this.#drawControls();
      this.place.querySelector("input").focus();
    });
    return make("span", { className: "g-tools__actions" }, this.clear,
      button(words.download, () => this.#download()), button(words.cite, () => this.#cite()));
  }

  // --- what is shown --------------------------------------------------------------------------------------

  #shows = (name) => this.#view.columns?.includes(name) ?? true;
  #shown = () => this.plan.columns.filter(({ name }) => this.#shows(name));

  async #draw() {
    this.#found = this.#table.matching(this.#view);
    const pages = Math.max(1, Math.ceil(this.#found.length / this.#view.size));
    this.#view.page = Math.min(this.#view.page, pages);
    const start = (this.#view.page - 1) * this.#view.size;
    await this.#table.reach(start, start + this.#view.size);
    const rows = this.#found.slice(start, start + this.#view.size);
    this.#drawHead();
    this.grid.tBodies[0].replaceChildren(...rows.map((row) => this.#row(row)));
    this.#say(rows.length, start);
    this.#turn(pages);
    if (this.clear) this.clear.hidden = !this.#view.q && Object.keys(this.#view.filters).length === 0;
  }

  #drawHead() {
    const focused = document.activeElement?.dataset?.sort;
    const heads = this.#shown().map((column) => this.#head(column));
    this.grid.tHead.rows[0].replaceChildren(...heads);
    if (focused) this.grid.tHead.querySelector(`[data-sort="${CSS.escape(focused)}"]`)?.focus();
  }

  #head(column) {
    const { name } = column;
    const down = `-${name}`;
    const sorted = { [name]: "ascending", [down]: "descending" }[this.#view.sort];
    const inside = [column.title && column.title !== name ? title(column) : null,
      column.title && column.title !== name ? make("br") : null, make("code", {}, name)];
    if (this.#table.partial) return make("th", { scope: "col", className: column.look }, ...inside);
    const next = { ascending: down, descending: null }[sorted] ?? (sorted ? null : name);
    const onclick = () => this.#set({ sort: next });
    return make("th", { scope: "col", className: column.look, "aria-sort": sorted },
      make("button", { type: "button", className: "g-sort", "data-sort": name, onclick }, ...inside));
  }

  #row(row) {
    const { key, table } = this.plan;
    const id = key.length ? address.anchor(table, key.map((name) => this.#table.text(name, row))) : "";
    const cells = this.#shown().map((column, place) => this.#cell(column, row, place === 0 ? id : ""));
    return make("tr", id ? { id, className: id === this.marked ? "g-here" : "" } : {}, ...cells);
  }

  #cell(column, row, anchor) {
    const text = this.#table.text(column.name, row);
    const short = text.length > words.longest ? `${text.slice(0, words.longest)}…` : text;
    const label = column.labels?.[text]?.[0];
    const inside = anchor
      ? make("a", { className: "g-row-link", href: `${location.search}#${anchor}`, title: words.link }, short || "#")
      : short;
    const lang = spoken(short, column);
    const look = column.look || (text.length <= 24 && /^[\x20-\x7e]*$/.test(text) ? "g-short" : "");
    return make("td", { className: look === "g-number" || look === "g-short" ? look : "", lang }, inside,
      label ? make("span", { className: "g-label", lang: lang ? language : null }, label) : null);
  }

  #say(shown, start) {
    const facts = { from: number(start + 1), to: number(start + shown), total: number(this.#found.length),
      all: number(this.#table.total) };
    const sentence = shown === 0 ? words.none : this.#found.length < this.#table.total ? words.some : words.every;
    this.status.textContent = say(sentence, facts);
  }

  #drawPager() {
    const turn = (step) => (event) => {
      if (event.currentTarget.getAttribute("aria-disabled") !== "true") this.#set({ page: step(this.#view.page) });
    };
    const button = (text, step) => make("button", { type: "button", className: "g-do", onclick: turn(step) }, text);
    this.steps = [button(words.first, () => 1), button(words.previous, (page) => page - 1),
      button(words.next, (page) => page + 1), button(words.last, () => Infinity)];
    this.count = make("span", { className: "g-pager__count" });
    const sizes = address.SIZES.map((size) =>
      make("option", { value: size, selected: size === this.#view.size }, number(size)));
    const menu = make("select", { onchange: () => this.#set({ size: Number(menu.value) }) }, ...sizes);
    const pager = make("nav", { className: "g-pager", "aria-label": `${words.pages} ${this.plan.title}` },
      this.steps[0], this.steps[1], this.count, this.steps[2], this.steps[3], labelled(words.size, menu));
    this.pager?.remove();
    this.region.after(pager);
    this.pager = pager;
  }

  /** Buttons that lead nowhere stay where they are, and keep the focus. */
  #turn(pages) {
    const { page } = this.#view;
    this.steps.forEach((button, place) => {
      button.setAttribute("aria-disabled", String(place < 2 ? page <= 1 : page >= pages));
    });
    this.count.textContent = say(words.page, { page: number(page), pages: number(pages) });
  }

  // --- one row --------------------------------------------------------------------------------------------

  async #go(anchor) {
    const { key, table } = this.plan;
    const same = (values) => decodeURIComponent(address.anchor(table, values));
    const row = await this.#table.find(anchor, same);
    if (row < 0 || key.length === 0) return;
    let place = this.#table.partial ? row : this.#found.indexOf(row);
    if (place < 0) {
      Object.assign(this.#view, { q: "", filters: {} });
      this.#drawControls();
      place = this.#table.matching(this.#view).indexOf(row);
    }
    this.#view.page = Math.floor(place / this.#view.size) + 1;
    await this.#draw();
    this.#mark(anchor);
  }

  /** Show which row the address names, if it is among those on the page. */
  #mark(anchor) {
    const rows = [...this.grid.tBodies[0].rows];
    const row = rows.find(({ id }) => id && decodeURIComponent(id) === anchor);
    for (const other of rows) other.classList.toggle("g-here", other === row);
    this.marked = row?.id;
    row?.setAttribute("tabindex", "-1");
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "center" });
    return Boolean(row);
  }

  /** Have reports of errors in the table name the row that the address names. */
  #report(anchor) {
    const { key, table } = this.plan;
    const values = anchor.slice(`r-${table}.`.length).split("~");
    const row = encodeURIComponent(key.map((name, place) => `${name} = ${values[place] ?? ""}`).join(", "));
    const names = encodeURIComponent(key.join(", "));
    for (const link of document.querySelectorAll(`.g-reports [data-table="table-${table}"] a`)) {
      link.dataset.blank ??= link.getAttribute("href");
      let address = link.dataset.blank;
      if (anchor) {
        address = address.replace(`%23table-${table}`, encodeURIComponent(location.hash));
        for (const bracket of ["%28", "%EF%BC%88"]) address = address.replace(bracket + names, bracket + row);
      }
      link.setAttribute("href", address);
    }
  }

  // --- taken away -----------------------------------------------------------------------------------------

  #download() {
    const rows = this.#found;
    const content = file(this.#table, this.#shown().map(({ name }) => name), rows);
    const asked = Object.entries(this.#view.filters).map(([name, value]) => `${name}-${value}`);
    const parts = [this.plan.dataset, this.plan.table, this.plan.version, this.plan.sha256.slice(0, 8),
      ...(this.#view.q ? [this.#view.q] : []), ...asked, `${rows.length}-of-${this.#table.total}-rows`];
    const name = parts.map((part) => part.replace(/[^\p{L}\p{N}.]+/gu, "-").slice(0, 60)).join("_");
    const link = make("a", { href: URL.createObjectURL(new Blob([content], { type: "text/csv;charset=utf-8" })),
      download: `${name.slice(0, 180)}.csv` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    this.status.textContent = say(words.downloaded, { rows: number(rows.length), name: link.download });
  }

  async #cite() {
    const { q, filters } = this.#view;
    const asked = [...(q ? [q] : []), ...Object.entries(filters).map(([name, value]) => `${name}: ${value}`)];
    const facts = { cite: this.plan.cite, filter: asked.join(words.and), rows: number(this.#found.length),
      all: number(this.#table.total), address: location.href };
    const text = say(asked.length ? words.citation : words.citationWhole, facts);
    this.quote ??= make("textarea", { className: "g-quote", readOnly: true, rows: 3, "aria-label": words.cite });
    this.quote.value = text;
    this.place.append(this.quote);
    this.quote.select();
    try {
      await navigator.clipboard.writeText(text);
      this.status.textContent = words.copied;
    } catch {
      this.status.textContent = words.select;
    }
  }
}

const title = (column) => column.title || column.name;

let controls = 0;

/** A control beside its label: within it, the choices of a menu would be part of its name. */
function labelled(text, control) {
  controls += 1;
  control.id = `control-${controls}`;
  return make("div", { className: "g-tools__field" }, make("label", { htmlFor: control.id }, text), control);
}

/** The language of a cell that is not in that of the page, as far as one can tell (WCAG 2.2, 3.1.2). */
function spoken(text, column) {
  if (HAN.test(text)) return language.startsWith("zh") ? null : "zh-Hans";
  if (column.lang) return column.lang;
  return language.startsWith("zh") && PROSE.test(text) ? "en" : null;
}

const blocks = [...document.querySelectorAll(".g-plan")];
const explorers = blocks.map((block) => new Explorer(block.closest(".g-table"), block));
const follow = () => {
  carryOver();
  for (const explorer of explorers) explorer.follow();
};
addEventListener("popstate", follow);
carryOver();
