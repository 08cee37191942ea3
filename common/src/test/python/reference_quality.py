"""Writes the reference values that RankingStateTest and QuantileStateTest compare with.

Runs as reference.py does, with scikit-learn==1.9.1 besides, and says as it does what made the
numbers.
"""

import numpy as np
import sklearn
from reference import SCIPY, STATSMODELS, TARGET, write
from scipy import stats
from sklearn import metrics as m
from statsmodels.stats.proportion import proportion_confint

QUALITY = TARGET.parent / "quality"
SKLEARN = f"scikit-learn {sklearn.__version__}, {STATSMODELS}, {SCIPY}"
CUTOFFS = [1, 3, 10]
LEVELS = [0.05, 0.5, 0.9]


def mean(values, weights):
    """Mean, standard error of the weighted ratio, and the effective number of rows."""
    n, total = len(values), weights.sum()
    value = np.average(values, weights=weights)
    error = np.sqrt(n / (n - 1) * np.sum(weights**2 * (values - value) ** 2)) / total
    return value, error, total**2 / np.sum(weights**2)


def wilson(value, trials):
    return proportion_confint(value * trials, trials, method="wilson")


def share(values, weights):
    """Wilson's interval with the trials that have the standard error, fewer as t has wider tails."""
    value, error, effective = mean(values, weights)
    t, z = stats.t.ppf(0.975, effective - 1), stats.norm.ppf(0.975)
    trials = value * (1 - value) / error**2 * (z / t) ** 2
    return value, error, *wilson(value, trials), len(values)


def of_query(relevances):
    """Metrics of items in the order of the answer, by name; None where there is no relevant one."""
    gains = np.nan_to_num(relevances)
    places = np.arange(len(gains))
    padded = np.concatenate([gains > 0, np.zeros(max(CUTOFFS), bool)])
    values = {}
    for k in CUTOFFS:
        chosen = np.arange(len(padded)) < k
        values[f"precision_at_{k}"] = m.precision_score(padded, chosen)
        values[f"recall_at_{k}"] = m.recall_score(padded, chosen) if gains.any() else None
        if not gains.any():
            ndcg = None
        else:
            ndcg = m.ndcg_score([gains], [-places], k=k) if len(gains) > 1 else 1.0
        values[f"ndcg_at_{k}"] = ndcg
    first = places == np.argmax(gains > 0)
    ranked = m.label_ranking_average_precision_score([first], [-places])
    values["mrr"] = ranked if gains.any() else None
    return values


def rankings():
    rng = np.random.default_rng(11)
    queries = []
    for _ in range(60):
        n = int(rng.integers(1, 25))
        graded = rng.choice([0, 0, 0, 1, 2, 4.5], n)
        unknown = (np.arange(n) >= max(CUTOFFS)) & (rng.random(n) < 0.5)
        relevances = np.where(unknown, np.nan, graded * (rng.random() < 0.9))
        queries.append((float(np.round(rng.exponential(2) + 0.1, 3)), relevances))
    comment = "queries: weight, relevances in the order of the answer, nan = not known"
    script = "reference_quality.py"
    write("ranking.csv", comment, ["weight", "relevances"], queries, QUALITY, script)
    values = [of_query(relevances) for _, relevances in queries]
    rows = []
    for weighted in (False, True):
        for name in values[0]:
            known = [i for i, value in enumerate(values) if value[name] is not None]
            weights = np.array([queries[i][0] if weighted else 1.0 for i in known])
            rows.append((weighted, name, *share(np.array([values[i][name] for i in known]), weights)))
    write(
        "ranking-expected.csv",
        f"{SKLEARN}; means over queries of precision_score and recall_score of the first k places,"
        " ndcg_score(k=k), and label_ranking_average_precision_score of the first relevant item;"
        " proportion_confint(method='wilson')",
        ["weighted", "metric", "value", "std_error", "ci_low", "ci_high", "n"],
        rows,
        QUALITY,
        script,
    )


def forecasts():
    rng = np.random.default_rng(12)
    n = 150
    spread = rng.exponential(3, n) + 0.5
    truth = np.round(100 + spread * rng.normal(size=n), 3)
    quantiles = np.round(100 + spread[:, None] * 0.8 * stats.norm.ppf(LEVELS)[None, :], 3)
    quantiles[:5, 2] = quantiles[:5, 0] - 1  # Crossed.
    truth[5], truth[6] = quantiles[5, 0], quantiles[6, 2]  # On the ends.
    weights = np.round(rng.exponential(2, n) + 0.1, 3)
    comment = "forecasts: weight, truth, quantiles of the levels " + " ".join(map(str, LEVELS))
    script = "reference_quality.py"
    given = list(zip(weights, truth, quantiles))
    write("quantiles.csv", comment, ["weight", "truth", "quantiles"], given, QUALITY, script)
    rows = []
    for weighted in (False, True):
        w = weights if weighted else np.ones(n)
        t = stats.t.ppf(0.975, w.sum() ** 2 / np.sum(w**2) - 1)
        single = {
            level: np.array([m.mean_pinball_loss([y], [q], alpha=level) for y, q in zip(truth, column)])
            for level, column in zip(LEVELS, quantiles.T)
        }
        losses = {"quantile_loss": np.mean(list(single.values()), axis=0)}
        losses.update({f"quantile_loss:{level}": values for level, values in single.items()})
        whole = [m.mean_pinball_loss(truth, q, alpha=l, sample_weight=w) for l, q in zip(LEVELS, quantiles.T)]
        for (name, values), value in zip(losses.items(), [np.mean(whole), *whole]):
            _, error, _ = mean(values, w)
            factor = np.exp(t * error / value)
            rows.append((weighted, name, value, error, value / factor, value * factor, n))
        inside = (truth >= quantiles[:, 0]) & (truth <= quantiles[:, 2])
        value, _, effective = mean(inside.astype(float), w)
        error = np.sqrt(np.sum(w**2 * (inside - value) ** 2)) / w.sum()
        # Weighted rows: the trials that have the standard error, fewer as t has wider tails.
        z = stats.norm.ppf(0.975)
        trials = value * (1 - value) / error**2 * (z / t) ** 2 if weighted else effective
        rows.append((weighted, "interval_coverage:0.05-0.9", value, error, *wilson(value, trials), n))
        value, error, _ = mean(quantiles[:, 2] - quantiles[:, 0], w)
        rows.append((weighted, "mean_interval_width", value, error, value - t * error, value + t * error, n))
    write(
        "quantiles-expected.csv",
        f"{SKLEARN}; mean_pinball_loss(alpha=level, sample_weight=weights),"
        " proportion_confint(method='wilson')",
        ["weighted", "metric", "value", "std_error", "ci_low", "ci_high", "n"],
        rows,
        QUALITY,
        script,
    )


if __name__ == "__main__":
    QUALITY.mkdir(parents=True, exist_ok=True)
    rankings()
    forecasts()
