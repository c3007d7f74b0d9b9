import { expect } from 'chai';
import { openCallback } from '../../../../gateway/cli/officer/callback.js';
import { rejection } from '../../../rejection.js';

describe('the address that a browser comes back to', () => {
  const open = (waitMs = 60_000) => openCallback({ port: 0, state: 'ours', waitMs });

  it('is on loopback, takes one answer with its state, and nothing else', async () => {
    const callback = await open();
    try {
      expect(callback.redirectUri).to.match(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
      const { origin } = new URL(callback.redirectUri);
      for (const path of ['/callback?code=c&state=theirs', '/callback?code=c', '/?state=ours', '/favicon.ico'])
        expect((await fetch(`${origin}${path}`)).status, path).to.equal(404);
      expect((await fetch(`${callback.redirectUri}?state=ours`, { method: 'POST' })).status).to.equal(404);
      const answer = await fetch(`${callback.redirectUri}?code=c&state=ours`);
      expect([answer.status, await answer.text()]).to.deep.equal([
        200,
        'You can close this page and go back to the command line.\n',
      ]);
      expect((await callback.arrived).searchParams.get('code')).to.equal('c');
    } finally {
      callback.close();
    }
  });

  it('is waited at no longer than told, and says so', async () => {
    const callback = await open(1);
    expect(await rejection(callback.arrived)).to.have.property('message', 'no one signed in in time');
    callback.close();
  });

  it('says that a port is taken', async () => {
    const callback = await open();
    const port = Number(new URL(callback.redirectUri).port);
    expect(await rejection(openCallback({ port, state: 'ours', waitMs: 1 })))
      .to.have.property('message')
      .that.includes('EADDRINUSE');
    callback.close();
  });
});
