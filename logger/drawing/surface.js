// What is drawn: strokes on a ground or on an image, and its pixels as a network takes them.
"use strict";

const GROUND = "black";
const SHOWN = 320; // pixels of the canvas across, about: a whole number for each pixel of the network's
const MNIST_BOX = 20 / 28; // of the side, which the longer side of a digit fills
const SMALLEST = 1 / 8; // of the canvas: a dot stays a dot
const FINE = 8; // pixels for each of the network's, of which it is the mean

class Surface {
  constructor(canvas, [height, width, channels], changed) {
    Object.assign(this, { canvas, height, width, channels, changed });
    this.factor = Math.max(1, Math.floor(SHOWN / Math.max(height, width)));
    [canvas.width, canvas.height] = [width * this.factor, height * this.factor];
    this.context = canvas.getContext("2d", { willReadFrequently: true });
    this.strokes = [];
    this.base = null;
    this.tool = { width: 2.6, color: "white", erases: false }; // the width in pixels of the network
    this.listen();
    this.paint();
  }

  listen() {
    let stroke = null;
    const at = (event) => {
      const box = this.canvas.getBoundingClientRect();
      return [((event.clientX - box.left) * this.canvas.width) / box.width, ((event.clientY - box.top) * this.canvas.height) / box.height];
    };
    const go = (event) => {
      const moves = event.getCoalescedEvents?.() ?? [];
      stroke.points.push(...(moves.length ? moves : [event]).map(at));
      trace(this.context, stroke, stroke.width * this.factor);
      this.changed(event.timeStamp);
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      if (stroke || !event.isPrimary || event.button !== 0) return;
      event.preventDefault();
      this.canvas.setPointerCapture(event.pointerId);
      stroke = { ...this.tool, points: [] };
      this.strokes.push(stroke);
      go(event);
    });
    this.canvas.addEventListener("pointermove", (event) => { if (stroke && event.isPrimary) go(event); });
    for (const end of ["pointerup", "pointercancel"]) {
      this.canvas.addEventListener(end, (event) => { if (event.isPrimary) stroke = null; });
    }
  }

  undo() {
    if (this.strokes.length) this.strokes.pop();
    else this.base = null;
    this.repaint();
  }

  clear() {
    [this.strokes, this.base] = [[], null];
    this.repaint();
  }

  put(base) {
    [this.strokes, this.base] = [[], base];
    this.repaint();
  }

  // All shades turned over: what is drawn becomes part of the image.
  invert() {
    this.put(this.pixels(false).map((byte) => 255 - byte));
  }

  repaint() {
    this.paint();
    this.changed(performance.now());
  }

  paint() {
    this.context.fillStyle = GROUND;
    this.context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    if (this.base) {
      const image = document.createElement("canvas");
      paintPixels(image, this.base, [this.height, this.width, this.channels]);
      this.context.imageSmoothingEnabled = false;
      this.context.drawImage(image, 0, 0, this.canvas.width, this.canvas.height);
    }
    for (const stroke of this.strokes) trace(this.context, stroke, stroke.width * this.factor);
  }

  // Bytes (height, width, channels); centred: with the size and in the place of MNIST's digits.
  pixels(centred) {
    if (centred && !this.base) return this.centredPixels();
    const { data } = this.context.getImageData(0, 0, this.canvas.width, this.canvas.height);
    return averaged(data, this.canvas.width, this.factor, this.channels);
  }

  // A digit's longer side fills a box of 20 of 28 pixels, and its centre of mass is in the middle of the 28 (LeCun et al.,
  // 1998). Strokes are drawn anew in that size, so that small digits do not get broad ones.
  centredPixels() {
    const side = this.width;
    const box = inkBox(this.context, this.canvas);
    if (!box) return new Uint8Array(side * side);
    const pen = Math.max(...this.strokes.map((stroke) => stroke.width));
    const broad = pen * this.factor;
    const extent = Math.max(box.width - broad, box.height - broad, this.canvas.width * SMALLEST);
    const scale = (MNIST_BOX * side - pen) / extent; // pixels of the network for each of the canvas
    const fine = document.createElement("canvas");
    fine.width = fine.height = side * FINE;
    const context = fine.getContext("2d", { willReadFrequently: true });
    context.fillStyle = GROUND;
    context.fillRect(0, 0, fine.width, fine.height);
    context.translate(fine.width / 2, fine.height / 2);
    context.scale(scale * FINE, scale * FINE);
    context.translate(-box.x - box.width / 2, -box.y - box.height / 2);
    context.beginPath();
    context.rect(0, 0, this.canvas.width, this.canvas.height);
    context.clip(); // what went beyond the edge is not seen
    for (const stroke of this.strokes) trace(context, stroke, stroke.erases ? stroke.width * this.factor : stroke.width / scale);
    return massCentred(averaged(context.getImageData(0, 0, fine.width, fine.height).data, fine.width, FINE, 1), side);
  }
}

function trace(context, { points, color, erases }, width) {
  context.strokeStyle = erases ? GROUND : color;
  context.lineWidth = width;
  context.lineCap = context.lineJoin = "round";
  context.beginPath();
  context.moveTo(...points[0]);
  for (const point of points) context.lineTo(...point);
  context.stroke();
}

// The rectangle that holds all that is brighter than half, or null.
function inkBox(context, { width, height }) {
  const { data } = context.getImageData(0, 0, width, height);
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (data[4 * (y * width + x)] < 128) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

// Means of squares of pixels, each so many across, of a picture of red, green, blue and alpha.
function averaged(data, width, across, channels) {
  const columns = width / across;
  const sums = new Float64Array((data.length / 4 / across ** 2) * channels);
  for (let at = 0; at < data.length / 4; at += 1) {
    const cell = Math.floor(Math.floor(at / width) / across) * columns + Math.floor((at % width) / across);
    for (let c = 0; c < channels; c += 1) sums[cell * channels + c] += data[4 * at + c];
  }
  return Uint8Array.from(sums, (sum) => Math.round(sum / across ** 2));
}

// The image moved by whole pixels, so that its centre of mass is next to the middle: pixel 14 of 0 to 27, as MNIST's.
function massCentred(pixels, side) {
  let [mass, x, y] = [0, 0, 0];
  pixels.forEach((byte, at) => {
    mass += byte;
    x += byte * (at % side);
    y += byte * Math.floor(at / side);
  });
  const [right, down] = [Math.round(side / 2 - x / mass), Math.round(side / 2 - y / mass)];
  return pixels.map((_, at) => {
    const [fromX, fromY] = [(at % side) - right, Math.floor(at / side) - down];
    return fromX < 0 || fromY < 0 || fromX >= side || fromY >= side ? 0 : pixels[fromY * side + fromX];
  });
}
