import { z } from 'zod';
import { count, field } from './field.js';
import { requestShape, subjects } from './request.js';

const act = field(
  z.enum([
    'audit_searched',
    'audit_exported',
    'audit_entry_read',
    'audit_bundle_read',
    'audit_own_entry_read',
    'audit_request_read',
    'audit_counted',
    'audit_status_read',
    'audit_approvals_read',
    'audit_affected_listed',
    'audit_reconciled',
    'audit_people_identified',
  ]),
  { en: 'How the log was read.', ru: 'Как прочитан журнал.', kk: 'Журнал қалай оқылды.' },
  4,
);

const reader = {
  agency: field(
    z.string().nullable(),
    {
      en: 'Id of the officer’s agency. Null for an operator.',
      ru: 'Ведомство сотрудника; null у оператора.',
      kk: 'Қызметкердің ведомствосы; операторда null.',
    },
    4,
  ),
  system: field(
    z.string(),
    {
      en: 'The registered client, or `tereze` for the command line.',
      ru: 'Система, или `tereze` для командной строки.',
      kk: 'Жүйе, немесе командалық жол үшін `tereze`.',
    },
    4,
  ),
  officer: field(
    z.string().nullable(),
    {
      en: 'Id of the officer, or the operator’s account on the machine.',
      ru: 'Идентификатор сотрудника или учётная запись оператора.',
      kk: 'Қызметкердің идентификаторы немесе оператордың тіркелгісі.',
    },
    4,
  ),
};

const kindText = { en: 'Kind of the reader.', ru: 'Кто читает.', kk: 'Кім оқиды.' };

/** An officer or operator, as entries state them. */
export const logReader = z.strictObject({ ...reader, kind: field(z.enum(['officer', 'operator']), kindText, 4) });

const caller = field(
  z.strictObject({
    ...reader,
    kind: field(z.enum(['officer', 'operator', 'system', 'ai', 'citizen']), kindText, 4),
  }),
  { en: 'Who reads the log.', ru: 'Кто читает журнал.', kk: 'Журналды кім оқиды.' },
  4,
);

const filter = field(
  z.string().exactOptional(),
  {
    en: 'What the search is narrowed to. Left out if it is not.',
    ru: 'Чем ограничен поиск; отсутствует, если не ограничен.',
    kk: 'Іздеу немен шектелген; шектелмесе, жазылмайды.',
  },
  4,
);

/** The fields of an entry about someone who reads the log. */
export const auditReadFields = {
  act,
  caller,
  reason: field(
    z.string().nullable(),
    {
      en: 'Why, in the reader’s words.',
      ru: 'Причина словами читающего.',
      kk: 'Оқушының сөзімен жазылған себеп.',
    },
    4,
  ),
  case: field(
    requestShape.case,
    { en: 'The case in which the log is read.', ru: 'Дело, для которого читают.', kk: 'Журнал оқылатын іс.' },
    4,
  ),
  filters: field(
    z.strictObject({
      since: filter,
      until: filter,
      agency: filter,
      system: filter,
      officer: filter,
      model: filter,
      register: filter,
      category: filter,
      purpose: filter,
      case: filter,
      kind: filter,
      outcome: filter,
      code: filter,
      document: filter,
      operation: filter,
      request: filter,
      log: filter,
    }),
    {
      en: 'What the search is narrowed to. The person is in `subjects`.',
      ru: 'Условия поиска; лицо указано в `subjects`.',
      kk: 'Іздеу шарттары; адам `subjects` ішінде.',
    },
    4,
  ),
  subjects,
  format: field(
    z.enum(['tiles', 'csv', 'jsonl', 'ocsf', 'bundle']).exactOptional(),
    {
      en: 'The format of an export. Left out in a search.',
      ru: 'Формат выгрузки; у поиска отсутствует.',
      kk: 'Шығару пішімі; іздеуде жазылмайды.',
    },
    4,
  ),
  entry: field(
    z.string().exactOptional(),
    {
      en: 'The one entry that is read, or the first of a bundle: log, slash, index. Left out for others.',
      ru: 'Единственная читаемая запись или первая в наборе: журнал, черта, номер; у прочих отсутствует.',
      kk: 'Оқылатын бір жазба немесе жинақтың біріншісі: журнал, қиғаш сызық, нөмір; басқаларында жазылмайды.',
    },
    4,
  ),
  approval: field(
    z.string().exactOptional(),
    {
      en: 'Id of the approval of a second officer that was used. Left out where none is needed.',
      ru: 'Использованное одобрение второго сотрудника; отсутствует, если не нужно.',
      kk: 'Пайдаланылған екінші қызметкердің мақұлдауы; қажет болмаса, жазылмайды.',
    },
    4,
  ),
  limit: field(
    count.min(1),
    { en: 'Most rows that are shown.', ru: 'Наибольшее число строк.', kk: 'Жолдардың ең көп саны.' },
    4,
  ),
  continued: field(
    z.boolean(),
    {
      en: 'Whether it is a further page of an earlier search.',
      ru: 'Продолжение более раннего поиска.',
      kk: 'Бұрынғы іздеудің жалғасы ма.',
    },
    4,
  ),
};

/** The fields of an entry on how a reading ended. */
export const auditReadEndFields = {
  act,
  caller,
  rows: field(count, { en: 'Rows that are shown.', ru: 'Число показанных строк.', kk: 'Көрсетілген жолдар саны.' }, 4),
  ended: field(
    z.enum(['complete', 'limit', 'time', 'failed']),
    {
      en: '`complete`: there are no more; `limit`: there may be more; `time`: the time was over; `failed`: nothing was shown.',
      ru: '`complete`: больше нет; `limit`: может быть ещё; `time`: время истекло; `failed`: ничего не показано.',
      kk: '`complete`: басқа жоқ; `limit`: тағы болуы мүмкін; `time`: уақыт бітті; `failed`: ештеңе көрсетілмеді.',
    },
    4,
  ),
};
