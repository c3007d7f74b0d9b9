import { expect } from 'chai';
import { approvedDocuments, reachesOf } from '../../../gateway/approvals/approved-documents.js';
import { LoadedBefore, type Approval, type DocumentApprovals } from '../../../gateway/approvals/port.js';
import { fingerprintOf, type DocumentReach } from '../../../gateway/approvals/reach.js';
import { footprintDependencies } from '../../../gateway/planning/footprint/footprint.js';
import type { RegisteredDocument, TrustedDocuments } from '../../../schemas/operations/load-documents.js';
import { AuditUnavailable } from '../../../monitoring/audit/port.js';
import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { listeningObserver, seededRandom, standingClock } from '../../doubles.js';
import { FakeLog } from '../stages/requests.js';
import { CATALOGUE, citizen, preparer } from '../planning/preparing.js';
import { rejection } from '../../rejection.js';

const registered = (name: string, text: string): RegisteredDocument => ({
  name,
  text,
  hash: `hash of ${text}`,
  owner: 'social',
  purposes: ['p'],
  allowed: ['social'],
  atomic: false,
});
const documentsOf = (...all: readonly RegisteredDocument[]): TrustedDocuments => ({
  all,
  find: (id) => all.find(({ name, hash }) => name === id || `sha256:${hash}` === id),
});

class MemoryApprovals implements DocumentApprovals {
  readonly known = new Map<string, Approval>();

  async latest(names: readonly string[]): Promise<ReadonlyMap<string, Approval>> {
    return new Map([...this.known].filter(([name]) => names.includes(name)));
  }

  async first(_tx: SqlExecutor, reach: DocumentReach): Promise<void> {
    if (this.known.has(reach.name)) throw new LoadedBefore();
    this.known.set(reach.name, { fingerprint: fingerprintOf(reach), reach, approvedBy: null, isWithdrawn: false });
  }

  async approve(_tx: SqlExecutor, reach: DocumentReach, officer: string): Promise<undefined> {
    this.known.set(reach.name, { fingerprint: fingerprintOf(reach), reach, approvedBy: officer, isWithdrawn: false });
  }

  async withdraw(_tx: SqlExecutor, reach: DocumentReach, officer: string): Promise<number> {
    this.known.set(reach.name, { fingerprint: fingerprintOf(reach), reach, approvedBy: officer, isWithdrawn: true });
    return 1;
  }
}

const NO_TX: SqlExecutor = { query: () => Promise.reject(new Error('no statement')) };

describe('trusted documents that may be asked', () => {
  const observer = listeningObserver();
  let audit: FakeLog;
  const load = async (documents: TrustedDocuments, approvals: DocumentApprovals): Promise<TrustedDocuments> => {
    const planned = { preparer: preparer(), dependencies: footprintDependencies(CATALOGUE) };
    return approvedDocuments(documents, await reachesOf(documents.all, planned), {
      ...{ approvals, audit, observer, clock: standingClock(), random: seededRandom() },
    });
  };
  const names = ({ all }: TrustedDocuments): readonly string[] => all.map(({ name }) => name);

  beforeEach(() => {
    observer.lines.length = 0;
    audit = new FakeLog();
  });

  it('are those that are loaded for the first time, and load again unchanged', async () => {
    const [approvals, documents] = [new MemoryApprovals(), documentsOf(registered('A', citizen('sex')))];
    expect(names(await load(documents, approvals))).to.deep.equal(['A']);
    expect(audit.entries.map(({ body }) => body)).to.have.length(1);
    expect(audit.entries[0]?.body).to.deep.include({ act: 'operation_loaded', documentName: 'A' });
    expect(names(await load(documents, approvals))).to.deep.equal(['A']);
    expect(audit.entries).to.have.length(1);
    expect(observer.lines).to.deep.equal([]);
  });

  it('are not those that changed, by no id, until an officer approves them', async () => {
    const approvals = new MemoryApprovals();
    await load(documentsOf(registered('A', citizen('sex')), registered('B', citizen('lastName'))), approvals);
    const changed = documentsOf(
      registered('A', citizen('sex children { firstName }')),
      registered('B', citizen('lastName')),
    );
    const loaded = await load(changed, approvals);
    expect(names(loaded)).to.deep.equal(['B']);
    expect(['A', `sha256:${changed.all[0]?.hash}`, 'B'].map((id) => loaded.find(id)?.name)).to.deep.equal([
      undefined,
      undefined,
      'B',
    ]);
    expect(observer.lines.map(({ event, fields }) => `${event} ${String(fields['document'])}`)).to.deep.equal([
      'document_not_approved A',
    ]);
    expect(String(observer.lines[0]?.fields['changes']))
      .to.include('~ text')
      .and.include('+ category civil_acts.family, disclose')
      .and.include('+ subject child at citizen.children');
    const seen: DocumentReach[] = [];
    await load(changed, {
      ...approvals,
      latest: async () => new Map(),
      first: async (_tx, reach) => void seen.push(reach),
      approve: async () => undefined,
      withdraw: async () => 1,
    });
    await approvals.approve(
      NO_TX,
      seen.find(({ name }) => name === 'A')!,
      'officer-1',
    );
    expect(names(await load(changed, approvals))).to.deep.equal(['A', 'B']);
  });

  it('are not those whose approval an officer withdrew, although they reach the same', async () => {
    const [approvals, documents] = [new MemoryApprovals(), documentsOf(registered('A', citizen('sex')))];
    await load(documents, approvals);
    await approvals.withdraw(NO_TX, approvals.known.get('A')!.reach, 'officer-1');
    expect(names(await load(documents, approvals))).to.deep.equal([]);
    expect(observer.lines[0]?.fields).to.deep.include({ document: 'A', withdrawn: true });
  });

  it('are none where the entry of a first load cannot be written', async () => {
    audit.failNext = 'not_written';
    const documents = documentsOf(registered('A', citizen('sex')));
    expect(await rejection(load(documents, new MemoryApprovals()))).to.be.instanceOf(AuditUnavailable);
  });

  it('are none where no one can say what was approved', async () => {
    const approvals = new MemoryApprovals();
    approvals.latest = () => Promise.reject(new Error('no state'));
    expect(await rejection(load(documentsOf(registered('A', citizen('sex'))), approvals))).to.have.property(
      'message',
      'no state',
    );
  });
});
