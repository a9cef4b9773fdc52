"""What becomes of a visit at a window: one-time notices, outcomes with their time limits, referrals, refusals."""
