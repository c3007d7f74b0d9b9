import { z } from 'zod';
import { REGISTER_FAILURES, type FailureReason } from '../../../schemas/failures/register-failure.js';
import { count, field, hash, instant } from './field.js';
import { policies } from './request.js';

const register = field(z.string(), { en: 'Name of the register.', ru: 'Имя регистра.', kk: 'Тізілімнің атауы.' });
const category = field(z.string(), { en: 'The category.', ru: 'Категория данных.', kk: 'Деректер санаты.' });

/** Schema coordinates that a plan reads. */
export const reads = field(
  z.array(
    z.strictObject({
      register,
      coordinate: field(z.string(), {
        en: 'The field, as `Type.field`.',
        ru: 'Поле в виде `Тип.поле`.',
        kk: '`Түр.өріс` түріндегі өріс.',
      }),
      category,
      access: field(z.enum(['disclose', 'read']), {
        en: '`disclose`: the client sees it; `read`: it is read on the way.',
        ru: '`disclose`: поле увидит клиент; `read`: поле читается по пути.',
        kk: '`disclose`: өрісті клиент көреді; `read`: өріс жол-жөнекей оқылады.',
      }),
    }),
  ),
  {
    en: 'Every field that the plan reads.',
    ru: 'Все поля, которые читает план.',
    kk: 'Жоспар оқитын барлық өрістер.',
  },
);

/** Calls that a plan makes if it runs to its end. */
export const planned = field(
  z
    .array(
      z.strictObject({
        register,
        fetches: field(count, {
          en: 'Fetches of the plan from it.',
          ru: 'Число обращений плана к регистру.',
          kk: 'Жоспардың тізілімге жүгіну саны.',
        }),
      }),
    )
    .exactOptional(),
  {
    en: 'Calls that were planned. Left out if there are none.',
    ru: 'Запланированные обращения; отсутствует, если их нет.',
    kk: 'Жоспарланған жүгінулер; болмаса, жазылмайды.',
  },
  3,
);

/** What ties people to the case. */
export const nexus = field(
  z
    .strictObject({
      kind: field(z.enum(['application', 'list', 'relation', 'self']), {
        en: '`application`, `list`: the case system names the person; `relation`: a register leads to the person from one that it names; `self`: the person is signed in.',
        ru: '`application`, `list`: лицо названо системой дел; `relation`: регистр указывает на лицо от названного; `self`: лицо вошло само.',
        kk: '`application`, `list`: тұлғаны істер жүйесі атады; `relation`: тізілім аталған тұлғадан осы тұлғаға бастайды; `self`: тұлға өзі кірді.',
      }),
      source: field(
        z.string(),
        {
          en: 'Who answered: the agency of the case system, the register, or the address of the issuer.',
          ru: 'Кто ответил: ведомство системы дел, регистр или адрес издателя токена.',
          kk: 'Кім жауап берді: істер жүйесінің ведомствосы, тізілім немесе токен шығарушының мекенжайы.',
        },
        4,
      ),
      answeredAt: field(
        instant,
        {
          en: 'When it answered. For `self`: when the request with the token arrived.',
          ru: 'Время ответа; для `self` — время поступления запроса с токеном.',
          kk: 'Жауап берген уақыт; `self` үшін — токені бар сұрау келген уақыт.',
        },
        4,
      ),
      evidence: field(
        hash,
        {
          en: 'Salted commitment to the facts that were answered (verify.md).',
          ru: 'Обязательство (хеш с солью) к полученным фактам (verify.md).',
          kk: 'Алынған фактілерге тұз қосылған хеш-міндеттеме (verify.md).',
        },
        4,
      ),
    })
    .nullable(),
  {
    en: 'The verified fact that ties the people to the case. Only a basis without consent needs one: null where the basis is `consent` (see `consents`), and for data about no person. Versions 1 to 3 have the kind alone, as a text.',
    ru: 'Подтверждённый факт, связывающий лиц с делом. Нужен только основанию без согласия: null, если основание — `consent` (см. `consents`), и для данных не о лице. В версиях 1–3 здесь только вид, строкой.',
    kk: 'Адамдарды іспен байланыстыратын расталған факт. Ол тек келісімсіз негізге керек: негіз `consent` болса (`consents` қараңыз) және тұлғаға қатысы жоқ деректерде null. 1–3 нұсқаларда мұнда тек түрі, мәтін түрінде.',
  },
  4,
);

