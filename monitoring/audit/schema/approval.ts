import { z } from 'zod';
import { auditReadFields } from './audit-read.js';
import { field } from './field.js';
import { subjects } from './request.js';

/** The fields of an entry about the approval of a second officer. */
export const approvalFields = {
  act: field(
    z.enum(['approval_asked', 'approval_given', 'approval_refused', 'approval_used', 'approval_expired']),
    { en: 'What became of it.', ru: 'Что с ним произошло.', kk: 'Онымен не болды.' },
    4,
  ),
  caller: field(
    z.strictObject({
      agency: auditReadFields.caller.shape.agency,
      system: auditReadFields.caller.shape.system,
      kind: field(
        z.enum(['officer', 'operator', 'system']),
        { en: 'Kind of the party.', ru: 'Вид участника.', kk: 'Қатысушының түрі.' },
        4,
      ),
      officer: auditReadFields.caller.shape.officer,
    }),
    {
      en: 'Who acts. Of an approval that expired, Tereze itself.',
      ru: 'Кто действует; при истечении срока сама Tereze.',
      kk: 'Кім әрекет етеді; мерзімі өтсе, Tereze өзі.',
    },
    4,
  ),
  action: field(
    z.enum(['search', 'export']),
    { en: 'What is to be approved.', ru: 'Что требуется одобрить.', kk: 'Нені мақұлдау керек.' },
    4,
  ),
  asker: field(
    z.strictObject({
      agency: field(z.string(), { en: 'The agency.', ru: 'Ведомство.', kk: 'Ведомство.' }, 4),
      officer: field(
        z.string(),
        { en: 'Id of the officer.', ru: 'Идентификатор сотрудника.', kk: 'Қызметкердің идентификаторы.' },
        4,
      ),
    }),
    { en: 'The officer who asked.', ru: 'Запросивший сотрудник.', kk: 'Сұраған қызметкер.' },
    4,
  ),
  requestHash: field(
    z.string(),
    {
      en: 'SHA-256 of exactly what was asked, hex. It holds for nothing else.',
      ru: 'SHA-256 точного запроса, hex; ни для чего другого не действует.',
      kk: 'Дәл сұраудың SHA-256 мәні, hex; басқаға жарамайды.',
    },
    4,
  ),
  reason: auditReadFields.reason,
  case: auditReadFields.case,
  filters: auditReadFields.filters,
  subjects,
};
