-- Whether what members get may depend on what is known of them. No row: it may; withdrawn on the channel 'any': it may not.
alter table message_consent drop constraint message_consent_kind_check;
alter table message_consent add constraint message_consent_kind_check
  check (kind in ('offers', 'reminders', 'personalisation'));
