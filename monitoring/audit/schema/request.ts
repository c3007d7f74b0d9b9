import { z } from 'zod';
import { ENTRY_SCHEMA_VERSION } from '../entries.js';
import { count, field, hash, instant } from './field.js';

/** Fields of every entry but `kind`. */
export const commonShape = {
  schemaVersion: field(z.literal(ENTRY_SCHEMA_VERSION), {
    en: 'Version of the form of the entry.',
    ru: 'Версия формы записи.',
    kk: 'Жазба пішімінің нұсқасы.',
  }),
  requestId: field(z.string(), {
    en: 'Id of the request. All entries of one request have the same.',
    ru: 'Идентификатор запроса, общий для всех его записей.',
    kk: 'Сұрау идентификаторы, оның барлық жазбаларына ортақ.',
  }),
  at: field(instant, {
    en: 'When the entry was made, UTC, in milliseconds.',
    ru: 'Время создания записи, UTC, с точностью до миллисекунды.',
    kk: 'Жазба жасалған уақыт, UTC, миллисекундке дейін.',
  }),
};

const caller = z.strictObject({
  agency: field(z.string().nullable(), {
    en: 'Id of the agency. Null for a citizen, and for Tereze itself.',
    ru: 'Идентификатор ведомства; null у гражданина и у самой системы Tereze.',
    kk: 'Ведомствоның идентификаторы; азамат пен Tereze жүйесінің өзінде null.',
  }),
  system: field(z.string(), {
    en: 'The registered client.',
    ru: 'Зарегистрированная система.',
    kk: 'Тіркелген жүйе.',
  }),
  kind: field(z.enum(['system', 'officer', 'ai', 'citizen']), {
    en: 'Kind of the party behind the request.',
    ru: 'Кто стоит за запросом: система, сотрудник, ИИ-сервис или гражданин.',
    kk: 'Сұраудың артында кім тұр: жүйе, қызметкер, ЖИ сервисі немесе азамат.',
  }),
  officer: field(z.string().nullable(), {
    en: 'Id of the officer who asks. Null if no officer does.',
    ru: 'Идентификатор сотрудника; null, если запрос не от сотрудника.',
    kk: 'Қызметкердің идентификаторы; сұрау қызметкерден болмаса, null.',
  }),
  actor: field(
    z.string().nullable(),
    {
      en: 'Id of the officer that a system or AI service acts for (RFC 8693). Null if it acts for none.',
      ru: 'Идентификатор сотрудника, за которого действует система или ИИ-сервис (RFC 8693); null, если такого нет.',
      kk: 'Жүйе немесе ЖИ сервисі атынан әрекет ететін қызметкердің идентификаторы (RFC 8693); ондай болмаса, null.',
    },
    4,
  ),
  model: field(
    z
      .strictObject({
        id: field(z.string(), { en: 'Name of the model.', ru: 'Название модели.', kk: 'Модель атауы.' }, 4),
        version: field(z.string(), { en: 'Its version.', ru: 'Версия модели.', kk: 'Модель нұсқасы.' }, 4),
      })
      .nullable(),
    {
      en: 'The model of an AI service, as its registration says. Null for others.',
      ru: 'Модель ИИ-сервиса по его регистрации; null у остальных.',
      kk: 'ЖИ сервисінің тіркелген моделі; басқаларда null.',
    },
    4,
  ),
});

const matter = z.strictObject({
  agency: field(z.string(), {
    en: 'The agency that leads the case.',
    ru: 'Ведомство, которое ведёт дело.',
    kk: 'Істі жүргізетін ведомство.',
  }),
  number: field(z.string(), {
    en: 'Number of the case. It holds no identity number.',
    ru: 'Номер дела; идентификационного номера в нём нет.',
    kk: 'Іс нөмірі; онда сәйкестендіру нөмірі жоқ.',
  }),
  status: field(z.enum(['verified', 'closed', 'unknown']).exactOptional(), {
    en: 'What the case system said of the case. Left out if none was asked.',
    ru: 'Ответ системы дел; отсутствует, если её не спрашивали.',
    kk: 'Істер жүйесінің жауабы; одан сұралмаса, болмайды.',
  }),
  confirmedAt: field(instant.exactOptional(), {
    en: 'When the case system confirmed the case. Beside `verified` only.',
    ru: 'Когда система дел подтвердила дело; только вместе с `verified`.',
    kk: 'Істер жүйесі істі растаған уақыт; тек `verified` болғанда.',
  }),
});

