import { connect } from 'node:net';
import { expect } from 'chai';
import { request } from 'undici';
import { rejection } from './rejection.js';
import { NotLoopback } from './loopback-guard.js';

// Addresses that no one has (RFC 5737, RFC 2606).
const ELSEWHERE = '192.0.2.1';

describe('a test', () => {
  it('cannot connect to another machine', () => {
    expect(() => connect(443, ELSEWHERE)).to.throw(NotLoopback);
    expect(() => connect({ port: 443, host: 'register.example' })).to.throw(NotLoopback);
  });

  it('cannot ask another machine over HTTP, whichever client asks', async () => {
    for (const asked of [
      fetch(`http://${ELSEWHERE}/`),
      request(`http://${ELSEWHERE}/`),
      fetch('https://register.example'),
    ])
      expect(chain(await rejection(asked)).some((error) => error instanceof NotLoopback)).to.equal(true);
  });
});

function chain(error: unknown): readonly unknown[] {
  return error instanceof Error ? [error, ...chain(error.cause)] : [];
}
