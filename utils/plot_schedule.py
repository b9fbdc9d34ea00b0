"""Moved to tools.plot_schedule."""

if __name__ == "__main__":
    from utils.moved import moved

    moved("utils.plot_schedule", "tools.plot_schedule")
