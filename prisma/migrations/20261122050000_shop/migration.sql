-- The start of the 12 months that end at `until`, by the merchant's calendar: 12 months before the same local time.
CREATE FUNCTION tier_window_start(until timestamptz, time_zone text) RETURNS timestamptz
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN ((until AT TIME ZONE time_zone) - interval '12 months') AT TIME ZONE time_zone;

-- What a member spent after `after` and up to `until`. A refund counts against the order it refunds, wherever that lies:
-- sending back an old purchase takes nothing from this year's spend.
CREATE FUNCTION qualifying_spend(member text, after timestamptz, until timestamptz) RETURNS bigint
  LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(sum(purchase.total_minor), 0)::bigint
    FROM shop_order purchase LEFT JOIN shop_order sale ON sale.id = purchase.refunds_order_id
    WHERE purchase.member_id = member
      AND purchase.status <> 'cancelled'
      AND purchase.placed_at <= until
      AND coalesce(sale.placed_at, purchase.placed_at) > after
  $$;

-- The highest tier whose threshold a spend reaches. A spend below zero (more sent back than bought) counts as none.
CREATE FUNCTION tier_for_spend(spent bigint) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT code FROM tier WHERE threshold_minor <= greatest(spent, 0) ORDER BY rank DESC LIMIT 1
  $$;

-- How many members of a source bought a product lately; refreshed in bulk, read by every recommendation.
CREATE TABLE "product_popularity" (
    "source" TEXT NOT NULL,
    "sku" TEXT NOT NULL,
    "buyers" INTEGER NOT NULL,

    CONSTRAINT "product_popularity_pkey" PRIMARY KEY ("source", "sku")
);
CREATE INDEX "product_popularity_source_buyers_idx" ON "product_popularity" ("source", "buyers" DESC);

-- The refunds of a sale.
CREATE INDEX "shop_order_refunds_order_id_idx" ON "shop_order" ("refunds_order_id") WHERE "refunds_order_id" IS NOT NULL;

-- A request for a person is made once for each turn, and a conversation waits in the queue once.
ALTER TABLE "handoff_request" ADD COLUMN "external_id" TEXT NOT NULL;
CREATE UNIQUE INDEX "handoff_request_external_id_key" ON "handoff_request" ("external_id");
CREATE UNIQUE INDEX "handoff_request_waiting_key" ON "handoff_request" ("channel", "conversation_id") WHERE "status" = 'waiting';

-- An order's lines with their products' names, as JSON: one row, so that a list of orders is one query.
CREATE FUNCTION order_lines(of_order bigint, OUT lines json) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(json_agg(json_build_object(
        'sku', line.sku,
        'nameEn', coalesce(product.name_en, line.sku),
        'nameZh', coalesce(product.name_zh, product.name_en, line.sku),
        'quantity', line.quantity,
        'amountMinor', line.amount_minor
      ) ORDER BY line.line_no), '[]')
    FROM order_line line LEFT JOIN product ON product.sku = line.sku
    WHERE line.order_id = of_order
  $$;
