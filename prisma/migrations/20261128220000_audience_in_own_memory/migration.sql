-- Processes that go through an audience together hash in memory of their own, not in memory they share: of that a container has 64 MB
-- as a rule, and an audience of 300,000 takes twice as much. The server ends the statement then, and nobody is dealt anything.
alter function campaign_audience(text, text, jsonb, timestamptz, timestamptz, timestamptz) set enable_parallel_hash = off;
