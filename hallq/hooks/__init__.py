"""Telling other systems what happened: signed webhooks, and adapters for platforms that want another shape."""
