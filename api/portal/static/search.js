// The key "/" leads to the search, from wherever nothing is being written.

const field = document.querySelector("[data-search]");

document.addEventListener("keydown", (event) => {
  const writing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || writing) return;
  event.preventDefault();
  field.focus();
  field.select();
});
