"""What several families of the suite need to score a turn."""
