"""lifetimes' BG/NBD on the same customers as ours: frequency, recency and age as ours counts them."""
import json
import sys
import time
import warnings

import numpy as np
from lifetimes import BetaGeoFitter

warnings.filterwarnings("ignore")
job = json.load(sys.stdin)
frequency, recency, age = (np.array(job[name], dtype=float) for name in ("frequency", "recency", "age"))
begun = time.perf_counter()
model = BetaGeoFitter(penalizer_coef=0.0)
model.fit(frequency, recency, age)
seconds = time.perf_counter() - begun
r, alpha, a, b = (float(model.params_[name]) for name in ("r", "alpha", "a", "b"))
# lifetimes keeps the mean negative log-likelihood, in a unit of time of its own: each purchase's density is scaled by it.
log_likelihood = -float(model._negative_log_likelihood_) * len(frequency) + frequency.sum() * np.log(model._scale)
print(json.dumps({"r": r, "alpha": alpha, "a": a, "b": b, "logLikelihood": log_likelihood, "seconds": seconds}))
