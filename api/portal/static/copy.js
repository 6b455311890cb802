// The buttons beside addresses, ids and hashes, which copy them. Without this script they are not shown.

const SHOWN_MS = 1500;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const copied = await copy(button.dataset.copy);
  button.classList.toggle("copied", copied);
  button.title = copied ? "Copied" : "This browser does not let pages copy";
  announce(button.title);
  setTimeout(() => {
    button.classList.remove("copied");
    button.title = "Copy";
  }, SHOWN_MS);
});

/** Whether the text is on the clipboard; where pages may not write to it directly, the old way is tried. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "hidden-text";
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}

/** Says it to those who cannot see the button's colour. */
function announce(text) {
  let region = document.querySelector("[data-copied]");
  if (!region) {
    region = document.createElement("div");
    region.className = "hidden-text";
    region.setAttribute("aria-live", "polite");
    region.dataset.copied = "";
    document.body.append(region);
  }
  region.textContent = text;
}
