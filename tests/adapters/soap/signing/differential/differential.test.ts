import { expect } from 'chai';
import { arrivals, said, unjustified, type Arrival, type Justified } from './compare.js';
import { acceptedByXmlCrypto } from './opinions.js';
import { KEYS } from './signed-messages.js';

const MESSAGES = Number(process.env['DIFFERENTIAL_MESSAGES'] ?? 500);
const SEED = Number(process.env['SEED'] ?? 17);

/** What xml-crypto accepts, and this gateway does not. */
const JUSTIFIED: readonly Justified[] = [
  {
    reason: 'signature_scope',
    kinds: /^wrapped in /,
    because: 'it verifies any element with the Id. What is read is the Body, which is then another one',
  },
  { reason: 'signature_scope', kinds: /^a second Body$/, because: 'it does not look for a second one' },
  { reason: 'signature_scope', kinds: /^the Id again as iD$/, because: 'it does not know this spelling' },
  { reason: 'signature_scope', kinds: /^a Reference less$/, because: 'it does not ask what is signed' },
  { reason: 'signature_missing', kinds: /./, because: 'it takes a Signature anywhere, and looks at no name around it' },
  { reason: 'envelope_missing', kinds: /./, because: 'it takes a Signature anywhere, and looks at no name around it' },
  {
    reason: 'signature_invalid',
    kinds: /^a relative namespace$/,
    because: 'such a document has no canonical form (RFC 3076, 1.3), whether the name is signed or not',
  },
  {
    reason: 'signature_invalid',
    kinds: /^a namespace with references$/,
    because: 'libxml2 writes such a name in another form than the standard',
  },
  { reason: 'xml_doctype', kinds: /DOCTYPE|^a bit$/, because: 'SOAP has none (SOAP 1.2 part 1, section 5)' },
  { reason: 'xml_invalid', kinds: /./, because: 'its parser takes text that is not well-formed' },
];

describe('a message that was signed, and changed on its way', function () {
  this.timeout(600_000);
  let all: readonly Arrival[] = [];
  before(async () => {
    all = await arrivals('widespread', { messages: MESSAGES, seed: SEED });
  });
  const accepted = (): readonly Arrival[] => all.filter(({ opinion }) => opinion.refused === undefined);
  const byXmlCrypto = ({ text, key }: Arrival): boolean => acceptedByXmlCrypto(text, KEYS[key].publicKey);

  it('is accepted for what was signed, and for nothing else', () => {
    for (const one of accepted()) expect(one.opinion.body, said(one)).to.equal(one.sent.body);
    // Most are forged. Many of the others, and some forgeries that touch nothing, are taken.
    expect(accepted().length).to.be.within(MESSAGES / 6, MESSAGES / 2);
  });

  it('is accepted in other words', () => {
    for (const one of all) if (one.journey.isReworded) expect(one.opinion.refused, said(one)).to.equal(undefined);
  });

  it('is not accepted if xml-crypto refuses it', () => {
    expect(
      accepted()
        .filter((one) => !byXmlCrypto(one))
        .map(said),
    ).to.deep.equal([]);
  });

  it('is refused, although xml-crypto accepts it, for a reason', () => {
    const refused = all.filter(({ opinion }) => opinion.refused !== undefined);
    expect(unjustified(refused, byXmlCrypto, JUSTIFIED)).to.deep.equal([]);
  });

  it('is accepted for what was signed in every style that this gateway takes', async () => {
    for (const one of await arrivals('any', { messages: MESSAGES, seed: SEED }))
      if (one.journey.kinds.length === 0 || one.opinion.refused === undefined)
        expect(one.opinion.body, said(one)).to.equal(one.sent.body);
  });
});
