"""The hall and its devices tied together: what they show, say and print, what is pressed on them, how they are."""
