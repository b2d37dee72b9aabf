"""From files as offices keep them to tables with every cell understood, and all that is wrong in them."""
