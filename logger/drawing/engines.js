// Two ways to have a network compute: the program that serves the page, or the page itself.
// Both have through(input, {layers, target}), weights(layer) and decode(file); only the program has the others.
"use strict";

class ServedNetwork {
  computesGradients = true;

  constructor(description) {
    this.description = description;
    this.kept = new Map();
  }

  async through(input, { layers, target }) {
    const query = new URLSearchParams({ layers: layers.join(",") });
    if (target !== null) query.set("target", target);
    const { facts, arrays } = await this.unpacked(`through?${query}`, this.body(input));
    const seen = Object.fromEntries(layers.map((name) => [name, arrays[`layer ${name}`]]));
    return { ...facts, ...arrays, layers: seen };
  }

  async unit(input, layer, unit) {
    const found = await this.unpacked(`unit?${new URLSearchParams({ layer, unit })}`, this.body(input));
    return found.arrays.gradient;
  }

  weights(layer) {
    return this.once(`weights?${new URLSearchParams({ layer })}`, async (path) => (await this.unpacked(path)).arrays.weight);
  }

  strongest(layer, channel) {
    return this.once(`strongest?${new URLSearchParams({ layer, channel })}`, async (path) => (await this.ask(path)).json());
  }

  async samples(kind) {
    const seed = Math.floor(Math.random() * 2 ** 31);
    return (await (await this.ask(`samples?${new URLSearchParams({ kind, seed })}`)).json()).samples;
  }

  async decode(file) {
    const answer = await this.ask(`image?${new URLSearchParams({ name: file.name })}`, file);
    return new Uint8Array(await answer.arrayBuffer());
  }

  body(input) {
    return this.description.input.kind === "pixels" ? input : JSON.stringify(input);
  }

  once(path, fetched) {
    if (!this.kept.has(path)) {
      this.kept.set(path, fetched(path));
      this.kept.get(path).catch(() => this.kept.delete(path));
    }
    return this.kept.get(path);
  }

  async ask(path, body) {
    let answer;
    try {
      answer = await fetch(path, body === undefined ? {} : { method: "POST", body });
    } catch {
      throw new Error("The program that serves this page has ended. Start draw.py again and open the address that it prints.");
    }
    if (!answer.ok) throw new Error((await answer.json()).error);
    return answer;
  }

  async unpacked(path, body) {
    const buffer = await (await this.ask(path, body)).arrayBuffer();
    const length = new DataView(buffer).getUint32(0, true);
    const { arrays: shapes, ...facts } = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    const arrays = {};
    let start = 4 + length;
    for (const [name, shape] of Object.entries(shapes)) {
      const size = shape.reduce((product, side) => product * side, 1);
      arrays[name] = new Float32Array(buffer, start, size);
      start += 4 * size;
    }
    return { facts, arrays };
  }
}

class OwnNetwork {
  computesGradients = false;

  constructor(description) {
    this.description = description;
    this.network = new Network(description.network);
  }

  async through(input, { target }) {
    const layers = {};
    const outputs = this.network.forward(this.network.prepared(this.stored(input)), layers);
    const found = { outputs, layers, gradient: null, target: target ?? largestAt(outputs) };
    if (this.description.has_probabilities) found.probabilities = probabilities(outputs, this.description.meaning);
    return found;
  }

  async weights(layer) {
    return this.network.arrays[`${layer}.weight`].data;
  }

  // Scaled as the config says, by the browser, whose way to average pixels is its own.
  async decode(file) {
    const { shape: [height, width, channels], resize_mode: mode, background } = this.description.input;
    const picture = await createImageBitmap(file).catch(() => { throw new Error(`${file.name} cannot be read as an image.`); });
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    context.fillStyle = `rgb(${background.join(" ")})`;
    context.fillRect(0, 0, width, height);
    let [across, down] = [width, height];
    if (mode !== "stretch") {
      const scale = (mode === "crop" ? Math.max : Math.min)(width / picture.width, height / picture.height);
      [across, down] = [scale * picture.width, scale * picture.height];
    }
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, (width - across) / 2, (height - down) / 2, across, down);
    const colours = context.getImageData(0, 0, width, height).data;
    return pixelsOf(colours, channels);
  }

  // What a page lets one enter as the data set stores it.
  stored(input) {
    const { kind, white, in_bytes: inBytes, fields } = this.description.input;
    if (kind === "pixels") {
      const shades = Float64Array.from(input, (byte) => (byte * white) / 255);
      return inBytes ? shades.map(Math.round) : shades;
    }
    return fields.flatMap((field, at) => coded(field, input[at].trim()));
  }
}

// The numbers that a field of a table becomes, as base/preprocessing.py says.
function coded({ name, categories, one_hot: oneHot, fill }, text) {
  if (text === "" && fill === null) throw new Error(`${name}: the field is empty`);
  const filled = text === "" ? String(fill) : text;
  if (!categories) {
    const number = Number(filled);
    if (!Number.isFinite(number)) throw new Error(`${name}: expected a number, got ${filled}`);
    return [number];
  }
  return oneHot ? categories.map((one) => Number(one === filled)) : [categories.indexOf(filled)];
}

function probabilities(outputs, meaning) {
  let values = Array.from(outputs);
  if (values.length === 1) values = [meaning === "logits" ? 0 : 1 - values[0], values[0]];
  if (meaning === "probabilities") return values;
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

function largestAt(values) {
  return values.reduce((best, value, at) => (value > values[best] ? at : best), 0);
}

// Red, green, blue and alpha as bytes of grey, by Pillow's weights, or of colours.
function pixelsOf(colours, channels) {
  const pixels = new Uint8Array((colours.length / 4) * channels);
  for (let at = 0; at < colours.length / 4; at += 1) {
    const [red, green, blue] = colours.subarray(4 * at, 4 * at + 3);
    if (channels === 1) pixels[at] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
    else pixels.set([red, green, blue], 3 * at);
  }
  return pixels;
}
