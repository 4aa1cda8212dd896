"""Other systems behind one small protocol each: one file a system."""
