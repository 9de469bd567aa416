-- An import writes all orders of a file in one transaction, then what follows from them (points, tiers) for some members at
-- a time. What is still to be done stands here, so that an interrupted import is finished by the next.
CREATE TABLE "import_due" (
    "run_id" BIGINT NOT NULL,
    "batch" INTEGER NOT NULL,
    "order_id" BIGINT NOT NULL,
    "member_id" TEXT NOT NULL,

    CONSTRAINT "import_due_pkey" PRIMARY KEY ("run_id","batch","order_id")
);

ALTER TABLE "import_run"
    ADD COLUMN "points_earned" BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN "points_taken_back" BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN "tier_moves" INTEGER NOT NULL DEFAULT 0,
    ALTER COLUMN "finished_at" DROP NOT NULL;
