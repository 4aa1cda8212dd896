"""One file per provider of language models; the file's name is the provider's name in COPILOT_MODEL."""
