"""Tables on their way in: read, shown, confirmed or given back to be mended."""
