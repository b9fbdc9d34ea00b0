// Each layer's output: maps or units, and what one of them responds to.
"use strict";

const MOST_MAPS = 64;
const OPEN_NUMBERS = 100000; // layers are open at first as long as they have no more numbers than that in all
const ACROSS = 32; // units in a row
const COMPUTE_NOTHING = ["Flatten", "Reshape", "Identity", "Dropout", "Dropout2D"];

class LayersView {
  constructor(root, description, network, changed) {
    let numbers = 0;
    this.views = description.layers.map((layer, place) => {
      numbers += count(layer.shape);
      const view = new LayerView({ ...layer, place }, description, network, changed);
      view.root.open = numbers <= OPEN_NUMBERS && !COMPUTE_NOTHING.includes(layer.type);
      view.root.addEventListener("toggle", changed);
      root.append(view.root);
      return view;
    });
  }

  get wanted() {
    return this.views.filter((view) => view.root.open).map((view) => view.layer.name);
  }

  update(layers, input) {
    for (const view of this.views) if (layers[view.layer.name]) view.update(layers[view.layer.name], input);
  }
}

class LayerView {
  constructor(layer, description, network) {
    Object.assign(this, { layer, description, network });
    const shape = layer.shape.join(" × ");
    this.root = element("details", { className: "layer" }, element("summary", {}, element("b", {}, layer.name), ` ${layer.type}, ${shape}`));
    this.root.dataset.layer = layer.name;
    this.isMaps = layer.shape.length === 3 && layer.shape[0] * layer.shape[1] > 1;
    this.channels = this.isMaps ? layer.shape[2] : count(layer.shape);
    this.range = element("p", { className: "hint" });
    this.panel = element("div", { className: "response", hidden: true });
    this.root.append(this.range, this.isMaps ? this.maps() : this.units(), this.panel);
  }

  maps() {
    this.canvases = Array.from({ length: Math.min(this.channels, MOST_MAPS) }, () => element("canvas"));
    this.buttons = this.canvases.map((canvas, channel) => {
      const button = element("button", { type: "button", title: `channel ${channel}` }, canvas);
      button.setAttribute("aria-label", `${this.layer.name}, channel ${channel}: what it responds to`);
      button.addEventListener("click", () => this.choose(channel));
      return button;
    });
    const row = element("div", { className: "maps" }, ...this.buttons);
    if (this.channels > MOST_MAPS) row.append(element("p", { className: "hint" }, `and ${this.channels - MOST_MAPS} more`));
    if (this.layer.weight) this.addKernels();
    return row;
  }

  // Kernels of a single input channel stand below their maps; others are seen one by one.
  addKernels() {
    const [height, width, inputs, outputs] = this.layer.weight;
    if (inputs !== 1) return;
    this.root.addEventListener("toggle", async () => {
      if (this.kernels || !this.root.open) return;
      this.kernels = this.buttons.map((button) => button.appendChild(element("canvas", { className: "kernel" })));
      this.weights = await this.network.weights(this.layer.name);
      this.paintKernels(height, width, outputs);
    });
  }

  paintKernels(height, width, outputs) {
    const most = largest(this.weights);
    this.kernels.forEach((canvas, o) => paintSigned(canvas, height, width, (at) => this.weights[at * outputs + o], most));
  }

  units() {
    this.canvas = element("canvas", { className: "units" });
    this.canvas.style.setProperty("--columns", Math.min(this.channels, ACROSS));
    this.canvas.addEventListener("click", (event) => {
      const box = this.canvas.getBoundingClientRect();
      const column = Math.floor(((event.clientX - box.left) * this.canvas.width) / box.width);
      const unit = Math.floor(((event.clientY - box.top) * this.canvas.height) / box.height) * ACROSS + column;
      if (unit < this.channels) this.choose(unit);
    });
    const number = element("input", { type: "number", min: 0, max: this.channels - 1, placeholder: "0" });
    number.addEventListener("change", () => this.choose(Math.max(0, Math.min(this.channels - 1, Math.floor(number.value) || 0))));
    return element("div", { className: "unit-choice" }, this.canvas, element("label", {}, "unit ", number));
  }

