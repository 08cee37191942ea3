"""Writes the reference values that the tests of dev.telltale.stats compare with.

    python3 -m venv VENV && VENV/bin/pip install scipy==1.17.1 statsmodels==0.15.0 numpy==2.4.6
    VENV/bin/pip install scikit-learn==1.9.1 pandas==2.3.3
    VENV/bin/pip install --no-deps irrCAC==0.4.4  # which asks for an older SciPy, and works
    VENV/bin/python common/src/test/python/reference.py

The files are committed: a test run needs no Python. Each begins with a comment that names the
tools, their versions and the call; the seeds are fixed, so the same versions write the same bytes.
"""

import csv
import importlib.metadata
import itertools
import math
import pathlib
from fractions import Fraction

import numpy as np
import pandas as pd
import scipy
import sklearn
import statsmodels
from irrCAC.raw import CAC
from scipy import stats
from scipy.spatial import distance
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportions_ztest

TARGET = pathlib.Path(__file__).parents[1] / "resources" / "dev" / "telltale" / "stats"
SCIPY = f"SciPy {scipy.__version__}, NumPy {np.__version__}"
STATSMODELS = f"statsmodels {statsmodels.__version__}"
SKLEARN = f"scikit-learn {sklearn.__version__}"
IRRCAC = f"irrCAC {importlib.metadata.version('irrCAC')}"
PYTHON = "Python, exact rational arithmetic"


