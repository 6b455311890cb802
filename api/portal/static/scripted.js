// Read before the page is shown: what needs a script is shown only where one runs, and the advice where none does.
document.documentElement.classList.add("scripted");
