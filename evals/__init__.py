"""The suite that judges a change of prompt."""
