// The curves. Each figure[data-chart] has its data under the same key; names, values and buttons are in the page.
"use strict";
const charts = (() => {
  const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
  const WHOLE = [1, 2, 5].flatMap((n) => Array.from({ length: 10 }, (_, i) => n * 10 ** i)).sort((a, b) => a - b);
  const FEW = 60; // places that are marked one by one

  const tick = (value) => {
    if (value == null) return "";
    const size = Math.abs(value);
    const short = +value.toPrecision(6);
    return size && (size < 1e-3 || size >= 1e5) ? short.toExponential().replace("+", "") : String(short);
  };
  // Where a logarithmic axis has its lines: as few as can be told apart.
  const logPlaces = (low, high) => {
    const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
    const decades = Math.log10(high / low);
    const between = decades > 3 ? [1] : decades > 1 ? [1, 2, 5] : [1, 2, 3, 5, 7];
    const places = [];
    if (decades < 0.5) {
      const step = [1, 2, 5, 10, 20].map((n) => n * 10 ** Math.floor(Math.log10(high - low) - 1)).find((n) => (high - low) / n < 7);
      return Array.from({ length: 8 }, (_, i) => (Math.ceil(low / step) + i) * step).filter((place) => place <= high);
    }
    const stride = Math.ceil(decades / 7);
    for (let power = Math.ceil(first / stride) * stride; power <= last; power += stride) {
      places.push(...between.map((n) => Number(`${n}e${power}`)));
    }
    return places.filter((place) => place >= low && place <= high);
  };
  const css = (element, name) => getComputedStyle(element)[name];

  class Chart {
    constructor(figure, data) {
      this.figure = figure;
      this.data = data;
      this.holder = figure.querySelector(".plot");
      this.at = figure.querySelector("[data-at]");
      this.buttons = [...figure.querySelectorAll("[data-series]")];
      this.logButton = figure.querySelector("[data-log]");
      this.resetButton = figure.querySelector("[data-reset]");
      this.off = new Set(store.read(`${data.key}.off`, []));
      this.log = store.read(`${data.key}.log`, data.log);
      this.draw();
      this.listen();
    }

    draw() {
      this.plot?.destroy();
      const { places, series, over } = this.data;
      const lines = series.map((one) => one.values.map((value) => (this.log && value <= 0 ? null : value)));
      this.plot = new uPlot(this.options(places, series, over), [places, ...lines], this.holder);
      this.logButton.setAttribute("aria-pressed", this.log);
      this.buttons.forEach((_, i) => this.show(i, !this.off.has(this.buttons[i].dataset.series)));
      this.read();
    }

    options(places, series, over) {
      const muted = () => css(this.holder, "color");
      const axis = { stroke: muted, font: FONT, grid: { stroke: () => css(this.holder, "borderTopColor"), width: 1 }, ticks: { show: false } };
      return {
        width: this.holder.clientWidth,
        height: this.holder.clientHeight,
        padding: [10, 22, 0, 0],
        legend: { show: false },
        cursor: {
          y: false,
          move: (plot, left, top) => [this.snapped(plot, left), top],
          drag: { x: true, y: false, dist: 4 },
          points: { size: 7 },
          sync: { key: over, setSeries: false, filters: { pub: (type) => type === "mousemove" || type === "mouseleave" } },
        },
        scales: {
          x: { time: false, range: (_, low, high) => (low === high ? [low - 0.5, high + 0.5] : [low, high]) },
          y: { distr: this.log ? 3 : 1, range: (plot, low, high) => this.range(plot, low, high) },
        },
        axes: [
          { ...axis, incrs: WHOLE, size: 30, values: (_, values) => values.map((value) => (Number.isInteger(value) ? tick(value) : "")) },
          { ...axis, ...(this.log && { splits: (_, __, low, high) => logPlaces(low, high), filter: (_, splits) => splits }), size: (_, values) => 14 + 7 * Math.max(3, ...(values ?? []).map((value) => value.length)), values: (_, values) => values.map(tick) },
        ],
        series: [{}, ...series.map((one, i) => this.line(one, i, places.length))],
        hooks: {
          setCursor: [(plot) => this.read(plot)],
          setScale: [(plot, key) => key === "x" && this.zoomed(plot)],
          draw: [(plot) => this.mark(plot)],
        },
      };
    }

    line(one, i, count) {
      const swatch = this.buttons[i].querySelector(".swatch");
      return {
        stroke: () => css(swatch, "color"),
        alpha: one.faint ? 0.35 : 1,
        width: one.faint ? 1 : 2,
        dash: one.dash.length ? one.dash : undefined,
        spanGaps: true,
        points: { show: count <= FEW && this.buttons.length <= 10 && !one.faint, size: 5 },
      };
    }

    // The crosshair stands on an epoch or a step, never between two.
    snapped(plot, left) {
      return left < 0 ? left : plot.valToPos(this.data.places[plot.posToIdx(left)], "x");
    }

    // Between which values lines can be told apart, until one zooms.
    range(plot, low, high) {
      const { places, shown } = this.data;
      if (low == null) return [null, null];
      if (this.log) {
        const room = Math.max(1.02, (high / low) ** 0.05);
        return [low / room, high * room];
      }
      const { min, max } = plot.scales.x;
      const whole = min == null || (min <= places[0] && max >= places.at(-1));
      return uPlot.rangeNum(...(whole && shown ? shown : [low, high]), 0.1, true);
    }

    // A line at the best epoch.
    mark(plot) {
      const { marked } = this.data;
      if (marked == null || marked < plot.scales.x.min || marked > plot.scales.x.max) return;
      const { ctx, bbox } = plot;
      const x = Math.round(plot.valToPos(marked, "x", true)) + 0.5;
      ctx.save();
      ctx.strokeStyle = ctx.fillStyle = css(this.holder, "color");
      ctx.lineWidth = devicePixelRatio;
      ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
      const right = x > bbox.left + bbox.width / 2;
      ctx.textAlign = right ? "right" : "left";
      ctx.textBaseline = "top";
      ctx.fillText("best", x + (right ? -5 : 5) * devicePixelRatio, bbox.top + 2 * devicePixelRatio);
      ctx.restore();
    }

    // Values under the cursor, or the last ones.
    read(plot = this.plot) {
      const idx = plot?.cursor.idx;
      const { places, series } = this.data;
      const last = places.length - 1;
      const ended = idx == null && series.some((one) => one.values[last] == null); // some lines before others
      this.at.textContent = ended ? "(last)" : (places[idx ?? last] ?? "").toLocaleString("en");
      series.forEach((one, i) => {
        const value = idx == null ? one.values.findLast((held) => held != null) : one.values[idx];
        this.buttons[i].querySelector("b").textContent = this.text(value);
      });
    }

    // As in logger/figures.py.
    text(value) {
      if (value == null) return "-";
      const size = Math.abs(value);
      if (size >= 1 && size < 99999.5) return value.toPrecision(5);
      if (value === 0 || (size >= 1e-3 && size < 1)) return value.toFixed(4);
      if (size >= 1e-4 && size < 1e-3) return String(+value.toPrecision(3));
      return value.toExponential(2).replace(/\.?0+e/, "e").replace(/e([+-])(\d)$/, "e$10$2");
    }

    zoomed(plot) {
      const { places } = this.data;
      const { min, max } = plot.scales.x;
      const zoomed = places.length > 1 && (min > places[0] || max < places.at(-1));
      this.resetButton.hidden = !zoomed;
      this.figure.toggleAttribute("data-zoomed", zoomed);
    }

    reset() {
      this.plot.setData(this.plot.data, true);
      this.plot.setCursor({ left: -10, top: -10 });
    }

    show(i, on) {
      const name = this.buttons[i].dataset.series;
      this.buttons[i].setAttribute("aria-pressed", on);
      this.plot.setSeries(i + 1, { show: on });
      on ? this.off.delete(name) : this.off.add(name);
      store.write(`${this.data.key}.off`, [...this.off]);
    }

    listen() {
      this.buttons.forEach((button, i) => button.addEventListener("click", () => this.show(i, button.ariaPressed !== "true")));
      this.figure.querySelector("[data-all]")?.addEventListener("click", () => this.buttons.forEach((_, i) => this.show(i, true)));
      this.figure.querySelector("[data-none]")?.addEventListener("click", () => this.buttons.forEach((_, i) => this.show(i, false)));
      this.resetButton.addEventListener("click", () => this.reset());
      this.logButton.addEventListener("click", () => {
        this.log = !this.log;
        store.write(`${this.data.key}.log`, this.log);
        this.reset();
        this.draw();
      });
      this.holder.addEventListener("keydown", (event) => this.key(event));
      this.holder.addEventListener("blur", () => this.plot.setCursor({ left: -10, top: -10 }));
      this.holder.addEventListener("pointermove", (event) => {
        if (event.pointerType !== "touch") return;
        this.plot.setCursor({ left: event.clientX - this.plot.over.getBoundingClientRect().left, top: 0 });
      });
      new ResizeObserver(() => this.plot.setSize({ width: this.holder.clientWidth, height: this.holder.clientHeight })).observe(this.holder);
    }

    key(event) {
      const { places } = this.data;
      const { min, max } = this.plot.scales.x;
      const first = places.findIndex((place) => place >= min);
      const last = places.findLastIndex((place) => place <= max);
      const here = this.plot.cursor.idx ?? last + 1;
      const goes = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: first, End: last };
      if (event.key in goes) this.point(Math.max(first, Math.min(last, goes[event.key])));
      else if (event.key === "+" || event.key === "-") this.zoom(event.key === "+" ? 0.5 : 2);
      else if (event.key === "Escape") this.reset();
      else return;
      event.preventDefault();
    }

    point(idx) {
      this.plot.setCursor({ left: this.plot.valToPos(this.data.places[idx], "x"), top: 0 });
    }

    zoom(factor) {
      const { places } = this.data;
      const { min, max } = this.plot.scales.x;
      const middle = places[this.plot.cursor.idx] ?? (min + max) / 2;
      const low = Math.max(places[0], middle - (middle - min) * factor);
      const high = Math.min(places.at(-1), middle + (max - middle) * factor);
      if (high > low) this.plot.setScale("x", { min: low, max: high });
    }
  }

  const held = JSON.parse(document.getElementById("data").textContent);
  return held.map((data) => new Chart(document.querySelector(`[data-chart="${CSS.escape(data.key)}"]`), data));
})();
