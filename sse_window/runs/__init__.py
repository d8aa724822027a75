"""Long lists: selection, workers, checkpoints."""
