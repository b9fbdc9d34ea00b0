"""Learning rates as functions of the step or epoch."""
