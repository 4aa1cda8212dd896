"""What a person wants to read in the other language, by the language model, with nothing lost on the way."""
