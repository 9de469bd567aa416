-- A trained model, in use or not. Old ones stay as a record of what was tried and how good it was; their bytes go.
CREATE TABLE "trained_model" (
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL CHECK ("status" IN ('in-use', 'replaced', 'rejected')),
    "bytes" BYTEA,
    "checksum" TEXT NOT NULL,
    "trained_at" TIMESTAMPTZ(3) NOT NULL,
    "data_from" TIMESTAMPTZ(3) NOT NULL,
    "data_to" TIMESTAMPTZ(3) NOT NULL,
    "seed" BIGINT NOT NULL,
    "split" TEXT NOT NULL,
    "figures" JSONB NOT NULL,
    "judged" JSONB NOT NULL,

    CONSTRAINT "trained_model_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "trained_model_in_use_has_bytes" CHECK ("status" <> 'in-use' OR "bytes" IS NOT NULL)
);
CREATE INDEX "trained_model_kind_trained_at_idx" ON "trained_model" ("kind", "trained_at");

-- One model of a kind is in use.
CREATE UNIQUE INDEX "trained_model_in_use_key" ON "trained_model" ("kind") WHERE "status" = 'in-use';
