import { z } from 'zod';
import { field, hash } from './field.js';

/** The fields of an entry about a change of the sinks. */
export const sinkFields = {
  act: field(
    z.enum(['sink_added', 'sink_changed', 'sink_removed']),
    { en: 'What was done.', ru: 'Что сделано.', kk: 'Не істелді.' },
    4,
  ),
  sink: field(
    z.string(),
    { en: 'Name of the sink.', ru: 'Имя получателя журнала.', kk: 'Журнал алушысының атауы.' },
    4,
  ),
  target: field(
    z.string(),
    {
      en: 'Where it leads: its kind with host and port, or with the file.',
      ru: 'Куда ведёт: вид, узел и порт или файл.',
      kk: 'Қайда апарады: түрі, түйін мен порт немесе файл.',
    },
    4,
  ),
  targetHash: field(
    hash,
    {
      en: 'SHA-256 of all that says where it leads.',
      ru: 'SHA-256 всего, что задаёт назначение.',
      kk: 'Бағытты анықтайтын барлық деректің SHA-256 хеші.',
    },
    4,
  ),
  cases: field(
    z.boolean(),
    {
      en: 'Whether case numbers go there.',
      ru: 'Передаются ли номера дел.',
      kk: 'Іс нөмірлері жіберіле ме.',
    },
    4,
  ),
};
