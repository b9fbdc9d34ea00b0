// Runs that can be switched off, and the values of the curve that the pointer is next to.
"use strict";
(() => {
  const boxes = [...document.querySelectorAll(".looks input")];
  boxes.forEach((box, run) => {
    const show = () => document.querySelectorAll(`g[data-run="${run}"]`).forEach((line) => {
      line.style.display = box.checked ? "" : "none";
    });
    box.addEventListener("change", show);
    show(); // a browser may remember what was switched off
  });
  const labels = boxes.map((box) => box.parentElement.querySelector("span").textContent);

  const NEAR = 60;
  document.querySelectorAll(".curves figure").forEach((figure) => {
    const svg = figure.querySelector("svg");
    const tip = figure.querySelector(".tip");
    const { width, height } = svg.viewBox.baseVal;
    const lines = [...svg.querySelectorAll("g[data-run]")].map((node) => ({ node, points: JSON.parse(node.dataset.points) }));
    const leave = () => {
      tip.style.display = "none";
      svg.classList.remove("busy");
      lines.forEach(({ node }) => node.classList.remove("near"));
    };
    svg.addEventListener("pointerleave", leave);
    svg.addEventListener("pointermove", (event) => {
      const box = svg.getBoundingClientRect();
      const scale = box.width / width;
      const [x, y] = [(event.clientX - box.left) / scale, (event.clientY - box.top) / scale];
      let near = { distance: NEAR };
      for (const { node, points } of lines) {
        if (node.style.display === "none") continue;
        for (const point of points) {
          const distance = Math.hypot(point[0] - x, point[1] - y);
          if (distance < near.distance && point[1] >= 0 && point[1] <= height) near = { node, point, distance };
        }
      }
      leave();
      if (!near.node) return;
      const [left, top, epoch, value] = near.point;
      svg.classList.add("busy");
      near.node.classList.add("near");
      tip.textContent = `${labels[near.node.dataset.run]}: epoch ${epoch}, ${value}`;
      Object.assign(tip.style, { display: "block", left: "0" }); // so that it is as wide as its text
      tip.style.left = `${Math.max(0, Math.min(left * scale + 12, figure.clientWidth - tip.offsetWidth))}px`;
      tip.style.top = `${box.top - figure.getBoundingClientRect().top + top * scale + 12}px`;
    });
  });
})();
