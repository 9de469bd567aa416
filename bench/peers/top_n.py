"""implicit's item-based nearest neighbours (cosine) on the same training part as ours."""
import json
import sys
import time

import numpy as np
from implicit.nearest_neighbours import CosineRecommender
from scipy.sparse import csr_matrix

job = json.load(sys.stdin)
start, index = np.array(job["start"]), np.array(job["index"])
matrix = csr_matrix((np.ones(len(index)), index, start), shape=(len(start) - 1, job["items"]))
begun = time.perf_counter()
model = CosineRecommender(K=100, num_threads=1)
model.fit(matrix, show_progress=False)
seconds = time.perf_counter() - begun
lists, _ = model.recommend(np.arange(matrix.shape[0]), matrix, N=job["k"])
print(json.dumps({"fitSeconds": seconds, "lists": [int(item) if item >= 0 else 0xFFFFFFFF for item in lists.ravel()]}))
