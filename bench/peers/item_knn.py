"""implicit's item-based neighbours by cosine, for their speed, on the same interactions as ours."""
import json
import sys
import time
import warnings

import numpy as np
from implicit.nearest_neighbours import CosineRecommender
from scipy.sparse import csr_matrix

# implicit warns of what it converts by itself.
warnings.filterwarnings("ignore")
job = json.load(sys.stdin)
start = np.fromfile(job["start"], dtype=np.uint32).astype(np.int32)
index = np.fromfile(job["index"], dtype=np.uint32).astype(np.int32)
matrix = csr_matrix((np.ones(len(index)), index, start), shape=(len(start) - 1, job["items"]))
# Its list of an item holds the item itself.
model = CosineRecommender(K=job["neighbours"] + 1, num_threads=job["threads"])
begun, cpu = time.perf_counter(), time.process_time()
model.fit(matrix, show_progress=False)
seconds, cpu_seconds = time.perf_counter() - begun, time.process_time() - cpu
print(json.dumps({"fitSeconds": seconds, "fitCpuSeconds": cpu_seconds, "similaritySum": float(model.similarity.sum() - model.similarity.diagonal().sum())}))
