-- What agents gave members in a conversation, points or coupons by what they cost in points: by it the limits of a role are
-- kept, and the same click twice is told from two.
CREATE TABLE "goodwill" (
    "request_id" BIGINT NOT NULL REFERENCES "handoff_request" ("id"),
    "external_id" TEXT NOT NULL,
    "staff_id" BIGINT NOT NULL REFERENCES "staff" ("id"),
    "points" BIGINT NOT NULL,
    "coupon_id" TEXT REFERENCES "coupon" ("id"),
    "transfer_id" BIGINT NOT NULL REFERENCES "transfer" ("id"),
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "goodwill_pkey" PRIMARY KEY ("request_id", "external_id"),
    CONSTRAINT "goodwill_points" CHECK ("points" > 0)
);
CREATE INDEX "goodwill_staff_id_at_idx" ON "goodwill" ("staff_id", "at");
