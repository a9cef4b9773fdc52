"""Service items (事项): their guides as versions, what asks for a change, how one is found."""
