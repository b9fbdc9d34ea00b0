// What the network says: a bar for each class, or the numbers it predicts; and what speaks for and against a class.
"use strict";

const MOST_BARS = 30;

class AnswerView {
  constructor(root, description, choose) {
    this.description = description;
    this.choose = choose;
    this.list = root.querySelector(".bars");
    this.said = root.querySelector(".said");
    this.bars = [];
  }

  update({ outputs, probabilities: shares, target }) {
    const { classes } = this.description;
    const values = Array.from(shares ?? outputs);
    if (!classes) {
      this.showNumbers(values, target);
      return;
    }
    const predicted = values.length === 1 ? Number(values[0] > 0) : largestAt(values);
    this.said.textContent = shares ? `${classes[predicted]}, ${percent(shares[predicted])}` : classes[predicted];
    const order = classes.map((_, at) => at);
    if (order.length > MOST_BARS) order.sort((a, b) => values[b] - values[a]).splice(MOST_BARS);
    const most = shares ? 1 : largest(values);
    this.show(order.map((at) => ({
      at,
      name: classes[at],
      share: (values[at] ?? (at ? values[0] : -values[0])) / most,
      text: shares ? percent(shares[at]) : shown(values[at] ?? values[0]),
    })), target, predicted);
  }

  showNumbers(values, target) {
    const few = values.slice(0, MOST_BARS);
    const most = largest(values);
    this.said.textContent = few.length === 1 ? shown(few[0]) : "";
    if (few.length > 1) this.show(few.map((value, at) => ({ at, name: `output ${at + 1}`, share: value / most, text: shown(value) })), target);
  }

  show(rows, target, predicted) {
    while (this.bars.length < rows.length) this.bars.push(this.made());
    this.bars.splice(rows.length).forEach(({ button }) => button.parentElement.remove());
    rows.forEach(({ at, name, share, text }, place) => {
      const bar = this.bars[place];
      bar.at = at;
      bar.name.textContent = name;
      bar.fill.style.width = `${100 * Math.max(0, Math.min(share || 0, 1))}%`;
      bar.text.textContent = text;
      bar.button.setAttribute("aria-pressed", at === target);
      bar.button.classList.toggle("predicted", at === predicted);
    });
  }

  made() {
    const bar = { name: element("span", { className: "name" }), fill: element("span", { className: "fill" }), text: element("span", { className: "value" }) };
    bar.button = element("button", { type: "button" }, bar.name, element("span", { className: "track" }, bar.fill), bar.text);
    bar.button.addEventListener("click", () => this.choose(bar.at));
    this.list.append(element("li", {}, bar.button));
    return bar;
  }
}

// The gradient of a logit by the input: as it is, and times the input, which says what of it is at work.
class GradientView {
  constructor(root, { input, classes }) {
    Object.assign(this, { root, input, classes });
    this.figures = Object.fromEntries([...root.querySelectorAll("[data-shows]")].map((one) => [one.dataset.shows, one]));
  }

  update({ gradient, target, outputs }, input) {
    const name = this.classes ? this.classes[target] : outputs.length > 1 ? `output ${target + 1}` : "the output";
    this.root.querySelectorAll(".target").forEach((one) => { one.textContent = name; });
    if (this.input.kind === "pixels") {
      paintPixels(this.figures.given, input, this.input.shape);
      if (gradient) this.paintGradients(gradient, input);
    } else if (gradient) {
      this.figures.fields.replaceChildren(...signedBars(inputNames(this.input), gradient));
    }
  }

  paintGradients(gradient, input) {
    const [height, width, channels] = this.input.shape;
    const sums = new Float64Array(height * width);
    const times = new Float64Array(height * width);
    gradient.forEach((value, at) => {
      sums[Math.floor(at / channels)] += value;
      times[Math.floor(at / channels)] += (value * input[at]) / 255;
    });
    paintSigned(this.figures.gradient, height, width, (at) => sums[at], largest(sums));
    paintSigned(this.figures.product, height, width, (at) => times[at], largest(times));
  }
}

function inputNames({ fields }) {
  return fields.flatMap((field) => (field.one_hot ? field.categories.map((text) => `${field.name}=${text}`) : [field.name]));
}

function signedBars(names, values) {
  const most = largest(values) || 1;
  return names.map((name, at) => {
    const fill = element("span", { className: values[at] < 0 ? "fill below" : "fill" });
    fill.style.width = `${(50 * Math.abs(values[at])) / most}%`;
    return element("li", {}, element("span", { className: "name" }, name), element("span", { className: "track signed" }, fill), element("span", { className: "value" }, shown(values[at])));
  });
}
