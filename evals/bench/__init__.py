"""The benchmarks of the harness itself: how much time, memory and work it adds to what it measures."""
