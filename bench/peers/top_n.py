"""implicit's item-based neighbours (cosine, BM25) and its ALS, and EASE in numpy, on the same training part as ours."""
import json
import sys
import time
import warnings

import numpy as np
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

# implicit warns of what it converts by itself.
warnings.filterwarnings("ignore")
job = json.load(sys.stdin)
start = np.fromfile(job["start"], dtype=np.uint32).astype(np.int32)
index = np.fromfile(job["index"], dtype=np.uint32).astype(np.int32)
matrix = csr_matrix((np.ones(len(index)), index, start), shape=(len(start) - 1, job["items"]))
threads, seed = job["threads"], job["seed"]
NONE = 0xFFFFFFFF


def from_implicit(model):
    begun, cpu = time.perf_counter(), time.process_time()
    # As implicit asks for: it has threads of its own.
    with threadpool_limits(1, "blas"):
        model.fit(matrix, show_progress=False)
    seconds, cpu_seconds = time.perf_counter() - begun, time.process_time() - cpu
    lists, _ = model.recommend(np.arange(matrix.shape[0]), matrix, N=job["k"])
    return {"fitSeconds": seconds, "fitCpuSeconds": cpu_seconds, "lists": [int(item) if item >= 0 else NONE for item in lists.ravel()]}


def ease(penalty, damping, normalisation):
    """The closed form of Steck 2019, equation 8, as ours penalises and normalises it."""
    begun, cpu = time.perf_counter(), time.process_time()
    x = csr_matrix((np.fromfile(job["strength"]), index, start), shape=matrix.shape).toarray()
    scaled = x * np.maximum((x != 0).sum(1, keepdims=True), 1) ** -float(normalisation)
    scaled *= np.sqrt((x**2).sum() / (scaled**2).sum())
    gram = scaled.T @ scaled
    gram[np.diag_indices(len(gram))] += penalty + damping * np.diag(gram)
    inverse = np.linalg.inv(gram)
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    seconds, cpu_seconds = time.perf_counter() - begun, time.process_time() - cpu
    scores = x @ weights
    scores[:, (x != 0).sum(0) == 0] = -np.inf
    scores[matrix.toarray() > 0] = -np.inf
    best = np.argsort(-scores, axis=1, kind="stable")[:, : job["k"]]
    return {
        "fitSeconds": seconds, "fitCpuSeconds": cpu_seconds,
        "lists": [int(item) if np.isfinite(scores[user, item]) else NONE for user in range(len(x)) for item in best[user]],
    }


makers = {
    "peerItemKnn": lambda: from_implicit(CosineRecommender(K=100, num_threads=threads)),
    "peerBm25": lambda: from_implicit(BM25Recommender(K=100, num_threads=threads)),
    "peerAls": lambda: from_implicit(
        AlternatingLeastSquares(factors=64, regularization=0.1, iterations=15, num_threads=threads, random_state=seed)
    ),
    "peerEase": lambda: ease(job["penalty"], job["damping"], job["normalisation"]),
}
print(json.dumps({name: makers[name]() for name in job["methods"]}))
