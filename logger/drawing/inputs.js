// What one enters: a drawing or an image, the fields of a table, or a test sample to be changed.
"use strict";

class PixelInput {
  constructor({ input }, network, changed, tell) {
    const at = (id) => document.getElementById(id);
    Object.assign(this, { network, tell, changed, centred: at("centred") });
    this.surface = new Surface(at("surface"), input.shape, (time) => this.changed(time));
    this.canCentre = input.shape[0] === input.shape[1] && input.shape[2] === 1;
    this.centred.closest("label").hidden = !this.canCentre;
    this.centred.checked = input.as_mnist;
    this.centred.addEventListener("change", () => changed());
    const { tool } = this.surface;
    at("pen").addEventListener("input", (event) => { tool.width = Number(event.target.value); });
    at("pen").value = tool.width;
    at("color").closest("label").hidden = input.shape[2] !== 3;
    at("color").addEventListener("input", (event) => { tool.color = event.target.value; });
    at("erase").addEventListener("click", (event) => {
      tool.erases = !tool.erases;
      event.currentTarget.setAttribute("aria-pressed", tool.erases);
    });
    at("undo").addEventListener("click", () => this.surface.undo());
    at("clear").addEventListener("click", () => this.surface.clear());
    at("invert").addEventListener("click", () => this.surface.invert());
    at("file").addEventListener("change", (event) => {
      if (event.target.files.length) this.read(event.target.files[0]);
      event.target.value = "";
    });
    this.takeDropped(at("surface"));
  }

  takeDropped(canvas) {
    document.addEventListener("dragover", (event) => event.preventDefault());
    canvas.addEventListener("dragenter", () => canvas.classList.add("over"));
    for (const end of ["dragleave", "drop"]) canvas.addEventListener(end, () => canvas.classList.remove("over"));
    const take = (event, data) => {
      const [file] = data?.files ?? [];
      if (!file) return;
      event.preventDefault();
      this.read(file);
    };
    document.addEventListener("drop", (event) => take(event, event.dataTransfer));
    document.addEventListener("paste", (event) => take(event, event.clipboardData));
  }

  async read(file) {
    try {
      this.put({ input: await this.network.decode(file) });
    } catch (error) {
      this.tell(error.message);
    }
  }

  put(sample) {
    this.surface.put(Uint8Array.from(sample.input));
  }

  value() {
    return this.surface.pixels(this.canCentre && this.centred.checked);
  }
}

class FieldInput {
  constructor({ input: { fields } }, changed) {
    this.controls = fields.map((field) => (field.categories ? this.choice(field) : element("input", { inputMode: "decimal", value: field.start })));
    const form = document.getElementById("fields");
    fields.forEach(({ name }, at) => form.append(element("label", {}, element("span", {}, name), this.controls[at])));
    form.addEventListener("input", () => changed());
    form.addEventListener("submit", (event) => event.preventDefault());
    this.changed = changed;
  }

  choice({ categories, fill, start }) {
    const texts = fill === null ? categories : ["", ...categories];
    const made = element("select", {}, ...texts.map((text) => element("option", { value: text }, text || "(empty)")));
    made.value = start;
    return made;
  }

  put(sample) {
    sample.input.forEach((text, at) => { this.controls[at].value = text; });
    this.changed();
  }

  value() {
    return this.controls.map((control) => control.value);
  }
}

class SamplesView {
  constructor(root, description, network, put, tell) {
    Object.assign(this, { description, network, put, tell, list: root.querySelector(".samples") });
    for (const button of root.querySelectorAll("[data-kind]")) {
      button.addEventListener("click", () => this.show(button));
    }
  }

  async show(button) {
    button.disabled = true;
    try {
      const found = await this.network.samples(button.dataset.kind);
      this.list.replaceChildren(...found.map((sample) => this.tile(sample)));
      this.tell(found.length ? "" : "The network makes no mistake on the test data.");
    } catch (error) {
      this.tell(error.message);
    }
    button.disabled = false;
  }

  tile(sample) {
    const sure = sample.certainty === null ? "" : `, ${percent(sample.certainty)}`;
    const right = sample.target === sample.prediction;
    const text = right || !this.description.classes ? `${sample.target}${this.description.classes ? sure : ` (${sample.prediction})`}` : `${sample.target} taken for ${sample.prediction}${sure}`;
    const button = element("button", { type: "button", title: sample.name });
    if (this.description.input.kind === "pixels") {
      paintPixels(button.appendChild(element("canvas")), Uint8Array.from(sample.input), this.description.input.shape);
    } else {
      button.append(element("span", {}, sample.name));
    }
    button.append(element("span", { className: "hint" }, text));
    button.addEventListener("click", () => {
      this.put(sample);
      document.getElementById("enter").scrollIntoView();
    });
    return button;
  }
}
