-- What a refund's line gave back of which sale's line.
CREATE TABLE "line_refund" (
    "refund_order_id" BIGINT NOT NULL,
    "refund_line_no" INTEGER NOT NULL,
    "sale_order_id" BIGINT NOT NULL,
    "sale_line_no" INTEGER NOT NULL,
    "quantity" INTEGER NOT NULL,
    "amount_minor" BIGINT NOT NULL,

    CONSTRAINT "line_refund_pkey" PRIMARY KEY ("refund_order_id","refund_line_no","sale_order_id","sale_line_no"),
    CONSTRAINT "line_refund_quantity_check" CHECK ("quantity" > 0),
    CONSTRAINT "line_refund_amount_check" CHECK ("amount_minor" >= 0)
);

CREATE INDEX "line_refund_sale_order_id_idx" ON "line_refund"("sale_order_id");

-- An import is one transaction, so a run that is there is a run that finished.
ALTER TABLE "import_run" DROP COLUMN "status", DROP COLUMN "rows_staged", DROP COLUMN "started_at";
ALTER TABLE "import_run" ALTER COLUMN "result" SET NOT NULL, ALTER COLUMN "finished_at" SET NOT NULL;

-- A refund is written as negative amounts, so that sums over orders are net.
ALTER TABLE "shop_order"
    ADD CONSTRAINT "shop_order_kind_check" CHECK ("kind" IN ('sale', 'refund')),
    ADD CONSTRAINT "shop_order_status_check" CHECK ("status" IN ('placed', 'shipped', 'delivered', 'cancelled', 'refunded')),
    ADD CONSTRAINT "shop_order_refund_check" CHECK ("kind" = 'sale' OR "total_minor" <= 0);
