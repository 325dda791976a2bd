"""Numbers and values as people write them, by the labels beside them."""
