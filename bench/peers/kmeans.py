"""scikit-learn's k-means from the same starting centres as ours."""
import json
import sys
import time

import numpy as np
from sklearn.cluster import KMeans

job = json.load(sys.stdin)
points = np.fromfile(job["points"]).reshape(-1, job["dims"])
start = np.array(job["start"]).reshape(-1, job["dims"])
# The first fit of a process also starts its threads.
KMeans(len(start), init=start, n_init=1, max_iter=1).fit(points[:1000])
begun, cpu = time.perf_counter(), time.process_time()
model = KMeans(len(start), init=start, n_init=1, max_iter=300, tol=1e-4).fit(points)
print(json.dumps({
    "seconds": time.perf_counter() - begun,
    "cpuSeconds": time.process_time() - cpu,
    "inertia": float(model.inertia_),
    "iterations": model.n_iter_,
}))
