// What the browser keeps for this site; for as long as the page is open where it keeps nothing for pages.

/**
 * A storage of the browser, or what stands in for it.
 * @param {"localStorage" | "sessionStorage"} name
 * @returns {Pick<Storage, "getItem" | "setItem" | "removeItem">}
 */
export function kept(name) {
  try {
    window[name].getItem("");
    return window[name];
  } catch {
    const values = new Map();
    return {
      getItem: (key) => values.get(key) ?? null,
      setItem: (key, value) => void values.set(key, value),
      removeItem: (key) => void values.delete(key),
    };
  }
}
