"""Writes the data sets and the reference values of EvaluateCommandTest.

    python evaluate_reference.py ../resources/dev/telltale/jobs/evaluate

Needs numpy, pandas, scikit-learn and statsmodels; the versions it ran with are in the header of
expected.csv. A standard error beside a value is that of an independent formula or program.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
import statsmodels
import statsmodels.api as sm
from sklearn import metrics as m
from statsmodels.stats.proportion import proportion_confint

target = Path(sys.argv[1])
rows = []


def put(data, metric, value, std_error="", low="", high="", segment=""):
    rows.append([data, segment, metric] + [repr(float(x)) if x != "" else "" for x in (value, std_error, low, high)])


def delong(y, s):
    """DeLong's variance by brute force over all pairs."""
    x, z = s[y == 1], s[y == 0]
    wins = (x[:, None] > z[None, :]) + 0.5 * (x[:, None] == z[None, :])
    return wins.mean(1).var(ddof=1) / len(x) + wins.mean(0).var(ddof=1) / len(z)


def ece(y, s, w):
    edges = np.linspace(0, 1, 11)
    bins = np.searchsorted(edges[1:-1], s)
    return sum(abs(np.sum((w * (y - s))[bins == b])) for b in range(10)) / w.sum()


def binary(data, frame, weight=None, segment=""):
    y, p, s = (frame[c].to_numpy(float) for c in ("label", "prediction", "score"))
    w = np.ones(len(y)) if weight is None else frame[weight].to_numpy()
    n, plain = len(y), weight is None
    share = lambda k, of: {} if not plain else dict(
        zip(("std_error", "low", "high"), (np.sqrt(k / of * (1 - k / of) / of), *proportion_confint(k, of, method="wilson"))))
    both = np.sum(y * p)
    put(data, "accuracy", m.accuracy_score(y, p, sample_weight=w), **share(np.sum(y == p), n), segment=segment)
    put(data, "balanced_accuracy", m.balanced_accuracy_score(y, p, sample_weight=w), segment=segment)
    put(data, "precision", m.precision_score(y, p, sample_weight=w), **share(both, p.sum()), segment=segment)
    put(data, "recall", m.recall_score(y, p, sample_weight=w), **share(both, y.sum()), segment=segment)
    put(data, "specificity", m.recall_score(y, p, pos_label=0, sample_weight=w), **share(np.sum((1 - y) * (1 - p)), n - y.sum()), segment=segment)
    put(data, "f1", m.f1_score(y, p, sample_weight=w), segment=segment)
    put(data, "mcc", m.matthews_corrcoef(y, p, sample_weight=w), segment=segment)
    put(data, "roc_auc", m.roc_auc_score(y, s, sample_weight=w), np.sqrt(delong(y, s)) if plain else "", segment=segment)
    put(data, "average_precision", m.average_precision_score(y, s, sample_weight=w), segment=segment)
    put(data, "log_loss", m.log_loss(y, s, sample_weight=w), segment=segment)
    loss = (y - s) ** 2
    put(data, "brier", m.brier_score_loss(y, s, sample_weight=w), loss.std(ddof=1) / np.sqrt(n) if plain else "", segment=segment)
    put(data, "ece", ece(y, s, w), segment=segment)
    fit = sm.GLM(y, sm.add_constant(np.log(s / (1 - s))), family=sm.families.Binomial(), freq_weights=w).fit(
        cov_type="HC0" if plain else "nonrobust", tol=1e-14, maxiter=200)
    put(data, "calibration_intercept", fit.params[0], fit.bse[0] if plain else "", segment=segment)
    put(data, "calibration_slope", fit.params[1], fit.bse[1] if plain else "", segment=segment)


def multiclass(data, frame):
    y, p = frame["label"], frame["prediction"]
    put(data, "accuracy", m.accuracy_score(y, p))
    put(data, "balanced_accuracy", m.balanced_accuracy_score(y, p))
    put(data, "precision_macro", m.precision_score(y, p, average="macro"))
    put(data, "f1_macro", m.f1_score(y, p, average="macro"))
    put(data, "f1_weighted", m.f1_score(y, p, average="weighted"))
    put(data, "mcc", m.matthews_corrcoef(y, p))
    for label in sorted(set(y)):
        put(data, "precision:" + label, m.precision_score(y == label, p == label))
        put(data, "recall:" + label, m.recall_score(y == label, p == label))
        put(data, "f1:" + label, m.f1_score(y == label, p == label))


def regression(data, frame, weight=None):
    y, p = frame["label"].to_numpy(), frame["prediction"].to_numpy()
    w = None if weight is None else frame[weight].to_numpy()
    n, e = len(y), p - y
    put(data, "mae", m.mean_absolute_error(y, p, sample_weight=w), np.abs(e).std(ddof=1) / np.sqrt(n) if w is None else "")
    rmse = np.sqrt(m.mean_squared_error(y, p, sample_weight=w))
    put(data, "rmse", rmse, (e * e).std(ddof=1) / np.sqrt(n) / (2 * rmse) if w is None else "")
    put(data, "mape", m.mean_absolute_percentage_error(y, p, sample_weight=w))
    put(data, "r2", m.r2_score(y, p, sample_weight=w))
    put(data, "bias", np.average(e, weights=w))
    put(data, "smape", np.average(2 * np.abs(e) / (np.abs(y) + np.abs(p)), weights=w))


draw = np.random.default_rng(7)
n = 700
truth = draw.random(n) < 0.3
score = np.round(1 / (1 + np.exp(-(draw.normal(0, 1.3, n) + 2.2 * truth - 1.2))), 3).clip(0.001, 0.999)
frame = pd.DataFrame({
    "label": truth.astype(int), "score": score, "prediction": (score >= 0.5).astype(int),
    "weight": np.round(draw.exponential(2, n) + 0.1, 3), "region": draw.choice(["north", "south", "west"], n)})
frame.to_csv(target / "binary.csv", index=False)
binary("binary", frame)
binary("binary_weighted", frame, "weight")
for region in ("north", "south", "west"):
    binary("binary", frame[frame.region == region], segment=region)

labels = np.array(["cat", "dog", "fox", "owl"])
truth = draw.choice(4, 500, p=[0.5, 0.3, 0.15, 0.05])
answer = np.where(draw.random(500) < 0.7, truth, draw.choice(4, 500))
frame = pd.DataFrame({"label": labels[truth], "prediction": labels[answer]})
frame.to_csv(target / "multiclass.csv", index=False)
multiclass("multiclass", frame)

truth = np.round(draw.normal(1e4, 5, 400), 4)
frame = pd.DataFrame({"label": truth, "prediction": np.round(truth + draw.normal(0.5, 3, 400), 4), "weight": np.round(draw.exponential(1, 400) + 0.05, 4)})
frame.to_csv(target / "regression.csv", index=False)
regression("regression", frame)
regression("regression_weighted", frame, "weight")

with open(target / "expected.csv", "w") as out:
    out.write(f"# evaluate_reference.py with scikit-learn {sklearn.__version__}, statsmodels {statsmodels.__version__}, numpy {np.__version__}\n")
    out.write("data,segment,metric,value,std_error,ci_low,ci_high\n")
    for row in rows:
        out.write(",".join(map(str, row)) + "\n")
