import { Refusal } from '../../../schemas/refusal.js';
import { refusalOf } from '../../officers/refusal-of.js';
import { pathOf, withParameters } from '../addresses.js';
import type { Ask } from '../asking.js';
import type { OfficerPageRequest, Page, PageAnswer } from '../page.js';
import type { KeptSearch, Sessions } from '../session.js';
import { fieldErrors } from '../view/field-errors.js';
import { inInstants, resultsOf, ROWS } from './search.js';

export interface PersonPagesDependencies {
  readonly ask: Ask;
  readonly sessions: Sessions;
  /** Dates of forms are days of this zone. */
  readonly timeZone: string;
}

/**
 * Returns the pages that search for a person. The form is sent in a body. The address of what it finds holds the id of the
 * search, which only this session knows; the search is made whenever that address is opened.
 */
export function personPages({ ask, sessions, timeZone }: PersonPagesDependencies): readonly Page[] {
  return [
    {
      method: 'POST',
      path: '/{language}/searches/{search}/approval',
      run: async ({ officer, session, language, parameters }) => {
        const kept = session.searches.get(parameters['search'] ?? '');
        if (kept === undefined) throw new Refusal('NOT_FOUND');
        const { filters, person, reason, case: matter } = kept;
        const body = { action: 'search', filters, person, reason, case: matter, limit: ROWS };
        await ask(officer, 'POST /audit/v1/approvals', { body });
        return { kind: 'redirect', to: `/${language}/approvals?done=asked` };
      },
    },
    {
      method: 'GET',
      path: '/{language}/person',
      run: async () => ({ kind: 'page', template: 'person', data: { form: {} } }),
    },
    {
      method: 'POST',
      path: '/{language}/person',
      run: async ({ form, session, language }) => {
        const person = (form.get('person') ?? '').replace(/\s/g, '');
        const id = sessions.keep(session, { ...groundsIn(form), person, filters: filtersIn(form, timeZone) });
        return { kind: 'redirect', to: `/${language}/searches/${id}` };
      },
    },
    {
      method: 'GET',
      path: '/{language}/searches/{search}',
      run: async (request) => {
        const kept = request.session.searches.get(request.parameters['search'] ?? '');
        if (kept === undefined) throw new Refusal('NOT_FOUND');
        try {
          return await find(request, kept, ask);
        } catch (error) {
          return refused(request, kept, error);
        }
      },
    },
  ];
}

/** Returns reason and case of a form. What is empty is left out, so that the interface says that it is missing. */
export function groundsIn(form: URLSearchParams): Pick<KeptSearch, 'reason' | 'case'> {
  const text = (name: string): string => form.get(name)?.trim() ?? '';
  const [reason, agency, number] = [text('reason'), text('case_agency'), text('case_number')];
  return {
    ...(reason === '' ? {} : { reason }),
    ...(agency === '' && number === '' ? {} : { case: { agency, number } }),
  };
}

function filtersIn(form: URLSearchParams, timeZone: string): KeptSearch['filters'] {
  const [since, until] = [form.get('since')?.trim() ?? '', form.get('until')?.trim() ?? ''];
  return inInstants({ ...(since === '' ? {} : { since }), ...(until === '' ? {} : { until }) }, timeZone);
}

async function find(request: OfficerPageRequest, { cursors, ...kept }: KeptSearch, ask: Ask): Promise<PageAnswer> {
  const nth = Number(request.query.get('page') ?? '1');
  const after = nth === 1 ? undefined : cursors[nth - 2];
  if (nth !== 1 && after === undefined) throw new Refusal('NOT_FOUND');
  const body = { ...kept, limit: ROWS, ...(after === undefined ? {} : { after }) };
  const found = await ask(request.officer, 'POST /audit/v1/searches', { body });
  if (found.next !== null) cursors[nth - 1] = found.next;
  const next =
    found.next === null ? undefined : withParameters(request.target, { page: String(nth + 1), seen: undefined });
  const { reason, case: matter, person, approval } = kept;
  return {
    kind: 'page',
    template: 'found',
    data: {
      ...{ reason, matter, isForPerson: person !== undefined },
      // An approval holds for one page.
      results:
        approval === undefined
          ? { ...resultsOf(request, found), next }
          : { ...resultsOf(request, found), next: undefined, checkNew: undefined },
    },
  };
}

/** What can be put right is said on the form, without the number; anything else is an error page. */
function refused(
  { t, target }: OfficerPageRequest,
  { reason, case: matter, approval }: KeptSearch,
  error: unknown,
): PageAnswer {
  const refusal = refusalOf(error);
  if (refusal.code === 'APPROVAL_REQUIRED') {
    const ask = `${pathOf(target)}/approval`;
    return { kind: 'page', status: refusal.status, template: 'ask', data: { ask, refusal: { code: refusal.code } } };
  }
  if (refusal.code !== 'AUDIT_REQUEST_INVALID' || approval !== undefined) throw refusal;
  const form = { reason, caseAgency: matter?.agency, caseNumber: matter?.number };
  return {
    kind: 'page',
    status: refusal.status,
    template: 'person',
    data: { form, errors: fieldErrors(refusal.reasons, t) },
  };
}
