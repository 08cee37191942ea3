"""Writes the data sets and the reference values of CompareCommandTest.

    python compare_reference.py ../resources/dev/telltale/jobs/compare

Needs numpy, scipy and pandas; the versions it ran with are in the header of expected.csv.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import scipy
from scipy import stats
from scipy.spatial.distance import jensenshannon

target = Path(sys.argv[1])


def sample(n, shift, seed):
    draw = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "normal": np.round(draw.normal(shift, 1, n), 6),
            "ties": draw.integers(0, 12, n) + (shift > 0) * 2,
            "missing": np.where(draw.random(n) < 0.1, np.nan, np.round(draw.exponential(1 + shift, n), 6)),
            "letter": draw.choice(list("abcde"), n, p=[0.4, 0.3, 0.15, 0.1, 0.05] if shift == 0 else [0.3, 0.3, 0.2, 0.1, 0.1]),
            "flag": draw.random(n) < 0.3 + shift / 4,
        }
    )


def numeric(reference, current):
    x, y = reference.dropna().astype(float), current.dropna().astype(float)
    ks = stats.ks_2samp(x, y)
    distance = stats.wasserstein_distance(x, y)
    return {
        "ks": (ks.statistic, ks.pvalue, ""),
        "wasserstein": (distance, "", ""),
        "wasserstein_normalized": (distance / x.std(ddof=0), "", ""),
        **binned(*deciles(reference.astype(float), current.astype(float))),
    }


def deciles(reference, current):
    """Bins as docs/compare.md describes them: up to ten of equal frequency, below, above, missing."""
    x = np.sort(reference.dropna().to_numpy())
    edges, tenth, cumulative = [], 1, 0
    for value, count in zip(*np.unique(x, return_counts=True)):
        cumulative += count
        if cumulative * 10 >= tenth * len(x):
            edges.append(value)
            while cumulative * 10 >= tenth * len(x):
                tenth += 1
    if edges[-1] < x[-1]:
        edges.append(x[-1])

    def count(values):
        present = values.dropna().to_numpy()
        inside = present[(present >= x[0]) & (present <= x[-1])]
        bins = np.bincount(np.searchsorted(edges, inside, side="left"), minlength=len(edges))
        return np.concatenate([[np.sum(present < x[0])], bins, [np.sum(present > x[-1])], [values.isna().sum()]])

    return count(reference), count(current)


def categorical(reference, current):
    labels = sorted(set(reference) | set(current))
    return binned(
        np.array([(reference == label).sum() for label in labels]), np.array([(current == label).sum() for label in labels])
    )


def binned(reference, current):
    used = reference + current > 0
    table = np.array([reference[used], current[used]])
    p, q = table[0] / table[0].sum(), table[1] / table[1].sum()
    chi = stats.chi2_contingency(table, correction=False)
    g = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
    # A bin that one side lacks counts as half a row there.
    half = np.maximum(table, 0.5)
    ph, qh = half[0] / half[0].sum(), half[1] / half[1].sum()
    return {
        "psi": (np.sum((ph - qh) * np.log(ph / qh)), "", ""),
        "js_distance": (jensenshannon(p, q, 2), "", ""),
        "hellinger": (np.sqrt(np.sum((np.sqrt(p) - np.sqrt(q)) ** 2) / 2), "", ""),
        "kl_divergence": (stats.entropy(ph, qh), "", ""),
        "chi_squared": (chi.statistic, chi.pvalue, chi.dof),
        "cramers_v": (stats.contingency.association(table), "", ""),
        "g_test": (g.statistic, g.pvalue, g.dof),
        "l_infinity": (np.abs(p - q).max(), "", ""),
        "total_variation": (np.abs(p - q).sum() / 2, "", ""),
    }


reference, current = sample(400, 0, 1), sample(300, 0.2, 2)
reference.to_csv(target / "reference.csv", index=False)
current.to_json(target / "current.jsonl", orient="records", lines=True)
with open(target / "expected.csv", "w") as out:
    out.write(f"# scipy {scipy.__version__}, numpy {np.__version__}: compare_reference.py\n")
    out.write("column,metric,value,p_value,degrees_of_freedom\n")
    for column in reference.columns:
        kind = categorical if column in ("letter", "flag") else numeric
        for metric, (value, p, dof) in kind(reference[column], current[column]).items():
            out.write(f"{column},{metric},{float(value)!r},{float(p)!r},{dof}\n" if p != "" else f"{column},{metric},{float(value)!r},,\n")
