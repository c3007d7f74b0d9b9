import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../schemas/package-root.js';
import { FAILURE_ADVICE } from '../../../schemas/failures/register-failure-advice.js';
import { REGISTER_FAILURES, type FailureReason } from '../../../schemas/failures/register-failure.js';
import { registerFailuresDocument } from '../../../schemas/failures/register-failures-doc.js';

/** What advice names beside settings: metrics, log lines, what callers read, parts of log lines. */
const OTHER_NAMES =
  /^(tereze_\w+|register_call_failed|xroad_error|retryAt|client_proxy|server_proxy|https?|gzip|source\.yaml|schema\.graphql)$/;

const REASONS = Object.keys(REGISTER_FAILURES);

/**
 * A test that causes each reason, below `tests/`. A new reason without a row does not build.
 */
const CAUSED_BY: Readonly<Record<FailureReason, string>> = {
  dns_failed: 'schemas/failures/connection-reason.test.ts',
  connect_refused: 'schemas/failures/connection-reason.test.ts',
  connect_timeout: 'schemas/failures/connection-reason.test.ts',
  connection_cut: 'schemas/failures/connection-reason.test.ts',
  tls_untrusted: 'schemas/failures/connection-reason.test.ts',
  tls_name_mismatch: 'schemas/failures/connection-reason.test.ts',
  tls_expired: 'schemas/failures/connection-reason.test.ts',
  tls_client_certificate: 'schemas/failures/connection-reason.test.ts',
  redirect_refused: 'adapters/rest/answers.test.ts',
  deadline: 'schemas/failures/connection-reason.test.ts',
  overloaded: 'adapters/rest/answers.test.ts',
  breaker_open: 'adapters/resilience/resilient.test.ts',
  credentials_refused: 'adapters/rest/answers.test.ts',
  access_refused: 'adapters/rest/answers.test.ts',
  token_refused: 'adapters/auth/oauth2.test.ts',
  status_unexpected: 'adapters/rest/answers.test.ts',
  content_type: 'adapters/rest/answers.test.ts',
  charset: 'adapters/rest/answers.test.ts',
  content_encoding: 'adapters/rest/answers.test.ts',
  too_large: 'adapters/rest/answers.test.ts',
  json_invalid: 'adapters/rest/answers.test.ts',
  json_duplicate_name: 'adapters/rest/answers.test.ts',
  text_invalid: 'adapters/rest/answers.test.ts',
  xml_invalid: 'adapters/soap/operations.test.ts',
  xml_doctype: 'adapters/soap/operations.test.ts',
  xml_too_deep: 'adapters/soap/operations.test.ts',
  mtom_unsupported: 'adapters/soap/operations.test.ts',
  envelope_missing: 'adapters/rest/operations.test.ts',
  not_a_list: 'adapters/rest/operations.test.ts',
  key_missing: 'adapters/rest/operations.test.ts',
  key_type: 'adapters/rest/operations.test.ts',
  other_subject: 'adapters/rest/operations.test.ts',
  duplicate_record: 'adapters/rest/operations.test.ts',
  batch_count: 'adapters/rest/answers.test.ts',
  batch_item_error: 'adapters/rest/operations.test.ts',
  page_address: 'adapters/rest/pages/read-pages.test.ts',
  page_limit: 'adapters/rest/pages/read-pages.test.ts',
  value_type: 'adapters/rest/operations.test.ts',
  value_precision: 'adapters/mapping/compile-record.test.ts',
  value_code_unknown: 'adapters/mapping/compile-record.test.ts',
  discriminator_unknown: 'adapters/soap/answer/wanted-elements.test.ts',
  soap_fault: 'adapters/soap/operations.test.ts',
  soap_unexpected: 'adapters/soap/operations.test.ts',
  status_code_unknown: 'adapters/soap/operations.test.ts',
  signature_missing: 'adapters/soap/signing/verifier.test.ts',
  signature_invalid: 'adapters/soap/signing/verifier.test.ts',
  signature_algorithm: 'adapters/soap/signing/verifier.test.ts',
  signature_scope: 'adapters/soap/signing/verifier.test.ts',
  certificate_untrusted: 'adapters/soap/signing/trust.test.ts',
  timestamp_missing: 'adapters/soap/signing/verifier.test.ts',
  timestamp_stale: 'adapters/soap/signing/verifier.test.ts',
  response_replayed: 'adapters/soap/soap-adapter.test.ts',
  correlation_mismatch: 'adapters/xroad/check-reply.test.ts',
  xroad_error: 'adapters/soap/examples.test.ts',
  xroad_header: 'adapters/soap/examples.test.ts',
  hash_mismatch: 'adapters/soap/examples.test.ts',
  sql_denied: 'adapters/sql/records.test.ts',
  sql_failed: 'adapters/sql/reader/failure-reason.test.ts',
  schema_drift: 'adapters/sql/records.test.ts',
  row_limit: 'adapters/sql/records.test.ts',
  graphql_errors: 'adapters/graphql/graphql-adapter.test.ts',
  address_agreement_ended: 'adapters/rest/operations.test.ts',
};

describe('the list of reasons why a register fails', () => {
  it('has a heading for each reason in docs/register-failures.md, and no other', async () => {
    const text = await readFile(join(packageRoot(), 'docs', 'register-failures.md'), 'utf8');
    expect(text).to.equal(registerFailuresDocument());
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).to.deep.equal(REASONS);
  });

  it('says of each reason what happened, what to look at and what to do', () => {
    for (const [reason, { cause, look, remedy }] of Object.entries(FAILURE_ADVICE))
      for (const text of [cause, look, remedy]) expect(text, reason).to.match(/^[A-Z`].{20,}\.$/s);
    const causes = Object.values(FAILURE_ADVICE).map(({ cause }) => cause);
    expect(new Set(causes).size).to.equal(causes.length);
  });

  it('names only settings that there are, in the configuration or in source.yaml', async () => {
    const forms = await Promise.all(
      ['docs/source-yaml.md', 'gateway/config/config.schema.json'].map((file) =>
        readFile(join(packageRoot(), file), 'utf8'),
      ),
    );
    const known = new Set(forms.flatMap((text) => text.match(/[a-z]\w*/g) ?? []));
    const texts = Object.values(FAILURE_ADVICE).flatMap(({ look, remedy }) => [look, remedy]);
    const settings = texts
      .flatMap((text) => [...text.matchAll(/`([^`]+)`/g)].map(([, quoted = '']) => quoted))
      .filter((quoted) => /^[a-z]\w*(\.\w+)*(: .*)?$/.test(quoted) && !OTHER_NAMES.test(quoted));
    expect(settings.length).to.be.above(25);
    const keys = settings.flatMap((quoted) => quoted.split(': ')[0]?.split('.') ?? []);
    expect(keys.filter((key) => !known.has(key) && key !== 'NAME' && key !== 'yaml')).to.deep.equal([]);
  });

  it('has a test that causes each reason', async () => {
    for (const [reason, test] of Object.entries(CAUSED_BY)) {
      const text = await readFile(join(packageRoot(), 'tests', test), 'utf8');
      expect(text, test).to.match(new RegExp(`\\b${reason}\\b`));
    }
  });

  it('has ids that are labels of metrics', () => {
    for (const reason of REASONS) expect(reason).to.match(/^[a-z][a-z0-9_]{0,63}$/);
  });
});
