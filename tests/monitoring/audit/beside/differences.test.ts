import { expect } from 'chai';
import fc from 'fast-check';
import { columnsOf, ENTRY_COLUMNS, type EntryColumns } from '../../../../monitoring/audit/beside/columns.js';
import {
  commitsToTokens,
  differencesBeside,
  type Beside,
  type Difference,
  type SubjectRow,
} from '../../../../monitoring/audit/beside/differences.js';
import type { EntryDraft, StoredBody } from '../../../../monitoring/audit/entries.js';
import { prepareEntry } from '../../../../monitoring/audit/append/prepared-entry.js';
import { readBody } from '../../../../monitoring/audit/stored-entry.js';
import { besideOf, committed, completionDraft, intentDraft, refusalDraft } from '../drafts.js';

/** An entry as it is read back after it was written. */
interface Written {
  readonly body: StoredBody;
  readonly beside: Beside;
}

function written(draft: EntryDraft): Written {
  const { bytes, columns, subjects } = prepareEntry(draft);
  const at = columns.at.replace('Z', '000Z');
  return {
    body: readBody(bytes) as StoredBody,
    beside: { columns: { ...columns, at }, subjects: subjects.map((subject) => ({ ...subject, at })) },
  };
}

const name = fc.string({ minLength: 1, maxLength: 6 });
const people = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 5 });
const question = fc.record({
  purpose: fc.option(name),
  case: fc.option(fc.record({ agency: name, number: name })),
  documentName: fc.option(name),
  documentHash: fc.option(name),
  operationName: fc.option(name),
});
const draft = fc
  .tuple(people, question, fc.constantFrom('intent', 'completion', 'refusal'))
  .map(([named, asked, kind]) => {
    if (kind === 'intent') return intentDraft('r1', { ...asked, subjects: named });
    const { body } =
      kind === 'completion'
        ? completionDraft('r1', { ...asked, subjects: committed(named) })
        : refusalDraft('r1', { ...asked, subjects: committed(named) });
    return { body, beside: besideOf(named) };
  });

const withRow = ({ body, beside }: Written, position: number, change: Partial<SubjectRow>): Written => ({
  body,
  beside: {
    ...beside,
    subjects: beside.subjects.map((row) => (row.position === position ? { ...row, ...change } : row)),
  },
});
const withRows = ({ body, beside }: Written, subjects: readonly SubjectRow[]): Written => ({
  body,
  beside: { ...beside, subjects },
});
const compare = ({ body, beside }: Written): readonly Difference[] => differencesBeside(body, beside);
const flipped = (bytes: Uint8Array | null, bit: number): Buffer => {
  const changed = Buffer.from(bytes ?? []);
  const at = Math.floor(bit / 8) % changed.length;
  changed[at] = (changed[at] ?? 0) ^ (1 << (bit % 8));
  return changed;
};