  update(values, input) {
    Object.assign(this, { values, input });
    const most = largest(values);
    this.range.textContent = `largest ${shown(most)}`;
    const [height, width] = this.layer.shape;
    if (this.isMaps) {
      this.canvases.forEach((canvas, channel) => paintSigned(canvas, height, width, (at) => values[at * this.channels + channel], most));
    } else {
      const columns = Math.min(this.channels, ACROSS);
      paintSigned(this.canvas, Math.ceil(this.channels / columns), columns, (at) => values[at] ?? 0, most);
    }
    if (this.chosen !== undefined) this.response.update(values, input);
  }

  choose(channel) {
    this.chosen = channel === this.chosen ? undefined : channel;
    this.buttons?.forEach((button, at) => button.setAttribute("aria-pressed", at === this.chosen));
    this.panel.hidden = this.chosen === undefined;
    if (this.panel.hidden) return;
    this.response = new ResponseView(this, this.chosen);
    this.panel.replaceChildren(...this.response.figures);
    this.response.update(this.values, this.input);
  }

  repaint() {
    if (this.kernels && this.weights) this.paintKernels(...this.layer.weight.slice(0, 2), this.layer.weight[3]);
    if (this.values) this.update(this.values, this.input);
  }
}

// What a channel or a unit responds to: its kernels, the place in the drawing where it is strongest with the pixels that
// raise or lower it there, and the test samples in which it is strongest.
class ResponseView {
  constructor(view, channel) {
    const { layer, description, network } = view;
    Object.assign(this, { view, channel, layer, description, network, input: description.input });
    this.value = element("output");
    this.figures = [element("h3", {}, `${layer.name}, ${view.isMaps ? "channel" : "unit"} ${channel}`)];
    this.addKernels();
    this.addPlace();
    if (network.computesGradients) this.addStrongest();
  }

  figure(caption, ...contents) {
    const made = element("figure", {}, ...contents, element("figcaption", { className: "hint" }, caption));
    this.figures.push(made);
    return made;
  }

  // The layer's own weights, or those of the one before that has as many outputs, such as a convolution's before ReLU.
  addKernels() {
    const { layers } = this.description;
    const owner = layers.slice(0, this.layer.place + 1).reverse().find(({ weight }) => weight);
    if (!owner || owner.weight[owner.weight.length - 1] !== this.view.channels) return;
    const tiles = element("div", { className: "tiles-of-kernel" });
    this.figure(`weights of ${owner.name}${owner.weight.length === 4 && owner.weight[2] > 1 ? ", for each channel that it sees" : ""}`, tiles);
    this.network.weights(owner.name).then((weights) => this.paintKernels(tiles, owner, weights));
  }

  paintKernels(tiles, owner, weights) {
    const outputs = owner.weight[owner.weight.length - 1];
    const isConvolution = owner.weight.length === 4;
    const [height, width, channels] = isConvolution ? owner.weight : this.mapsSeenBy(owner);
    const own = Float64Array.from({ length: weights.length / outputs }, (_, at) => weights[at * outputs + this.channel]);
    if (!isConvolution && this.input.kind === "fields" && own.length === inputNames(this.input).length) {
      tiles.replaceWith(element("ul", { className: "bars fields" }, ...signedBars(inputNames(this.input), own)));
      return;
    }
    const most = largest(own);
    for (let channel = 0; channel < Math.min(channels, MOST_MAPS); channel += 1) {
      const tile = tiles.appendChild(element("canvas"));
      paintSigned(tile, height, width, (at) => own[at * channels + channel] ?? 0, most);
    }
  }

  // The maps that a fully connected layer sees, flattened before it; else its inputs in rows.
  mapsSeenBy(owner) {
    const { layers } = this.description;
    const earlier = layers.slice(0, layers.indexOf(owner)).reverse();
    const flattened = earlier.find(({ type, shape }) => type === "Flatten" && count(shape) === owner.weight[0]);
    if (flattened?.input_shape.length > 1) return [...flattened.input_shape, 1].slice(0, 3);
    const width = Math.min(owner.weight[0], ACROSS);
    return [Math.ceil(owner.weight[0] / width), width, 1];
  }

