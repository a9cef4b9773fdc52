"""`hallq simulate`: a day in seconds, through the hall's own commands and rules (docs/simulate.md)."""
