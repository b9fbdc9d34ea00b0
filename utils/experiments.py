"""Moved to experiments."""

if __name__ == "__main__":
    from utils.moved import moved

    moved("utils.experiments", "experiments")
