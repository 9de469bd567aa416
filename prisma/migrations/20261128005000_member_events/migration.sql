-- What members do besides buying: clicks, views, reviews, as the merchant's systems tell us.
CREATE TABLE "member_event" (
    "id" BIGSERIAL NOT NULL,
    "source" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "member_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "sku" TEXT,
    "rating" SMALLINT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "member_event_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "member_event_kind" CHECK ("kind" IN ('click', 'view', 'review')),
    CONSTRAINT "member_event_rating" CHECK (("kind" = 'review') = ("rating" IS NOT NULL) AND "rating" BETWEEN 1 AND 5)
);
CREATE UNIQUE INDEX "member_event_source_external_id_key" ON "member_event" ("source", "external_id");
CREATE INDEX "member_event_member_id_at_idx" ON "member_event" ("member_id", "at");
