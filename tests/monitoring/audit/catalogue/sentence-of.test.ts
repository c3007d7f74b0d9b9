import { expect } from 'chai';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../../gateway/state/package-root.js';
import { eventOf, PARAMETERS, sentenceOf } from '../../../../monitoring/audit/catalogue/sentence-of.js';
import { SENTENCES, UNKNOWN_EVENT } from '../../../../monitoring/audit/catalogue/sentences.js';
import { refusalsEntry, type StoredBody } from '../../../../monitoring/audit/entries.js';
import { LANGUAGES } from '../../../../schemas/language.js';
import { completionDraft, intentDraft, refusalDraft } from '../drafts.js';

const FOLDER = join(packageRoot(), 'tests', 'golden', 'entries');
const stored = readdirSync(FOLDER).flatMap((version) =>
  readdirSync(join(FOLDER, version)).map(
    (file) => JSON.parse(readFileSync(join(FOLDER, version, file), 'utf8')) as StoredBody,
  ),
);
const parametersIn = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

describe('the sentence of an entry', () => {
  for (const [event, texts] of Object.entries(SENTENCES)) {
    it(`has the same parameters in each language: ${event}`, () => {
      for (const language of LANGUAGES) {
        expect(parametersIn(texts[language])).to.deep.equal(parametersIn(texts.en));
        expect(PARAMETERS).to.include.members([...parametersIn(texts[language])]);
      }
      expect(texts.ru).to.match(/[а-я]{3}/);
      expect(texts.kk).to.match(/[а-яәіңғүұқөһ]{3}/);
    });
  }

  it('says what happened, to whichever caller, purpose and case', () => {
    const { body: intent } = intentDraft('r1', { subjects: ['a', 'b'] });
    expect(sentenceOf(intent, 'en')).to.equal(
      'housing/housing asks for data (purpose housing_queue, case HQ-2026-000101). People named: 2. Registers: population.',
    );
    const { body: refusal } = refusalDraft('r1', { case: null, categories: ['tax.income'] });
    expect(sentenceOf(refusal, 'ru')).to.equal(
      'housing/housing: отказано (цель housing_queue): POLICY_DENIED. Названо лиц: 0. Категории: tax.income.',
    );
    const noOne = { officer: null, actor: null, model: null };
    const caller = { agency: null, system: 'portal', kind: 'citizen', ...noOne } as const;
    const { body: own } = completionDraft('r1', { purpose: null, caller, moreSubjects: 3 });
    expect(sentenceOf(own, 'kk')).to.equal(
      'portal арқылы азамат: жауап алынды. Адамдар: 3. Ашылды: жоқ. Ашылмады: жоқ.',
    );
    const assistant = { ...caller, agency: 'social', system: 'assistant', kind: 'ai', actor: 'o-17' } as const;
    expect(sentenceOf(intentDraft('r1', { caller: assistant }).body, 'en')).to.match(
      /^social\/assistant for officer o-17 asks for data/,
    );
    const counted = { requestId: 'r1', at: new Date(0), code: 'UNAUTHENTICATED', source: '10.0.0.1', count: 3 };
    expect(sentenceOf(refusalsEntry(counted), 'en')).to.equal(
      'Requests refused within a second: 3, UNAUTHENTICATED. From: 10.0.0.1, the caller is not known.',
    );
  });

  it('is there for every entry of every version, in each language, with nothing left to fill in', () => {
    for (const body of stored)
      for (const language of LANGUAGES) {
        expect(eventOf(body), JSON.stringify(body)).to.not.equal(undefined);
        expect(sentenceOf(body, language)).to.not.match(/[{}]|undefined|null|\[object/);
      }
  });

  it('says of people only how many there are', () => {
    for (const body of stored)
      for (const subject of 'subjects' in body ? body.subjects : [])
        for (const language of LANGUAGES)
          expect(sentenceOf(body, language)).to.not.include(typeof subject === 'string' ? subject : subject.person);
  });

  it('fills in a text of a caller once, with whichever characters', () => {
    const { body } = intentDraft('r1', { case: { agency: 'housing', number: '{people} $& {who}' } });
    expect(sentenceOf(body, 'en')).to.include('case {people} $& {who})');
  });

  it('is there for bytes that someone changed, and for kinds that are not known', () => {
    expect(sentenceOf({ kind: 'unreadable' }, 'en')).to.equal(UNKNOWN_EVENT.en);
    expect(sentenceOf({ kind: 'toString' }, 'kk')).to.equal(UNKNOWN_EVENT.kk);
    const member = fc.constantFrom(
      'kind',
      'outcome',
      'act',
      'caller',
      'case',
      'subjects',
      'reads',
      'disclosed',
      'purpose',
    );
    const known = fc.constantFrom('intent', 'refusal', 'refusals');
    fc.assert(
      fc.property(fc.dictionary(member, fc.jsonValue()), known, (body, kind) => {
        expect(sentenceOf({ ...body, kind }, 'ru'))
          .to.be.a('string')
          .and.not.equal('');
      }),
    );
  });
});
