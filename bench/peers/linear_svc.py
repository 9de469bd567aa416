"""scikit-learn's linear SVM over tf-idf of words 1-2 and characters 2-5, on the same texts as ours."""
import json
import sys
import time

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.svm import LinearSVC

job = json.load(sys.stdin)
# Chinese has no spaces between words: characters 1-2 take their place.
words = (
    TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
    if job["isChinese"]
    else TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")
)
characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
model = make_pipeline(FeatureUnion([("words", words), ("characters", characters)]), LinearSVC(C=1.0))
begun = time.perf_counter()
model.fit(job["texts"], job["labels"])
seconds = time.perf_counter() - begun
begun = time.perf_counter()
labels = [str(label) for label in model.predict(job["testTexts"])]
micros = 1e6 * (time.perf_counter() - begun) / max(1, len(job["testTexts"]))
print(json.dumps({"labels": labels, "trainSeconds": seconds, "microsPerQuestion": micros}))
