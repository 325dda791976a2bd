"""The texts of a request: where they stand, and what in it is refused."""
