"""Labelled texts by other authors than those of rules and training: none may be trained or tuned on."""
