// Before anything is drawn, so that the page never shows in the wrong colors.
"use strict";
try {
  const chosen = localStorage.getItem("report.theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
} catch { /* a browser may keep nothing for files from disk */ }
