"""Made-up scores of candidates."""

import numpy as np
import pandas as pd


def noisy_scores(number=3000, **noise):
    """Return labels, and for each candidate the true probabilities with noise of this standard deviation."""
    rng = np.random.default_rng(1)
    true = rng.random(number)
    scores = {name: np.clip(true + rng.normal(0, size, number), 0.001, 0.999) for name, size in noise.items()}
    labels = (rng.random(number) < true).astype(float)
    return pd.DataFrame({"label": labels, "content_hash": rng.random(number), "fold": np.arange(number) % 5, **scores})
