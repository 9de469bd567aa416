-- A view instead of a function for each member: reviews of everybody are then one aggregate, not one query for each.
DROP FUNCTION qualifying_spend(text, timestamptz, timestamptz);

-- What counts towards tiers, and when. A refund counts against the order it refunds, wherever that lies: sending back an
-- old purchase takes nothing from this year's spend.
CREATE VIEW member_spend AS
    SELECT purchase.member_id, purchase.total_minor AS amount_minor, purchase.placed_at,
      coalesce(sale.placed_at, purchase.placed_at) AS counts_at
    FROM shop_order purchase LEFT JOIN shop_order sale ON sale.id = purchase.refunds_order_id
    WHERE purchase.member_id IS NOT NULL AND purchase.status <> 'cancelled';
