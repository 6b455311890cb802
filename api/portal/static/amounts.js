// Amounts of tokens: exact decimals to base units and back. BigInt throughout: nothing is rounded.

import { withoutUnseen } from "./pasted.js";

const TWO_READINGS = /^([1-9]\d{0,2})[.,](\d{3})$/;
const THOUSANDS = /^[1-9]\d{0,2}(?:,\d{3})+$|^[1-9]\d?(?:,\d{2})+,\d{3}$/;

/**
 * `"10000.5"`, `"10,000.5"` or `"10.000,5"` in base units, by the rules of ledger/intake/amounts.py; null when it is
 * no amount, has more than so many decimals, or can be read in two ways.
 */
export function unitsOf(text, decimals) {
  const typed = plain(text);
  if (!/^\d(?:[\d.,' ]{0,118}\d)?$/.test(typed) || TWO_READINGS.test(typed)) return null;
  const marks = typed.replace(/\d/g, "");
  const last = marks.at(-1);
  const [whole, fraction = ""] = (last === "." || last === ",") && marks.indexOf(last) === marks.length - 1
    ? typed.split(last)
    : [typed];
  const [mark = "", ...others] = new Set(whole.replace(/\d/g, ""));
  if (others.length > 0 || (mark && !THOUSANDS.test(whole.replaceAll(mark, ",")))) return null;
  const exact = fraction.replace(/0+$/, "");
  if (exact.length > decimals) return null;
  return BigInt((mark ? whole.replaceAll(mark, "") : whole) + exact.padEnd(decimals, "0"));
}

/** What an amount is that can be read in two ways, in words; null when it cannot. */
export function twoReadings(text) {
  const [, whole, fraction] = TWO_READINGS.exec(plain(text)) ?? [];
  return whole ? `${text.trim()} is ${whole}${fraction} for some and ${whole}.${fraction}0 for others: write one of these` : null;
}

/** Base units as people write them: `10000.5`, or `10,000.5` when `grouped`; `1.2340`, as `1.234` has two readings. */
export function textOf(units, decimals, grouped = false) {
  const digits = units.toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  const text = `${whole}${fraction && `.${fraction}`}`;
  if (!grouped) return TWO_READINGS.test(text) ? `${text}0` : text;
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}${fraction && `.${fraction}`}`;
}

/** Spaces and apostrophes of every kind as one of each. */
function plain(text) {
  return withoutUnseen(text).trim().replace(/[\u00a0\u2007\u2009\u202f]/g, " ").replace(/\u2019/g, "'");
}
