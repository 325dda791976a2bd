"""The development set: documents that were written for it, with their personal data marked, and what makes them."""
