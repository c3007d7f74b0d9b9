import { z } from 'zod';
import { logReader } from './audit-read.js';
import { count, field, instant } from './field.js';
import { requestShape, subjects } from './request.js';

/** The fields of an entry about an act on entries of the past. */
export const retentionFields = {
  act: field(
    z.enum([
      'archive_asked',
      'archived',
      'erasure_asked',
      'erased',
      'hold_asked',
      'hold_set',
      'hold_lift_asked',
      'hold_lifted',
    ]),
    { en: 'What was asked for or done.', ru: 'Что запрошено или сделано.', kk: 'Не сұралды немесе істелді.' },
    4,
  ),
  caller: field(logReader, { en: 'Who acts.', ru: 'Кто действует.', kk: 'Кім әрекет етеді.' }, 4),
  reason: field(
    z.string(),
    {
      en: 'Why, in the words of the one who acts.',
      ru: 'Причина словами действующего.',
      kk: 'Әрекет етушінің сөзімен жазылған себеп.',
    },
    4,
  ),
  law: field(
    z.string().nullable(),
    {
      en: 'The law by which an erasure is made. Null for other acts.',
      ru: 'Закон, по которому производится удаление; null у остальных действий.',
      kk: 'Өшіру негізделген заң; басқа әрекеттерде null.',
    },
    4,
  ),
  since: field(
    instant.nullable(),
    {
      en: 'Entries from this time on. Null: from the first.',
      ru: 'Записи с этого времени; null: с первой.',
      kk: 'Осы уақыттан бастап жазбалар; null: біріншісінен.',
    },
    4,
  ),
  before: field(
    instant.nullable(),
    {
      en: 'Entries before this time. Null: all.',
      ru: 'Записи до этого времени; null: все.',
      kk: 'Осы уақытқа дейінгі жазбалар; null: барлығы.',
    },
    4,
  ),
  purpose: field(
    z.string().nullable(),
    {
      en: 'Entries for this purpose only. Null: for any.',
      ru: 'Только записи этой цели; null: любой.',
      kk: 'Тек осы мақсаттағы жазбалар; null: кез келген.',
    },
    4,
  ),
  case: field(
    requestShape.case,
    {
      en: 'Entries of this case only. Null: of any.',
      ru: 'Только записи этого дела; null: любого.',
      kk: 'Тек осы істің жазбалары; null: кез келген.',
    },
    4,
  ),
  agency: field(
    z.string().nullable(),
    {
      en: 'Entries of callers of this agency only. Null: of any.',
      ru: 'Только записи обращений этого ведомства; null: любого.',
      kk: 'Тек осы ведомство жүгінулерінің жазбалары; null: кез келген.',
    },
    4,
  ),
  subjects,
  hold: field(
    z.string().nullable(),
    {
      en: 'Id of the legal hold. Null for other acts.',
      ru: 'Идентификатор запрета на удаление; null у остальных действий.',
      kk: 'Өшіруге тыйымның идентификаторы; басқа әрекеттерде null.',
    },
    4,
  ),
  logs: field(
    z.array(
      z.strictObject({
        log: field(z.string(), { en: 'Name of the log.', ru: 'Имя журнала.', kk: 'Журнал атауы.' }, 4),
        below: field(
          count,
          {
            en: 'Only entries with a smaller index are concerned.',
            ru: 'Затронуты только записи с меньшим номером.',
            kk: 'Тек нөмірі кіші жазбаларға қатысты.',
          },
          4,
        ),
        count: field(
          count,
          {
            en: 'Rows removed: entries by an archive, rows of people by an erasure.',
            ru: 'Удалено строк: записей при архивировании, строк о лицах при удалении.',
            kk: 'Алынған жолдар: мұрағаттағанда жазбалар, өшіргенде адамдар жолдары.',
          },
          4,
        ),
      }),
    ),
    { en: 'What was removed, by log.', ru: 'Что удалено, по журналам.', kk: 'Журналдар бойынша не алынды.' },
    4,
  ),
};
