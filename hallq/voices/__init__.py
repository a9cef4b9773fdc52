"""Voices as folders of clips: which words a voice needs, and how such a folder is made offline or recorded."""
