// The button that switches between light and dark; before a page's own scripts, which may listen to it too.
"use strict";
document.getElementById("theme").addEventListener("click", () => {
  const { dataset } = document.documentElement;
  const isDark = dataset.theme ? dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  dataset.theme = isDark ? "light" : "dark";
  try {
    localStorage.setItem("report.theme", dataset.theme);
  } catch { /* a browser may keep nothing for files from disk */ }
});
