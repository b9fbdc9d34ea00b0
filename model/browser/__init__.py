"""Networks as JavaScript computes them: logger/drawing/network.js."""
