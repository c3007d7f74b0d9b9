import { expect } from 'chai';
import type { EntryDraft, RefusalsBody } from '../../../monitoring/audit/entries.js';
import { AuditUnavailable, type AuditLog } from '../../../monitoring/audit/port.js';
import { RefusalWindow } from '../../../monitoring/audit/refusal-window.js';
import { seededRandom, standingClock } from '../../doubles.js';
import { rejection } from '../../rejection.js';

describe('RefusalWindow', () => {
  const code = 'UNAUTHENTICATED';

  /** A log that keeps its drafts, and commits when told. */
  function gatedLog() {
    const bodies: RefusalsBody[] = [];
    let commit = (): void => undefined;
    const committed = new Promise<void>((resolve) => (commit = resolve));
    const log: AuditLog = {
      append: async ({ body }: EntryDraft) => {
        bodies.push(body as RefusalsBody);
        await committed;
        return { log: 'tereze/0', index: bodies.length - 1, leafHash: '' };
      },
      appendChange: () => Promise.reject(new AuditUnavailable()),
      lastSeen: () => ({ ok: true, ageMs: 0 }),
      close: async () => undefined,
    };
    return { log, bodies, commit: () => commit() };
  }

  const openWindow = (audit: AuditLog, maxSources = 100): RefusalWindow =>
    new RefusalWindow({ audit, clock: standingClock(), random: seededRandom(), maxSources, windowMs: 20 });

  const counted = (bodies: readonly RefusalsBody[]): readonly string[] =>
    bodies.map((body) => `${body.code} ${body.source} ${body.count}`).sort();

  it('makes one entry of all refusals with the same code and source', async () => {
    const { log, bodies, commit } = gatedLog();
    commit();
    const window = openWindow(log);
    await Promise.all([
      ...Array.from({ length: 50 }, () => window.count({ code, source: '10.0.0.1' })),
      window.count({ code: 'INVALID_DPOP_PROOF', source: '10.0.0.1' }),
      window.count({ code, source: '10.0.0.2' }),
    ]);
    expect(counted(bodies)).to.deep.equal([
      'INVALID_DPOP_PROOF 10.0.0.1 1',
      'UNAUTHENTICATED 10.0.0.1 50',
      'UNAUTHENTICATED 10.0.0.2 1',
    ]);
  });

  it('answers no one before the commit', async () => {
    const { log, bodies, commit } = gatedLog();
    let answered = 0;
    const window = openWindow(log);
    const all = Promise.all([1, 2].map(() => window.count({ code, source: '10.0.0.1' }).then(() => (answered += 1))));
    while (bodies.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(answered).to.equal(0);
    commit();
    await all;
    expect(answered).to.equal(2);
  });

  it('starts a new entry after the window', async () => {
    const { log, bodies, commit } = gatedLog();
    commit();
    const window = openWindow(log);
    await window.count({ code, source: '10.0.0.1' });
    await window.count({ code, source: '10.0.0.1' });
    expect(counted(bodies)).to.deep.equal(['UNAUTHENTICATED 10.0.0.1 1', 'UNAUTHENTICATED 10.0.0.1 1']);
    expect(new Set(bodies.map(({ requestId }) => requestId)).size).to.equal(2);
  });

  it('counts sources beyond its limit together', async () => {
    const { log, bodies, commit } = gatedLog();
    commit();
    const window = openWindow(log, 2);
    await Promise.all(Array.from({ length: 10 }, (_, number) => window.count({ code, source: `10.0.0.${number}` })));
    expect(counted(bodies)).to.deep.equal([
      'UNAUTHENTICATED 10.0.0.0 1',
      'UNAUTHENTICATED 10.0.0.1 1',
      'UNAUTHENTICATED other 8',
    ]);
  });

  it('rejects every request that an entry, which was not written, would have counted', async () => {
    const log: AuditLog = {
      append: () => Promise.reject(new AuditUnavailable()),
      appendChange: () => Promise.reject(new AuditUnavailable()),
      lastSeen: () => ({ ok: false, ageMs: 0 }),
      close: async () => undefined,
    };
    const window = openWindow(log);
    const both = await Promise.all([
      rejection(window.count({ code, source: '10.0.0.1' })),
      rejection(window.count({ code, source: '10.0.0.1' })),
    ]);
    for (const error of both) expect(error).to.be.instanceOf(AuditUnavailable);
  });
});
