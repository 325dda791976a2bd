"""Models that read names: the shipped one, and those that an operator adds."""
