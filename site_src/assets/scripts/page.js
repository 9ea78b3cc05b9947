// What the scripts share: making elements, reading what the page states, words and numbers in its language.
// No text ever becomes markup: elements are made one by one, and data is only ever their text.

export const language = document.documentElement.lang;

/** The JSON in the data block `selector` of `within`. */
export const stated = (selector, within = document) => JSON.parse(within.querySelector(selector).textContent);

/** A text of the page's own with `{name}` for what it speaks of. */
export const say = (text, facts = {}) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");

let grouped;

/** A number as it is written in the language of the page. What knows how is slow to make: not before it is needed. */
export function number(value) {
  grouped ??= new Intl.NumberFormat(language);
  return grouped.format(value);
}

/** An element with its properties and children; `aria-…`, `data-…`, `for`, `lang` and `role` are attributes. */
export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node && name !== "lang") node[name] = value;
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

/** A text as it is compared: width and case do not matter. */
export const folded = (text) => text.normalize("NFKC").toLowerCase();

/** `action`, once there has been no call for a moment. */
export function patient(action, pause = 180) {
  let timer;
  return (...facts) => {
    clearTimeout(timer);
    timer = setTimeout(action, pause, ...facts);
  };
}

/** Let the links to the other language lead to the same view. */
export function carryOver() {
  for (const link of document.querySelectorAll(".g-switch a")) {
    const target = new URL(link.href);
    target.search = location.search;
    target.hash = location.hash;
    link.href = target.href;
  }
}
