"""The commands of `copilot`, one file per group; what is heavy is imported when a command runs."""
