import { expect } from 'chai';
import type { Place } from '../../gateway/state/anchor/place.js';

/** One store, and as many places over it as there are writers. */
export interface PlaceStore {
  open(): Place;
  close(): Promise<void>;
}

/** What every `Place` promises. */
export function describePlace(name: string, openStore: () => Promise<PlaceStore>): void {
  describe(`${name} keeps the contract of Place`, () => {
    let store: PlaceStore;
    const opened: Place[] = [];
    const open = (): Place => {
      const place = store.open();
      opened.push(place);
      return place;
    };
    const versionOf = async (place: Place, text: 'head' | 'journal-0' = 'head'): Promise<string | undefined> =>
      (await place.read(text))?.version;

    beforeEach(async () => {
      store = await openStore();
    });
    afterEach(async () => {
      for (const place of opened.splice(0)) place.close();
      await store.close();
    });

    it('reads nothing where nothing was written', async () => {
      expect(await open().read('head')).to.equal(undefined);
    });

    it('reads what was written, also through another writer', async () => {
      expect((await open().write('head', 'one\n', undefined)).outcome).to.equal('written');
      expect((await open().read('head'))?.content).to.equal('one\n');
    });

    it('keeps texts of other names apart', async () => {
      const place = open();
      await place.write('head', 'the head', undefined);
      await place.write('journal-0', 'a segment', undefined);
      await place.write('journal-12', 'another', undefined);
      expect((await place.read('head'))?.content).to.equal('the head');
      expect((await place.read('journal-0'))?.content).to.equal('a segment');
      expect((await place.read('journal-12'))?.content).to.equal('another');
      expect(await place.read('journal-1')).to.equal(undefined);
    });

    it('replaces the version that it was told, any number of times', async () => {
      const place = open();
      for (const content of ['one', 'two', 'three', 'four', 'five']) {
        expect((await place.write('head', content, await versionOf(place))).outcome).to.equal('written');
        expect((await open().read('head'))?.content).to.equal(content);
      }
    });

    it('names the version that a write made, or leaves it to be read', async () => {
      const place = open();
      const written = await place.write('head', 'one', undefined);
      const version = written.outcome === 'written' ? written.version : 'none';
      expect(version ?? (await versionOf(place))).to.equal(await versionOf(place));
    });

    it('writes nothing over a text that it did not read', async () => {
      const place = open();
      await place.write('head', 'one', undefined);
      expect((await open().write('head', 'two', undefined)).outcome).to.equal('conflict');
      expect((await place.read('head'))?.content).to.equal('one');
    });

    it('writes nothing over a version that was replaced', async () => {
      const [first, second] = [open(), open()];
      await first.write('head', 'one', undefined);
      const version = await versionOf(second);
      await first.write('head', 'two', version);
      expect((await second.write('head', 'three', version)).outcome).to.equal('conflict');
      await first.write('head', 'four', await versionOf(first));
      expect((await second.write('head', 'five', version)).outcome).to.equal('conflict');
      expect((await second.read('head'))?.content).to.equal('four');
    });

    it('lets one of several who replace a version succeed', async () => {
      for (let round = 0; round < 10; round += 1) {
        const writers = Array.from({ length: 4 }, open);
        const version = await versionOf(open());
        const outcomes = await Promise.all(
          writers.map((writer, number) => writer.write('head', `${round} by ${number}`, version)),
        );
        const winners = outcomes.flatMap(({ outcome }, number) => (outcome === 'written' ? [number] : []));
        expect(winners).to.have.length(1);
        expect((await open().read('head'))?.content).to.equal(`${round} by ${String(winners[0])}`);
      }
    });

    it('loses no number that several writers count', async () => {
      const count = async (place: Place): Promise<void> => {
        for (let done = 0; done < 10;) {
          const stored = await place.read('head');
          const next = String(Number(stored?.content ?? '0') + 1);
          if ((await place.write('head', next, stored?.version)).outcome === 'written') done += 1;
        }
      };
      await Promise.all([count(open()), count(open()), count(open())]);
      expect((await open().read('head'))?.content).to.equal('30');
    });
  });
}
