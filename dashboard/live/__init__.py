"""The page of the stream as it is now."""
