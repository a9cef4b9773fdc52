"""What the public screens show in turn, beside the calls: pages, their plan and their facts."""
