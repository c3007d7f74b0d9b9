import { expect } from 'chai';
import { printAnswer } from '../../../../gateway/cli/client/print-answer.js';

const refused = (code: string, receipt?: { log: string; index: number; durability?: string; anchor?: string }) => ({
  errors: [{ message: 'Refused.', extensions: { code, whoMustAct: 'caller', reasons: ['why'] } }],
  extensions: { tereze: { requestId: 'r-1', ...(receipt === undefined ? {} : { receipt }) } },
});

describe('printAnswer', () => {
  it('names the option that is missing, and no entry of the log where there is none', () => {
    expect(printAnswer(refused('CASE_REQUIRED'))).to.equal(
      [
        'Not answered:',
        '  CASE_REQUIRED: Refused. [why] (caller must act)',
        '',
        'The option --case is missing: --case NUMBER, or --case AGENCY/NUMBER.',
        '',
        'Request r-1',
        '',
      ].join('\n'),
    );
  });

  it('names the entry of the log where there is one, and no option that is not missing', () => {
    const printed = printAnswer(refused('POLICY_DENIED', { log: 'tereze/0', index: 7 }));
    expect(printed).to.match(/\n\nIn the log as tereze\/0 entry 7; request r-1\n$/);
    expect(printed).not.to.include('--case');
    const single = printAnswer(refused('POLICY_DENIED', { log: 'tereze/0', index: 7, durability: 'single_node' }));
    expect(single).to.match(/In the log as tereze\/0 entry 7, on one server only; request/);
    const unproven = printAnswer(refused('POLICY_DENIED', { log: 'tereze/0', index: 7, anchor: 'none' }));
    expect(unproven).to.match(/In the log as tereze\/0 entry 7, which no one outside proves; request/);
  });

  it('says when the refusal ends, where that is known', () => {
    const extensions = { code: 'CONSENT_BOUND_REACHED', whoMustAct: 'citizen', endsAt: '2026-03-02T01:00:00.000Z' };
    expect(printAnswer({ errors: [{ message: 'Refused.', extensions }] })).to.include(
      'CONSENT_BOUND_REACHED: Refused. (citizen must act, until 2026-03-02T01:00:00.000Z)',
    );
  });

  it('puts advice between the refusal and the entry of the log', () => {
    const printed = printAnswer(refused('DOCUMENT_NOT_FOUND', { log: 'tereze/0', index: 7 }), 'Try another.');
    expect(printed).to.match(/must act\)\n\nTry another\.\n\nIn the log/);
  });
});
