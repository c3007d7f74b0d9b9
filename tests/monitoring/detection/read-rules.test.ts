import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { alertsOf } from '../../../monitoring/detection/cases.js';
import { parseRule } from '../../../monitoring/detection/parse-rule.js';
import { readRules } from '../../../monitoring/detection/read-rules.js';
import { DetectionRuleInvalid } from '../../../monitoring/detection/rule-invalid.js';
import { rejection } from '../../rejection.js';

const FOLDER = join(packageRoot(), 'monitoring', 'detection');
const SHIPPED = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }));
const SCAN = SHIPPED.find(({ name }) => name === 'scan.yaml')?.text ?? '';

const rejectionOf = async (promise: Promise<unknown>): Promise<Error> => {
  const error = await rejection(promise);
  if (!(error instanceof Error)) throw new Error('expected an error');
  return error;
};

describe('the rules of detection', () => {
  it('that ship are those of the documentation', async () => {
    const names = (await readRules(FOLDER)).map(({ name }) => name);
    const page = readFileSync(join(packageRoot(), 'docs', 'detection.md'), 'utf8');
    const [listed = ''] = page.split('## Rules of your own');
    const documented = [...listed.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, name]) => name);
    expect(names).to.deep.equal([...documented].sort());
  });

  for (const { name, text } of SHIPPED)
    for (const one of parseRule(name, text).cases)
      it(`${name}: ${one.name}`, async () => {
        expect(await alertsOf(parseRule(name, text).rule, one)).to.equal(one.alerts);
      });

  for (const { name, text } of SHIPPED)
    it(`${name} has cases that hold its threshold in place`, async () => {
      const { rule, cases } = parseRule(name, text);
      const holds = async (changed: typeof rule): Promise<boolean> => {
        for (const one of cases) if ((await alertsOf(changed, one)) !== one.alerts) return false;
        return true;
      };
      const { threshold, share_of_daily_persons: share } = rule;
      const changes =
        threshold === undefined
          ? [0.7, 0.9].map((other) => ({ ...rule, share_of_daily_persons: other }))
          : [threshold - 1, threshold + 1].filter((one) => one > 0).map((other) => ({ ...rule, threshold: other }));
      expect(threshold ?? share).to.not.equal(undefined);
      for (const changed of changes) expect(await holds(changed), JSON.stringify(changed.threshold)).to.equal(false);
    });

  it('have files of their own names only', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tereze-rules-'));
    try {
      expect(await readRules(folder)).to.deep.equal([]);
      writeFileSync(join(folder, 'other.yaml'), SCAN);
      writeFileSync(join(folder, 'broken.yaml'), 'version: 1\nrule: [');
      const error = await rejectionOf(readRules(folder));
      expect(error.message).to.include(
        `${join(folder, 'other.yaml')}:1: rule: the file of the rule scan must be scan.yaml`,
      );
      expect(error.message).to.match(/broken\.yaml:\d+: /);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('need a folder that can be read', async () => {
    expect(await rejectionOf(readRules(join(FOLDER, 'none')))).to.be.instanceOf(DetectionRuleInvalid);
  });

  it('are refused if a case does not hold, with the line of the case', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tereze-rules-'));
    try {
      const file = join(folder, 'scan.yaml');
      writeFileSync(file, SCAN.replace('threshold: 200', 'threshold: 199'));
      const line = SCAN.split('\n').findIndex((text) => text.includes('near miss, 199 people')) + 1;
      const { message } = await rejectionOf(readRules(folder));
      expect(message).to.equal(`${file}:${line}: cases: near miss, 199 people: raises 1 alerts instead of 0`);
      writeFileSync(
        file,
        SCAN.replace('  - name: near miss, 199 people', '  - time_zone: Nowhere\n    name: near miss'),
      );
      expect((await rejectionOf(readRules(folder))).message).to.equal(
        `${file}:${line}: cases: near miss: there is no time zone Nowhere`,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a malformed detection rule', () => {
  const refusal = (text: string): string => {
    try {
      parseRule('scan.yaml', text);
    } catch (error) {
      expect(error).to.be.instanceOf(DetectionRuleInvalid);
      return (error as Error).message;
    }
    return 'taken';
  };
  const lineOf = (text: string, part: string): number => text.split('\n').findIndex((one) => one.includes(part)) + 1;

  it('is taken as it ships', () => {
    expect(refusal(SCAN)).to.equal('taken');
  });

  for (const [what, before, after, message] of [
    ['an unknown key', 'severity: high', 'severty: high', 'severty: unknown key; did you mean "severity"?'],
    [
      'an unknown key of the filter',
      '  callers: agencies',
      '  caller: agencies',
      'filter.caller: unknown key; did you mean "callers"?',
    ],
    [
      'an unknown key of a case',
      'name: near miss, 199 people',
      'nam: x',
      'cases.2.nam: unknown key; did you mean "name"?',
    ],
    [
      'another severity',
      'severity: high',
      'severity: hihg',
      'severity: must be one of low, medium, high; did you mean "high"?',
    ],
    [
      'another group',
      'group: [agency, system, officer]',
      'group: [agency, sistem]',
      'group.1: must be one of agency, system, officer, person, case; did you mean "system"?',
    ],
    ['a group twice', 'group: [agency, system, officer]', 'group: [agency, agency]', 'group: names something twice'],
    [
      'another kind',
      'kinds: [completion, refusal]',
      'kinds: [completion, alert]',
      'filter.kinds.1: must be one of completion, refusal, audit_read',
    ],
    [
      'a code that there is not',
      'kinds: [completion, refusal]',
      'kinds: [refusal]\n  codes: [DENIED]',
      'filter.codes.0: is no error code (docs/errors.md)',
    ],
    ['another window', 'window: 1h', 'window: 1 hour', 'window: must be minutes (15m), hours (6h) or day'],
    ['a threshold of zero', 'threshold: 200', 'threshold: 0', 'threshold: '],
    ['a threshold that is a text', 'threshold: 200', "threshold: '200'", 'threshold: '],
    [
      'two thresholds',
      'threshold: 200',
      'threshold: 200\nshare_of_daily_persons: 0.8',
      'threshold: give either threshold or share_of_daily_persons',
    ],
    ['no threshold', 'threshold: 200\n', '', 'threshold: give either threshold or share_of_daily_persons'],
    [
      'a share of an hour',
      'threshold: 200',
      'share_of_daily_persons: 0.8',
      'share_of_daily_persons: needs a group by system, and window: day',
    ],
    [
      'a beginning of an hour',
      'threshold: 200',
      "threshold: 200\nday_begins: '12:00'",
      'day_begins: goes with window: day',
    ],
    [
      'hours that there are not',
      'callers: agencies',
      "hours: { from: '24:00', to: '06:00' }",
      'filter.hours.from: must be a time of the day',
    ],
    [
      'people of a person',
      'group: [agency, system, officer]',
      'group: [person]',
      'counts: a group by person has one person',
    ],
    [
      'a sentence in braces that there is not',
      '{count} people',
      '{person}',
      'sentence.en: may have in braces: who, case, count, threshold',
    ],
    ['a sentence without a name', '{who}: бір', 'бір', 'sentence: must have the same names in braces in each language'],
    ['no Kazakh', /\n {2}kk: .*/, '', 'sentence.kk: is missing'],
    ['another version', 'version: 1', 'version: 2', 'version: must be one of 1'],
    ['a key given twice', 'severity: high', 'severity: high\nseverity: low', 'gives the name "severity" twice'],
    [
      'no near miss',
      /alerts: 0/g,
      'alerts: 1',
      'cases: must hold a case that raises an alert, and a near miss that raises none',
    ],
    [
      'a time without a zone',
      '2026-03-02T10:00:00+05:00',
      '2026-03-02T10:00:00',
      'cases.0.entries.0.at: must be a time with its zone',
    ],
  ] as const)
    it(`is refused with file, line and key: ${what}`, () => {
      const text = SCAN.replace(before, after);
      expect(text).to.not.equal(SCAN);
      const refused = refusal(text);
      expect(refused).to.match(/^scan\.yaml:\d+: /);
      expect(refused).to.include(message);
    });

  it('is refused at the line of the key', () => {
    const text = SCAN.replace('window: 1h', 'window: 1 hour');
    expect(refusal(text)).to.match(new RegExp(`^scan\\.yaml:${lineOf(text, 'window:')}: window: `));
    const unknown = SCAN.replace('  callers: agencies', '  caller: agencies');
    expect(refusal(unknown)).to.match(new RegExp(`^scan\\.yaml:${lineOf(unknown, 'caller:')}: filter.caller: `));
  });

  it('is refused without any of its keys', () => {
    for (const key of ['version', 'rule', 'severity', 'filter', 'group', 'counts', 'window', 'sentence', 'cases']) {
      const text = SCAN.replace(new RegExp(`^${key}:.*\\n(?: .*\\n)*`, 'm'), '');
      expect(refusal(text), key).to.equal(`scan.yaml:2: ${key}: is missing`);
    }
  });

  it('is refused if it is empty, or no map', () => {
    for (const text of ['', '- a', 'x', '{}', 'a: 1\n---\nb: 1'])
      expect(refusal(text), text).to.match(/^scan\.yaml(:\d+)?: /);
  });
});
