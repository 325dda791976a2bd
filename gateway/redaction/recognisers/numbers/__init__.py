"""Numbers and values by the labels beside them, as people write and say them."""
