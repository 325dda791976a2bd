"""What the worth of each clue in `gateway/redaction/closed_world/clues.txt` is learnt from."""
