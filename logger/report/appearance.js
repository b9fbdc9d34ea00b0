// The curves' colors as light and dark, or paper, want them.
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
})();
