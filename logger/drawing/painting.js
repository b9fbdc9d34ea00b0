// Numbers and bytes on canvases, in the page's colours: orange below 0, blue above, and its ground between them.
"use strict";

const palette = { ground: [255, 255, 255], above: [0, 114, 178], below: [213, 94, 0] };

function readPalette() {
  const probe = document.body.appendChild(document.createElement("i"));
  for (const [name, variable] of [["ground", "--raised"], ["above", "--hit"], ["below", "--miss"]]) {
    probe.style.color = `var(${variable})`;
    palette[name] = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
  }
  probe.remove();
}

function paint(canvas, height, width, colourOf) {
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d", { willReadFrequently: true }); // in memory, where its pixels are written
  const image = context.createImageData(width, height);
  for (let at = 0; at < width * height; at += 1) {
    const [red, green, blue] = colourOf(at);
    image.data.set([red, green, blue, 255], 4 * at);
  }
  context.putImageData(image, 0, 0);
}

// Bytes (height, width, channels) as they are.
function paintPixels(canvas, pixels, [height, width, channels]) {
  paint(canvas, height, width, (at) => (channels === 3 ? pixels.subarray(3 * at, 3 * at + 3) : Array(3).fill(pixels[at])));
}

// Numbers by their signs; `valueAt` gives that of each position, and `most` has the full colour.
function paintSigned(canvas, height, width, valueAt, most) {
  const { ground, above, below } = palette;
  paint(canvas, height, width, (at) => {
    const value = valueAt(at) / (most || 1);
    const share = Math.min(Math.abs(value), 1) || 0;
    const end = value < 0 ? below : above;
    return ground.map((part, c) => part + (end[c] - part) * share);
  });
}

function largest(values) {
  let most = 0;
  for (const value of values) if (Math.abs(value) > most) most = Math.abs(value); // not nan
  return most;
}

function element(tag, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...children);
  return made;
}

const shown = (value) => (Math.abs(value) >= 1e4 || (value !== 0 && Math.abs(value) < 1e-3) ? value.toExponential(2) : String(Number(value.toPrecision(4))));
const percent = (share) => (share > 0.999 && share < 1 ? "> 99.9 %" : `${(100 * share).toFixed(1)} %`);
