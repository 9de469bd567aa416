"""scikit-learn's logistic regression and random forest on the same folds as ours."""
import json
import sys
import time

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

job = json.load(sys.stdin)
numeric = pd.DataFrame({c["name"]: c["values"] for c in job["columns"] if c["kind"] == "number"}, dtype=float).fillna(0)
category = pd.DataFrame({c["name"]: c["values"] for c in job["columns"] if c["kind"] == "category"}).astype(str)
x = np.hstack([pd.get_dummies(category, dtype=float).values, numeric.values]) if len(category.columns) else numeric.values
y = np.array(job["labels"])


def measure(make):
    aucs, seconds = [], []
    for fold in job["folds"]:
        fold = np.array(fold)
        for k in range(job["count"]):
            train, test = fold != k, fold == k
            model = make()
            start = time.perf_counter()
            model.fit(x[train], y[train])
            seconds.append(time.perf_counter() - start)
            aucs.append(roc_auc_score(y[test], model.predict_proba(x[test])[:, 1]))
    return {"auc": float(np.mean(aucs)), "fitSeconds": float(np.mean(seconds))}


print(json.dumps({
    "logistic": measure(lambda: make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))),
    "forest": measure(lambda: RandomForestClassifier(200, min_samples_leaf=10, n_jobs=2, random_state=1)),
}))
