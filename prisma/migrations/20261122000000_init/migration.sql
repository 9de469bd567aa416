-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "merchant" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "name_en" TEXT NOT NULL,
    "name_zh" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "merchant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "source" (
    "name" TEXT NOT NULL,
    "horizon_at" TIMESTAMPTZ(3),
    "imported_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "source_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "tier" (
    "code" TEXT NOT NULL,
    "rank" INTEGER NOT NULL,
    "name_en" TEXT NOT NULL,
    "name_zh" TEXT NOT NULL,
    "threshold_minor" BIGINT NOT NULL,

    CONSTRAINT "tier_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "member" (
    "id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "display_name" TEXT,
    "email" TEXT,
    "locale" TEXT,
    "time_zone" TEXT,
    "joined_at" TIMESTAMPTZ(3) NOT NULL,
    "tier_code" TEXT NOT NULL,
    "tier_reviewed_at" TIMESTAMPTZ(3) NOT NULL,
    "erased_at" TIMESTAMPTZ(3),

    CONSTRAINT "member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tier_change" (
    "id" BIGSERIAL NOT NULL,
    "member_id" TEXT NOT NULL,
    "from_tier" TEXT,
    "to_tier" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "tier_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "category" (
    "code" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "name_zh" TEXT NOT NULL,

    CONSTRAINT "category_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "product" (
    "sku" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "name_zh" TEXT,
    "category_code" TEXT,
    "price_minor" INTEGER NOT NULL,
    "in_stock" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "product_pkey" PRIMARY KEY ("sku")
);

-- CreateTable
CREATE TABLE "shop_order" (
    "id" BIGSERIAL NOT NULL,
    "source" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "member_id" TEXT,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,
    "total_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "refunds_order_id" BIGINT,
    "tracking_code" TEXT,
    "expected_at" TIMESTAMPTZ(3),

    CONSTRAINT "shop_order_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_line" (
    "order_id" BIGINT NOT NULL,
    "line_no" INTEGER NOT NULL,
    "sku" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "unit_price_minor" INTEGER NOT NULL,
    "amount_minor" BIGINT NOT NULL,

    CONSTRAINT "order_line_pkey" PRIMARY KEY ("order_id","line_no")
);

-- CreateTable
CREATE TABLE "import_run" (
    "id" BIGSERIAL NOT NULL,
    "file_sha256" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "rows_staged" BIGINT NOT NULL DEFAULT 0,
    "result" JSONB,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "import_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member_account" (
    "member_id" TEXT NOT NULL,
    "available" BIGINT NOT NULL DEFAULT 0,
    "pending" BIGINT NOT NULL DEFAULT 0,
    "held" BIGINT NOT NULL DEFAULT 0,
    "owed" BIGINT NOT NULL DEFAULT 0,
    "entry_seq" BIGINT NOT NULL DEFAULT 0,
    "head_hash" BYTEA NOT NULL,

    CONSTRAINT "member_account_pkey" PRIMARY KEY ("member_id")
);

-- CreateTable
CREATE TABLE "transfer" (
    "id" BIGSERIAL NOT NULL,
    "member_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "input_hash" BYTEA NOT NULL,
    "points" BIGINT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "order_id" BIGINT,
    "coupon_id" TEXT,
    "reverses_transfer_id" BIGINT,
    "shortfall" BIGINT NOT NULL DEFAULT 0,
    "note" TEXT,

    CONSTRAINT "transfer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "entry" (
    "member_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "transfer_id" BIGINT NOT NULL,
    "account" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "prev_hash" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "entry_pkey" PRIMARY KEY ("member_id","seq")
);

-- CreateTable
CREATE TABLE "lot" (
    "id" BIGSERIAL NOT NULL,
    "member_id" TEXT NOT NULL,
    "transfer_id" BIGINT NOT NULL,
    "earned" BIGINT NOT NULL,
    "remaining" BIGINT NOT NULL,
    "available_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "released_at" TIMESTAMPTZ(3),
    "expired_at" TIMESTAMPTZ(3),

    CONSTRAINT "lot_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lot_use" (
    "id" BIGSERIAL NOT NULL,
    "member_id" TEXT NOT NULL,
    "lot_id" BIGINT NOT NULL,
    "transfer_id" BIGINT NOT NULL,
    "amount" BIGINT NOT NULL,

    CONSTRAINT "lot_use_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "hold" (
    "id" BIGSERIAL NOT NULL,
    "member_id" TEXT NOT NULL,
    "transfer_id" BIGINT NOT NULL,
    "points" BIGINT NOT NULL,
    "status" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_transfer_id" BIGINT,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "hold_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "coupon" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "name_zh" TEXT NOT NULL,
    "value" INTEGER NOT NULL DEFAULT 0,
    "sku" TEXT,
    "cost_points" BIGINT NOT NULL,
    "stock" INTEGER,
    "used" INTEGER NOT NULL DEFAULT 0,
    "per_member_limit" INTEGER,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3),
    "min_tier_rank" INTEGER NOT NULL DEFAULT 0,
    "valid_days" INTEGER NOT NULL DEFAULT 90,

    CONSTRAINT "coupon_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "issued_coupon" (
    "id" BIGSERIAL NOT NULL,
    "code" TEXT NOT NULL,
    "coupon_id" TEXT NOT NULL,
    "member_id" TEXT NOT NULL,
    "transfer_id" BIGINT NOT NULL,
    "status" TEXT NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "used_ref" TEXT,

    CONSTRAINT "issued_coupon_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbox" (
    "channel" TEXT NOT NULL,
    "conversation_id" TEXT NOT NULL,
    "activity_id" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "response" JSONB,

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("channel","conversation_id","activity_id")
);

-- CreateTable
CREATE TABLE "conversation_state" (
    "channel" TEXT NOT NULL,
    "conversation_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "state" JSONB NOT NULL,
    "reference" JSONB,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "conversation_state_pkey" PRIMARY KEY ("channel","conversation_id")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "channel" TEXT NOT NULL,
    "conversation_id" TEXT NOT NULL,
    "reference" JSONB NOT NULL,
    "activity" JSONB NOT NULL,
    "status" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "channel_identity" (
    "channel" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "member_id" TEXT NOT NULL,
    "linked_at" TIMESTAMPTZ(3) NOT NULL,
    "linked_by" TEXT NOT NULL,

    CONSTRAINT "channel_identity_pkey" PRIMARY KEY ("channel","tenant_id","user_id")
);

-- CreateTable
CREATE TABLE "link_code" (
    "id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "member_id" TEXT,
    "code_hash" BYTEA NOT NULL,
    "tries_left" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "link_code_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "used_token" (
    "id" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "used_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mail" (
    "id" BIGSERIAL NOT NULL,
    "recipient" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "mail_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directline_conversation" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seq" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "directline_conversation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directline_activity" (
    "conversation_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "activity_id" TEXT NOT NULL,
    "client_activity_id" TEXT,
    "activity" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "directline_activity_pkey" PRIMARY KEY ("conversation_id","seq")
);

-- CreateTable
CREATE TABLE "handoff_request" (
    "id" BIGSERIAL NOT NULL,
    "channel" TEXT NOT NULL,
    "conversation_id" TEXT NOT NULL,
    "member_id" TEXT,
    "locale" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "said" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "handoff_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "consultation" (
    "id" BIGSERIAL NOT NULL,
    "member_id" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consultation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "tier_rank_key" ON "tier"("rank");

-- CreateIndex
CREATE INDEX "member_email_idx" ON "member"("email");

-- CreateIndex
CREATE INDEX "tier_change_member_id_at_idx" ON "tier_change"("member_id", "at");

-- CreateIndex
CREATE INDEX "product_category_code_idx" ON "product"("category_code");

-- CreateIndex
CREATE INDEX "shop_order_member_id_placed_at_idx" ON "shop_order"("member_id", "placed_at");

-- CreateIndex
CREATE UNIQUE INDEX "shop_order_source_external_id_key" ON "shop_order"("source", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "import_run_file_sha256_format_key" ON "import_run"("file_sha256", "format");

-- CreateIndex
CREATE INDEX "transfer_member_id_occurred_at_idx" ON "transfer"("member_id", "occurred_at");

-- CreateIndex
CREATE INDEX "transfer_reverses_transfer_id_idx" ON "transfer"("reverses_transfer_id");

-- CreateIndex
CREATE UNIQUE INDEX "transfer_source_external_id_key" ON "transfer"("source", "external_id");

-- CreateIndex
CREATE INDEX "entry_transfer_id_idx" ON "entry"("transfer_id");

-- CreateIndex
CREATE UNIQUE INDEX "lot_transfer_id_key" ON "lot"("transfer_id");

-- CreateIndex
CREATE INDEX "lot_member_id_expires_at_idx" ON "lot"("member_id", "expires_at");

-- CreateIndex
CREATE INDEX "lot_use_lot_id_idx" ON "lot_use"("lot_id");

-- CreateIndex
CREATE INDEX "lot_use_transfer_id_idx" ON "lot_use"("transfer_id");

-- CreateIndex
CREATE UNIQUE INDEX "hold_transfer_id_key" ON "hold"("transfer_id");

-- CreateIndex
CREATE UNIQUE INDEX "hold_ended_transfer_id_key" ON "hold"("ended_transfer_id");

-- CreateIndex
CREATE INDEX "hold_member_id_status_idx" ON "hold"("member_id", "status");

-- CreateIndex
CREATE UNIQUE INDEX "issued_coupon_code_key" ON "issued_coupon"("code");

-- CreateIndex
CREATE INDEX "issued_coupon_member_id_issued_at_idx" ON "issued_coupon"("member_id", "issued_at");

-- CreateIndex
CREATE INDEX "issued_coupon_coupon_id_member_id_idx" ON "issued_coupon"("coupon_id", "member_id");

-- CreateIndex
CREATE INDEX "inbox_received_at_idx" ON "inbox"("received_at");

-- CreateIndex
CREATE INDEX "outbox_status_next_attempt_at_idx" ON "outbox"("status", "next_attempt_at");

-- CreateIndex
CREATE INDEX "outbox_channel_conversation_id_id_idx" ON "outbox"("channel", "conversation_id", "id");

-- CreateIndex
CREATE INDEX "channel_identity_member_id_idx" ON "channel_identity"("member_id");

-- CreateIndex
CREATE INDEX "link_code_channel_tenant_id_user_id_created_at_idx" ON "link_code"("channel", "tenant_id", "user_id", "created_at");

-- CreateIndex
CREATE INDEX "link_code_member_id_created_at_idx" ON "link_code"("member_id", "created_at");

-- CreateIndex
CREATE INDEX "mail_status_id_idx" ON "mail"("status", "id");

-- CreateIndex
CREATE UNIQUE INDEX "directline_activity_conversation_id_activity_id_key" ON "directline_activity"("conversation_id", "activity_id");

-- CreateIndex
CREATE UNIQUE INDEX "directline_activity_conversation_id_client_activity_id_key" ON "directline_activity"("conversation_id", "client_activity_id");

-- CreateIndex
CREATE INDEX "handoff_request_status_requested_at_idx" ON "handoff_request"("status", "requested_at");

-- CreateIndex
CREATE UNIQUE INDEX "consultation_external_id_key" ON "consultation"("external_id");

-- CreateIndex
CREATE INDEX "consultation_member_id_at_idx" ON "consultation"("member_id", "at");

