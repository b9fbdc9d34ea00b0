// The page around the curves: colors, pictures at full size, and loading it again while the run goes on.
"use strict";
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const recolor = () => charts.forEach((chart) => chart.plot.redraw());
  document.getElementById("theme").addEventListener("click", recolor);
  dark.addEventListener("change", recolor);

  let before;
  addEventListener("beforeprint", () => {
    before = root.dataset.theme;
    root.dataset.theme = "light";
    recolor();
  });
  addEventListener("afterprint", () => {
    before ? (root.dataset.theme = before) : delete root.dataset.theme;
    recolor();
  });

  const enlarged = document.getElementById("enlarged");
  document.querySelectorAll("[data-enlarge]").forEach((button) => button.addEventListener("click", () => {
    const { src, alt } = button.querySelector("img");
    Object.assign(enlarged.querySelector("img"), { src, alt });
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
