import { describeGate } from '../../ports/gate.js';
import { describeQuality } from '../../ports/quality.js';
import { APPLICANT, CHILD, fakeGate, NO_CONTRACTS, PUBLIC_TASK, SPOUSE } from './harness.js';

const CATEGORIES = [
  { category: 'identity', access: 'disclose' as const },
  { category: 'identity', access: 'read' as const },
  { category: 'land', access: 'disclose' as const },
];

/** The executor is tested over these: what they do must be what the real ones may do. */
describeGate('The gate of the executor’s tests', () => ({
  gate: fakeGate(({ subject }, category) =>
    subject.id === CHILD ? 'absent' : category === 'land' ? 'CONSENT_REQUIRED' : PUBLIC_TASK,
  ),
  questions: [APPLICANT, SPOUSE, CHILD, APPLICANT].map((id) => ({
    subject: { id, role: 'self' },
    categories: CATEGORIES,
  })),
}));

describeQuality('Registers without contracts', () => ({ quality: NO_CONTRACTS }));
