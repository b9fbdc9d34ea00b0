"""Moved to tools.report."""

if __name__ == "__main__":
    from utils.moved import moved

    moved("utils.report", "tools.report")
