"""The hall office's work: alarms and posts, closures and suspensions, peaks, settlement.

It knows the queue, never the other way: what a form decides becomes a row that the queue reads."""
