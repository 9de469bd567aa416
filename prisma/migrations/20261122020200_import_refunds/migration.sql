-- Refunds are matched to what they give back member by member as well.
ALTER TABLE "import_due" ADD COLUMN "refunds_external_id" TEXT;
ALTER TABLE "import_run" ADD COLUMN "refund_lines_unmatched" INTEGER NOT NULL DEFAULT 0;