/** What was disclosed, read or asked for. */
export const disclosed = field(
  z.array(
    z.strictObject({
      category,
      access: field(z.enum(['disclose', 'read', 'asked']), {
        en: '`disclose`: in the answer; `read`: read on the way; `asked`: asked for, no answer accepted.',
        ru: '`disclose`: в ответе; `read`: прочитано по пути; `asked`: запрошено, ответ не принят.',
        kk: '`disclose`: жауапта бар; `read`: жол-жөнекей оқылды; `asked`: сұралды, жауап қабылданбады.',
      }),
      basis: field(z.enum(['consent', 'legal_obligation', 'public_task', 'vital_interest', 'contract']), {
        en: 'What made it lawful.',
        ru: 'Правовое основание.',
        kk: 'Құқықтық негіз.',
      }),
      nexus,
      policies,
      consents: field(z.array(z.string()), {
        en: 'The consent of each person, `<id>@<revision>`, in the order of `subjects`. Empty for another basis.',
        ru: 'Согласие каждого лица, `<id>@<редакция>`, в порядке `subjects`; пусто при другом основании.',
        kk: 'Әр адамның келісімі, `<id>@<редакция>`, `subjects` ретімен; басқа негізде бос.',
      }),
      subjects: field(z.array(count), {
        en: 'Positions in `subjects` of the entry.',
        ru: 'Позиции в `subjects` записи.',
        kk: 'Жазбаның `subjects` тізіміндегі орындар.',
      }),
    }),
  ),
  {
    en: 'What was disclosed, read or asked for, and on which basis.',
    ru: 'Что раскрыто, прочитано или запрошено и на каком основании.',
    kk: 'Не ашылды, оқылды немесе сұралды және қандай негізде.',
  },
);

/** What was withheld. */
export const withheld = field(
  z.array(
    z.strictObject({
      category: field(z.string(), {
        en: 'The category; `*` for the whole answer.',
        ru: 'Категория данных; `*` — весь ответ.',
        kk: 'Деректер санаты; `*` — бүкіл жауап.',
      }),
      code: field(z.string(), { en: 'Why, as an error code.', ru: 'Причина, код ошибки.', kk: 'Себебі, қате коды.' }),
      count: field(count, { en: 'How many times.', ru: 'Сколько раз.', kk: 'Неше рет.' }),
    }),
  ),
  { en: 'What was withheld.', ru: 'Что не раскрыто.', kk: 'Не ашылмады.' },
);

const verdict = (name: string) =>
  field(count.exactOptional(), {
    en: `Records with the verdict \`${name}\`.`,
    ru: `Число записей регистра с вердиктом \`${name}\`.`,
    kk: `\`${name}\` вердиктісі бар тізілім жазбаларының саны.`,
  });

