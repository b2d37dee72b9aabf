"""Where mentors stand by a published model, and why."""
