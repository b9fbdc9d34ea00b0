// Runs that are switched off in all charts at once.
"use strict";
document.querySelectorAll("[data-run]").forEach((box) => {
  const lines = charts.flatMap((chart) => chart.buttons.map((button, i) => ({ chart, button, i })))
    .filter(({ button }) => button.dataset.series === box.dataset.run);
  box.checked = lines.some(({ button }) => button.getAttribute("aria-pressed") === "true");
  box.addEventListener("change", () => lines.forEach(({ chart, i }) => chart.show(i, box.checked)));
});
