import { expect } from 'chai';
import {
  recordExport,
  type ExportRequest,
  type RecordedExport,
} from '../../../../monitoring/audit/export/record-export.js';
import type { EntryBody, EntryDraft } from '../../../../monitoring/audit/entries.js';
import { AuditUnavailable, type AuditLog } from '../../../../monitoring/audit/port.js';
import { seededRandom, standingClock } from '../../../doubles.js';
import { rejection } from '../../../rejection.js';

const REQUEST = {
  caller: { agency: null, system: 'tereze', kind: 'operator', officer: 'root' },
  reason: 'monthly copy for the auditor',
  case: null,
  filters: {},
  format: 'tiles',
  limit: 7,
} as const;

/** What happened, in order. */
class Told {
  readonly steps: string[] = [];
  readonly bodies: EntryBody[] = [];
  readonly beside: EntryDraft['beside'][] = [];
  readonly #failing: number;
  /** @param failing position of the append that fails. */
  constructor(failing = -1) {
    this.#failing = failing;
  }
  readonly log: Pick<AuditLog, 'append'> = {
    append: async ({ body, beside }) => {
      if (this.bodies.length === this.#failing) throw new AuditUnavailable();
      this.bodies.push(body);
      this.beside.push(beside);
      this.steps.push(body.kind);
      return { log: 'tereze/0', index: 0, leafHash: '' };
    },
  };
  run(
    write: (recorded: RecordedExport) => Promise<{ readonly entries: number }>,
    request: ExportRequest = REQUEST,
  ): Promise<{ readonly entries: number }> {
    const recording = { log: this.log, clock: standingClock(), random: seededRandom() };
    return recordExport(recording, request, async (recorded) => {
      this.steps.push('write');
      return write(recorded);
    });
  }
}

describe('recordExport', () => {
  it('records why and how much before anything is written, and how much was written after it', async () => {
    const told = new Told();
    expect(await told.run(async () => ({ entries: 5 }))).to.deep.equal({ entries: 5 });
    expect(told.steps).to.deep.equal(['audit_read', 'write', 'audit_read_end']);
    const [begin, end] = told.bodies;
    expect(begin).to.deep.include({ ...REQUEST, act: 'audit_exported', subjects: [], continued: false });
    expect(end).to.deep.include({ act: 'audit_exported', rows: 5, ended: 'complete' });
    expect(begin?.requestId).to.equal(end?.requestId);
  });

  it('names the person as any other subject', async () => {
    const told = new Told();
    const person = { identifier: 'someone', tokens: ['ab'.repeat(16), 'cd'.repeat(16)] };
    await told.run(async ({ id }) => ({ entries: id.length }), { ...REQUEST, person });
    const [begin] = told.bodies;
    expect(JSON.stringify(told.bodies)).not.to.include('someone').and.not.include(person.tokens[0]);
    expect(begin).to.have.property('subjects').with.lengthOf(1);
    expect(told.beside[0]).to.have.property('subjectTokens').that.deep.equals([person.tokens[0]]);
    expect(told.beside[0]?.subjectSalts?.[0]).to.match(/^[0-9a-f]{32}$/);
  });

  it('records how many entries had left when it failed', async () => {
    const told = new Told();
    const failing = told.run(async ({ recordProgress }) => {
      recordProgress(1_000);
      recordProgress(2_000);
      throw new Error('disk full');
    });
    expect(await rejection(failing)).to.have.property('message', 'disk full');
    expect(told.bodies[1]).to.deep.include({ rows: 2_000, ended: 'failed' });
  });

  it('writes nothing if the log cannot be written', async () => {
    const told = new Told(0);
    expect(await rejection(told.run(async () => ({ entries: 5 })))).to.be.instanceOf(AuditUnavailable);
    expect(told.steps).to.deep.equal([]);
  });

  it('fails if the end cannot be recorded', async () => {
    const told = new Told(1);
    expect(await rejection(told.run(async () => ({ entries: 5 })))).to.be.instanceOf(AuditUnavailable);
  });

  it('records an export that failed, and rejects with why, also if the log cannot be written any more', async () => {
    for (const failing of [-1, 1]) {
      const told = new Told(failing);
      expect(await rejection(told.run(async () => Promise.reject(new Error('disk full'))))).to.have.property(
        'message',
        'disk full',
      );
      if (failing === -1) expect(told.bodies[1]).to.deep.include({ rows: 0, ended: 'failed' });
    }
  });
});
