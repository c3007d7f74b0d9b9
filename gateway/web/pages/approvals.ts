import { Refusal } from '../../../schemas/refusal.js';
import type { ApprovalView, Ask } from '../asking.js';
import type { Page } from '../page.js';
import type { Sessions } from '../session.js';
import { groundsIn } from './person.js';
import { givenFilters, inInstants, ROWS } from './search.js';

/** Colours of states (govuk-frontend). A tag always has its word too. */
const COLOURS: Readonly<Record<ApprovalView['state'], string>> = {
  asked: 'yellow',
  approved: 'green',
  refused: 'red',
  used: 'grey',
  expired: 'grey',
};

export interface ApprovalPagesDependencies {
  readonly ask: Ask;
  readonly sessions: Sessions;
  readonly timeZone: string;
}

/** Returns the pages on which officers ask for approvals, and second officers decide about them. */
export function approvalPages({ ask, sessions, timeZone }: ApprovalPagesDependencies): readonly Page[] {
  return [
    {
      method: 'GET',
      path: '/{language}/approvals',
      run: async ({ officer, query }) => {
        const { waiting, asked } = await ask(officer, 'GET /audit/v1/approvals');
        const data = { waiting: waiting.map(shown), asked: asked.map(shown), isSecond: officer.roles.has('second') };
        return { kind: 'page', template: 'approvals', data: { ...data, done: doneOf(query) } };
      },
    },
    {
      method: 'POST',
      path: '/{language}/approvals',
      run: async ({ officer, form, language }) => {
        const filters = inInstants(givenFilters(form), timeZone);
        const body = { action: 'search', filters, ...groundsIn(form), limit: ROWS };
        await ask(officer, 'POST /audit/v1/approvals', { body });
        return { kind: 'redirect', to: `/${language}/approvals?done=asked` };
      },
    },
    ...(['approve', 'refuse'] as const).map((decision): Page => ({
      method: 'POST',
      path: `/{language}/approvals/{approval}/${decision}`,
      run: async ({ officer, form, language, parameters }) => {
        const input = { path: { approval: parameters['approval'] ?? '' }, body: { hash: form.get('hash') ?? '' } };
        await ask(officer, `POST /audit/v1/approvals/{approval}/${decision}`, input);
        return { kind: 'redirect', to: `/${language}/approvals?done=${decision}` };
      },
    })),
    {
      method: 'POST',
      path: '/{language}/approvals/{approval}/use',
      run: async ({ officer, form, language, parameters, session }) => {
        const { asked } = await ask(officer, 'GET /audit/v1/approvals');
        const found = asked.find(({ id }) => id === parameters['approval']);
        if (found === undefined) throw new Refusal('NOT_FOUND');
        const { filters, reason, case: matter, namesPerson } = found.request;
        const person = namesPerson ? { person: (form.get('person') ?? '').replace(/\s/g, '') } : {};
        const id = sessions.keep(session, { filters, reason, case: matter, approval: found.id, ...person });
        return { kind: 'redirect', to: `/${language}/searches/${id}` };
      },
    },
  ];
}

/** What was done before this page was shown; the address may say nothing else. */
function doneOf(query: URLSearchParams): string | undefined {
  return ['asked', 'approve', 'refuse'].find((one) => one === query.get('done'));
}

/** An approval as a card. Filters are texts of the officer who asked. */
function shown({ request, state, ...approval }: ApprovalView): object {
  const filters = Object.entries(request.filters).map(([name, value]) => ({ name, value }));
  // The interface carries out exactly what was approved, so that what these pages cannot repeat is not offered.
  const isUsable =
    state === 'approved' && !request.isContinued && request.limit === ROWS && approval.action === 'search';
  return { ...approval, ...request, filters, state, colour: COLOURS[state], isUsable };
}
