import type { FailureReason } from './register-failure.js';

/** What an operator does about a failure of one reason. Whole sentences, without data of any call. */
export interface Advice {
  /** What happened. */
  readonly cause: string;
  /** What to look at first. */
  readonly look: string;
  /** What to change, or who must be told. */
  readonly remedy: string;
}

/** The advice for each reason: the text of `docs/register-failures.md`, and what the probe says to do. */
export const FAILURE_ADVICE: Readonly<Record<FailureReason, Advice>> = {
  dns_failed: {
    cause: 'The name of the register’s host has no address, or the name server does not answer.',
    look: 'The host in `registers.NAME.url` (or `host`), and `getent hosts HOST` on the machine of the gateway.',
    remedy: 'Correct the host, or the name server of the machine.',
  },
  connect_refused: {
    cause: 'Nothing accepts connections at this host and port, or no route leads there.',
    look: 'Host and port of the address; whether the register runs; firewalls between it and the gateway.',
    remedy: 'Correct the address, start the register, or have the firewall opened.',
  },
  connect_timeout: {
    cause: 'No connection was made in the time of the call. Mostly a firewall drops the packets.',
    look: 'Whether the port can be reached from the machine of the gateway: `nc -vz HOST PORT`.',
    remedy: 'Have the firewall opened. Raise `timeout_ms` only if the network is that slow.',
  },
  connection_cut: {
    cause:
      'The connection broke before the answer was complete, or the other side does not speak the protocol (TLS or not, PostgreSQL or not).',
    look: 'The register’s log at this time; proxies and their time limits; whether the address says `http` where the server speaks TLS, or the other way round.',
    remedy:
      'Correct the scheme or port of the address. Otherwise tell the register’s operator the time and the id of the call.',
  },
  tls_untrusted: {
    cause: 'No authority that the gateway trusts has signed the register’s certificate, or the chain is incomplete.',
    look: 'Subject and issuer of each certificate in `register probe NAME --explain`.',
    remedy:
      'Set `tls.ca_file` to the authority’s certificate. If an intermediate certificate is missing, the register’s operator must send it along. There is no setting that skips the check.',
  },
  tls_name_mismatch: {
    cause: 'The certificate is for another name than the one in the address.',
    look: 'The subject of the first certificate in `register probe NAME --explain`.',
    remedy:
      'Write the name of the certificate into the address, or into `tls.server_name` if the address is an IP address.',
  },
  tls_expired: {
    cause: 'A certificate of the register is not valid any more, or not yet.',
    look: 'The validity of each certificate in `register probe NAME --explain`, and the clock of the machine.',
    remedy: 'The register’s operator must renew the certificate. Set the clock if it is wrong.',
  },
  tls_client_certificate: {
    cause: 'The register wants a client certificate, and does not accept ours or got none.',
    look: '`tls.cert_file` and `tls.key_file`: whether they are set, valid today, and of the authority that the register names.',
    remedy:
      'Set both files, renew the certificate, or have it registered by the register’s operator. Then send SIGHUP.',
  },
  redirect_refused: {
    cause:
      'The register answered with a redirect. Tereze follows none: the address that it was told to call is the only one.',
    look: 'The status in `register probe NAME --explain`; whether it is a login page or a move from `http` to `https`.',
    remedy: 'Write the final address into the configuration.',
  },
  deadline: {
    cause: 'The register did not answer completely in the time of the call.',
    look: '`tereze_register_call_seconds` of this register, and `timeout_ms`.',
    remedy: 'Tell the register’s operator. Raise `timeout_ms`, lower `batch.max`, or ask for fewer people at once.',
  },
  overloaded: {
    cause:
      'The register says that it is asked too much (429, 503, SQLSTATE 53), it is within the time for which it asked to be left alone, or more calls wait than the gateway lets wait.',
    look: '`tereze_register_calls_total` of this register, and `max_in_flight`.',
    remedy:
      'Nothing for a short time: the call is made again if the time allows it, and callers read `retryAt`. Otherwise agree on a higher limit, or lower `max_in_flight`.',
  },
  breaker_open: {
    cause: 'The register failed so often that it is left alone for a while. No call was made.',
    look: 'The reasons of the calls before: `tereze_register_failures_total` of this register.',
    remedy: 'Remove the cause of those failures. The gateway tries again by itself.',
  },
  credentials_refused: {
    cause: 'The register does not accept who the gateway says it is: 401, or SQLSTATE class 28.',
    look: 'The files that `registers.NAME.auth` names, and whether the register’s operator changed the credentials.',
    remedy: 'Write the right credentials into the file. A file that changed is read again, or send SIGHUP.',
  },
  access_refused: {
    cause: 'The register knows the gateway and does not let it read this: 403, or `AccessDenied` of X-Road.',
    look: 'The rights that the register’s operator gave to the gateway; on X-Road `tereze xroad allowed-methods`.',
    remedy: 'Ask the register’s operator for the right to this operation.',
  },
  token_refused: {
    cause: 'The token server gave no token, or the register refused a token that was fetched just now.',
    look: '`auth.token_url` or `auth.issuer`, the client id, scope, resource and audience, and the log of the token server.',
    remedy: 'Correct the settings of `auth`, or have the client registered at the token server.',
  },
  status_unexpected: {
    cause:
      'The HTTP status is neither an answer nor what the mapping names as “not found”: a 5xx, another 4xx, or a 2xx that has no record.',
    look: 'Status and address template in `register probe NAME --explain`. A 404 mostly means a wrong base address or path.',
    remedy:
      'Correct `url` or the `path` of the operation. If the register answers so for a person that it does not have, say so in `answer.not_found`. For a 5xx, tell the register’s operator.',
  },
  content_type: {
    cause:
      'The reply is of another media type than the protocol’s, has none, or is not HTTP (or PostgreSQL’s protocol) at all. A login page of a proxy looks like this.',
    look: 'Status and media type in `register probe NAME --explain`.',
    remedy:
      'Correct the address, or `Accept` in `request.headers`. If the register sends no type, write `content_type: missing` in `source.yaml`.',
  },
  charset: {
    cause: 'The reply says that it is in another charset than UTF-8.',
    look: 'The media type in `register probe NAME --explain`.',
    remedy: 'Write the charset that the register has into `source.yaml`: `charset: windows-1251`.',
  },
  content_encoding: {
    cause: 'The reply is compressed in a way that was not asked for, or the compressed data is broken.',
    look: '`Content-Encoding` of the reply, and proxies on the way.',
    remedy: 'The register’s operator must send the reply as it is, or as `gzip`.',
  },
  too_large: {
    cause: 'The answer is larger than the limit of an answer, counted after it is inflated.',
    look: 'How many people one call asks about, and how large one record is. The limit of an answer is 5 MB.',
    remedy: 'Lower `batch.max` or the page size, or ask the register for fewer members.',
  },
  json_invalid: {
    cause: 'The answer is not JSON, has the name `__proto__`, or is nested more than 200 levels deep.',
    look: 'Media type and status in `register probe NAME --explain`.',
    remedy: 'Tell the register’s operator. Tereze repairs no answer.',
  },
  json_duplicate_name: {
    cause: 'An object has a name twice. Two readers could take the answer for different values.',
    look: 'Which program of the register writes the answer.',
    remedy: 'Tell the register’s operator. Tereze does not choose one of the two.',
  },
  text_invalid: {
    cause: 'The answer is not UTF-8, or has half a character or U+0000 in a text.',
    look: 'The charset that the register’s database and its service use.',
    remedy: 'Tell the register’s operator, or write `charset` in `source.yaml` if it is another one.',
  },
  xml_invalid: {
    cause:
      'The answer is not well-formed XML 1.0, holds a processing instruction, or has an element with more than 1,000 attributes.',
    look: 'Media type and status in `register probe NAME --explain`.',
    remedy: 'Tell the register’s operator.',
  },
  xml_doctype: {
    cause: 'The answer has a document type declaration. SOAP forbids it, and it is how attacks on parsers begin.',
    look: 'Whether an HTML page of a proxy came instead of the answer.',
    remedy: 'Correct the address, or tell the register’s operator.',
  },
  xml_too_deep: {
    cause: 'The answer is nested more than 64 elements deep.',
    look: 'Whether the answer is the one that was asked for.',
    remedy: 'Tell the register’s operator.',
  },
  mtom_unsupported: {
    cause: 'The answer comes in parts (MTOM, or SOAP with attachments). Tereze does not read attachments.',
    look: 'The policy in the WSDL, and settings of the service.',
    remedy: 'Ask the register’s operator for an answer in one part, or leave out the fields with files.',
  },
  envelope_missing: {
    cause: 'The answer does not have the place in which the mapping expects the record or the records.',
    look: 'The place in `register probe NAME --explain`, and `answer.record` or `answer.items` of the operation.',
    remedy:
      'Correct the path in `source.yaml`. If the register says in this way that it knows no one, say so in `answer.not_found`.',
  },
  not_a_list: {
    cause: 'One thing is where the mapping expects a list, or a list where it expects one thing.',
    look: 'The place in `register probe NAME --explain`.',
    remedy: 'Correct the path in `source.yaml`. If a list of one comes as the item itself, write `one_or_many: true`.',
  },
  key_missing: {
    cause: 'A record lacks the key by which Tereze checks which person it is about.',
    look: '`key` of the type in `source.yaml`, and its `at`.',
    remedy:
      'Correct the path of the key. A register that does not repeat the key cannot be asked about many people at once.',
  },
  key_type: {
    cause: 'A key is no text (or no number where the mapping reads one), in the answer or in what was asked.',
    look: 'The key of the type in `schema.graphql` and in `source.yaml`.',
    remedy: 'Read the key with a transform: `as: digits`, `as: text`.',
  },
  other_subject: {
    cause: 'The register sent a record about a person who was not asked about. Nothing of the answer is used.',
    look: 'The operation’s request template: whether the key reaches the register; `batch.answer`: whether the order is promised.',
    remedy: 'Correct the template. If it is right, tell the register’s operator at once.',
  },
  duplicate_record: {
    cause: 'The register sent two records for one key, or the same key as found and as absent.',
    look: 'Whether the operation answers versions of a record, or several kinds of it.',
    remedy: 'Map the operation as a list, or tell the register’s operator.',
  },
  batch_count: {
    cause: 'A batch has more or fewer records than keys that were asked for.',
    look: '`batch.answer` and `batch.absent`: whether absent people are `null` or left out.',
    remedy: 'Correct `batch` in `source.yaml`, or write `batch: { answer: none }` for single reads.',
  },
  batch_item_error: {
    cause: 'The register could not answer for one person of a batch. The others are not touched.',
    look: 'The register’s log for the id of the call.',
    remedy: 'Tell the register’s operator if it goes on.',
  },
  page_address: {
    cause:
      'The next page cannot be asked for: its address leaves origin or base path, or the cursor is no text or too long.',
    look: '`page` of the operation, and the address at which the register believes to be.',
    remedy: 'Correct `page`, or the base address. Often the register must be told its public address.',
  },
  page_limit: {
    cause:
      'A list has more pages than allowed, a page more items than asked for, or a page comes again. A list is whole or an error.',
    look: '`page.max` and `page.size` of the operation (`page.items` of a list in `lists`).',
    remedy: 'Raise the limit if such lists are right, or narrow the question by arguments.',
  },
  value_type: {
    cause: 'A value is not of the form that the mapping promises. It is null; the rest of the record stands.',
    look: 'The place in `register probe NAME --explain`, and the field in `source.yaml`.',
    remedy: 'Name the transform that fits (`as: date, format: ...`), or tell the register’s operator.',
  },
  value_precision: {
    cause: 'A number has more digits than its type keeps. It is null: Tereze does not round.',
    look: 'The type of the field in `schema.graphql`.',
    remedy: 'Make the field a `Decimal` or a `BigInt`.',
  },
  value_code_unknown: {
    cause: 'The register sent a code that the mapping does not know.',
    look: '`codes` of the field in `source.yaml`, and the register’s code list.',
    remedy: 'Add the code, or write `unknown: null` if unknown codes may be left out.',
  },
  discriminator_unknown: {
    cause: 'The member that tells which type an object has holds a value that the mapping does not know.',
    look: '`discriminator.types` of the field in `source.yaml`.',
    remedy: 'Add the value, or name a `default` type.',
  },
  soap_fault: {
    cause: 'The register answered with a SOAP Fault. A Fault is not signed, so that nothing else of it is read.',
    look: 'The register’s log for the id of the message.',
    remedy:
      'Tell the register’s operator. If a Fault means “not found”, write its code into `answer.not_found.fault` of the operation.',
  },
  soap_unexpected: {
    cause: 'The message is SOAP, but not the response that the mapping describes.',
    look: 'The element path in `register probe NAME --explain`; namespaces and element names in `source.yaml`.',
    remedy: 'Correct the mapping. A new namespace mostly means a new version of the service.',
  },
  status_code_unknown: {
    cause: 'The answer has a status code that the mapping does not name, or a refusal of the register.',
    look: '`answer.success` and `answer.not_found` of the operation (`status` or `shep.status`), and the register’s list of codes.',
    remedy: 'Name the code, or ask the register’s operator why it refuses.',
  },
  signature_missing: {
    cause: 'The answer is not signed, although the mapping wants a signature.',
    look: '`security` in `source.yaml`, and whether a proxy unpacks the message.',
    remedy: 'The register’s operator must sign. Only a register without signatures is mapped with `security: none`.',
  },
  signature_invalid: {
    cause:
      'The signature does not fit the message or the key: the message was changed on the way, or another key signed.',
    look: '`registers.NAME.register_key_file` (or `register_ca_file`), and whether the register changed its key.',
    remedy:
      'Take the new certificate by a way that you trust, then send SIGHUP. If the key is right, a proxy changes the message.',
  },
  signature_algorithm: {
    cause: 'The signature uses an algorithm or a transform outside the closed list (SHA-1, HMAC).',
    look: 'The security policy of the service.',
    remedy: 'The register’s operator must choose an algorithm of the list.',
  },
  signature_scope: {
    cause: 'The signature does not cover what would be read, or an Id that it names is not unique.',
    look: 'Which parts the service signs.',
    remedy:
      'The register’s operator must sign the body and the timestamp. If it does, an attacker may have changed the message.',
  },
  certificate_untrusted: {
    cause: 'The certificate in the message is not one that the settings trust.',
    look: '`registers.NAME.register_ca_file` (or `register_key_file`), and who issued the register’s certificate.',
    remedy: 'Take the new certificate by a way that you trust, then send SIGHUP.',
  },
  timestamp_missing: {
    cause: 'The message has no signed timestamp (or date of the response) in the form that the mapping wants.',
    look: '`freshness` in `source.yaml`.',
    remedy: 'Choose the kind of freshness that the register proves, or have the timestamp signed.',
  },
  timestamp_stale: {
    cause: 'The message is too old, or from the future.',
    look: 'The clocks of both sides.',
    remedy: 'Set the clock that is wrong. If both are right, an attacker may have sent an old message again.',
  },
  response_replayed: {
    cause: 'A message with this id came before.',
    look: 'Whether the service gives each message an id of its own.',
    remedy: 'Tell the register’s operator. If the ids are right, an attacker sends old messages again.',
  },
  correlation_mismatch: {
    cause: 'The answer names another request than ours.',
    look: 'Proxies and queues between register and gateway.',
    remedy: 'Tell the register’s operator. Nothing of such an answer is used.',
  },
  xroad_error: {
    cause: 'A security server of X-Road says that it could not carry the message.',
    look: 'The log line `xroad_error`: whose side it is (`client_proxy`, `server_proxy`).',
    remedy: 'Tell the operator of that security server the X-Road id of the message.',
  },
  xroad_header: {
    cause: 'A header of X-Road is missing, comes twice, or names another member or service.',
    look: '`service` in `source.yaml`, and proxies between the security server and the gateway.',
    remedy: 'Correct the identifiers, or the proxy.',
  },
  hash_mismatch: {
    cause: 'The request hash in the answer is not that of our request: the request was changed on the way.',
    look: 'Proxies between the gateway and its security server that add or rename headers.',
    remedy:
      'Connect to the security server directly. Only where that is not possible, write `hash_mismatch: { action: warn, reason, until }` into `registers.NAME`.',
  },
  sql_denied: {
    cause: 'The database role may not read this table or column.',
    look: 'The grants of the role.',
    remedy: 'The register’s operator must grant SELECT on the columns of the mapping.',
  },
  sql_failed: {
    cause: 'The database could not run the statement.',
    look: 'The SQLSTATE in the log line `register_call_failed`, and the log of the database.',
    remedy: 'Tell the register’s operator the SQLSTATE and the time.',
  },
  schema_drift: {
    cause: 'A table or column of the mapping is not there any more, or has another type.',
    look: 'The catalogue of the database, and the mapping in `source.yaml`.',
    remedy: 'Correct the mapping, or ask the register’s operator for a view that keeps the old form.',
  },
  row_limit: {
    cause: 'A statement found more rows than the mapping allows. A list is whole or an error.',
    look: '`max_rows` in `source.yaml`.',
    remedy: 'Raise the limit if such lists are right.',
  },
  graphql_errors: {
    cause: 'The service answered with GraphQL errors. Their texts are not read.',
    look: 'The service’s log for the id of the call.',
    remedy: 'Tell the register’s operator. After a change of the service, compare its schema with `schema.graphql`.',
  },
  address_agreement_ended: {
    cause: 'The agreement that allows a person’s identifier in the address has ended. No call was made.',
    look: '`identifier_in_address.until` of the operation.',
    remedy:
      'Agree with the owner of the register again and write the new last day, or use an operation that takes the identifier in the body.',
  },
};
