"""一次性告知书: what is missing, told once, in writing (H04-H11)."""