describe('what stands beside an entry', () => {
  it('is as the bytes say after it was written', () => {
    fc.assert(fc.property(draft, (one) => void expect(compare(written(one))).to.deep.equal([])));
  });

  it('is named with the value of the bytes, whichever column was changed', () => {
    const columns = Object.keys(ENTRY_COLUMNS) as (keyof EntryColumns)[];
    fc.assert(
      fc.property(draft, fc.constantFrom(...columns), fc.option(fc.string()), (one, column, value) => {
        const entry = written(one);
        fc.pre(entry.beside.columns[column] !== value);
        const changed = { ...entry.beside, columns: { ...entry.beside.columns, [column]: value } };
        const bytes = columnsOf(entry.body)[column];
        expect(differencesBeside(entry.body, changed)).to.deep.equal([
          {
            kind: 'column',
            column: ENTRY_COLUMNS[column].column,
            stored: value,
            bytes: bytes === null ? null : Array.isArray(bytes) ? JSON.stringify(bytes) : String(bytes),
          },
        ]);
      }),
    );
  });

  it('is named to the microsecond', () => {
    const { body, beside } = written(intentDraft('r1'));
    const at = '2026-11-23T10:00:00.000001Z';
    expect(differencesBeside(body, { ...beside, columns: { ...beside.columns, at } })).to.deep.equal([
      { kind: 'column', column: 'at', stored: at, bytes: '2026-11-23T10:00:00.000Z' },
    ]);
  });

  it('names the person whose token or salt was changed, by any bit', () => {
    fc.assert(
      fc.property(draft, fc.nat(), fc.nat(127), fc.constantFrom('token', 'salt'), (one, nth, bit, member) => {
        const entry = written(one);
        const position = nth % entry.beside.subjects.length;
        const row = entry.beside.subjects[position] as SubjectRow;
        expect(compare(withRow(entry, position, { [member]: flipped(row[member], bit) }))).to.deep.equal([
          { kind: 'subject_token', position },
        ]);
      }),
    );
  });

  it('names the person whose sealed identity was changed, by any bit, or taken away', () => {
    fc.assert(
      fc.property(draft, fc.nat(), fc.option(fc.nat(200)), (one, nth, bit) => {
        const entry = written(one);
        const position = nth % entry.beside.subjects.length;
        const { sealed } = entry.beside.subjects[position] as SubjectRow;
        expect(compare(withRow(entry, position, { sealed: bit === null ? null : flipped(sealed, bit) }))).to.deep.equal(
          [{ kind: 'subject_sealed', position }],
        );
      }),
    );
  });

  it('names the person who has a sealed identity that the entry does not commit to', () => {
    const { body, beside } = intentDraft('r1', { subjects: ['a'] });
    const [person] = 'subjects' in body ? body.subjects : [];
    const none = { body: { ...body, subjects: [{ ...person, sealed: null }] } as typeof body, beside };
    expect(() => prepareEntry(none)).to.throw(RangeError);
    const entry = written({ ...none, beside: { ...beside, subjectSealed: [null] } });
    expect(compare(entry)).to.deep.equal([]);
    expect(compare(withRow(entry, 0, { sealed: Buffer.of(1) }))).to.deep.equal([
      { kind: 'subject_sealed', position: 0 },
    ]);
  });

  it('names the person whose row is gone, or has lost its token or salt', () => {
    fc.assert(
      fc.property(draft, fc.nat(), (one, nth) => {
        const entry = written(one);
        const position = nth % entry.beside.subjects.length;
        const missing = [{ kind: 'subject_missing', position }];
        expect(
          compare(
            withRows(
              entry,
              entry.beside.subjects.filter((row) => row.position !== position),
            ),
          ),
        ).to.deep.equal(missing);
        for (const member of ['token', 'salt'])
          expect(compare(withRow(entry, position, { [member]: null }))).to.deep.equal(missing);
      }),
    );
  });

  it('names a row that belongs to no person of the entry, and one that is there twice', () => {
    fc.assert(
      fc.property(draft, fc.nat(), (one, nth) => {
        const entry = written(one);
        const { subjects } = entry.beside;
        const row = subjects[nth % subjects.length] as SubjectRow;
        expect(compare(withRows(entry, [...subjects, { ...row, position: subjects.length }]))).to.deep.equal([
          { kind: 'subject_unknown', position: subjects.length },
        ]);
        expect(compare(withRows(entry, [...subjects, row]))).to.deep.equal([
          { kind: 'subject_unknown', position: row.position },
        ]);
      }),
    );
  });

  it('names rows that changed places, and a row with another time', () => {
    const entry = written(intentDraft('r1', { subjects: ['a', 'b'] }));
    const [first, second] = entry.beside.subjects as [SubjectRow, SubjectRow];
    expect(
      compare(
        withRows(entry, [
          { ...first, position: 1 },
          { ...second, position: 0 },
        ]),
      ),
    ).to.deep.equal([
      { kind: 'subject_token', position: 0 },
      { kind: 'subject_token', position: 1 },
    ]);
    expect(compare(withRow(entry, 1, { at: '2025-11-23T10:00:00.000000Z' }))).to.deep.equal([
      {
        kind: 'subject_at',
        position: 1,
        stored: '2025-11-23T10:00:00.000000Z',
        bytes: '2026-11-23T10:00:00.000Z',
      },
    ]);
  });

  it('never throws, whichever bytes someone wrote in the place of an entry', () => {
    const { beside } = written(intentDraft('r1', { subjects: ['a'] }));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...MEMBERS), fc.jsonValue()), (body) => {
        expect(differencesBeside(body as unknown as StoredBody, beside)).not.to.have.length(0);
      }),
    );
  });

  describe('of versions 1 to 3', () => {
    const earlier = (body: object): StoredBody => ({ ...body, schemaVersion: 3 }) as unknown as StoredBody;
    const later = written(intentDraft('r1', { subjects: ['a', 'b'] }));
    const { body } = later;
    const unsealed = later.beside.subjects.map((row) => ({ ...row, sealed: null }));
    const beside = { ...later.beside, subjects: unsealed };
    const intent = earlier({ ...body, subjects: ['c0', 'c1'] });
    const columns = { ...beside.columns, schemaVersion: 3 };

    it('does not commit to tokens, so that only number and places of rows are compared', () => {
      expect(commitsToTokens(intent)).to.equal(false);
      expect(commitsToTokens(body)).to.equal(true);
      const rows = beside.subjects.map((row) => ({ ...row, token: flipped(row.token, 1) }));
      expect(differencesBeside(intent, { columns, subjects: rows })).to.deep.equal([]);
      expect(differencesBeside(intent, { columns, subjects: rows.slice(1) })).to.deep.equal([
        { kind: 'subject_missing', position: 0 },
      ]);
      expect(differencesBeside(intent, { columns, subjects: [] })).to.have.length(2);
    });

    it('may lack all rows of a completion whose end is unknown', () => {
      const unknown = earlier({ ...intent, kind: 'completion', outcome: 'unknown' });
      const stored = { ...columns, kind: 'completion', outcome: 'unknown' };
      expect(differencesBeside(unknown, { columns: stored, subjects: [] })).to.deep.equal([]);
    });

    it('may lack the hash of the document in version 1, which had no column for it', () => {
      const first = { ...columns, schemaVersion: 1, documentHash: null };
      const subjects = beside.subjects;
      const of = (schemaVersion: number) => ({ ...intent, schemaVersion }) as StoredBody;
      expect(differencesBeside(of(1), { columns: first, subjects })).to.deep.equal([]);
      expect(differencesBeside(of(2), { columns: { ...first, schemaVersion: 2 }, subjects })).to.have.length(1);
    });
  });
});

const MEMBERS = ['kind', 'schemaVersion', 'requestId', 'at', 'caller', 'case', 'subjects', 'outcome', 'act'] as const;
