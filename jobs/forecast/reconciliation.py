"""Reconciliation: forecasts of the bank and of its cities that add up.

Bottom-up takes the sum of the cities for the bank. MinT (Wickramasuriya et al. 2019) projects all forecasts onto the
sums, weighted by the covariance of the errors of earlier tests, which is shrunk towards no correlation by Ledoit and
Wolf (2004).
"""

import numpy as np
from numpy.typing import NDArray
from sklearn.covariance import LedoitWolf

Floats = NDArray[np.float64]
BOTTOM_UP, MIN_TRACE = "bottom_up", "mint"
RECONCILIATIONS = (BOTTOM_UP, MIN_TRACE)


def reconcile(name: str, forecasts: Floats, errors: Floats) -> Floats:
    """Reconcile forecasts.

    Args:
        name: one of RECONCILIATIONS.
        forecasts: shape (days, 1 + cities); the first column is the bank.
        errors: errors of earlier forecasts, same columns; NaN rows don't count.

    Returns:
        The same shape; no value is below zero and the first column is the sum of the others.

    """
    cities = forecasts[:, 1:]
    if name == MIN_TRACE:
        known = errors[~np.isnan(errors).any(axis=1)]
        cities = np.clip(forecasts @ _projection(known).T, 0.0, None)
    return np.column_stack([cities.sum(axis=1), cities])


def _projection(errors: Floats) -> Floats:
    """Weights of all forecasts in the reconciled one of each city: shape (cities, 1 + cities)."""
    deviations = np.maximum(errors.std(axis=0), 1e-9)
    correlation = LedoitWolf().fit(errors / deviations).covariance_
    precision = np.linalg.inv(correlation * np.outer(deviations, deviations))
    sums = np.vstack([np.ones(errors.shape[1] - 1), np.eye(errors.shape[1] - 1)])
    return np.asarray(np.linalg.solve(sums.T @ precision @ sums, sums.T @ precision))
