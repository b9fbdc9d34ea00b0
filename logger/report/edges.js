// What lies beyond the edges of a table is shown to be there.
"use strict";
document.querySelectorAll(".frame").forEach((frame) => {
  const held = frame.querySelector(".scroll");
  const tell = () => {
    frame.style.setProperty("--bar-width", `${held.offsetWidth - held.clientWidth}px`);
    frame.style.setProperty("--bar-height", `${held.offsetHeight - held.clientHeight}px`);
    frame.toggleAttribute("data-right", held.scrollLeft + held.clientWidth < held.scrollWidth - 2);
    frame.toggleAttribute("data-below", held.scrollTop + held.clientHeight < held.scrollHeight - 2);
  };
  held.addEventListener("scroll", tell);
  new ResizeObserver(tell).observe(held);
});