/** Fields of every entry about an authenticated request. */
export const requestShape = {
  surface: field(z.enum(['graphql', 'handles', 'consents', 'operations']), {
    en: 'Which interface the request came to.',
    ru: 'Интерфейс, через который пришёл запрос.',
    kk: 'Сұрау келген интерфейс.',
  }),
  purpose: field(z.string().nullable(), {
    en: 'The coded purpose.',
    ru: 'Код цели.',
    kk: 'Мақсат коды.',
  }),
  case: field(matter.nullable(), {
    en: 'The case that the request is for.',
    ru: 'Дело, к которому относится запрос.',
    kk: 'Сұрау қатысты іс.',
  }),
  documentHash: field(z.string().nullable(), {
    en: 'SHA-256 of the document that was asked.',
    ru: 'SHA-256 документа запроса.',
    kk: 'Сұрау құжатының SHA-256 мәні.',
  }),
  documentName: field(z.string().nullable(), {
    en: 'Name of the trusted document.',
    ru: 'Имя доверенного документа.',
    kk: 'Сенімді құжаттың атауы.',
  }),
  operationName: field(z.string().nullable(), {
    en: 'Name of the operation in the document.',
    ru: 'Имя операции в документе.',
    kk: 'Құжаттағы операцияның атауы.',
  }),
  caller: field(caller, {
    en: 'Who asked.',
    ru: 'Кто обратился.',
    kk: 'Кім жүгінді.',
  }),
  token: field(
    hash.nullable(),
    {
      en: 'SHA-256 of issuer, line feed and `jti` of the access token. Null for an act without one.',
      ru: 'SHA-256 от издателя, перевода строки и `jti` токена доступа; null у действия без токена.',
      kk: 'Шығарушының, жол ауыстыру белгісінің және қол жеткізу токенінің `jti` мәнінің SHA-256 хеші; токенсіз әрекетте null.',
    },
    4,
  ),
  requestInTs: field(
    count.nullable(),
    {
      en: 'When the request arrived, in milliseconds of the epoch. Null for an act that did not come as a request.',
      ru: 'Время поступления запроса, миллисекунды эпохи Unix; null у действия, которое не было запросом.',
      kk: 'Сұрау келген уақыт, Unix дәуірінің миллисекундтары; сұрау болмаған әрекетте null.',
    },
    4,
  ),
};

const subject = z.strictObject({
  person: field(hash, {
    en: 'Salted commitment to the identifier.',
    ru: 'Обязательство (хеш с солью) к идентификатору лица.',
    kk: 'Тұлға идентификаторына тұз қосылған хеш-міндеттеме.',
  }),
  index: field(
    hash.nullable(),
    {
      en: 'Salted commitment to the index token by which a search finds the person. Null only where the outcome is `unknown` and no token was kept.',
      ru: 'Обязательство к поисковому токену; null только при исходе `unknown`, если токен не сохранился.',
      kk: 'Іздеу токеніне міндеттеме; тек нәтиже `unknown` болып, токен сақталмаса, null.',
    },
    4,
  ),
  sealed: field(
    hash.nullable(),
    {
      en: 'Salted commitment to the sealed identity. Null if none is kept.',
      ru: 'Обязательство к запечатанному номеру; null, если он не хранится.',
      kk: 'Мөрленген нөмірге міндеттеме; ол сақталмаса, null.',
    },
    4,
  ),
});

/** `subjects` of an entry. */
export const subjects = field(
  z.array(subject),
  {
    en: 'The people of the entry. Versions 1 to 3 have the commitment to the identifier alone, as a text.',
    ru: 'Лица записи. В версиях 1–3 здесь только обязательство к идентификатору, строкой.',
    kk: 'Жазбадағы адамдар. 1–3 нұсқаларда мұнда тек идентификаторға міндеттеме, мәтін түрінде.',
  },
  4,
);

/** The `answer` of an entry. */
export const answer = field(hash.nullable(), {
  en: 'Salted commitment to the answer as it was sent. Null if none is known.',
  ru: 'Обязательство к отправленному ответу; null, если ответ неизвестен.',
  kk: 'Жіберілген жауапқа міндеттеме; жауап белгісіз болса, null.',
});

const POLICY_SET = {
  en: 'Digest of the rules that were in force.',
  ru: 'Хеш действовавших правил.',
  kk: 'Күшінде болған ережелердің хеші.',
};
const CONFIGURATION = {
  en: 'Digest of the configuration that was in force.',
  ru: 'Хеш действовавшей конфигурации.',
  kk: 'Күшінде болған конфигурацияның хеші.',
};

export const policySet = field(z.string(), POLICY_SET);
export const policySetIfKnown = field(z.string().nullable(), POLICY_SET);
export const catalogue = field(z.string(), {
  en: 'Hash of the catalogue that was in force.',
  ru: 'Хеш действовавшего каталога.',
  kk: 'Күшінде болған каталогтың хеші.',
});
export const configuration = field(z.string(), CONFIGURATION, 4);
export const configurationIfKnown = field(z.string().nullable(), CONFIGURATION, 4);
export const policies = field(z.array(z.string()), {
  en: 'Ids of the rules on which it rests.',
  ru: 'Идентификаторы правил, на которых это основано.',
  kk: 'Бұған негіз болған ережелердің идентификаторлары.',
});
