/**
 * The error catalogue: every code that Tereze gives a caller. Codes are never reused.
 * Public text is all that a caller sees; detail goes to the internal log under the request id.
 */

/** Whose turn it is. */
export type Actor = 'caller' | 'citizen' | 'register' | 'gateway';

export interface CatalogueEntry {
  readonly status: number;
  readonly actor: Actor;
  /** The same request may succeed later, unchanged. */
  readonly retryable: boolean;
  readonly text: { readonly kk: string; readonly ru: string; readonly en: string };
}

const entry = (status: number, actor: Actor, retryable: boolean, en: string, ru: string, kk: string): CatalogueEntry => ({
  status,
  actor,
  retryable,
  text: { kk, ru, en },
});

export const ERROR_CATALOGUE = {
  // HTTP, before anything is known of the caller
  BAD_REQUEST: entry(400, 'caller', false, 'The request is not a GraphQL request.', 'Запрос не является запросом GraphQL.', 'Сұрау GraphQL сұрауы емес.'),
  INVALID_JSON: entry(400, 'caller', false, 'The body is not valid JSON.', 'Тело запроса не является корректным JSON.', 'Сұрау денесі дұрыс JSON емес.'),
  UNSUPPORTED_MEDIA_TYPE: entry(415, 'caller', false, 'Send application/json in UTF-8.', 'Отправьте application/json в кодировке UTF-8.', 'UTF-8 кодтауындағы application/json жіберіңіз.'),
  PAYLOAD_TOO_LARGE: entry(413, 'caller', false, 'The body is too large.', 'Тело запроса слишком велико.', 'Сұрау денесі тым үлкен.'),
  METHOD_NOT_ALLOWED: entry(405, 'caller', false, 'Use POST.', 'Используйте POST.', 'POST әдісін қолданыңыз.'),
  BATCH_NOT_SUPPORTED: entry(400, 'caller', false, 'Send one operation per request.', 'Отправляйте по одной операции в запросе.', 'Бір сұрауда бір операция жіберіңіз.'),
  NOT_FOUND: entry(404, 'caller', false, 'There is nothing at this address.', 'По этому адресу ничего нет.', 'Бұл мекенжайда ештеңе жоқ.'),
  REQUEST_TIMEOUT: entry(408, 'caller', true, 'The request did not arrive in time.', 'Запрос не поступил вовремя.', 'Сұрау уақытында келмеді.'),
  // Seen in the log only: nobody is left to be told. 499 is what proxies commonly log for it.
  CLIENT_GONE: entry(499, 'caller', true, 'The client closed the connection before it was answered.', 'Клиент закрыл соединение, не дождавшись ответа.', 'Клиент жауап күтпей байланысты жапты.'),
  // authenticate
  UNAUTHENTICATED: entry(401, 'caller', false, 'The access token is missing or not valid here.', 'Токен доступа отсутствует или недействителен.', 'Қол жеткізу токені жоқ немесе жарамсыз.'),
  INVALID_DPOP_PROOF: entry(401, 'caller', false, 'The DPoP proof is missing or does not fit this request.', 'Доказательство DPoP отсутствует или не подходит к запросу.', 'DPoP дәлелі жоқ немесе сұрауға сай емес.'),
  ISSUER_UNAVAILABLE: entry(503, 'gateway', true, 'Access tokens cannot be checked now, because the issuer’s keys cannot be fetched.', 'Токены доступа сейчас нельзя проверить: ключи эмитента недоступны.', 'Қол жеткізу токендерін қазір тексеру мүмкін емес: эмитенттің кілттері қолжетімсіз.'),
  CALLER_NOT_REGISTERED: entry(403, 'caller', false, 'This system is not registered with Tereze.', 'Эта система не зарегистрирована в Tereze.', 'Бұл жүйе Tereze-де тіркелмеген.'),
  PURPOSE_REQUIRED: entry(403, 'caller', false, 'Say for which purpose you ask: exactly one, covered by the token.', 'Укажите цель запроса: ровно одну, указанную в токене.', 'Сұраудың мақсатын көрсетіңіз: токенде бар дәл біреуін.'),
  CASE_REQUIRED: entry(403, 'caller', false, 'This purpose needs a case, covered by the token.', 'Для этой цели нужен номер дела, указанный в токене.', 'Бұл мақсатқа токенде көрсетілген іс нөмірі қажет.'),
  CITIZEN_REQUIRED: entry(403, 'caller', false, 'Only the citizen can do this.', 'Это может сделать только сам гражданин.', 'Мұны тек азаматтың өзі жасай алады.'),
  // plan
  GRAPHQL_PARSE_FAILED: entry(400, 'caller', false, 'The document is not GraphQL.', 'Документ не является документом GraphQL.', 'Құжат GraphQL құжаты емес.'),
  GRAPHQL_VALIDATION_FAILED: entry(400, 'caller', false, 'The document does not fit the schema.', 'Документ не соответствует схеме.', 'Құжат схемаға сай емес.'),
  OPERATION_RESOLUTION_FAILURE: entry(400, 'caller', false, 'Name one operation of the document.', 'Назовите одну операцию документа.', 'Құжаттың бір операциясын атаңыз.'),
  BAD_USER_INPUT: entry(400, 'caller', false, 'A variable is missing or not valid.', 'Переменная отсутствует или недопустима.', 'Айнымалы жоқ немесе жарамсыз.'),
  QUERY_TOO_COMPLEX: entry(400, 'caller', false, 'The document is too large, too deep or has too many aliases, fragments or fields.', 'Документ слишком велик, глубок или содержит слишком много псевдонимов, фрагментов или полей.', 'Құжат тым үлкен, терең немесе бүркеншік аттар, фрагменттер не өрістер тым көп.'),
  DOCUMENT_NOT_FOUND: entry(404, 'caller', false, 'No trusted document is registered under this id.', 'Под этим идентификатором нет доверенного документа.', 'Бұл идентификатормен сенімді құжат тіркелмеген.'),
  DOCUMENT_ID_AND_TEXT: entry(400, 'caller', false, 'Send either a document id or a text, not both.', 'Отправьте либо идентификатор документа, либо текст.', 'Не құжат идентификаторын, не мәтінін жіберіңіз.'),
  DOCUMENT_ID_REQUIRED: entry(403, 'caller', false, 'This caller may ask trusted documents only.', 'Этому вызывающему доступны только доверенные документы.', 'Бұл шақырушыға тек сенімді құжаттар қолжетімді.'),
  DOCUMENT_NOT_ALLOWED: entry(403, 'caller', false, 'This document is not registered for this caller and purpose.', 'Этот документ не зарегистрирован для этого вызывающего и цели.', 'Бұл құжат осы шақырушы мен мақсатқа тіркелмеген.'),
  PLAN_FAILED: entry(400, 'caller', false, 'The document cannot be planned.', 'Для документа нельзя составить план.', 'Құжатқа жоспар құру мүмкін емес.'),
  // authorize
  POLICY_DENIED: entry(403, 'caller', false, 'No rule allows this caller this data for this purpose and case.', 'Ни одно правило не разрешает этому вызывающему эти данные для этой цели и дела.', 'Осы шақырушыға осы мақсат пен іс бойынша бұл деректерге ешбір ереже рұқсат бермейді.'),
  NEXUS_UNAVAILABLE: entry(503, 'caller', true, 'The case system of the agency that leads the case cannot be asked.', 'Система учёта дел ведомства, ведущего дело, недоступна.', 'Істі жүргізетін мекеменің істерді есепке алу жүйесі қолжетімсіз.'),
  PROTECTION_UNAVAILABLE: entry(503, 'gateway', true, 'The list of protected people cannot be asked.', 'Список защищаемых лиц недоступен.', 'Қорғалатын адамдардың тізімі қолжетімсіз.'),
  HANDLE_INVALID: entry(403, 'caller', false, 'The person handle is not valid for this caller, purpose and case, or has ended.', 'Ссылка на лицо недействительна для этого вызывающего, цели и дела или истекла.', 'Тұлға сілтемесі осы шақырушыға, мақсат пен іске жарамсыз немесе мерзімі өткен.'),
  CONSENT_REQUIRED: entry(403, 'citizen', true, 'This needs the consent of the person it is about.', 'Нужно согласие лица, к которому относятся данные.', 'Деректер қатысты адамның келісімі қажет.'),
  CONSENT_EXPIRED: entry(403, 'citizen', true, 'The consent of the person has ended.', 'Срок согласия лица истёк.', 'Адамның келісімінің мерзімі өтті.'),
  CONSENT_WITHDRAWN: entry(403, 'citizen', true, 'The person has withdrawn the consent.', 'Лицо отозвало согласие.', 'Адам келісімін қайтарып алды.'),
  CONSENT_NOT_FOUND: entry(404, 'caller', false, 'You have no such consent.', 'У вас нет такого согласия.', 'Сізде мұндай келісім жоқ.'),
  TOO_MANY_SUBJECTS: entry(403, 'caller', false, 'The question reaches more people than its purpose allows.', 'Запрос затрагивает больше лиц, чем допускает цель.', 'Сұрау мақсат рұқсат еткеннен көп адамды қамтиды.'),
  // execute
  DOWNSTREAM_SERVICE_ERROR: entry(502, 'register', true, 'A register failed.', 'Сбой регистра.', 'Тіркелім істен шықты.'),
  GATEWAY_TIMEOUT: entry(504, 'register', true, 'A register did not answer in time.', 'Регистр не ответил вовремя.', 'Тіркелім уақытында жауап бермеді.'),
  REGISTER_UNAVAILABLE: entry(503, 'register', true, 'A register is not asked for now because it keeps failing.', 'Регистр временно не опрашивается из-за повторных сбоев.', 'Тіркелім қайта-қайта істен шыққандықтан уақытша сұралмайды.'),
  REGISTER_MALFORMED_RESPONSE: entry(502, 'register', false, 'A register answered with something other than it promises.', 'Ответ регистра не соответствует его обязательствам.', 'Тіркелімнің жауабы уәде етілгенге сай емес.'),
  DATA_QUALITY_FAILED: entry(502, 'register', false, 'The record breaks the register’s data contract and is withheld.', 'Запись нарушает контракт данных регистра и не выдаётся.', 'Жазба тіркелімнің дерек келісімшартын бұзады және берілмейді.'),
  NULL_IN_NON_NULL: entry(502, 'register', false, 'A value that must be there is missing.', 'Отсутствует обязательное значение.', 'Міндетті мән жоқ.'),
  // gateway
  AUDIT_UNAVAILABLE: entry(503, 'gateway', true, 'The audit log cannot be written, so nothing is asked and nothing released.', 'Журнал аудита недоступен, поэтому ничего не запрошено и не выдано.', 'Аудит журналы қолжетімсіз, сондықтан ештеңе сұралмады және берілмеді.'),
  SHUTTING_DOWN: entry(503, 'gateway', true, 'The gateway is shutting down.', 'Шлюз завершает работу.', 'Шлюз жұмысын аяқтауда.'),
  OVERLOADED: entry(503, 'gateway', true, 'Too many requests at once.', 'Слишком много одновременных запросов.', 'Бір мезгілде сұраулар тым көп.'),
  INTERNAL_SERVER_ERROR: entry(500, 'gateway', false, 'Something failed in the gateway.', 'Внутренняя ошибка шлюза.', 'Шлюздің ішкі қатесі.'),
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;
