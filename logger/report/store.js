// What the reader has chosen on this page, which outlives its being loaded again.
"use strict";
const store = (() => {
  const name = (key) => `report.${location.pathname}.${key}`;
  return {
    read(key, otherwise) {
      try {
        return JSON.parse(sessionStorage.getItem(name(key))) ?? otherwise;
      } catch {
        return otherwise;
      }
    },
    write(key, value) {
      try {
        sessionStorage.setItem(name(key), JSON.stringify(value));
      } catch { /* a browser may keep nothing for files from disk */ }
    },
  };
})();
