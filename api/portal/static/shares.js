// Shares: exact percentages to weights of 10^18 and back. BigInt throughout: nothing is rounded.

import { seen } from "./pasted.js";

export const WHOLE = 10n ** 18n;
const DIGITS = 16;
const COLOURS = 8;

/** `"33.3"` to a weight; null when it is not a percentage from 0 to 100 with at most 16 decimals. */
export function weightOf(percent) {
  const found = /^(?=.?\d)(\d{0,3})(?:[.,](\d{0,16}))?$/.exec(seen(percent).replace(/\s*%$/, ""));
  if (!found) return null;
  const weight = BigInt(found[1] || "0") * 10n ** BigInt(DIGITS) + BigInt((found[2] ?? "").padEnd(DIGITS, "0"));
  return weight <= WHOLE ? weight : null;
}

/** A weight as an exact percentage. */
export function percentOf(weight) {
  const sign = weight < 0n ? "-" : "";
  const digits = (weight < 0n ? -weight : weight).toString().padStart(DIGITS + 1, "0");
  const fraction = digits.slice(-DIGITS).replace(/0+$/, "");
  return `${sign}${digits.slice(0, -DIGITS)}${fraction && `.${fraction}`}`;
}

/** Draws the bar and its legend for `[{label, weight, place}]`; the place, from 0, gives the colour. */
export function draw(bar, legend, shares) {
  let left = 0n;
  const rects = [];
  const items = [];
  shares.forEach(({ label, weight, place }) => {
    const colour = `share-${(place % COLOURS) + 1}`;
    rects.push(rectangle(colour, { x: hundredths(left), y: 0, width: hundredths(weight), height: 1 }));
    left += weight;
    const item = document.createElement("li");
    const key = svg("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" });
    key.append(rectangle(colour, { width: 10, height: 10, rx: 3 }));
    const name = document.createElement("span");
    name.textContent = label;
    const number = document.createElement("span");
    number.className = "number";
    number.textContent = `${percentOf(weight)} %`;
    item.append(key, name, number);
    items.push(item);
  });
  bar.replaceChildren(...rects);
  legend.replaceChildren(...items);
}

function rectangle(colour, attributes) {
  return svg("rect", { class: colour, ...attributes });
}

function svg(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function hundredths(weight) {
  return Number(weight) / 1e16;
}
