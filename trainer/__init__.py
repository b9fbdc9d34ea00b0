"""Training: the loop, the work divided over threads, checkpoints, and the families of optimizers and schedulers."""
