"""Moved to tools.replay."""

if __name__ == "__main__":
    from utils.moved import moved

    moved("utils.replay", "tools.replay")
