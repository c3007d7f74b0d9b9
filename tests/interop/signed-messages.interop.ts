import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { SOAP, SOAP_12, WSU } from '../../adapters/soap/xml/namespaces.js';
import {
  arrivals,
  said,
  unjustified,
  type Arrival,
  type Justified,
} from '../adapters/soap/signing/differential/compare.js';
import { KEYS } from '../adapters/soap/signing/differential/signed-messages.js';

const MESSAGES = Number(process.env['DIFFERENTIAL_MESSAGES'] ?? 5_000);
const SEED = Number(process.env['SEED'] ?? 1);
/** What must be among the messages that both accept. */
const ACCEPTED_KINDS = [
  'PrefixList of a Transform',
  'PrefixList of CanonicalizationMethod',
  '#default in a PrefixList',
  'Canonical XML 1.0',
  'Canonical XML 1.1',
  'no Transform',
  'ECDSA',
  'bound again',
  'two prefixes of one namespace',
  'names outside ASCII',
];
/** xmlsec1 takes many files at once, and stops at the first that it refuses. */
const BATCH = 200;

/** What xmlsec1 accepts, and this gateway does not. It knows an Id by the names of its element and attribute. */
const JUSTIFIED: readonly Justified[] = [
  {
    reason: 'signature_scope',
    kinds: /^wrapped in /,
    because: 'it verifies any element with the Id. What is read is the Body, which is then another one',
  },
  {
    reason: 'signature_scope',
    kinds: /^a second (Body|Signature)$/,
    because: 'it takes the first, and looks for no other',
  },
  {
    reason: 'signature_scope',
    kinds: /^the Id again as /,
    because: 'it does not know this spelling or this element. Another reader of the message may',
  },
  { reason: 'signature_scope', kinds: /^a Reference less$/, because: 'it does not ask what is signed' },
  { reason: 'signature_missing', kinds: /./, because: 'it takes a Signature anywhere, and looks at no name around it' },
  { reason: 'envelope_missing', kinds: /./, because: 'it takes a Signature anywhere, and looks at no name around it' },
  { reason: 'xml_doctype', kinds: /DOCTYPE/, because: 'SOAP has none (SOAP 1.2 part 1, section 5)' },
  { reason: 'xml_invalid', kinds: /instruction|<\?pi\?>/, because: 'SOAP has none (SOAP 1.2 part 1, section 5)' },
  {
    reason: 'xml_invalid',
    kinds:
      /^a prefix undone$|^a reserved prefix$|^a colon more in a name$|by two prefixes$|^an attribute less$|^another prefix$/,
    because: 'libxml2 takes text that is well-formed, but not by Namespaces in XML 1.0, with a warning',
  },
  {
    reason: 'signature_invalid',
    kinds: /^a namespace with references\b/,
    because: 'it writes such a name without the references of the standard (RFC 3076, 2.3), which others demand',
  },
];

describe('signed messages, changed on their way, to libxml2', function () {
  this.timeout(3_600_000);
  let folder = '';
  let all: readonly Arrival[] = [];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'signed-messages-'));
    for (const [name, { publicKey }] of Object.entries(KEYS))
      writeFileSync(join(folder, `${name}.pem`), publicKey.export({ type: 'spki', format: 'pem' }));
    all = await arrivals('any', { messages: MESSAGES, seed: SEED });
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Whether xmlsec1 accepts all of these, which one key signed. */
  const acceptsAll = (messages: readonly Arrival[]): boolean => {
    const files = messages.map(({ text }, at) => {
      const file = join(folder, `${at}.xml`);
      writeFileSync(file, text);
      return file;
    });
    const elements = [`${SOAP}:Body`, `${SOAP_12}:Body`, `${WSU}:Timestamp`];
    const ids = elements.flatMap((name) => ['--id-attr:Id', name]);
    const key = join(folder, `${messages[0]?.key ?? ''}.pem`);
    return spawnSync('xmlsec1', ['--verify', '--pubkey-pem', key, ...ids, ...files]).status === 0;
  };
  const accepts = (one: Arrival): boolean => acceptsAll([one]);

  it(`are not accepted here if xmlsec1 refuses them: ${MESSAGES} messages, seed ${SEED}`, () => {
    const accepted = all.filter(({ opinion }) => opinion.refused === undefined);
    expect(accepted.length).to.be.greaterThan(MESSAGES / 6);
    expect(accepted.flatMap(({ sent }) => sent.kinds)).to.include.members(ACCEPTED_KINDS);
    for (const one of accepted) expect(one.opinion.body, said(one)).to.equal(one.sent.body);
    for (const name of Object.keys(KEYS)) {
      const own = accepted.filter(({ key }) => key === name);
      for (let from = 0; from < own.length; from += BATCH) {
        const batch = own.slice(from, from + BATCH);
        if (!acceptsAll(batch)) expect(batch.filter((one) => !accepts(one)).map(said)).to.deep.equal([]);
      }
    }
  });

  it('are refused here, although xmlsec1 accepts them, for a reason', () => {
    const refused = all.filter(({ opinion }) => opinion.refused !== undefined);
    expect(unjustified(refused, accepts, JUSTIFIED)).to.deep.equal([]);
  });
});
