// Rows of the list, made of elements whose texts are texts: nothing that a run is called is read as a page.
"use strict";
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 120;
const HEIGHT = 28;

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// A number in six characters, as the tables of the programs have it.
function figure(value) {
  const size = Math.abs(value);
  if (size >= 1 && size < 99999.5) return value.toPrecision(5);
  return value === 0 || (size >= 1e-3 && size < 1) ? value.toFixed(4) : value.toPrecision(3);
}

function duration(seconds) {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function date(stamp) {
  const then = new Date(1000 * stamp);
  const two = (number) => String(number).padStart(2, "0");
  const day = `${two(then.getMonth() + 1)}-${two(then.getDate())}`;
  const year = then.getFullYear() === new Date().getFullYear() ? "" : `${then.getFullYear()}-`;
  return `${year}${day} ${two(then.getHours())}:${two(then.getMinutes())}`;
}

// A curve without axes; gaps where there is no number, a dot where there is one point alone, or for each with `dots`.
function sparkline(points, label, { last = null, dots = false } = {}) {
  const svg = document.createElementNS(SVG, "svg");
  const set = (node, values) => Object.entries(values).forEach(([key, value]) => node.setAttribute(key, value));
  set(svg, { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "spark", role: "img", "aria-label": label });
  const known = points.filter(([, value]) => value != null);
  if (!known.length) return svg;
  const values = known.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [first, end] = [points[0][0], Math.max(last ?? 0, points[points.length - 1][0])];
  const x = (place) => 3 + (end > first ? (place - first) / (end - first) : 0.5) * (WIDTH - 6);
  const y = (value) => HEIGHT - 3 - (high > low ? (value - low) / (high - low) : 0.5) * (HEIGHT - 6);
  const place = ([at, value]) => `${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
  let pen = "M";
  let path = "";
  for (const point of points) {
    if (point[1] != null) path += pen + place(point);
    pen = point[1] == null ? "M" : "L";
  }
  const marked = dots ? known : known.slice(-1);
  if (!dots) {
    const line = document.createElementNS(SVG, "path");
    set(line, { d: path });
    svg.append(line);
  }
  for (const [at, value] of marked) {
    const dot = document.createElementNS(SVG, "circle");
    set(dot, { cx: x(at).toFixed(1), cy: y(value).toFixed(1), r: 2 });
    svg.append(dot);
  }
  return svg;
}

function state(name) {
  return element("span", { class: "state", "data-is": name }, name);
}

function progress(run) {
  const part = run.epochs ? Math.min(1, run.epoch / run.epochs) : 0;
  const bar = element("span", { class: "bar", "aria-hidden": "true" });
  bar.style.setProperty("--part", `${100 * part}%`);
  return element("span", { class: "done" }, bar, `${run.epoch}/${run.epochs ?? "?"}`);
}

// The cells of a run, but for the first, which has its box.
function cells(run) {
  const name = element("a", { href: `report?run=${encodeURIComponent(run.id)}`, target: "_blank", rel: "noopener" }, run.run);
  const best = run.best == null ? "" : `${figure(run.best)}`;
  const label = run.points.length ? `${run.metric} over ${run.epoch} epochs` : "no epoch yet";
  const cell = (title, attributes, ...children) => element("td", { role: "cell", "data-title": title, ...attributes }, ...children);
  return [
    element("th", { scope: "row", role: "rowheader" }, element("span", { class: "muted" }, `${run.name} / `), name, element("span", { class: "about" }, run.about)),
    cell("State", {}, state(run.state), progress(run)),
    cell("Curve", { class: "curve" }, sparkline(run.points, label, { last: run.state === "running" ? run.epochs : null })),
    cell("Best", { class: "number" }, best, element("span", { class: "about" }, best ? `${run.metric}, epoch ${run.at}` : run.metric)),
    cell("Test", { class: "number" }, run.test == null ? "" : figure(run.test), element("span", { class: "about" }, run.tested ?? "")),
    cell("Time", { class: "number" }, run.seconds == null ? "" : duration(run.seconds)),
    cell("Started", { class: "number" }, run.started == null ? "" : date(run.started)),
  ];
}

function searchItem(search) {
  const link = element("a", { href: `search?name=${encodeURIComponent(search.id)}`, target: "_blank", rel: "noopener" }, search.name);
  const counts = Object.entries(search.ended).map(([name, count]) => `${count} ${name}`).join(", ") || "none ended yet";
  const of = search.settings ? ` of ${search.settings}` : "";
  const best = search.best == null ? "" : `${search.metric} ${figure(search.best)}`;
  return element(
    "li", { "data-name": search.name },
    element("span", { class: "head" }, link, state(search.state)),
    sparkline(search.points, `${search.metric} of ${search.points.length} settings`, { dots: true }),
    element("span", { class: "best" }, best),
    element("span", { class: "hint" }, `${counts}${of}`),
  );
}
