"""Writes the reference values that the tests of dev.telltale.drift compare with.

Runs as reference.py does, and says as it does what made the numbers.
"""

import math

import numpy as np
from reference import SCIPY, TARGET, write
from scipy import stats
from scipy.spatial import distance

DRIFT = TARGET.parent / "drift"


def binned(r, c):
    """The metrics of two samples' counts over the same bins, by name."""
    used = [(a, b) for a, b in zip(r, c) if a + b > 0]
    table = np.array(used, dtype=float).T
    p, q = table[0] / table[0].sum(), table[1] / table[1].sum()
    filled = np.where(table == 0, 0.5, table)
    fp, fq = filled[0] / filled[0].sum(), filled[1] / filled[1].sum()
    if len(used) > 1:
        pearson = stats.chi2_contingency(table, correction=False).statistic
        g = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    else:
        pearson = g = 0.0
    return {
        "psi": np.sum((fp - fq) * np.log(fp / fq)),
        "js_distance": distance.jensenshannon(p, q, base=2),
        "hellinger": distance.euclidean(np.sqrt(p), np.sqrt(q)) / math.sqrt(2),
        "kl_divergence": stats.entropy(fp, fq),
        "chi_squared": pearson,
        "cramers_v": math.sqrt(pearson / table.sum()),
        "g_test": g,
        "l_infinity": distance.chebyshev(p, q),
        "total_variation": distance.cityblock(p, q) / 2,
    }


BINNED = (
    "of the bins: sum((p - q) * log(p / q)) and stats.entropy(p, q) with zeros as half rows,"
    " distance.jensenshannon(p, q, base=2), euclidean of the roots / sqrt(2), chebyshev(p, q),"
    " cityblock(p, q) / 2, stats.chi2_contingency(table, correction=False), the same with"
    " lambda_='log-likelihood'"
)


def tenths(reference, current):
    """Counts below, in tenths of the reference that end at a value of it, above."""
    values, counts = np.unique(reference, return_counts=True)
    reached = np.cumsum(counts) * 10 // len(reference)
    ends = values[np.flatnonzero(np.diff(reached, prepend=0) > 0)]
    cuts = [-np.inf, np.nextafter(values[0], -np.inf), *ends, np.inf]
    return [
        [int(np.sum((sample > low) & (sample <= high))) for low, high in zip(cuts, cuts[1:])]
        for sample in (reference, current)
    ]


def numeric_comparisons():
    """Samples in which both sides may have missing values besides."""
    rng = np.random.default_rng(5)
    cases = [
        ("shifted", rng.normal(size=120), rng.normal(loc=0.5, size=90), 0, 0),
        ("wider, with missing", rng.normal(size=80), 3 * rng.normal(size=150), 5, 30),
        ("ties", rng.integers(0, 6, size=100), rng.integers(1, 9, size=70), 0, 0),
        ("mostly zero", [0] * 70 + list(rng.exponential(size=30)), rng.exponential(size=60), 3, 0),
        ("apart", rng.uniform(size=40), 5 + rng.uniform(size=50), 0, 0),
        ("large numbers", 1e9 + rng.normal(size=60), 1e9 + 1 + rng.normal(size=60), 0, 0),
    ]
    rows = []
    for name, first, second, missing, missing_now in cases:
        reference = np.round(np.asarray(first, dtype=float), 3)
        current = np.round(np.asarray(second, dtype=float), 3)
        r, c = tenths(reference, current)
        ks = stats.ks_2samp(reference, current, method="exact")
        area = stats.wasserstein_distance(reference, current)
        metrics = {"ks": ks.statistic, "ks_p": ks.pvalue, "wasserstein": area}
        metrics["wasserstein_normalized"] = area / np.std(reference)
        metrics.update(binned([*r, missing], [*c, missing_now]))
        for metric, value in metrics.items():
            rows.append((name, reference, missing, current, missing_now, metric, value))
    write(
        "numeric.csv",
        f"{SCIPY}: stats.ks_2samp(reference, current, method='exact'),"
        f" stats.wasserstein_distance, that / numpy.std(reference); {BINNED}",
        ["name", "reference", "missing", "current", "missing_now", "metric", "value"],
        rows,
        DRIFT,
        "reference_drift.py",
    )


def categorical_comparisons():
    cases = [
        ("shares moved", [50, 30, 20], [60, 20, 40], 0, 0),
        ("missing is a bin", [50, 30, 20], [50, 30, 20], 0, 25),
        ("new category", [50, 30, 0], [40, 30, 12], 4, 3),
        ("category lost", [50, 30, 9, 1], [40, 0, 12, 3], 0, 0),
        ("only missing on one side", [10, 20], [0, 0], 0, 15),
    ]
    rows = []
    for name, reference, current, missing, missing_now in cases:
        for metric, value in binned([*reference, missing], [*current, missing_now]).items():
            rows.append((name, reference, missing, current, missing_now, metric, value))
    write(
        "categorical.csv",
        f"{SCIPY} {BINNED}",
        ["name", "reference", "missing", "current", "missing_now", "metric", "value"],
        rows,
        DRIFT,
        "reference_drift.py",
    )


if __name__ == "__main__":
    DRIFT.mkdir(parents=True, exist_ok=True)
    numeric_comparisons()
    categorical_comparisons()
