import { z } from 'zod';
import { alertFields } from './alert.js';
import { approvalFields } from './approval.js';
import { auditReadEndFields, auditReadFields } from './audit-read.js';
import { count, field } from './field.js';
import { disclosed, nexus, planned, reads, registers, withheld } from './question.js';
import { retentionFields } from './retention.js';
import { sinkFields } from './sink.js';
import {
  answer,
  catalogue,
  commonShape,
  configuration,
  configurationIfKnown,
  policies,
  policySet,
  policySetIfKnown,
  requestShape,
  subjects,
} from './request.js';

const code = field(z.string(), {
  en: 'The error code of the answer (errors.md).',
  ru: 'Код ошибки ответа (errors.md).',
  kk: 'Жауаптағы қате коды (errors.md).',
});

const hidden = (texts: Parameters<typeof field>[1], since: number) => field(count.min(1).exactOptional(), texts, since);

/** The fields of each kind beside the common ones. The kinds of `REQUEST_KINDS` also have those of a request. */
export const OWN_FIELDS = {
  intent: { reads, planned, subjects, policySet, catalogue, configuration },
  completion: {
    outcome: field(z.enum(['answered', 'failed', 'unknown']), {
      en: 'How the request ended. `unknown`: its process or its reply was lost.',
      ru: 'Чем закончился запрос; `unknown`: процесс или ответ потерян.',
      kk: 'Сұрау немен аяқталды; `unknown`: процесс немесе жауап жоғалды.',
    }),
    subjects,
    protected: hidden(
      {
        en: 'How many of `subjects` are protected: nothing about them was disclosed. Left out if 0.',
        ru: 'Сколько лиц защищено: о них ничего не раскрыто; отсутствует, если 0.',
        kk: 'Қанша адам қорғалған: олар туралы ештеңе ашылған жоқ; 0 болса, жазылмайды.',
      },
      2,
    ),
    protectedDwellings: hidden(
      {
        en: 'How many dwellings were left out as homes of protected people. Left out if 0.',
        ru: 'Сколько жилищ защищённых лиц исключено из ответа; отсутствует, если 0.',
        kk: 'Қорғалған адамдардың қанша тұрғын үйі жауаптан шығарылды; 0 болса, жазылмайды.',
      },
      3,
    ),
    moreSubjects: hidden(
      {
        en: 'How many more people registers named than the entry has room for. Left out if 0.',
        ru: 'Сколько ещё лиц назвали регистры сверх вместимости записи; отсутствует, если 0.',
        kk: 'Тізілімдер жазбаға сыймаған тағы қанша адамды атады; 0 болса, жазылмайды.',
      },
      3,
    ),
    disclosed,
    withheld,
    registers,
    planned,
    policySet,
    catalogue,
    configuration: configurationIfKnown,
    answer,
    durationMs: field(count, {
      en: 'From the request to its end, in milliseconds.',
      ru: 'Длительность запроса, мс.',
      kk: 'Сұраудың ұзақтығы, мс.',
    }),
  },
  refusal: {
    code,
    reasons: field(z.array(z.string()), {
      en: 'Ids of the reasons.',
      ru: 'Идентификаторы причин.',
      kk: 'Себептердің идентификаторлары.',
    }),
    subjects,
    categories: field(z.array(z.string()), {
      en: 'Categories that were refused.',
      ru: 'Категории, в которых отказано.',
      kk: 'Бас тартылған санаттар.',
    }),
    policySet: policySetIfKnown,
    configuration,
    answer,
  },
  refusals: {
    code,
    source: field(z.string(), {
      en: 'Network address of the peer.',
      ru: 'Сетевой адрес.',
      kk: 'Желілік мекенжай.',
    }),
    agency: field(z.string().exactOptional(), {
      en: 'Agency of the caller. Left out if the caller is unknown, or a citizen.',
      ru: 'Ведомство; отсутствует, если обратившийся неизвестен или гражданин.',
      kk: 'Ведомство; жүгінуші белгісіз немесе азамат болса, жазылмайды.',
    }),
    system: field(z.string().exactOptional(), {
      en: 'The registered client. Left out if the caller is unknown.',
      ru: 'Система; отсутствует, если обратившийся неизвестен.',
      kk: 'Жүйе; жүгінуші белгісіз болса, жазылмайды.',
    }),
    count: field(count.min(1), {
      en: 'How many requests were refused within the second.',
      ru: 'Сколько запросов отклонено за секунду.',
      kk: 'Секунд ішінде қанша сұраудан бас тартылды.',
    }),
  },
  act: {
    act: field(
      z.enum([
        'consent_given',
        'consent_withdrawn',
        'consent_confirmed',
        'consents_listed',
        'handle_issued',
        'handle_ended',
        'operation_loaded',
        'operation_approved',
        'operation_withdrawn',
      ]),
      { en: 'What was done.', ru: 'Что сделано.', kk: 'Не істелді.' },
    ),
    subjects,
    reference: field(z.string().nullable(), {
      en: 'What was changed: `<consent>@<revision>`, `<document>@<fingerprint>`, or the receiver of a handle.',
      ru: 'Что изменено: `<согласие>@<редакция>`, `<документ>@<отпечаток>` или получатель ссылки.',
      kk: 'Не өзгерді: `<келісім>@<редакция>`, `<құжат>@<таңба>` немесе сілтеме алушысы.',
    }),
    policies,
    nexus,
    answer,
  },
  state: {
    act: field(z.enum(['initialised', 'rollback_accepted', 'checkpoint_key_rotated', 'data_keys_resealed']), {
      en: 'What was done.',
      ru: 'Что сделано.',
      kk: 'Не істелді.',
    }),
    reason: field(z.string(), {
      en: 'Why, in the words of the operator.',
      ru: 'Причина словами оператора.',
      kk: 'Оператордың сөзімен жазылған себеп.',
    }),
    epoch: field(count, {
      en: 'Epoch of the state after the act.',
      ru: 'Эпоха состояния после действия.',
      kk: 'Әрекеттен кейінгі күй дәуірі.',
    }),
    closedLogs: field(
      z.array(
        z.strictObject({
          log: field(z.string(), { en: 'Name of the log.', ru: 'Имя журнала.', kk: 'Журнал атауы.' }),
          size: field(count, {
            en: 'Its size, at which it was closed.',
            ru: 'Размер, на котором он закрыт.',
            kk: 'Жабылған кездегі өлшемі.',
          }),
          headSize: field(count, {
            en: 'Its size in the newest signed head: entries from `size` on are lost.',
            ru: 'Размер в последней подписанной вершине: записи начиная с `size` утрачены.',
            kk: 'Соңғы қол қойылған ұштағы өлшемі: `size` мәнінен бастап жазбалар жоғалды.',
          }),
        }),
      ),
      {
        en: 'Logs that nothing is appended to any more.',
        ru: 'Журналы, в которые больше не пишут.',
        kk: 'Енді жазылмайтын журналдар.',
      },
    ),
    publicKey: field(
      z.base64().exactOptional(),
      {
        en: 'The Ed25519 public key that signs checkpoints from now on. Left out in other acts.',
        ru: 'Открытый ключ Ed25519, которым далее подписываются контрольные точки; в других действиях отсутствует.',
        kk: 'Бұдан былай бақылау нүктелеріне қол қоятын Ed25519 ашық кілті; басқа әрекеттерде жазылмайды.',
      },
      4,
    ),
  },
  sink: sinkFields,
  audit_read: auditReadFields,
  audit_read_end: auditReadEndFields,
  retention: retentionFields,
  alert: alertFields,
  approval: approvalFields,
} as const;

