"""implicit's item-based neighbours (cosine, BM25) and its ALS, and EASE in numpy, on the same training part as ours."""
import json
import sys
import time

import numpy as np
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender
from scipy.sparse import csr_matrix

job = json.load(sys.stdin)
start = np.fromfile(job["start"], dtype=np.uint32).astype(np.int32)
index = np.fromfile(job["index"], dtype=np.uint32).astype(np.int32)
matrix = csr_matrix((np.ones(len(index)), index, start), shape=(len(start) - 1, job["items"]))
threads, seed = job["threads"], job["seed"]
NONE = 0xFFFFFFFF


def from_implicit(model):
    begun = time.perf_counter()
    model.fit(matrix, show_progress=False)
    seconds = time.perf_counter() - begun
    if not job["k"]:
        return {"fitSeconds": seconds}
    lists, _ = model.recommend(np.arange(matrix.shape[0]), matrix, N=job["k"])
    return {"fitSeconds": seconds, "lists": [int(item) if item >= 0 else NONE for item in lists.ravel()]}


def ease(penalty, damping, normalisation):
    """The closed form of Steck 2019, equation 8, as ours penalises and normalises it."""
    begun = time.perf_counter()
    x = matrix.toarray()
    length = np.maximum(x.sum(1, keepdims=True), 1) ** -normalisation
    scaled = x * length
    gram = scaled.T @ scaled
    scale = (scaled**2).sum() / max(1, x.sum())
    gram[np.diag_indices(len(gram))] += penalty * scale + damping * np.diag(gram)
    inverse = np.linalg.inv(gram)
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    seconds = time.perf_counter() - begun
    scores = x @ weights
    scores[:, x.sum(0) == 0] = -np.inf
    scores[x > 0] = -np.inf
    best = np.argsort(-scores, axis=1, kind="stable")[:, : job["k"]]
    return {
        "fitSeconds": seconds,
        "lists": [int(item) if np.isfinite(scores[user, item]) else NONE for user in range(len(x)) for item in best[user]],
    }


makers = {
    "implicitItemKnn": lambda: from_implicit(CosineRecommender(K=100, num_threads=threads)),
    "implicitBm25": lambda: from_implicit(BM25Recommender(K=100, num_threads=threads)),
    "implicitAls": lambda: from_implicit(
        AlternatingLeastSquares(factors=64, regularization=0.1, iterations=15, num_threads=threads, random_state=seed)
    ),
    "numpyEase": lambda: ease(job["penalty"], job["damping"], job["normalisation"]),
}
print(json.dumps({name: makers[name]() for name in job["methods"]}))
