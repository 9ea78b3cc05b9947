// What a reader has asked of a table, and how it stands in the address: `requests.year=2014..2018&requests._sort=-year`.
// Columns go by their machine names and values by their codes, so an address means the same in every language.

export const SIZES = [20, 50, 100, 500];

export const fresh = () => ({ q: "", filters: {}, sort: null, page: 1, size: 50, columns: null });

/** The view of `table` that the address asks for; `null` where it says nothing of that table. */
export function read(table, names, address = location.search) {
  const view = fresh();
  let asked = false;
  for (const [name, value] of new URLSearchParams(address)) {
    if (!name.startsWith(`${table}.`)) continue;
    asked = true;
    take(view, name.slice(table.length + 1), value, names);
  }
  return asked ? view : null;
}

function take(view, name, value, names) {
  const count = Number.parseInt(value, 10);
  if (name === "_q") view.q = value;
  else if (name === "_page" && count > 0) view.page = count;
  else if (name === "_size" && SIZES.includes(count)) view.size = count;
  else if (name === "_sort" && names.includes(value.replace(/^-/, ""))) view.sort = value;
  else if (name === "_columns") view.columns = value.split("~").filter((column) => names.includes(column));
  else if (names.includes(name) && value) view.filters[name] = value;
  if (view.columns?.length === 0) view.columns = null;
}

/** The address of the page with `view` for `table`, and the views of its other tables as they are. */
export function written(table, view) {
  const parameters = new URLSearchParams(location.search);
  for (const name of [...parameters.keys()]) if (name.startsWith(`${table}.`)) parameters.delete(name);
  const add = (name, value) => parameters.append(`${table}.${name}`, value);
  for (const [name, value] of Object.entries(view.filters)) add(name, value);
  if (view.q) add("_q", view.q);
  if (view.sort) add("_sort", view.sort);
  if (view.columns) add("_columns", view.columns.join("~"));
  if (view.size !== 50) add("_size", view.size);
  if (view.page > 1) add("_page", view.page);
  const query = parameters.toString();
  return location.pathname + (query && `?${query}`);
}

/** The anchor of the row with this primary key: the same here, in the finished page and in every language. */
export const anchor = (table, key) => `r-${table}.${key.map(escaped).join("~")}`;

const escaped = (value) => value.replace(/[\s~%]/g, (sign) => (sign === "~" ? "%7E" : encodeURIComponent(sign)));

/** The anchor that the address names, whichever way a browser has escaped it. */
export function wanted() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}
