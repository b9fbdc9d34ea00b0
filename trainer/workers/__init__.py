"""Workers: parallel execution of a step's tasks."""
