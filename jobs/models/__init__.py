"""Stage models: predicts two outcomes; trains, compares, promotes, explains, scores and monitors the models."""
