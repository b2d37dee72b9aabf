"""The published models: learned, kept, taken off the shelf, gone back to."""
