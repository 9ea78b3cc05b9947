// The catalogue: narrows the list to several values at once, one of each kind, and counts what each would leave.
// The links it takes over lead to finished pages, so without it one value at a time can be chosen.

import { carryOver, make, number, say, stated } from "./page.js";

const { shelves, chosen: only, some, whole } = stated("#catalogue-plan");
const main = document.querySelector(".g-columns__main");
const cards = [...main.querySelectorAll(".g-entry")];
const groups = [...main.querySelectorAll("section")].map((section) => {
  const count = section.querySelector(".g-count");
  return { section, count, text: count.textContent, cards: [...section.querySelectorAll(".g-entry")] };
});
const links = [...document.querySelectorAll(".g-filter .g-topics a")].map((link, place) => {
  const [code, entries] = shelves[place];
  const [facet] = code.split("-", 1);
  const item = link.closest("li");
  return { link, item, facet, code, value: code.slice(facet.length + 1), entries: new Set(entries),
    count: item.querySelector(":scope > .g-quiet") };
});
const state = make("p", { className: "g-quiet g-narrowed", role: "status" });
const clear = make("a", { className: "g-more", href: "./" }, whole);

/** The chosen values by their kind, as the address has them. */
function asked() {
  const parameters = new URLSearchParams(location.search);
  return new Map(links.filter(({ facet, value }) => parameters.get(facet) === value).map((each) => [each.facet, each]));
}

/** The entries that every chosen value has, but for that of one kind. */
function left(view, except = null) {
  const kept = [...view.values()].filter(({ facet }) => facet !== except);
  return cards.map((_, place) => place).filter((place) => kept.every(({ entries }) => entries.has(place)));
}

/** The address of the list with the value of `each` chosen too, or no longer. */
function toggled(view, each) {
  const next = new Map(view);
  if (view.get(each.facet) === each) next.delete(each.facet);
  else next.set(each.facet, each);
  const query = new URLSearchParams([...next.values()].map(({ facet, value }) => [facet, value])).toString();
  return `./${query && `?${query}`}`;
}

function draw() {
  const view = asked();
  const shown = new Set(left(view));
  cards.forEach((card, place) => {
    card.hidden = !shown.has(place);
  });
  for (const group of groups) {
    const count = group.cards.filter((card) => !card.hidden).length;
    group.section.hidden = count === 0;
    const facts = { count: number(count), all: number(group.cards.length) };
    group.count.textContent = count === group.cards.length ? group.text : say(some, facts);
  }
  for (const each of links) drawLink(view, each);
  clear.hidden = view.size === 0;
  state.textContent = view.size ? say(some, { count: number(shown.size), all: number(cards.length) }) : "";
  carryOver();
}

function drawLink(view, each) {
  const picked = view.get(each.facet) === each;
  const count = left(view, each.facet).filter((place) => each.entries.has(place)).length;
  each.link.setAttribute("href", toggled(view, each));
  each.item.hidden = count === 0 && !picked;
  each.count.textContent = number(count);
  if (picked) each.link.setAttribute("aria-current", "true");
  else each.link.removeAttribute("aria-current");
}

function follow(event) {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  history.pushState(null, "", event.currentTarget.href);
  draw();
}

if (only) {
  // A page of one value: what is chosen besides leads to the whole list, with both.
  const start = links.find(({ code }) => code === only);
  const view = new Map([[start.facet, start]]);
  for (const each of links) if (each.facet !== start.facet) each.link.setAttribute("href", `.${toggled(view, each)}`);
} else {
  main.prepend(state);
  document.querySelector(".g-filter h2").after(make("p", {}, clear));
  for (const link of [clear, ...links.map((each) => each.link)]) link.addEventListener("click", follow);
  addEventListener("popstate", draw);
  draw();
  for (const { item } of asked().values()) item.closest("details").open = true;
}
