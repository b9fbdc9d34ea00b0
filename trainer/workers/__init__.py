"""What runs the tasks of a step at the same time."""
