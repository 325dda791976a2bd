"""The texts of an answer: inspected, masked, restored."""
