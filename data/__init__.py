"""Tables that come in, the framework file, the sample city, the store."""
