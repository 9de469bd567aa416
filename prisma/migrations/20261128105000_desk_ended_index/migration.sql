-- The expected wait looks at what ended in the last days, at each look; the report at what was asked and ended in its period.
CREATE INDEX "handoff_request_ended_idx" ON "handoff_request"("closed_at") WHERE "closed_at" IS NOT NULL;
CREATE INDEX "handoff_request_requested_idx" ON "handoff_request"("requested_at");
