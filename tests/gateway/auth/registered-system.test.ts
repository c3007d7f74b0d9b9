import { expect } from 'chai';
import type { AccessToken } from '../../../gateway/auth/access-token.js';
import { createRegistry } from '../../../gateway/auth/registered-system.js';
import { Refusal } from '../../../schemas/refusal.js';
import { CITIZEN, ISSUER, OTHER_ISSUER, Party, refusalOf } from './party.js';

const OWN_ISSUER = {
  issuer: ISSUER,
  jwks_uri: `${ISSUER}/jwks`,
  algorithms: ['ES256' as const],
  assurance: {},
  names_officers: true,
};

/** An issuer that may name officers, and a system that may act for them. */
const REGISTRATION: Parameters<typeof createRegistry>[0] = {
  issuers: [OWN_ISSUER],
  agencies: [{ id: 'housing', bin: '000140000002', name: 'Housing' }],
  systems: [
    {
      client_id: 'housing-aid',
      kind: 'system',
      agency: 'housing',
      actor: 'allowed',
      requests_per_second: 1,
      burst: 1,
      weight: 1,
    },
  ],
};

/** A verified token of that system, from an exchange. */
const EXCHANGED: AccessToken = {
  issuer: ISSUER,
  clientId: 'housing-aid',
  subject: 'officer:1',
  id: 'token-1',
  keyThumbprint: '',
  expiresAt: 0,
  details: undefined,
  actor: 'housing-aid',
  acr: undefined,
  person: undefined,
};

const arabic = (digits: string): string =>
  digits.replace(/[0-9]/g, (digit) => String.fromCodePoint(0x660 + Number(digit)));
const grouped = (digits: string): string => digits.replace(/.{3}/g, '$&-').slice(0, -1);

