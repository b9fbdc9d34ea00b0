"""Moved to tools.plot_augmentation."""

if __name__ == "__main__":
    from utils.moved import moved

    moved("utils.plot_augmentation", "tools.plot_augmentation")