/** Kinds of entries about an authenticated request. */
export const REQUEST_KINDS = ['intent', 'completion', 'refusal', 'act'] as const;

/** The entries that this program writes. A member that is not here is refused. */
export const entrySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('intent'), ...commonShape, ...requestShape, ...OWN_FIELDS.intent }),
  z.strictObject({ kind: z.literal('completion'), ...commonShape, ...requestShape, ...OWN_FIELDS.completion }),
  z.strictObject({ kind: z.literal('refusal'), ...commonShape, ...requestShape, ...OWN_FIELDS.refusal }),
  z.strictObject({ kind: z.literal('refusals'), ...commonShape, ...OWN_FIELDS.refusals }),
  z.strictObject({ kind: z.literal('act'), ...commonShape, ...requestShape, ...OWN_FIELDS.act }),
  z.strictObject({ kind: z.literal('state'), ...commonShape, ...OWN_FIELDS.state }),
  z.strictObject({ kind: z.literal('sink'), ...commonShape, ...OWN_FIELDS.sink }),
  z.strictObject({ kind: z.literal('audit_read'), ...commonShape, ...OWN_FIELDS.audit_read }),
  z.strictObject({ kind: z.literal('audit_read_end'), ...commonShape, ...OWN_FIELDS.audit_read_end }),
  z.strictObject({ kind: z.literal('retention'), ...commonShape, ...OWN_FIELDS.retention }),
  z.strictObject({ kind: z.literal('alert'), ...commonShape, ...OWN_FIELDS.alert }),
  z.strictObject({ kind: z.literal('approval'), ...commonShape, ...OWN_FIELDS.approval }),
]);
