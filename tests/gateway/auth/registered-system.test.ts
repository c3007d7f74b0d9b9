import { expect } from 'chai';
import { CITIZEN, OTHER_ISSUER, Party, refusalOf } from './party.js';

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

  it('never makes a citizen of an agency’s token, with no claim in it', async () => {
    expect((await client('housing', { iin: CITIZEN })).caller).not.to.have.property('person');
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
