import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { mapAll, Problems } from '../../schemas/problems.js';
import { alertsOf } from './cases.js';
import { parseRule, type ParsedRule } from './parse-rule.js';
import type { Rule } from './rule.js';
import { DetectionRuleInvalid } from './rule-invalid.js';

export type { Rule };

/**
 * Reads every `<rule>.yaml` of a folder, and runs the cases of each. Rejects with {@link DetectionRuleInvalid} for a file
 * that is malformed or whose case raises another number of alerts than it says; with `SeveralProblems` if there are more.
 */
export async function readRules(folder: string): Promise<readonly Rule[]> {
  const parsed = mapAll(ruleFiles(folder), (file) => ({ file, ...readRule(file) }));
  const problems = new Problems();
  for (const one of parsed) await problems.attemptAsync(() => checkCases(one));
  problems.throwIfAny();
  return parsed.map(({ rule }) => rule);
}

function ruleFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (cause) {
    throw new DetectionRuleInvalid({ file: folder }, 'the folder of detection rules cannot be read', { cause });
  }
}

function readRule(file: string): ParsedRule {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (cause) {
    throw new DetectionRuleInvalid({ file }, 'cannot be read as UTF-8', { cause });
  }
  const parsed = parseRule(file, text);
  const { name } = parsed.rule;
  if (basename(file) !== `${name}.yaml`)
    throw new DetectionRuleInvalid({ file, line: 1, key: 'rule' }, `the file of the rule ${name} must be ${name}.yaml`);
  return parsed;
}

async function checkCases({ file, rule, cases }: ParsedRule & { readonly file: string }): Promise<void> {
  for (const { line, ...one } of cases) {
    const place = { file, line, key: 'cases' };
    const raised = await alertsOf(rule, one).catch((cause: unknown) => {
      throw new DetectionRuleInvalid(place, `${one.name}: there is no time zone ${one.time_zone}`, { cause });
    });
    if (raised !== one.alerts)
      throw new DetectionRuleInvalid(place, `${one.name}: raises ${raised} alerts instead of ${one.alerts}`);
  }
}
