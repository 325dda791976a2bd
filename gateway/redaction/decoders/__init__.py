"""Text that is encoded in a standard way, decoded with every place mapped back."""
