-- People of the merchant, their sessions, and the desk: what happens to a conversation between the request for a person and
-- its end. A request's status is the state machine's: no open request means that the bot owns the conversation.

CREATE TABLE "staff" (
    "id" BIGSERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "password_hash" TEXT,
    "oidc_subject" TEXT,
    "languages" TEXT[] NOT NULL DEFAULT ARRAY['en', 'zh'],
    "topics" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "tiers" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "team" TEXT,
    "capacity" INTEGER NOT NULL DEFAULT 4,
    "auto_accept" BOOLEAN NOT NULL DEFAULT true,
    "presence" TEXT NOT NULL DEFAULT 'offline',
    "seen_at" TIMESTAMPTZ(3),
    "assigned_at" TIMESTAMPTZ(3),
    "failed_logins" INTEGER NOT NULL DEFAULT 0,
    "locked_until" TIMESTAMPTZ(3),
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "staff_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "staff_role" CHECK ("role" IN ('agent', 'supervisor', 'manager', 'administrator')),
    CONSTRAINT "staff_presence" CHECK ("presence" IN ('online', 'away', 'offline')),
    CONSTRAINT "staff_locale" CHECK ("locale" IN ('en', 'zh')),
    CONSTRAINT "staff_capacity" CHECK ("capacity" BETWEEN 0 AND 50),
    CONSTRAINT "staff_email_lower" CHECK ("email" = lower("email"))
);
CREATE UNIQUE INDEX "staff_email_key" ON "staff" ("email");
CREATE UNIQUE INDEX "staff_oidc_subject_key" ON "staff" ("oidc_subject");
CREATE INDEX "staff_present_idx" ON "staff" ("presence") WHERE "presence" <> 'offline';

CREATE TABLE "staff_session" (
    "token_hash" BYTEA NOT NULL,
    "staff_id" BIGINT NOT NULL REFERENCES "staff" ("id") ON DELETE CASCADE,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "staff_session_pkey" PRIMARY KEY ("token_hash")
);
CREATE INDEX "staff_session_staff_id_idx" ON "staff_session" ("staff_id");
CREATE INDEX "staff_session_expires_at_idx" ON "staff_session" ("expires_at");

-- Single-use: the code of the first set-up, invitations, and the state of a sign-in elsewhere. Only hashes are kept.
CREATE TABLE "staff_ticket" (
    "token_hash" BYTEA NOT NULL,
    "kind" TEXT NOT NULL,
    "staff_id" BIGINT REFERENCES "staff" ("id") ON DELETE CASCADE,
    "data" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "staff_ticket_pkey" PRIMARY KEY ("token_hash"),
    CONSTRAINT "staff_ticket_kind" CHECK ("kind" IN ('setup', 'invitation', 'oidc'))
);

CREATE TABLE "staff_event" (
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "staff_id" BIGINT,
    "actor_id" BIGINT,
    "detail" JSONB,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "staff_event_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "staff_event_staff_id_at_idx" ON "staff_event" ("staff_id", "at");

-- ---------------------------------------------------------------- requests for a person

ALTER TABLE "handoff_request"
    ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1,
    ADD COLUMN "topic" TEXT,
    ADD COLUMN "tier_code" TEXT,
    ADD COLUMN "team" TEXT,
    ADD COLUMN "priority" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "staff_id" BIGINT REFERENCES "staff" ("id"),
    ADD COLUMN "waiting_since" TIMESTAMPTZ(3),
    ADD COLUMN "accepted_at" TIMESTAMPTZ(3),
    ADD COLUMN "first_reply_at" TIMESTAMPTZ(3),
    ADD COLUMN "last_member_at" TIMESTAMPTZ(3),
    ADD COLUMN "last_agent_at" TIMESTAMPTZ(3),
    ADD COLUMN "last_seq" BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN "read_seq" BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN "ended_by" TEXT,
    ADD COLUMN "contact_reason" TEXT,
    ADD COLUMN "resolution" TEXT,
    ADD COLUMN "reopens_id" BIGINT,
    ADD COLUMN "csat_score" SMALLINT,
    ADD COLUMN "csat_word" TEXT,
    ADD COLUMN "csat_at" TIMESTAMPTZ(3),
    ADD COLUMN "external_desk" TEXT,
    ADD CONSTRAINT "handoff_request_status" CHECK ("status" IN ('waiting', 'agent', 'returned', 'closed')),
    ADD CONSTRAINT "handoff_request_owner" CHECK ("status" <> 'agent' OR "staff_id" IS NOT NULL OR "external_desk" IS NOT NULL),
    ADD CONSTRAINT "handoff_request_resolution" CHECK ("resolution" IN ('confirmed', 'assumed', 'reopened')),
    ADD CONSTRAINT "handoff_request_csat" CHECK ("csat_score" BETWEEN 1 AND 5);
UPDATE "handoff_request" SET "waiting_since" = "requested_at";
ALTER TABLE "handoff_request" ALTER COLUMN "waiting_since" SET NOT NULL;

-- One open request a conversation: it, or the bot where there is none, owns the conversation.
DROP INDEX "handoff_request_waiting_key";
CREATE UNIQUE INDEX "handoff_request_open_key" ON "handoff_request" ("channel", "conversation_id")
    WHERE "status" IN ('waiting', 'agent');
CREATE INDEX "handoff_request_queue_idx" ON "handoff_request" ("priority" DESC, "waiting_since") WHERE "status" = 'waiting';
CREATE INDEX "handoff_request_staff_idx" ON "handoff_request" ("staff_id") WHERE "status" = 'agent';
CREATE INDEX "handoff_request_member_idx" ON "handoff_request" ("member_id", "requested_at");
CREATE INDEX "handoff_request_conversation_idx" ON "handoff_request" ("channel", "conversation_id", "requested_at");

-- Everything that is said from the request on, by whomever; `note` is for the merchant's people only.
CREATE TABLE "desk_message" (
    "request_id" BIGINT NOT NULL REFERENCES "handoff_request" ("id"),
    "seq" BIGINT NOT NULL,
    "author" TEXT NOT NULL,
    "staff_id" BIGINT,
    "text" TEXT NOT NULL,
    "data" JSONB,
    "external_id" TEXT NOT NULL,
    "outbox_id" BIGINT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "desk_message_pkey" PRIMARY KEY ("request_id", "seq"),
    CONSTRAINT "desk_message_author" CHECK ("author" IN ('member', 'agent', 'desk', 'note'))
);
CREATE UNIQUE INDEX "desk_message_external_id_key" ON "desk_message" ("request_id", "external_id");

-- What happened to a request, in order: every transition of the state machine leaves one.
CREATE TABLE "handoff_event" (
    "id" BIGSERIAL NOT NULL,
    "request_id" BIGINT NOT NULL REFERENCES "handoff_request" ("id"),
    "kind" TEXT NOT NULL,
    "staff_id" BIGINT,
    "to_staff_id" BIGINT,
    "to_team" TEXT,
    "note" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "handoff_event_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "handoff_event_request_id_idx" ON "handoff_event" ("request_id", "id");

CREATE TABLE "canned_reply" (
    "id" BIGSERIAL NOT NULL,
    "staff_id" BIGINT REFERENCES "staff" ("id") ON DELETE CASCADE,
    "locale" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "canned_reply_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "canned_reply_staff_id_idx" ON "canned_reply" ("staff_id");

-- What was said and answered in a turn of a channel that keeps no log of its own, so that whoever takes over can read it.
ALTER TABLE "inbox" ADD COLUMN "said" TEXT, ADD COLUMN "replies" JSONB;
