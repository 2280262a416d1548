"""What the program is about, over the standard library only."""
