// What the reader has chosen to see, kept in the address, so that the page can be loaded again and bookmarked.
"use strict";
const choices = (() => {
  const known = new URLSearchParams(location.hash.slice(1));
  const save = () => history.replaceState(null, "", `#${known}`);
  return {
    read: (key, otherwise = "") => known.get(key) ?? otherwise,
    list: (key) => (known.get(key) ? known.get(key).split("|") : []),
    write(key, value) {
      value ? known.set(key, value) : known.delete(key);
      save();
    },
  };
})();

// The orders, each with the value of a run that it goes by; "down" has the largest first.
const ORDERS = {
  started: { title: "Newest first", down: true, value: (run) => run.started },
  name: { title: "Name", value: (run) => `${run.name}/${run.run}` },
  state: { title: "State", value: (run) => STATES.indexOf(run.state) },
  best: { title: "Best figure", value: (run) => (run.best == null ? null : run.mode === "min" ? run.best : -run.best) },
  test: { title: "Test figure", value: (run) => (run.test == null ? null : run.tested === "loss" ? run.test : -run.test) },
  seconds: { title: "Shortest first", value: (run) => run.seconds },
};
const STATES = ["running", "killed", "stopped", "stopped early", "done", "pruned"];

const letters = new Intl.Collator("en", { numeric: true });

// Runs in an order; those without a value come last whichever way it goes. Figures of one metric stay together.
function ordered(runs, name, reversed) {
  const { value, down = false } = ORDERS[name];
  const sign = down !== reversed ? -1 : 1;
  const kind = name === "best" ? (run) => run.metric : name === "test" ? (run) => run.tested ?? "" : () => "";
  const keyed = runs.map((run) => ({ run, key: value(run), kind: kind(run) }));
  const compare = (a, b) => (typeof a === "string" ? letters.compare(a, b) : a - b);
  keyed.sort((a, b) => {
    if (a.key == null || b.key == null) return (a.key == null) - (b.key == null);
    return compare(a.kind, b.kind) || sign * compare(a.key, b.key) || compare(a.run.id, b.run.id);
  });
  return keyed.map(({ run }) => run);
}
