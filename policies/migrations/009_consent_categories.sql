-- The categories of the consents that were there before. What changes meanwhile, the trigger writes.
INSERT INTO consent_category (consent_id, category, subject_token, agreement_id, case_number, text_hash, status, valid_until, changed_at)
SELECT consent_id, category, subject_token, agreement_id, case_number, '', status, valid_until, changed_at
FROM consent_record CROSS JOIN unnest(categories) AS category
ON CONFLICT (consent_id, category) DO NOTHING;