def write(name, comment, header, rows, target=TARGET, script="reference.py"):
    with open(target / name, "w", newline="", encoding="utf-8") as file:
        file.write(f"# {comment}; written by {script}\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([[text(cell) for cell in row] for row in rows])


def text(cell):
    if isinstance(cell, (list, tuple, np.ndarray)):
        return " ".join(text(item) for item in cell)
    if isinstance(cell, (float, np.floating)):
        return repr(float(cell))
    if isinstance(cell, Fraction):
        return repr(float(cell))
    return str(cell)


def kolmogorov_smirnov_samples():
    """Statistic and exact p-value of small samples, ties among them."""
    rng = np.random.default_rng(1)
    rows = []
    for n, m, shift in [(1, 1, 0), (1, 7, 0), (5, 5, 9), (8, 13, 0.5), (20, 20, 1), (30, 45, 0.8)]:
        first = np.round(np.sort(rng.normal(size=n)), 3)
        second = np.round(np.sort(rng.normal(loc=shift, size=m)), 3)
        rows.append(sample_row(first, second))
    tied = np.sort(rng.integers(0, 4, size=25)).astype(float)
    other = np.sort(rng.integers(1, 5, size=18)).astype(float)
    rows.append(sample_row(tied, other))
    rows.append(sample_row(tied, tied))
    write(
        "ks-samples.csv",
        f"{SCIPY}: stats.ks_2samp(first, second, method='exact')",
        ["first", "second", "statistic", "p"],
        rows,
    )


def sample_row(first, second):
    result = stats.ks_2samp(first, second, method="exact")
    return first, second, result.statistic, result.pvalue


def kolmogorov_smirnov_exact():
    """Exact p-values from drawn samples: equal and unequal sizes, up to the limit of 10,000."""
    rng = np.random.default_rng(2)
    rows = []
    sizes = [(2, 3), (10, 10), (10, 100), (30, 300), (97, 100), (100, 100), (1000, 1000)]
    sizes += [(1000, 100), (999, 1000), (1000, 10000), (9999, 10000), (10000, 10000)]
    for n, m in sizes:
        for shift in (0, 2 / math.sqrt(n * m / (n + m)), 6 / math.sqrt(n * m / (n + m))):
            result = stats.ks_2samp(
                rng.normal(size=n), rng.normal(loc=shift, size=m), method="exact"
            )
            rows.append((n, m, result.statistic, result.pvalue))
    rows.append((500, 500, 1.0, Fraction(2, math.comb(1000, 500))))
    rows.append((40, 30, 1.0, Fraction(2, math.comb(70, 30))))
    write(
        "ks-exact.csv",
        f"{SCIPY}: stats.ks_2samp(first, second, method='exact') of normal samples;"
        " the two of statistic 1 are 2 / comb(n + m, n)",
        ["n", "m", "statistic", "p"],
        rows,
    )


def kolmogorov_smirnov_asymptotic():
    """What ks_2samp(method='auto') takes above 10,000: the law of one sample of nm/(n+m)."""
    rows = []
    sizes = [(10001, 10001), (20000, 30), (100, 1000000), (12345, 67890)]
    sizes += [(100000, 100000), (1000000, 100000), (1000000, 1000000), (10**9, 10**9)]
    for n, m in sizes:
        effective = n * m / (n + m)
        for scaled in (0.3, 0.6, 0.9, 1.2, 1.358, 1.7, 2.5, 5.0, 12.0):
            d = scaled / math.sqrt(effective)
            if d < 1:
                rows.append((n, m, d, stats.kstwo.sf(d, round(effective))))
    write(
        "ks-asymptotic.csv",
        f"{SCIPY}: stats.kstwo.sf(statistic, round(n * m / (n + m)))",
        ["n", "m", "statistic", "p"],
        rows,
    )


TABLES = [
    ([10, 20, 30], [20, 20, 20]),
    ([1, 9], [11, 3]),
    ([100, 0, 50, 7], [80, 20, 0, 9]),
    ([5, 5, 5, 5, 5], [5, 5, 5, 5, 5]),
    ([1000000, 2000000, 3000000], [1000500, 2000100, 2999400]),
    ([0, 10, 0], [10, 0, 0]),
    ([3, 1, 4, 1, 5, 9, 2, 6, 5, 3], [30, 10, 40, 10, 55, 90, 25, 60, 50, 30]),
    ([500, 500], [1, 999]),
    ([900000000000, 100000000000], [900000100000, 99999900000]),
]


def contingency():
    rows = []
    for first, second in TABLES:
        used = [(a, b) for a, b in zip(first, second) if a + b > 0]
        table = np.array(used, dtype=float).T
        pearson = stats.chi2_contingency(table, correction=False)
        likelihood = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
        cramer = stats.contingency.association(np.array(used).T, method="cramer")
        rows.append(
            (
                first,
                second,
                pearson.statistic,
                pearson.dof,
                pearson.pvalue,
                likelihood.statistic,
                likelihood.pvalue,
                cramer,
            )
        )
    write(
        "contingency.csv",
        f"{SCIPY}: stats.chi2_contingency(table, correction=False), the same with"
        " lambda_='log-likelihood', stats.contingency.association(table, method='cramer')",
        ["first", "second", "chi_squared", "freedom", "p", "g", "g_p", "cramers_v"],
        rows,
    )


def matched_chi_square():
    """Mean and variance of the statistic over all tables with the margins, each by its chance."""
    rows = []
    tables = [
        ([2, 0, 1, 0], [1, 1, 1, 4]),
        ([3, 0, 1], [2, 1, 1]),
        ([3, 1, 0], [0, 2, 3]),
        ([1, 0], [4, 4]),
        ([4, 0, 0, 1, 1], [0, 3, 2, 1, 0]),
        ([6, 2, 1], [10, 25, 16]),
    ]
    for first, second in tables:
        totals = [a + b for a, b in zip(first, second)]
        n = sum(first)
        everything = sum(totals)
        mean = square = Fraction(0)
        for drawn in itertools.product(*[range(total + 1) for total in totals]):
            if sum(drawn) == n:
                chance = Fraction(
                    math.prod(math.comb(t, x) for t, x in zip(totals, drawn)),
                    math.comb(everything, n),
                )
                value = pearson_exactly(drawn, totals, n)
                mean += chance * value
                square += chance * value * value
        variance = square - mean * mean
        statistic = pearson_exactly(first, totals, n)
        if variance == 0:
            p = 1.0
        else:
            p = stats.gamma.sf(
                float(statistic), float(mean * mean / variance), scale=float(variance / mean)
            )
        rows.append((first, second, statistic, p))
    write(
        "matched-chi-square.csv",
        f"{PYTHON} over all tables with these margins gives mean and variance; {SCIPY}:"
        " stats.gamma.sf(statistic, mean ** 2 / variance, scale=variance / mean)",
        ["first", "second", "statistic", "p"],
        rows,
    )


def pearson_exactly(first, totals, n):
    everything = sum(totals)
    m = everything - n
    return sum(
        Fraction(everything * everything, total * n * m)
        * (Fraction(x) - Fraction(n * total, everything)) ** 2
        for x, total in zip(first, totals)
    )


def distances():
    """Distances of shares; for logarithms a zero is half a row of a total that counts it."""
    rows = []
    for reference, current in TABLES + [([0, 3, 0, 7], [0, 3, 0, 7]), ([1], [1000000])]:
        used = [(r, c) for r, c in zip(reference, current) if r + c > 0]
        r = np.array([pair[0] for pair in used], dtype=float)
        c = np.array([pair[1] for pair in used], dtype=float)
        p = r / r.sum()
        q = c / c.sum()
        filled_r = np.where(r == 0, 0.5, r)
        filled_c = np.where(c == 0, 0.5, c)
        fp = filled_r / filled_r.sum()
        fq = filled_c / filled_c.sum()
        rows.append(
            (
                reference,
                current,
                np.sum((fp - fq) * np.log(fp / fq)),
                stats.entropy(fp, fq),
                distance.jensenshannon(p, q, base=2),
                distance.euclidean(np.sqrt(p), np.sqrt(q)) / math.sqrt(2),
                distance.cityblock(p, q) / 2,
                distance.chebyshev(p, q),
            )
        )
    write(
        "distances.csv",
        f"{SCIPY}: sum((p - q) * log(p / q)) and stats.entropy(p, q) with zeros as half rows;"
        " distance.jensenshannon(p, q, base=2), euclidean of the roots / sqrt(2),"
        " cityblock(p, q) / 2, chebyshev(p, q)",
        [
            "reference",
            "current",
            "psi",
            "kullback_leibler",
            "jensen_shannon",
            "hellinger",
            "total_variation",
            "chebyshev",
        ],
        rows,
    )


def moments():
    rng = np.random.default_rng(3)
    samples = {
        "one value": [42.5],
        "two values": [-1.0, 4.0],
        "normal": rng.normal(size=200),
        "mean 1e9, deviation 5": 1e9 + 5 * rng.normal(size=200),
        "lognormal": np.exp(2 * rng.normal(size=200)),
        "tiny": 1e-70 * rng.normal(size=50),
        "large": 1e70 * rng.normal(size=50),
        "constant": [0.1] * 30,
    }
    rows = []
    for name, values in samples.items():
        exact = [Fraction(float(value)) for value in values]
        mean = sum(exact) / len(exact)
        powers = [sum((value - mean) ** k for value in exact) / len(exact) for k in (2, 3, 4)]
        variance = powers[0]
        if variance > 0:
            skewness = float(powers[1] ** 2 / variance**3) ** 0.5
            skewness = math.copysign(skewness, powers[1])
            kurtosis = powers[2] / variance**2 - 3
        else:
            skewness = kurtosis = "NaN"
        rows.append((name, values, mean, variance, skewness, kurtosis))
    write(
        "moments.csv",
        f"{PYTHON} (fractions.Fraction) over the doubles written here",
        ["name", "values", "mean", "variance", "skewness", "excess_kurtosis"],
        rows,
    )


def multiple_testing():
    rng = np.random.default_rng(4)
    families = [
        [0.03],
        [0.01, 0.04, 0.03, 0.005, 0.5],
        [0.05, 0.05, 0.05, 0.05],
        [1.0, 1.0, 0.0, 0.9],
        [1e-300, 1e-12, 0.2],
        np.round(rng.uniform(size=40) ** 3, 6),
    ]
    rows = []
    for family in families:
        rows.append(
            (
                family,
                *[
                    multipletests(family, method=name)[1]
                    for name in ("fdr_bh", "fdr_by", "holm", "simes-hochberg", "bonferroni")
                ],
            )
        )
    write(
        "multiple-testing.csv",
        f"{STATSMODELS}: stats.multitest.multipletests(p, method=...) with fdr_bh, fdr_by, holm,"
        " simes-hochberg, bonferroni",
        ["p", "benjamini_hochberg", "benjamini_yekutieli", "holm", "hochberg", "bonferroni"],
        rows,
    )


def proportions():
    """z-test where five of the rarer outcome are expected in the smaller sample, else Fisher."""
    rows = []
    cases = [
        (10, 100, 30, 100),
        (500, 1000, 520, 1000),
        (1000, 1000000, 1200, 1000000),
        (40, 50, 300000, 1000000),
        (3, 10, 7, 12),
        (0, 20, 5, 15),
        (4, 4, 0, 4),
        (20, 20, 19, 20),
        (1, 30, 0, 300),
        (2, 1000, 9, 100000),
        (0, 5, 0, 5),
        (7, 7, 9, 9),
        (996, 1000, 999, 1000),
    ]
    for first, n, second, m in cases:
        successes = first + second
        rarer = min(successes, n + m - successes)
        if rarer * min(n, m) / (n + m) >= 5:
            method = "z"
            different = proportions_ztest([first, second], [n, m])[1]
            greater = proportions_ztest([first, second], [n, m], alternative="larger")[1]
        else:
            method = "fisher"
            table = [[first, n - first], [second, m - second]]
            different = stats.fisher_exact(table).pvalue
            greater = stats.fisher_exact(table, alternative="greater").pvalue
        rows.append((first, n, second, m, method, different, greater))
    for first, second, n in [(1, 0, 10**8), (3, 0, 10**9), (1, 4, 10**9), (2, 2, 10**10)]:
        rows.append((first, n, second, n, "fisher", *fisher_exactly(first, second, n)))
    write(
        "proportions.csv",
        f"{STATSMODELS}: stats.proportion.proportions_ztest; {SCIPY}: stats.fisher_exact;"
        f" from 100 million on {PYTHON}",
        ["first", "n", "second", "m", "method", "different", "greater"],
        rows,
    )


def fisher_exactly(first, second, n):
    successes = first + second
    weights = [math.comb(n, x) * math.comb(n, successes - x) for x in range(successes + 1)]
    total = sum(weights)
    different = Fraction(sum(w for w in weights if w <= weights[first]), total)
    return different, Fraction(sum(weights[first:]), total)


def exceedances():
    """All orders of n known and m new values are equally likely; small ones are counted."""
    rows = []
    for n, m in [(1, 3), (2, 5), (5, 4), (7, 7), (3, 10)]:
        counts = [0] * (m + 1)
        for places in itertools.combinations(range(n + m), n):
            counts[places[0] + (n + m - 1 - places[-1])] += 1
        total = sum(counts)
        for outside in range(m + 1):
            rows.append((n, m, outside, Fraction(sum(counts[outside:]), total)))
    for n, m, outside in [(1000, 1000, 5), (1000000, 1000, 1), (100000, 1000000, 30), (50, 50, 50)]:
        rows.append((n, m, outside, stats.hypergeom.cdf(1, n + m, n, outside + 1)))
    write(
        "exceedances.csv",
        f"{PYTHON} over all orders up to n + m = 14; above {SCIPY}:"
        " stats.hypergeom.cdf(1, n + m, n, outside + 1)",
        ["n", "m", "outside", "p"],
        rows,
    )


def cohen_kappas():
    """Two annotators' tables; that of kappa -0.97 has an interval beyond -1 here."""
    rows = []
    tables = [
        [[88, 10, 2], [14, 40, 6], [18, 10, 12]],
        [[20, 5], [10, 15]],
        [[45, 15], [25, 15]],
        [[0, 7], [9, 0]],
        [[1, 4], [6, 2]],
        [[95, 2], [3, 0]],
        [[30, 0, 2, 1], [0, 0, 0, 0], [4, 0, 25, 3], [0, 0, 1, 40]],
        [[400000, 1200], [900, 35000]],
        [[3, 1, 0, 0, 2], [0, 4, 1, 0, 0], [1, 0, 5, 1, 0], [0, 0, 2, 6, 0], [1, 1, 0, 0, 2]],
    ]
    for table in tables:
        counts = np.array(table)
        result = cohens_kappa(counts)
        first, second = np.indices(counts.shape)
        learned = cohen_kappa_score(
            np.repeat(first.ravel(), counts.ravel()), np.repeat(second.ravel(), counts.ravel())
        )
        n = int(counts.sum())
        observed = Fraction(int(np.trace(counts)), n)
        expected = Fraction(int(counts.sum(axis=0) @ counts.sum(axis=1)), n * n)
        rows.append(
            (
                counts.ravel(),
                result.kappa,
                learned,
                result.std_kappa,
                result.kappa_low,
                result.kappa_upp,
                observed,
                expected,
            )
        )
    write(
        "cohen-kappa.csv",
        f"{STATSMODELS}: stats.inter_rater.cohens_kappa(table), its kappa, std_kappa, kappa_low,"
        f" kappa_upp; {SKLEARN}: metrics.cohen_kappa_score of the labels; agreement in {PYTHON}",
        ["table", "kappa", "scikit_learn", "standard_error", "low", "high", "observed", "expected"],
        rows,
    )


def fleiss_kappas():
    """The first items are the example of Wikipedia's page on Fleiss' kappa, which gives 0.210."""
    rng = np.random.default_rng(5)
    example = [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
    samples = [
        example,
        [[2, 0], [0, 2], [1, 1], [2, 0], [0, 2]],
        [[1, 1], [1, 1], [2, 0]],
        [[3, 0, 0], [0, 0, 3], [2, 0, 1], [0, 0, 3], [1, 0, 2], [3, 0, 0]],
        voted(rng, 40, 3, 3, 4),
        [[2, 1, 0], [0, 2, 0], [3, 0, 0], [0, 1, 1]],
        [[1, 1], [2, 0], [0, 5], [40, 60], [0, 2]],
        voted(rng, 40, 4, 2, 6),
        voted(rng, 30, 6, 2, 30),
    ]
    rows = []
    for sample in samples:
        table = np.array(sample)
        ratings = table.sum(axis=1)
        equal = fleiss_kappa(table) if len(set(ratings)) == 1 else ""
        raw = [
            np.append(np.repeat(np.arange(len(item)), item), [np.nan] * (ratings.max() - m))
            for item, m in zip(sample, ratings)
        ]
        est = CAC(pd.DataFrame(raw), digits=17).fleiss()["est"]
        rows.append(
            (
                "|".join(text(item) for item in sample),
                est["coefficient_value"],
                equal,
                est["se"],
                *est["confidence_interval"],
                est["pa"],
                est["pe"],
            )
        )
    write(
        "fleiss-kappa.csv",
        f"{IRRCAC}: raw.CAC(ratings).fleiss(); where all items have the same number of ratings"
        f" {STATSMODELS}: stats.inter_rater.fleiss_kappa(votes)",
        ["votes", "kappa", "statsmodels", "standard_error", "low", "high", "observed", "expected"],
        rows,
    )


def voted(rng, items, classes, fewest, most):
    """Items of which every one has its own distribution of votes."""
    return [
        rng.multinomial(rng.integers(fewest, most), rng.dirichlet([0.4] * classes)).tolist()
        for _ in range(items)
    ]


def poisson_intervals():
    rows = []
    for events in [0, 1, 2, 3, 5, 10, 30, 100, 1_000, 50_000, 1_000_000]:
        low = stats.chi2.ppf(0.025, 2 * events) / 2 if events else 0.0
        rows.append((events, low, stats.chi2.ppf(0.975, 2 * events + 2) / 2))
    write(
        "poisson-intervals.csv",
        f"{SCIPY}: stats.chi2.ppf(0.025, 2 * events) / 2 and stats.chi2.ppf(0.975, 2 * events + 2)"
        " / 2; the lower end of no event is 0",
        ["events", "low", "high"],
        rows,
    )


def quantile_ranks():
    rows = []
    for level in [0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999]:
        for n in [1, 2, 5, 6, 7, 20, 71, 72, 100, 367, 368, 1_000, 12_345, 200_000, 1_000_000]:
            low, high = stats.binom.ppf([0.025, 0.975], n, level)
            rows.append((level, n, int(low), int(high) + 1))
    for level in [0.5, 0.95, 0.99]:
        for n in [1_000_001, 3_000_000, 50_000_000, 5_000_000_000]:
            low, high = stats.binom.ppf([0.025, 0.975], n, level)
            rows.append((level, n, int(low), int(high) + 1))
    write(
        "quantile-ranks.csv",
        f"{SCIPY}: stats.binom.ppf(0.025, n, level) and stats.binom.ppf(0.975, n, level) + 1",
        ["level", "n", "low", "high"],
        rows,
    )


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    kolmogorov_smirnov_samples()
    kolmogorov_smirnov_exact()
    kolmogorov_smirnov_asymptotic()
    contingency()
    matched_chi_square()
    distances()
    moments()
    multiple_testing()
    proportions()
    exceedances()
    cohen_kappas()
    fleiss_kappas()
    poisson_intervals()
    quantile_ranks()