/** How each register was used. */
export const registers = field(
  z.array(
    z.strictObject({
      register,
      calls: field(count, {
        en: 'Calls that were sent.',
        ru: 'Число отправленных обращений.',
        kk: 'Жіберілген жүгінулер саны.',
      }),
      callIds: field(
        z.array(z.string()),
        {
          en: 'Ids that the calls carried to the register, `<requestId>-<n>`. In version 4 those up to n = 100.',
          ru: 'Идентификаторы обращений, переданные регистру, `<requestId>-<n>`; в версии 4 — до n = 100.',
          kk: 'Тізілімге берілген жүгіну идентификаторлары, `<requestId>-<n>`; 4-нұсқада n = 100 дейін.',
        },
        3,
      ),
      moreCalls: field(
        z.array(count).exactOptional(),
        {
          en: 'The n of the ids beyond 100. Left out if there are none.',
          ru: 'Номера n идентификаторов после 100; отсутствует, если их нет.',
          kk: '100-ден кейінгі идентификаторлардың n нөмірлері; болмаса, жазылмайды.',
        },
        4,
      ),
      requestOutTs: field(
        count.nullable(),
        {
          en: 'When the first of these calls was sent, in milliseconds of the epoch (X-Road). Null if none was sent.',
          ru: 'Время отправки первого обращения, миллисекунды с 1970 года (X-Road); null, если обращений не было.',
          kk: 'Бірінші жүгіну жіберілген уақыт, 1970 жылдан бергі миллисекундтар (X-Road); жүгіну болмаса, null.',
        },
        4,
      ),
      responseInTs: field(
        count.nullable(),
        {
          en: 'When the last answer to these calls had arrived, an error too, in milliseconds of the epoch (X-Road). Null if none had.',
          ru: 'Время получения последнего ответа, в том числе ошибки, миллисекунды с 1970 года (X-Road); null, если ответов не было.',
          kk: 'Соңғы жауап, соның ішінде қате, алынған уақыт, 1970 жылдан бергі миллисекундтар (X-Road); жауап болмаса, null.',
        },
        4,
      ),
      records: field(
        count,
        {
          en: 'Records that the answers had.',
          ru: 'Число записей в ответах.',
          kk: 'Жауаптардағы жазбалар саны.',
        },
        4,
      ),
      outcome: field(z.enum(['answered', 'failed']), { en: 'How it ended.', ru: 'Исход.', kk: 'Нәтижесі.' }),
      failure: field(z.string().nullable(), {
        en: 'Code of the first failure.',
        ru: 'Код первой ошибки.',
        kk: 'Бірінші қатенің коды.',
      }),
      reason: field(
        z.enum(Object.keys(REGISTER_FAILURES) as [FailureReason, ...FailureReason[]]).exactOptional(),
        {
          en: 'Why that call failed (register-failures.md). Left out if it did not, or no reason is known.',
          ru: 'Причина ошибки (register-failures.md); отсутствует, если ошибки нет или причина неизвестна.',
          kk: 'Қате себебі (register-failures.md); қате болмаса немесе себебі белгісіз болса, жазылмайды.',
        },
        3,
      ),
      durationMs: field(count, {
        en: 'Time that its calls took, in milliseconds.',
        ru: 'Длительность обращений, мс.',
        kk: 'Жүгінулердің ұзақтығы, мс.',
      }),
      beyondGrant: field(
        z.array(z.string()),
        {
          en: 'Categories that the register sent though they were not granted; `*` for data that no field of the mapping reads. They were dropped. Versions 1 to 3 say only whether there was more: `receivedBeyondGrant`.',
          ru: 'Категории, присланные регистром без разрешения; `*` — данные, которых нет в описании. Они отброшены. В версиях 1–3 указано лишь, было ли лишнее: `receivedBeyondGrant`.',
          kk: 'Тізілім рұқсатсыз жіберген санаттар; `*` — сипаттамада жоқ деректер. Олар алынып тасталды. 1–3 нұсқаларда артығы болғаны ғана айтылады: `receivedBeyondGrant`.',
        },
        4,
      ),
      contract: field(z.string(), {
        en: 'Version of its data contract.',
        ru: 'Версия контракта данных.',
        kk: 'Деректер келісімшартының нұсқасы.',
      }),
      verdicts: field(
        z.strictObject({
          pass: verdict('pass'),
          flagged: verdict('flagged'),
          rejected: verdict('rejected'),
          not_evaluated: verdict('not_evaluated'),
        }),
        {
          en: 'How many of its records had each verdict.',
          ru: 'Сколько записей регистра получили каждый вердикт.',
          kk: 'Тізілім жазбаларының қаншасы әр вердиктіні алды.',
        },
      ),
      identifierInAddress: field(z.literal(true).exactOptional(), {
        en: 'The address of a call held an identifier of a person, by an agreement. Left out if none did.',
        ru: 'Адрес обращения по соглашению содержал идентификатор лица; отсутствует, если не содержал.',
        kk: 'Жүгіну мекенжайында келісім бойынша тұлға идентификаторы болды; болмаса, жазылмайды.',
      }),
    }),
  ),
  {
    en: 'How each register was used.',
    ru: 'Как использовался каждый регистр.',
    kk: 'Әр тізілім қалай пайдаланылды.',
  },
);
