"""Moved to tools.gallery."""

if __name__ == "__main__":
    from utils.moved import moved

    moved("utils.gallery", "tools.gallery")
