// Amounts of tokens: exact decimals to base units and back. BigInt throughout: nothing is rounded.

/** `"10000.5"` in base units; null when it is no amount with at most so many decimals. */
export function unitsOf(text, decimals) {
  const found = /^(\d{1,60})(?:\.(\d+))?$/.exec(text.trim());
  if (!found) return null;
  const [, whole, fraction = ""] = found;
  if (fraction.length > decimals) return null;
  return BigInt(whole + fraction.padEnd(decimals, "0"));
}

/** Base units as people write them: `10000.5`, or `10,000.5` when `grouped`. */
export function textOf(units, decimals, grouped = false) {
  const digits = units.toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return `${grouped ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole}${fraction && `.${fraction}`}`;
}
