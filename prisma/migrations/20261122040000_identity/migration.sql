-- Members are found by the address on file, whatever its case.
CREATE INDEX "member_lower_email_idx" ON "member" (lower("email"));
DROP INDEX "member_email_idx";

-- An e-mail that failed waits before it is tried again.
ALTER TABLE "mail" ADD COLUMN "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT '-infinity';
ALTER TABLE "mail" ADD CONSTRAINT "mail_status_check" CHECK ("status" IN ('pending', 'sent', 'failed'));

ALTER TABLE "channel_identity" ADD CONSTRAINT "channel_identity_linked_by_check" CHECK ("linked_by" IN ('token', 'code'));
