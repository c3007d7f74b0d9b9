import { z } from 'zod';
import { count, field, hash, instant } from './field.js';
import { requestShape, subjects } from './request.js';

const grouped = {
  en: 'Null if the rule does not tell these apart.',
  ru: 'null, если правило их не различает.',
  kk: 'Ереже оларды ажыратпаса, null.',
};
const said = field(
  z.string(),
  {
    en: 'In braces stand names of what the entry holds.',
    ru: 'В фигурных скобках — имена данных записи.',
    kk: 'Жақшада жазба деректерінің атаулары тұр.',
  },
  4,
);

/** The fields of an alert. */
export const alertFields = {
  rule: field(z.string(), { en: 'Name of the rule.', ru: 'Имя правила.', kk: 'Ереженің атауы.' }, 4),
  ruleHash: field(
    hash,
    { en: 'SHA-256 of the rule as it was.', ru: 'SHA-256 правила.', kk: 'Ереженің SHA-256 мәні.' },
    4,
  ),
  severity: field(
    z.enum(['low', 'medium', 'high']),
    { en: 'How urgent it is.', ru: 'Насколько это срочно.', kk: 'Қаншалықты шұғыл.' },
    4,
  ),
  caller: field(
    z.strictObject({
      agency: field(z.string().nullable(), grouped, 4),
      system: field(z.string().nullable(), grouped, 4),
      officer: field(z.string().nullable(), grouped, 4),
    }),
    {
      en: 'The callers whose entries were counted together.',
      ru: 'Чьи обращения считались вместе.',
      kk: 'Кімнің жүгінулері бірге есептелді.',
    },
    4,
  ),
  case: field(
    requestShape.case,
    {
      en: 'The case, where the rule tells cases apart.',
      ru: 'Дело, если правило различает дела.',
      kk: 'Ереже істерді ажыратса, іс.',
    },
    4,
  ),
  subjects,
  since: field(instant, { en: 'Begin of the window.', ru: 'Начало окна.', kk: 'Терезенің басы.' }, 4),
  until: field(
    instant,
    {
      en: 'End of the window, exclusive.',
      ru: 'Конец окна, не включая его.',
      kk: 'Терезенің соңы, оның өзі кірмейді.',
    },
    4,
  ),
  count: field(
    count.min(1),
    {
      en: 'What was counted when the alert was raised.',
      ru: 'Сколько насчитано к моменту сигнала.',
      kk: 'Дабыл кезінде қанша саналды.',
    },
    4,
  ),
  threshold: field(
    count.min(1),
    { en: 'The threshold that was reached.', ru: 'Достигнутый порог.', kk: 'Жеткен шек.' },
    4,
  ),
  entry: field(
    z.strictObject({
      log: field(z.string(), { en: 'Name of its log.', ru: 'Имя её журнала.', kk: 'Оның журналының атауы.' }, 4),
      index: field(count, { en: 'Its position.', ru: 'Её позиция.', kk: 'Оның орны.' }, 4),
    }),
    {
      en: 'The entry with which the threshold was reached.',
      ru: 'Запись, с которой достигнут порог.',
      kk: 'Шекке жеткізген жазба.',
    },
    4,
  ),
  sentence: field(
    z.strictObject({ kk: said, ru: said, en: said }),
    { en: 'What the rule says of it.', ru: 'Что об этом говорит правило.', kk: 'Ереже бұл туралы не дейді.' },
    4,
  ),
};
