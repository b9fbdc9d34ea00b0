"""Data loaders, augmentation, and the order of batches."""
