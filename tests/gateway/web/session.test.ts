import { expect } from 'chai';
import { isFormOf, Sessions } from '../../../gateway/web/session.js';
import { createCookies } from '../../../gateway/web/cookies.js';
import { createSealing } from '../../../gateway/web/sealed.js';
import { seededRandom } from '../../doubles.js';
import { HandClock } from '../auth/party.js';

const OFFICER = {
  issuer: 'https://id.example',
  subject: 'o-1',
  agency: 'housing',
  roles: new Set(['search'] as const),
  client: 'desk',
};

describe('a session of the pages', () => {
  it('ends ten hours after it began, though it is in use', () => {
    const clock = new HandClock();
    const sessions = new Sessions({ clock, random: seededRandom('sessions') });
    const key = sessions.begin({ officer: OFFICER, idToken: 'id' });
    for (let quarter = 1; quarter < 60; quarter += 1) {
      clock.advance(10 * 60_000);
      expect(sessions.find(key)?.officer, `${quarter}`).to.equal(OFFICER);
    }
    clock.advance(10 * 60_000);
    expect(sessions.find(key)).to.equal(undefined);
  });

  it('forgets the search that was read longest ago, beyond 50', () => {
    const sessions = new Sessions({ clock: new HandClock(), random: seededRandom('searches') });
    const session = sessions.find(sessions.begin({ officer: OFFICER, idToken: 'id' }))!;
    const ids = Array.from({ length: 51 }, () => sessions.keep(session, { filters: {} }));
    expect([session.searches.has(ids[0]!), session.searches.has(ids[1]!)]).to.deep.equal([false, true]);
  });

  it('takes no other token for its forms', () => {
    const sessions = new Sessions({ clock: new HandClock(), random: seededRandom('forms') });
    const session = sessions.find(sessions.begin({ officer: OFFICER, idToken: 'id' }))!;
    expect(isFormOf(session, session.formToken)).to.equal(true);
    for (const other of [null, '', 'x', session.formToken.slice(1), `${session.formToken}x`])
      expect(isFormOf(session, other), String(other)).to.equal(false);
  });
});

describe('cookies of the pages', () => {
  it('are of this host only over https, and only of this name over http', () => {
    expect(createCookies('https://a.example').set('session', 'k')).to.equal(
      '__Host-tereze-session=k; Path=/; HttpOnly; SameSite=Strict; Secure',
    );
    expect(createCookies('http://127.0.0.1:4002').set('sign-in', 'k', 600)).to.equal(
      'tereze-sign-in=k; Path=/; HttpOnly; SameSite=Lax; Max-Age=600',
    );
  });

  it('count only if there is one of a name', () => {
    const { read } = createCookies('http://127.0.0.1:4002');
    expect(read('a=b; tereze-session=k; c=d', 'session')).to.equal('k');
    expect(read('tereze-session=k; tereze-session=l', 'session')).to.equal(undefined);
    expect(read(undefined, 'session')).to.equal(undefined);
  });
});

describe('a sealed text', () => {
  const sealing = createSealing(seededRandom('sealing'));
  const sealed = sealing.seal('state');
  it('opens where it was sealed, as long as it is whole', () => {
    expect(sealing.open(sealed)).to.equal('state');
    expect(createSealing(seededRandom('other')).open(sealed)).to.equal(undefined);
    for (const broken of [
      '',
      'x',
      sealed.slice(4),
      sealed.slice(0, -4),
      sealed.replace(/^./, (one) => (one === 'A' ? 'B' : 'A')),
    ])
      expect(sealing.open(broken), broken).to.equal(undefined);
  });
});
