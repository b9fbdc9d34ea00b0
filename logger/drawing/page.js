// The page: what is entered goes through the network, at most one input at a time, the newest next.
"use strict";

(() => {
  const description = JSON.parse(document.getElementById("data").textContent);
  const network = description.network ? new OwnNetwork(description) : new ServedNetwork(description);
  const problem = document.getElementById("problem");
  const answer = document.getElementById("answer");
  const state = { target: null, busy: false, since: null };

  const input = description.input.kind === "pixels" ? new PixelInput(description, network, changed, tell) : new FieldInput(description, changed);
  const said = new AnswerView(answer, description, (target) => {
    state.target = target === state.target ? null : target;
    changed();
  });
  const gradients = new GradientView(document.getElementById("gradients"), description);
  const layers = new LayersView(document.getElementById("layer-list"), description, network, () => changed());
  const samples = document.getElementById("samples");
  if (samples) new SamplesView(samples, description, network, (sample) => input.put(sample), tell);

  function tell(text) {
    problem.textContent = text;
    problem.hidden = !text;
  }

  function changed(time = performance.now()) {
    state.since ??= time;
    if (!state.busy) go();
  }

  async function go() {
    state.busy = true;
    document.documentElement.dataset.settled = false;
    while (state.since !== null) {
      const since = state.since;
      state.since = null;
      const value = input.value();
      try {
        const found = await network.through(value, { layers: layers.wanted, target: state.target });
        tell("");
        said.update(found);
        answer.dataset.milliseconds = (performance.now() - since).toFixed(1);
        gradients.update(found, value);
        await new Promise((painted) => { requestAnimationFrame(painted); });
        layers.update(found.layers, value);
      } catch (error) {
        tell(error.message);
      }
    }
    state.busy = false;
    document.documentElement.dataset.settled = true;
  }

  function repaint() {
    readPalette();
    layers.views.forEach((view) => view.repaint());
    changed();
  }
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  repaint();
})();
