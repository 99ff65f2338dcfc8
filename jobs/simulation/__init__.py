"""Everything invented: data sets, a simulated bank with incidents, and the labels of what was planted."""
