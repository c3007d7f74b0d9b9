import { readFileSync } from 'node:fs';
import { createCedarEngine, type CedarEngineOptions } from '../../policies/decision/cedar-engine.js';
import type { DecisionEngine, PolicyQuestion } from '../../policies/decision/port.js';
import { parsePurposes, type Purposes } from '../../policies/decision/purposes.js';
import { readRuleFiles } from '../../policies/decision/rule-files.js';
import { silentObserver } from '../doubles.js';
import { PARTIES } from './parties.js';
import { registerCategories } from './register-categories.js';

const PURPOSES_FILE = 'policies/purposes.yaml';

/** The purposes of the repository. */
export function repositoryPurposes(): Purposes {
  return parsePurposes(PURPOSES_FILE, readFileSync(PURPOSES_FILE, 'utf8'));
}

/** An engine on the repository's rules, changed where a test says so. */
export function engineWith(changed: Partial<CedarEngineOptions> = {}): DecisionEngine {
  return createCedarEngine({
    rules: readRuleFiles('policies/rules'),
    purposes: repositoryPurposes(),
    categories: registerCategories(),
    observer: silentObserver(),
    ...changed,
  });
}

/** A question that the rules allow, changed where a test says so. */
export function question(changed: Partial<PolicyQuestion> = {}): PolicyQuestion {
  return {
    caller: PARTIES.housing,
    action: 'disclose',
    category: 'population.identity',
    purpose: 'housing_queue',
    basis: 'public_task',
    nexus: 'list',
    age: 'adult',
    ownCase: true,
    ...changed,
  };
}
