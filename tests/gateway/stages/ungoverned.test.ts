import { CLOSED_GATE } from '../../../gateway/stages/ungoverned.js';
import { describeGate } from '../../ports/gate.js';
import { ADULT, CHILD } from '../../policies/people.js';

const categories = [
  { category: 'identity', access: 'disclose' as const },
  { category: 'identity', access: 'read' as const },
];

describeGate('The closed gate', () => ({
  gate: CLOSED_GATE,
  questions: [ADULT, CHILD].map((id) => ({ subject: { id, role: 'self' }, categories })),
}));
