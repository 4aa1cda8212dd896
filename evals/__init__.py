"""How changes are scored: cases, scorers, runner, report."""
