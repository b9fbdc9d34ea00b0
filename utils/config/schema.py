"""Moved to tools.schema."""

if __name__ == "__main__":
    from utils.moved import moved

    moved("utils.config.schema", "tools.schema")
