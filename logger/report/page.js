// The page around the curves: copying, pictures at full size, and loading it again while the run goes on.
"use strict";
(() => {
  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch { // a browser may keep its clipboard from files on disk
      const area = document.body.appendChild(Object.assign(document.createElement("textarea"), { value: text }));
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };
  document.querySelectorAll("[data-copy]").forEach((button) => button.addEventListener("click", async () => {
    await copied(button.dataset.copy);
    button.textContent = "copied";
    setTimeout(() => { button.textContent = "copy"; }, 1500);
  }));

  const enlarged = document.getElementById("enlarged");
  document.querySelectorAll("[data-enlarge]").forEach((button) => button.addEventListener("click", () => {
    const { src, alt } = button.querySelector("img");
    Object.assign(enlarged.querySelector("img"), { src, alt });
    enlarged.className = button.closest(".drawing") ? "drawing" : "card";
    enlarged.showModal();
  }));
  enlarged.addEventListener("click", (event) => event.target === enlarged && enlarged.close());

  document.querySelectorAll("details[id]").forEach((details) => {
    details.open = store.read(details.id, details.open);
    details.addEventListener("toggle", () => store.write(details.id, details.open));
  });
  const filter = document.getElementById("only-chosen");
  if (filter) {
    filter.checked = store.read("only-chosen", false);
    filter.addEventListener("change", () => store.write("only-chosen", filter.checked));
  }

  const scrolled = store.read("scroll", null);
  if (scrolled != null) {
    store.write("scroll", null);
    scrollTo({ top: scrolled, behavior: "instant" });
  }

  const { state, written, epochSeconds } = document.body.dataset;
  if (state !== "running") return;
  const SECONDS = 4;
  const LONG = Math.max(120, 5 * Number(epochSeconds)); // without news
  const BUSY = "[data-zoomed], .plot:hover, .plot:focus-visible, dialog[open]";
  const age = () => (Date.now() - Date.parse(written)) / 1000;
  const tell = () => {
    const seconds = Math.max(0, Math.round(age()));
    document.getElementById("age").textContent = `, ${seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`} ago`;
    document.getElementById("silent").hidden = !(Number(epochSeconds) && seconds > LONG);
  };
  let waited = 0;
  tell();
  setInterval(() => {
    tell();
    waited += 1;
    const wait = age() > LONG ? 10 * SECONDS : SECONDS;
    if (waited < wait || document.hidden || document.querySelector(BUSY) || !getSelection().isCollapsed) return;
    store.write("scroll", scrollY);
    location.reload();
  }, 1000);
})();
