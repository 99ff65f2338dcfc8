"""Windows over transactions, and whether their volume is normal."""
