"""What the business knows: its pack, its documents, and how they are found."""
