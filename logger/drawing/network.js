// A network's forward pass in evaluation mode: a function for each type of layer that model/browser/descriptions.py tells.
// A value is {shape, data}: one sample without the batch axis, channels last, and its numbers in row-major order.
"use strict";

const count = (shape) => shape.reduce((product, length) => product * length, 1);
const like = (layer, data) => ({ shape: layer.shape, data });
const each = (layer, x, f) => like(layer, x.data.map(f));
const sigmoid = (x) => 1 / (1 + Math.exp(-x));

function erf(x) {
  // 2 / sqrt(pi) exp(-x^2) (x + 2 x^3 / 3 + 4 x^5 / 15 + ...): all terms have one sign.
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function gelu(x, approximate) {
  if (approximate === "tanh") return x * sigmoid(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3));
  return 0.5 * x * (1 + erf(x * Math.SQRT1_2));
}

// Calls f with each stretch of the last axis, to be changed in place.
function rows(layer, x, f) {
  const data = Float64Array.from(x.data);
  const width = x.shape[x.shape.length - 1];
  for (let start = 0; start < data.length; start += width) f(data.subarray(start, start + width));
  return like(layer, data);
}

function exponentials(row) {
  const largest = row.reduce((a, b) => Math.max(a, b));
  return row.map((value) => Math.exp(value - largest));
}

// Calls f(output position, input position, place within the window) for windows that lie on the image at (y, x).
function windows(layer, [height, width], visit) {
  const [rowsOut, columnsOut] = layer.shape;
  const [kernelHeight, kernelWidth] = layer.kernel;
  const [down, across] = layer.dilation ?? [1, 1];
  for (let i = 0; i < rowsOut; i += 1) {
    for (let j = 0; j < columnsOut; j += 1) {
      for (let u = 0; u < kernelHeight; u += 1) {
        const y = i * layer.stride[0] - layer.padding[0] + u * down;
        if (y < 0 || y >= height) continue;
        for (let v = 0; v < kernelWidth; v += 1) {
          const x = j * layer.stride[1] - layer.padding[1] + v * across;
          if (x >= 0 && x < width) visit(i * columnsOut + j, y * width + x, u * kernelWidth + v);
        }
      }
    }
  }
}

