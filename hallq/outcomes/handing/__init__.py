"""What is passed on: to whoever is responsible (I17), to the leader after a no (I18), to the next clerk (B32)."""
