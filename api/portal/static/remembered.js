// What was typed comes back with the browser's Back button, or after a reload; a new visit begins anew.

const KEY = "composer";

/** Every field of a form as `[name, value]`, in order; files cannot be kept. */
function typed(form) {
  return [...form.elements]
    .filter(({ name, type }) => name && type !== "file")
    .map((each) => [each.name, each.type === "checkbox" ? each.checked : each.value]);
}

/** Keeps what the form holds now, for this entry of the browser's history. */
export function remember(form, counts) {
  try {
    const place = history.state?.composer ?? `${KEY}-${crypto.randomUUID?.() ?? Math.random()}`;
    if (history.state?.composer !== place) history.replaceState({ ...history.state, composer: place }, "");
    sessionStorage.setItem(place, JSON.stringify({ counts, fields: typed(form) }));
  } catch {
    // a browser that keeps nothing for pages: the form works, and Back brings an empty one
  }
}

/** What was kept for this entry: `{counts, fields}`; null when nothing was. */
export function recalled() {
  try {
    return JSON.parse(sessionStorage.getItem(history.state?.composer ?? "") ?? "null");
  } catch {
    return null;
  }
}

/** Fills the form, whose rows are there already, with what was kept. */
export function fill(form, { fields }) {
  const elements = [...form.elements].filter(({ name, type }) => name && type !== "file");
  fields.forEach(([name, value], place) => {
    const element = elements[place];
    if (element?.name !== name) return;
    if (element.type === "checkbox") element.checked = value;
    else element.value = value;
  });
}