const LAYERS = {
  Identity: (layer, x) => x,
  Reshape: (layer, x) => like(layer, x.data),
  ReLU: (layer, x) => each(layer, x, (value) => Math.max(value, 0)),
  LeakyReLU: (layer, x) => each(layer, x, (value) => (value > 0 ? value : layer.negative_slope * value)),
  Sigmoid: (layer, x) => each(layer, x, sigmoid),
  Tanh: (layer, x) => each(layer, x, Math.tanh),
  SiLU: (layer, x) => each(layer, x, (value) => value * sigmoid(value)),
  GELU: (layer, x) => each(layer, x, (value) => gelu(value, layer.approximate)),

  Softmax: (layer, x) => rows(layer, x, (row) => {
    const powers = exponentials(row);
    const sum = powers.reduce((a, b) => a + b);
    row.set(powers.map((power) => power / sum));
  }),

  LogSoftmax: (layer, x) => rows(layer, x, (row) => {
    const largest = row.reduce((a, b) => Math.max(a, b));
    const shift = largest + Math.log(exponentials(row).reduce((a, b) => a + b));
    row.set(row.map((value) => value - shift));
  }),

  LayerNorm(layer, x, arrays) {
    const data = Float64Array.from(x.data);
    const { weight, bias } = arrays;
    for (let start = 0; start < data.length; start += layer.size) {
      const row = data.subarray(start, start + layer.size);
      const mean = row.reduce((a, b) => a + b) / layer.size;
      const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / layer.size;
      row.set(row.map((value, at) => {
        const normal = (value - mean) / Math.sqrt(variance + layer.eps);
        return normal * (weight ? weight.data[at] : 1) + (bias ? bias.data[at] : 0);
      }));
    }
    return like(layer, data);
  },

  BatchNorm(layer, x, arrays) {
    const channels = x.shape[x.shape.length - 1];
    const { running_mean: mean, running_var: variance } = arrays.running_mean ? arrays : ownStatistics(x, channels);
    const { weight, bias } = arrays;
    return each(layer, x, (value, at) => {
      const channel = at % channels;
      const normal = (value - mean.data[channel]) / Math.sqrt(variance.data[channel] + layer.eps);
      return normal * (weight ? weight.data[channel] : 1) + (bias ? bias.data[channel] : 0);
    });
  },

  Linear(layer, x, arrays) {
    const [inputs, outputs] = arrays.weight.shape;
    const weight = arrays.weight.data;
    const y = new Float64Array(count(layer.shape));
    for (let row = 0; row < y.length / outputs; row += 1) {
      const sums = y.subarray(row * outputs, (row + 1) * outputs);
      if (arrays.bias) sums.set(arrays.bias.data);
      for (let i = 0; i < inputs; i += 1) {
        const value = x.data[row * inputs + i];
        if (value === 0) continue;
        for (let o = 0; o < outputs; o += 1) sums[o] += value * weight[i * outputs + o];
      }
    }
    return like(layer, y);
  },

  Conv2D(layer, x, arrays) {
    const channels = x.shape[2];
    const [, , inputs, outputs] = arrays.weight.shape; // inputs of one group
    const weight = arrays.weight.data;
    const ofGroup = outputs / layer.groups;
    const y = new Float64Array(count(layer.shape));
    if (arrays.bias) for (let start = 0; start < y.length; start += outputs) y.set(arrays.bias.data, start);
    windows(layer, x.shape, (to, from, place) => {
      for (let channel = 0; channel < channels; channel += 1) {
        const value = x.data[from * channels + channel];
        if (value === 0) continue;
        const first = Math.floor(channel / inputs) * ofGroup;
        const kernel = (place * inputs + (channel % inputs)) * outputs;
        for (let o = first; o < first + ofGroup; o += 1) y[to * outputs + o] += value * weight[kernel + o];
      }
    });
    return like(layer, y);
  },

  MaxPool2D(layer, x) {
    const channels = x.shape[2];
    const y = new Float64Array(count(layer.shape)).fill(-Infinity);
    windows(layer, x.shape, (to, from) => {
      for (let c = 0; c < channels; c += 1) {
        y[to * channels + c] = Math.max(y[to * channels + c], x.data[from * channels + c]);
      }
    });
    return like(layer, y);
  },

  AvgPool2D(layer, x) {
    const channels = x.shape[2];
    const y = new Float64Array(count(layer.shape));
    const inside = new Float64Array(layer.shape[0] * layer.shape[1]);
    windows(layer, x.shape, (to, from) => {
      inside[to] += 1;
      for (let c = 0; c < channels; c += 1) y[to * channels + c] += x.data[from * channels + c];
    });
    const whole = layer.kernel[0] * layer.kernel[1];
    const size = (position) => (layer.count_include_pad ? whole : inside[position]);
    return like(layer, y.map((sum, at) => sum / size(Math.floor(at / channels))));
  },

  GlobalAvgPool2D: (layer, x) => like(layer, ownStatistics(x, x.shape[2]).running_mean.data),

  Sequential: (layer, x, arrays, network) => layer.layers.reduce((value, child) => network.compute(child, value), x),

  Block(layer, x, arrays, network) {
    const through = (part, value) => (part ? network.compute(part, value) : value);
    const [body, shortcut] = [through(layer.body, x), through(layer.shortcut, x)];
    return through(layer.after, { shape: body.shape, data: body.data.map((value, at) => value + shortcut.data[at]) });
  },
};

function ownStatistics(x, channels) {
  const [mean, variance] = [new Float64Array(channels), new Float64Array(channels)];
  const positions = x.data.length / channels;
  x.data.forEach((value, at) => { mean[at % channels] += value / positions; });
  x.data.forEach((value, at) => { variance[at % channels] += (value - mean[at % channels]) ** 2 / positions; });
  return { running_mean: { data: mean }, running_var: { data: variance } };
}

class Network {
  constructor(description) {
    this.root = description.root;
    this.shape = description.input_shape;
    this.dtype = description.dtype;
    this.preprocessing = description.preprocessing;
    this.arrays = {};
    for (const [path, { shape, dtype, data }] of Object.entries(description.arrays)) {
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)).buffer;
      this.arrays[path] = { shape, data: dtype === "float64" ? new Float64Array(bytes) : new Float32Array(bytes) };
    }
  }

  // The sample as the network is given it: shifted, divided, and rounded as Python rounds it.
  prepared(stored) {
    const { offset, divisor } = this.preprocessing;
    const scaled = Float64Array.from(stored, (value, at) => (value - offset[at % offset.length]) / divisor[at % divisor.length]);
    return this.dtype === "float64" ? scaled : scaled.map(Math.fround);
  }

  // The outputs; those of every layer that holds no others are kept in `seen`, by path.
  forward(x, seen = {}) {
    this.seen = seen;
    return this.compute(this.root, { shape: this.shape, data: Float64Array.from(x) }).data;
  }

  compute(layer, x) {
    const own = {};
    for (const name of ["weight", "bias", "running_mean", "running_var"]) own[name] = this.arrays[`${layer.name}.${name}`];
    const y = LAYERS[layer.type](layer, x, own, this);
    const holdsOthers = layer.layers?.length || layer.body || layer.shortcut || layer.after;
    if (!holdsOthers) this.seen[layer.name] = y.data;
    return y;
  }
}
