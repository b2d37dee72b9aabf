"""The commands by what they are about: each asks the use cases one question and prints the answer."""
