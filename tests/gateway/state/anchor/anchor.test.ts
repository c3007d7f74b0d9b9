import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { AnchorTexts } from '../../../../gateway/state/anchor/anchor-texts.js';
import { Anchor } from '../../../../gateway/state/anchor/anchor.js';
import type { Place } from '../../../../gateway/state/anchor/place.js';
import { createSigner } from '../../../../gateway/state/anchor/signed.js';
import { describeStanding } from '../../../../gateway/state/anchor/standing.js';
import type { Sql } from '../../../../schemas/ports/sql.js';
import { listeningObserver, runningClock } from '../../../doubles.js';
import { MemoryStore } from './memory-place.js';
import { openStateDatabase, type StateDatabase } from './state-database.js';

const signer = createSigner(createHash('sha256').update('secret').digest());

describe('Anchor', () => {
  let database: StateDatabase;
  let store: MemoryStore;
  let observer: ReturnType<typeof listeningObserver>;
  const anchors: Anchor[] = [];
  let copy: StateDatabase;

  const anchorAt = (places: readonly Place[], initialisesItself = false): Anchor => {
    const anchor = new Anchor({ places, signer, clock: runningClock(), observer, initialisesItself, fenceMs: 1_000 });
    anchors.push(anchor);
    return anchor;
  };
  const started = async (places: readonly Place[], sql: Sql = database.sql, itself = false): Promise<Anchor> => {
    const anchor = anchorAt(places, itself);
    await anchor.readPlaces();
    await anchor.start(sql);
    return anchor;
  };
  const headIn = async (at: MemoryStore): Promise<unknown> => {
    const { epoch, logs, restrictions } = (await new AnchorTexts(at.open(), signer).readHead()).value;
    return { epoch, logs: Object.fromEntries([...logs].map(([log, { size }]) => [log, size])), restrictions };
  };
  const events = (): readonly string[] => observer.lines.map(({ event }) => event);

  before(async () => {
    database = await openStateDatabase();
    copy = await openStateDatabase();
  });
  after(async () => {
    await database.close();
    await copy.close();
  });
  beforeEach(async () => {
    await database.reset();
    await copy.reset();
    store = new MemoryStore();
    observer = listeningObserver();
  });
  afterEach(async () => {
    for (const anchor of anchors.splice(0)) await anchor.close();
  });

  describe('at start', () => {
    it('refuses a database for which no head was ever written, and says what to do', async () => {
      const { standing } = await started([store.open()]);
      expect(standing.kind).to.equal('no_head');
      expect(store.writes).to.equal(0);
      expect(observer.lines.at(-1)?.fields['reason']).to.include('tereze state init');
    });

    it('takes the database as it is in a demo', async () => {
      await database.append('tereze/0', 3);
      await database.withdraw();
      const anchor = await started([store.open()], database.sql, true);
      expect(anchor.standing).to.deep.equal({ kind: 'current' });
      expect(await headIn(store)).to.deep.equal({ epoch: 0, logs: { 'tereze/0': 3 }, restrictions: 1 });
    });

    it('serves a database that holds more than the head', async () => {
      await database.append('tereze/0', 2);
      await (await started([store.open()], database.sql, true)).close();
      await database.append('tereze/0', 1);
      await database.append('tereze/1', 1);
      expect((await started([store.open()])).standing.kind).to.equal('current');
      expect(await headIn(store)).to.deep.equal({
        epoch: 0,
        logs: { 'tereze/0': 3, 'tereze/1': 1 },
        restrictions: 0,
      });
    });

    for (const [what, change] of Object.entries<() => Promise<unknown>>({
      'a log is shorter': async () => {
        await copy.append('tereze/0', 2);
        await copy.withdraw();
      },
      'a restriction is missing': () => copy.append('tereze/0', 3),
      'another entry stands at the place of the last one': async () => {
        await copy.append('tereze/0', 5, 'another history');
        await copy.withdraw();
      },
      'it is empty': async () => undefined,
    }))
      it(`refuses a database that has gone back in time: ${what}`, async () => {
        await database.append('tereze/0', 3);
        await database.withdraw();
        await (await started([store.open()], database.sql, true)).close();
        const before = await headIn(store);
        await change();
        const { standing } = await started([store.open()], copy.sql, true);
        expect(standing.kind).to.equal('behind');
        if (standing.kind === 'behind')
          expect(describeStanding(standing))
            .to.include('has gone back in time')
            .and.include('tereze state accept-rollback --reason TEXT');
        expect(await headIn(store)).to.deep.equal(before);
      });

    it('refuses a copy from before an acceptance, however much it holds', async () => {
      await database.accept();
      await (await started([store.open()], database.sql, true)).close();
      await copy.append('tereze/0', 9);
      expect((await started([store.open()], copy.sql)).standing.kind).to.equal('behind');
    });

    it('serves a database that was accepted after the head was written', async () => {
      await database.append('tereze/0', 9);
      await (await started([store.open()], database.sql, true)).close();
      await copy.append('tereze/0', 2);
      await copy.accept();
      expect((await started([store.open()], copy.sql)).standing.kind).to.equal('current');
      expect(await headIn(store)).to.deep.equal({ epoch: 1, logs: { 'tereze/0': 2 }, restrictions: 0 });
    });

    it('takes the head of another place for a place without one', async () => {
      await database.append('tereze/0', 3);
      await (await started([store.open()], database.sql, true)).close();
      const empty = new MemoryStore();
      expect((await started([empty.open('empty'), store.open('full')])).standing.kind).to.equal('current');
      expect(await headIn(empty)).to.deep.equal(await headIn(store));
    });

    it('takes the larger, log by log, of several places', async () => {
      await database.append('tereze/0', 3);
      await (await started([store.open()], database.sql, true)).close();
      const older = new MemoryStore();
      await copy.append('tereze/0', 1);
      await (await started([older.open()], copy.sql, true)).close();
      expect((await started([older.open('older'), store.open('newer')], copy.sql)).standing.kind).to.equal('behind');
      expect((await started([older.open('older')], copy.sql)).standing.kind).to.equal('current');
    });

    it('waits while no place can be read, says which, and goes on by itself', async () => {
      await (await started([store.open()], database.sql, true)).close();
      store.down = 'unreachable';
      const anchor = await started([store.open('office')]);
      expect(anchor.standing).to.deep.equal({ kind: 'unreadable', places: ['office'] });
      expect(anchor.lastSeen().ok).to.equal(false);
      expect(await anchor.admits(database.sql)).to.equal(false);
      const current = new Promise<void>((resolve) => anchor.onStanding(({ kind }) => kind === 'current' && resolve()));
      store.down = undefined;
      await current;
      expect(anchor.lastSeen().ok).to.equal(true);
    });

    it('counts a head whose signature does not hold as unreadable, with an alarm', async () => {
      await (await started([store.open()], database.sql, true)).close();
      const forged = new MemoryStore();
      forged.texts.set('head', { content: '{"kind":"tereze-anchor-head-v1"', version: 'v0' });
      expect((await started([forged.open('forged')])).standing).to.deep.equal({
        kind: 'unreadable',
        places: ['forged'],
      });
      expect(observer.lines).to.deep.include({
        level: 'error',
        event: 'anchor_place_failed',
        fields: { place: 'forged', fault: 'unsigned' },
      });
      expect((await started([forged.open('forged'), store.open('whole')])).standing.kind).to.equal('current');
      expect(forged.writes).to.equal(0);
    });
  });

  describe('while running', () => {
    it('fences a restriction before it says so, with all before it', async () => {
      const anchor = await started([store.open()], database.sql, true);
      await database.withdraw('first');
      const number = await database.withdraw('second');
      expect(await anchor.fence(number)).to.deep.equal({ fenced: true });
      expect(await headIn(store)).to.deep.include({ restrictions: 2 });
      const journal = await new AnchorTexts(store.open(), signer).readSegment(0);
      expect(journal.value.restrictions.map(({ id }) => id)).to.deep.equal(['first', 'second']);
    });

    it('keeps checkpoints that were checked, and knows those that another process kept', async () => {
      const anchor = await started([store.open()], database.sql, true);
      expect(anchor.last('tereze/0')).to.equal(undefined);
      const [one, two] = [
        { size: 3, root: 'a'.repeat(64) },
        { size: 3, root: 'b'.repeat(64) },
      ];
      expect(await anchor.keep(new Map([['tereze/0', one]]))).to.equal(true);
      const other = await started([store.open()]);
      for (const each of [anchor, other]) expect(each.last('tereze/0')).to.deep.equal(one);
      expect(await other.keep(new Map([['tereze/0', two]]))).to.equal(true);
      expect(other.last('tereze/0')).to.deep.equal({ size: 3, root: null });
      expect(anchor.standing.kind).to.equal('current');
    });

    for (const fault of ['not_written', 'reply_lost'] as const)
      it(`does not say that a checkpoint is kept after a write that was ${fault}, and keeps it later`, async () => {
        const anchor = await started([store.open()], database.sql, true);
        const checkpoints = new Map([['tereze/0', { size: 3, root: 'a'.repeat(64) }]]);
        store.fault = () => fault;
        expect(await anchor.keep(checkpoints)).to.equal(false);
        store.fault = () => undefined;
        expect(await anchor.keep(checkpoints)).to.equal(true);
      });

    it('fences in one place while another does not answer', async () => {
      const slow = new MemoryStore();
      const anchor = await started([slow.open('slow'), store.open('fast')], database.sql, true);
      let release = (): void => undefined;
      slow.wait = () => new Promise((resolve) => (release = resolve));
      expect(await anchor.fence(await database.withdraw())).to.deep.equal({ fenced: true });
      slow.wait = async () => undefined;
      release();
    });

    it('says that it could not fence within its limit, and fences later', async () => {
      const anchor = await started([store.open()], database.sql, true);
      let release = (): void => undefined;
      store.wait = () => new Promise((resolve) => (release = resolve));
      expect(await anchor.fence(await database.withdraw())).to.deep.equal({ fenced: false });
      store.wait = async () => undefined;
      release();
      await anchor.close();
      expect(await headIn(store)).to.deep.include({ restrictions: 1 });
    });

    it('says at once that no place can be written, alarms once, and fences when one can', async () => {
      const anchor = await started([store.open('office')], database.sql, true);
      expect(anchor.canFence()).to.equal(true);
      store.down = 'denied';
      const number = await database.withdraw();
      expect(await anchor.fence(number)).to.deep.equal({ fenced: false });
      expect(await anchor.fence(number)).to.deep.equal({ fenced: false });
      expect(anchor.canFence()).to.equal(false);
      expect(anchor.standing.kind).to.equal('current');
      expect(events().filter((event) => event === 'anchor_place_failed')).to.have.length(1);
      store.down = undefined;
      expect(await anchor.fence(number)).to.deep.equal({ fenced: true });
      expect(anchor.canFence()).to.equal(true);
      expect(events().filter((event) => event === 'anchor_place_restored')).to.have.length(1);
    });

    it('does not say fenced when the write failed, and finds what was written without a reply', async () => {
      const anchor = await started([store.open()], database.sql, true);
      store.fault = () => 'not_written';
      expect(await anchor.fence(await database.withdraw())).to.deep.equal({ fenced: false });
      expect(await headIn(store)).to.deep.include({ restrictions: 0 });
      store.fault = () => 'reply_lost';
      expect(await anchor.fence(1)).to.deep.equal({ fenced: false });
      store.fault = () => undefined;
      expect(await anchor.fence(1)).to.deep.equal({ fenced: true });
    });

    it('loses no number of two replicas that write to the same place', async () => {
      const [one, other] = [
        await started([store.open()], database.sql, true),
        await started([store.open()], database.sql),
      ];
      const fenced = await Promise.all(
        Array.from({ length: 20 }, async (_, turn) => {
          const number = await database.withdraw(`consent-${turn}`);
          return (turn % 2 === 0 ? one : other).fence(number);
        }),
      );
      expect(fenced.every((outcome) => outcome.fenced)).to.equal(true);
      const { value } = await new AnchorTexts(store.open(), signer).readSegment(0);
      expect(value.restrictions.map(({ number }) => number)).to.deep.equal(
        Array.from({ length: 20 }, (_, place) => place + 1),
      );
    });

    it('refuses a connection to a server that lost commits, and stays so until the database is compared again', async () => {
      await database.append('tereze/0', 3);
      const anchor = await started([store.open()], database.sql, true);
      expect(await anchor.admits(database.sql)).to.equal(true);
      await copy.append('tereze/0', 2);
      expect(await anchor.admits(copy.sql)).to.equal(false);
      expect(anchor.standing.kind).to.equal('behind');
      expect(await anchor.admits(database.sql)).to.equal(false);
    });

    it('notices a head of another replica that is larger than its own database', async () => {
      await database.append('tereze/0', 1);
      await copy.append('tereze/0', 1);
      const onCopy = await started([store.open()], copy.sql, true);
      const onPrimary = await started([store.open()], database.sql);
      await database.append('tereze/0', 5);
      await onPrimary.fence(await database.withdraw());
      await copy.append('tereze/1', 1);
      const behind = new Promise<void>((resolve) => onCopy.onStanding(({ kind }) => kind === 'behind' && resolve()));
      expect(await onCopy.fence(1)).to.deep.equal({ fenced: false });
      await behind;
      expect(onCopy.canFence()).to.equal(false);
    });

    it('fences a withdrawal that a refused database took, so that the right database lacks it as well', async () => {
      await database.append('tereze/0', 3);
      await database.withdraw('first');
      await (await started([store.open()], database.sql, true)).close();
      const anchor = await started([store.open()], copy.sql);
      expect(anchor.standing.kind).to.equal('behind');
      expect(anchor.canFence()).to.equal(false);
      expect(await anchor.fence(await copy.withdraw('late'))).to.deep.equal({ fenced: true });
      const { value } = await new AnchorTexts(store.open(), signer).readSegment(0);
      expect(value.restrictions.map(({ number, id }) => [number, id])).to.deep.equal([
        [1, 'first'],
        [2, 'late'],
      ]);
      await anchor.close();
      expect((await started([store.open()], database.sql)).standing.kind).to.equal('behind');
    });

    it('fences nothing where no head was ever written: the withdrawal would pass for one', async () => {
      const anchor = await started([store.open()]);
      expect(await anchor.fence(await database.withdraw())).to.deep.equal({ fenced: false });
      expect(store.writes).to.equal(0);
    });

    it('serves again once the database was accepted', async () => {
      await database.append('tereze/0', 3);
      await (await started([store.open()], database.sql, true)).close();
      const anchor = await started([store.open()], copy.sql);
      const current = new Promise<void>((resolve) => anchor.onStanding(({ kind }) => kind === 'current' && resolve()));
      await copy.accept();
      await current;
      expect(await anchor.admits(copy.sql)).to.equal(true);
    });
  });
});