describe('registered system', () => {
  let party: Party;
  beforeEach(async () => {
    party = await Party.make();
  });

  const client = (name: string, claims: object = {}) =>
    party.withToken({ claims: { client_id: name, sub: name, ...claims } });

  it('speaks for itself and its agency: systems and AI services', async () => {
    expect((await client('housing')).caller).to.include({ kind: 'system', system: 'housing' });
    expect((await client('housing-ai', { acr: 'urn:signature' })).caller).to.deep.equal({
      kind: 'ai',
      system: 'housing-ai',
      agency: { id: 'housing', bin: '000140000002' },
      assurance: 'high',
    });
  });

  it('is refused when no one registered it', async () => {
    expect(await refusalOf(client('unknown'))).to.equal('CALLER_NOT_REGISTERED');
  });

  it('is refused when another issuer made the token', async () => {
    const attempt = party.withToken({ claims: { iss: OTHER_ISSUER }, key: party.otherIssuerKeys.privateKey });
    expect(await refusalOf(attempt)).to.equal('CALLER_NOT_REGISTERED');
  });

  it('does not take someone else’s sub, or an actor, for its own', async () => {
    expect(await refusalOf(client('housing', { sub: 'officer:1' }))).to.equal('UNAUTHENTICATED token_sub');
    expect(await refusalOf(client('housing-ai', { act: { sub: 'housing-ai' } }))).to.equal('UNAUTHENTICATED token_act');
  });

  it('speaks for an officer where it is registered so', async () => {
    const { caller } = await client('housing-desk', { sub: 'officer:1', act: { sub: 'housing-desk' } });
    expect(caller).to.include({ kind: 'officer', officer: 'officer:1', system: 'housing-desk' });
    expect(await refusalOf(client('housing-desk'))).to.equal('UNAUTHENTICATED token_sub');
    // Everything else about this token is right: only the second actor is one too many.
    const chained = client('housing-desk', { sub: 'officer:1', act: { sub: 'housing-desk', act: { sub: 'other' } } });
    expect(await refusalOf(chained)).to.equal('UNAUTHENTICATED token_act');
    expect(await refusalOf(client('housing-desk', { sub: 'officer:1', act: { sub: 'housing' } }))).to.equal(
      'UNAUTHENTICATED token_act',
    );
  });

  describe('that may act for an officer', () => {
    const exchanged = (name: string, claims: object = {}) =>
      client(name, { sub: 'officer:1', act: { sub: name }, ...claims });

    it('names the officer of a token from an exchange as its actor', async () => {
      expect((await exchanged('housing-aid')).caller).to.deep.equal({
        kind: 'system',
        system: 'housing-aid',
        agency: { id: 'housing', bin: '000140000002' },
        actor: 'officer:1',
        assurance: 'none',
      });
      expect((await exchanged('housing-exam', { act: { sub: 'housing-exam', iss: ISSUER } })).caller).to.include({
        kind: 'ai',
        actor: 'officer:1',
      });
    });

    it('acts for itself without one, unless its registration requires one', async () => {
      expect((await client('housing-aid')).caller).not.to.have.property('actor');
      expect(await refusalOf(client('housing-exam'))).to.equal('UNAUTHENTICATED token_act');
    });

    const refused: Readonly<Record<string, readonly [claims: object, reason: string]>> = {
      'names an actor of an actor': [{ act: { sub: 'housing-aid', act: { sub: 'other' } } }, 'token_act'],
      'names an empty actor of the actor': [{ act: { sub: 'housing-aid', act: {} } }, 'token_act'],
      'says that its actor has no actor': [{ act: { sub: 'housing-aid', act: null } }, 'token_act'],
      'names another client as the actor': [{ act: { sub: 'housing' } }, 'token_act'],
      'names a client of another issuer as the actor': [
        { act: { sub: 'housing-aid', iss: OTHER_ISSUER } },
        'token_act',
      ],
      'names the officer as the actor': [{ act: { sub: 'officer:1' } }, 'token_act'],
      'names an actor without sub': [{ act: {} }, 'token_act'],
      'names an actor with an empty sub': [{ act: { sub: '' } }, 'token_act'],
      'names an actor whose sub is too long': [{ act: { sub: 'a'.repeat(257) } }, 'token_act'],
      'names an actor whose sub is a number': [{ act: { sub: 7 } }, 'token_act'],
      'names the actor by a text': [{ act: 'housing-aid' }, 'token_act'],
      'names the actor in a list': [{ act: [{ sub: 'housing-aid' }] }, 'token_act'],
      'has null for an actor': [{ act: null }, 'token_act'],
      'names an officer and no actor': [{ act: undefined }, 'token_sub'],
      'names itself as the officer': [{ sub: 'housing-aid' }, 'token_sub'],
      'names an officer by an empty text': [{ sub: '' }, 'token_sub'],
      'names an officer by a text that is too long': [{ sub: 'o'.repeat(257) }, 'token_sub'],
      'names an officer by the number of a person': [{ sub: CITIZEN }, 'token_sub'],
      'names an officer by the number of a person in Arabic digits': [{ sub: arabic(CITIZEN) }, 'token_sub'],
      'names an officer by the number of a person in groups': [{ sub: `o ${grouped(CITIZEN)}` }, 'token_sub'],
      'names an officer with an invisible character': [{ sub: 'officer\u200b1' }, 'token_sub'],
    };
    for (const [what, [claims, reason]] of Object.entries(refused)) {
      it(`is refused when its token ${what}`, async () => {
        expect(await refusalOf(exchanged('housing-aid', claims))).to.equal(`UNAUTHENTICATED ${reason}`);
      });
    }

    it('is refused with one where its registration or its issuer does not let it', async () => {
      expect(await refusalOf(exchanged('housing'))).to.equal('UNAUTHENTICATED token_sub');
      expect(await refusalOf(exchanged('housing-ai'))).to.equal('UNAUTHENTICATED token_sub');
      const silent = createRegistry({ ...REGISTRATION, issuers: [{ ...OWN_ISSUER, names_officers: false }] });
      const speaking = createRegistry(REGISTRATION);
      expect(speaking(EXCHANGED)).to.include({ actor: 'officer:1' });
      expect(() => silent(EXCHANGED))
        .to.throw(Refusal)
        .with.property('reasons')
        .that.deep.equals(['token_sub']);
      expect(() => silent({ ...EXCHANGED, subject: 'housing-aid' }))
        .to.throw(Refusal)
        .with.property('reasons')
        .that.deep.equals(['token_act']);
    });
  });

  it('has the model of its registration, and none of a claim', async () => {
    const claims = { sub: 'officer:1', act: { sub: 'housing-exam' }, model: { id: 'other', version: '9' } };
    expect((await client('housing-exam', claims)).caller.model).to.deep.equal({ id: 'exam', version: '2026-11' });
    expect((await client('housing-ai', { model: { id: 'other', version: '9' } })).caller).not.to.have.property('model');
  });

  it('never makes a citizen of an agency’s token, with no claim in it', async () => {
    expect((await client('housing', { iin: CITIZEN })).caller).not.to.have.property('person');
  });

  it('is refused an actor where citizens sign in, and a chain of actors where officers do', async () => {
    const acting = { act: { sub: 'citizen-window' } };
    expect(
      await refusalOf(
        party.citizenToken(acting).then(async (token) => party.authenticate(await party.credentials(token))),
      ),
    ).to.equal('UNAUTHENTICATED token_act');
    const chained = { sub: 'officer:1', act: { sub: 'housing-desk', act: { sub: 'housing-aid' } } };
    expect(await refusalOf(client('housing-desk', chained))).to.equal('UNAUTHENTICATED token_act');
  });

  describe('where citizens sign in', () => {
    const citizen = async (claims: Readonly<Record<string, unknown>> = {}) =>
      party.authenticate(await party.credentials(await party.citizenToken(claims)));

    it('speaks for the person signed in', async () => {
      expect((await citizen()).caller).to.deep.equal({
        kind: 'citizen',
        system: 'citizen-window',
        assurance: 'low',
        person: CITIZEN,
      });
    });

    it('has the assurance to which its issuer’s acr is mapped, and none otherwise', async () => {
      const levels = ['urn:list', 'urn:sms', 'urn:signature', 'urn:unknown', undefined, 'constructor', '__proto__'];
      const found = await Promise.all(levels.map(async (acr) => (await citizen({ acr })).caller.assurance));
      expect(found).to.deep.equal(['low', 'substantial', 'high', 'none', 'none', 'none', 'none']);
    });

    it('keeps the acr as it came, as evidence', async () => {
      expect((await citizen({ acr: 'urn:sms' })).token.acr).to.equal('urn:sms');
      expect((await citizen({ acr: undefined })).token.acr).to.equal(undefined);
    });

    it('has no assurance by the acr of another issuer', async () => {
      const claims = { iss: OTHER_ISSUER, client_id: 'elsewhere', sub: 'elsewhere' };
      const elsewhere = (acr: string) =>
        party.withToken({ claims: { ...claims, acr }, key: party.otherIssuerKeys.privateKey });
      expect((await elsewhere('urn:signature')).caller.assurance).to.equal('none');
      expect((await elsewhere('urn:list')).caller.assurance).to.equal('high');
    });

    it('needs that person’s number', async () => {
      expect(await refusalOf(citizen({ iin: undefined }))).to.equal('UNAUTHENTICATED token_iin');
      expect(await refusalOf(citizen({ iin: '900101390013' }))).to.equal('UNAUTHENTICATED token_iin');
      expect(await refusalOf(citizen({ iin: Number(CITIZEN) }))).to.equal('UNAUTHENTICATED token_iin');
    });

    it('is no citizen itself (client credentials)', async () => {
      expect(await refusalOf(citizen({ sub: 'citizen-window' }))).to.equal('UNAUTHENTICATED token_sub');
      expect(await refusalOf(citizen({ act: { sub: 'citizen-window' } }))).to.equal('UNAUTHENTICATED token_act');
    });
  });
});
