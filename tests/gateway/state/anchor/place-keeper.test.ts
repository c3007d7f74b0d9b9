import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { AnchorTexts } from '../../../../gateway/state/anchor/anchor-texts.js';
import type { Head } from '../../../../gateway/state/anchor/head.js';
import { segmentsBetween } from '../../../../gateway/state/anchor/journal.js';
import { PlaceKeeper } from '../../../../gateway/state/anchor/place-keeper.js';
import { faultOf } from '../../../../gateway/state/anchor/place.js';
import { createSigner } from '../../../../gateway/state/anchor/signed.js';
import type { NumberedRestriction } from '../../../../schemas/ports/restrictions.js';
import { rejection } from '../../../rejection.js';
import { headOf } from './heads.js';
import { MemoryStore, type WriteFault } from './memory-place.js';

const signer = createSigner(createHash('sha256').update('secret').digest());
const restriction = (number: number): NumberedRestriction => ({
  number,
  kind: 'withdrawal',
  id: `consent-${number}`,
  revision: 2,
});
const upTo = (through: number) => async (after: number) =>
  Array.from({ length: Math.max(through - after, 0) }, (_, position) => restriction(after + 1 + position));
const keeperOver = (store: MemoryStore): PlaceKeeper => new PlaceKeeper(new AnchorTexts(store.open(), signer));
const write = (keeper: PlaceKeeper, head: Head): Promise<void> => keeper.write(head, upTo(head.restrictions));

async function held(store: MemoryStore): Promise<{ head: Head; numbers: readonly number[] }> {
  const texts = new AnchorTexts(store.open(), signer);
  const head = (await texts.readHead()).value;
  const segments = await Promise.all(
    segmentsBetween(1, head.restrictions).map(async (segment) => (await texts.readSegment(segment)).value),
  );
  return { head, numbers: segments.flatMap(({ restrictions }) => restrictions.map(({ number }) => number)) };
}

describe('PlaceKeeper', () => {
  let store: MemoryStore;
  beforeEach(() => {
    store = new MemoryStore();
  });

  it('writes the journal before the head that names it', async () => {
    const written: string[] = [];
    store.fault = (text) => void written.push(text);
    await write(keeperOver(store), headOf({ 'tereze/0': 3 }, { restrictions: 600 }));
    expect(written).to.deep.equal(['journal-0', 'journal-1', 'journal-2', 'head']);
    expect((await held(store)).numbers).to.have.length(600);
  });

  it('writes nothing where nothing has grown', async () => {
    const keeper = keeperOver(store);
    await write(keeper, headOf({ 'tereze/0': 3 }, { restrictions: 1 }));
    const { writes } = store;
    await write(keeper, headOf({ 'tereze/0': 3 }, { restrictions: 1 }));
    await write(keeperOver(store), headOf({ 'tereze/0': 2 }));
    expect(store.writes).to.equal(writes);
  });

  it('writes one segment and the head for one more restriction', async () => {
    const keeper = keeperOver(store);
    await write(keeper, headOf({}, { restrictions: 1_000 }));
    const { writes } = store;
    await write(keeper, headOf({}, { restrictions: 1_001 }));
    expect(store.writes - writes).to.equal(2);
  });

  it('never replaces a head that this installation has not signed', async () => {
    const other = new AnchorTexts(store.open(), createSigner(createHash('sha256').update('another').digest()));
    await other.writeHead(headOf({ 'tereze/0': 1 }), undefined);
    const before = store.texts.get('head');
    expect(faultOf(await rejection(write(keeperOver(store), headOf({ 'tereze/0': 9 }))))).to.equal('unsigned');
    expect(store.texts.get('head')).to.equal(before);
  });

  it('refuses a segment that stands at the place of another', async () => {
    await write(keeperOver(store), headOf({}, { restrictions: 300 }));
    const first = store.texts.get('journal-0');
    if (first !== undefined) store.texts.set('journal-1', first);
    expect(faultOf(await rejection(write(keeperOver(store), headOf({}, { restrictions: 301 }))))).to.equal('unsigned');
  });

  it('drops what the database has dropped for its age', async () => {
    const keeper = keeperOver(store);
    await write(keeper, headOf({}, { restrictions: 600 }));
    await write(keeper, headOf({}, { restrictions: 600, journalFrom: 300 }));
    expect((await held(store)).numbers).to.deep.equal(Array.from({ length: 301 }, (_, place) => 300 + place));
    await write(keeper, headOf({}, { restrictions: 600, journalFrom: 601 }));
    expect((await held(store)).numbers).to.deep.equal([]);
  });

  it('gives a place that lost everything all of it again', async () => {
    const keeper = keeperOver(store);
    await write(keeper, headOf({ 'tereze/0': 1 }, { restrictions: 3 }));
    store.texts.clear();
    await write(keeper, headOf({ 'tereze/0': 2 }, { restrictions: 4 }));
    expect((await held(store)).numbers).to.deep.equal([1, 2, 3, 4]);
  });

  it('loses no number of several writers when writes are not made, or made without a reply', async () => {
    const fault = fc.constantFrom<WriteFault | undefined>('not_written', 'reply_lost', undefined, undefined);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(2), fc.constantFrom(0, 1, 2, 250)), { minLength: 1, maxLength: 12 }),
        fc.array(fault, { maxLength: 20 }),
        async (steps, faults) => {
          const shared = new MemoryStore();
          const keepers = [0, 1, 2].map(() => keeperOver(shared));
          const waiting = [...faults];
          shared.fault = () => waiting.shift();
          // What the database holds at each step; a step of a writer may still run when the next begins.
          let restrictions = 0;
          const acknowledged: number[] = [];
          const lasts: Promise<void>[] = keepers.map(async () => undefined);
          for (const [writer, more] of steps) {
            restrictions += more;
            const database = headOf(restrictions === 0 ? {} : { 'tereze/0': restrictions }, { restrictions });
            lasts[writer] = (lasts[writer] ?? Promise.resolve())
              .then(() => write(keepers[writer] as PlaceKeeper, database))
              .then(
                () => void acknowledged.push(database.restrictions),
                () => undefined,
              );
            await Promise.resolve();
          }
          await Promise.all(lasts);
          const { head, numbers } = await held(shared);
          const newest = Math.max(0, ...acknowledged);
          expect(head.restrictions).to.be.at.least(newest);
          expect(numbers.slice(0, head.restrictions)).to.deep.equal(
            Array.from({ length: head.restrictions }, (_, place) => place + 1),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