  addPlace() {
    if (this.input.kind === "pixels") {
      this.place = element("canvas");
      this.raised = element("canvas");
      this.frame = element("span", { className: "frame" });
      const pictures = element("div", { className: "place" }, element("div", { className: "framed" }, this.place, this.frame));
      if (this.network.computesGradients) pictures.append(this.raised);
      const caption = this.network.computesGradients ? "where it is strongest; the pixels that raise it there (blue) and lower it (orange)" : "where it is strongest";
      this.figure(element("span", {}, "here: ", this.value, `, ${caption}`), pictures);
    } else {
      this.fields = element("ul", { className: "bars fields" });
      this.figure(element("span", {}, "here: ", this.value, this.network.computesGradients ? "; what raises it (blue) and lowers it (orange)" : ""), this.fields);
    }
  }

  addStrongest() {
    const tiles = element("div", { className: "strongest" });
    const button = element("button", { type: "button" }, "Where it is strongest in test samples");
    const figure = this.figure("", tiles, button);
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const found = await this.network.strongest(this.layer.name, this.channel);
        button.remove();
        figure.querySelector("figcaption").textContent = "where it is strongest in test samples";
        tiles.append(...found.samples.map((sample, at) => this.strongestTile(sample, found.positions[at], found.values[at])));
      } catch (error) {
        figure.querySelector("figcaption").textContent = error.message;
        button.disabled = false;
      }
    });
  }

  strongestTile(sample, position, value) {
    const title = `${sample.name}: ${sample.target}; ${shown(value)}`;
    if (this.input.kind !== "pixels") return element("span", { className: "chip", title }, `${sample.name}: ${shown(value)}`);
    const canvas = element("canvas", { title });
    const [height, width, channels] = this.input.shape;
    const seen = this.fieldOf(position);
    const bytes = Uint8Array.from(sample.input);
    paint(canvas, seen.height, seen.width, (at) => {
      const [y, x] = [seen.top + Math.floor(at / seen.width), seen.left + (at % seen.width)];
      if (y < 0 || x < 0 || y >= height || x >= width) return palette.ground;
      const start = (y * width + x) * channels;
      return channels === 3 ? bytes.subarray(start, start + 3) : Array(3).fill(bytes[start]);
    });
    return canvas;
  }

  // The pixels that a position of the map depends on.
  fieldOf(position) {
    const [height, width] = this.input.shape;
    const { field, shape } = this.layer;
    if (!field || !this.view.isMaps) return { top: 0, left: 0, height, width };
    const [i, j] = [Math.floor(position / shape[1]), position % shape[1]];
    return { top: field.start[0] + i * field.step[0], left: field.start[1] + j * field.step[1], height: field.size[0], width: field.size[1] };
  }

  update(values, input) {
    if (!values) return;
    let position = 0;
    const { channels, isMaps } = this.view;
    const at = (place) => (isMaps ? place * channels + this.channel : this.channel);
    if (isMaps) for (let place = 1; place < values.length / channels; place += 1) if (values[at(place)] > values[at(position)]) position = place;
    this.value.textContent = shown(values[at(position)]);
    if (this.place) this.showPlace(position, input);
    if (this.network.computesGradients) this.showGradient(input, at(position));
  }

  showPlace(position, input) {
    const [height, width] = this.input.shape;
    const seen = this.fieldOf(position);
    paintPixels(this.place, input, this.input.shape);
    const [top, left] = [Math.max(0, seen.top), Math.max(0, seen.left)];
    const [bottom, right] = [Math.min(height, seen.top + seen.height), Math.min(width, seen.left + seen.width)];
    Object.assign(this.frame.style, {
      top: `${(100 * top) / height}%`, left: `${(100 * left) / width}%`, height: `${(100 * (bottom - top)) / height}%`, width: `${(100 * (right - left)) / width}%`,
    });
  }

  async showGradient(input, unit) {
    this.asked = input;
    const gradient = await this.network.unit(input, this.layer.name, unit).catch(() => null);
    if (!gradient || this.asked !== input) return;
    if (this.fields) {
      this.fields.replaceChildren(...signedBars(inputNames(this.input), gradient));
      return;
    }
    const [height, width, channels] = this.input.shape;
    const sums = new Float64Array(height * width);
    gradient.forEach((value, at) => { sums[Math.floor(at / channels)] += value; });
    paintSigned(this.raised, height, width, (at) => sums[at], largest(sums));
  }
}
