// The page of one act that was handed to the relayer: looks again until nothing more happens to it.

const SOON_MS = 700;
const LATER_MS = 10_000;
let pause = SOON_MS;
const page = document.querySelector("[data-sent]");

async function look() {
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch(`/sent/${page.dataset.sent}/status`);
      if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
        if (fresh.innerHTML !== page.innerHTML) page.replaceChildren(...fresh.childNodes);
        page.dataset.done = fresh.dataset.done;
      }
    } catch {
      // the server was not reached: what was shown stays, and the next look may tell more
    }
  }
  watch();
}

function watch() {
  if (page.dataset.done === "yes") return;
  setTimeout(look, pause);
  pause = Math.min(LATER_MS, pause * 1.15);
}

watch();
