import type { Language } from '../../../schemas/language.js';
import type {
  ActBody,
  ApprovalBody,
  AuditReadAct,
  CompletionBody,
  RetentionAct,
  SinkBody,
  StateBody,
} from '../entries.js';

/** What an entry is about, finer than its kind. */
export type EventName =
  | 'intent'
  | `completion.${CompletionBody['outcome']}`
  | 'refusal'
  | 'refusals'
  | `act.${ActBody['act']}`
  | `state.${StateBody['act']}`
  | `sink.${SinkBody['act']}`
  | `audit_read.${AuditReadAct}`
  | `audit_read_end.${AuditReadAct}`
  | `retention.${RetentionAct}`
  | 'alert'
  | `approval.${ApprovalBody['act']}`;

type Texts = Readonly<Record<Language, string>>;

/**
 * A sentence for each event. In braces stand parameters (`sentence-of.ts`): ids, names, codes and counts, never the number
 * of a person. A sentence is put together of complete clauses, so that no parameter has to be inflected.
 */
export const SENTENCES: Readonly<Record<EventName, Texts>> = {
  intent: {
    en: '{who} asks for data{purpose}. People named: {people}. Registers: {registers}.',
    ru: '{who} запрашивает данные{purpose}. Названо лиц: {people}. Регистры: {registers}.',
    kk: '{who} деректер сұрайды{purpose}. Аталған адамдар: {people}. Тізілімдер: {registers}.',
  },
  'completion.answered': {
    en: '{who} was answered{purpose}. People: {people}. Disclosed: {disclosed}. Withheld: {withheld}.',
    ru: '{who}: ответ получен{purpose}. Лиц: {people}. Раскрыто: {disclosed}. Не раскрыто: {withheld}.',
    kk: '{who}: жауап алынды{purpose}. Адамдар: {people}. Ашылды: {disclosed}. Ашылмады: {withheld}.',
  },
  'completion.failed': {
    en: '{who} got no data{purpose}: {code}. People: {people}. Registers asked: {asked}.',
    ru: '{who}: данные не получены{purpose}: {code}. Лиц: {people}. Запрошенные регистры: {asked}.',
    kk: '{who}: деректер алынбады{purpose}: {code}. Адамдар: {people}. Сұралған тізілімдер: {asked}.',
  },
  'completion.unknown': {
    en: 'How a request of {who} ended is not known{purpose}. People named: {people}.',
    ru: 'Чем закончился запрос, неизвестно: {who}{purpose}. Названо лиц: {people}.',
    kk: 'Сұраудың немен аяқталғаны белгісіз: {who}{purpose}. Аталған адамдар: {people}.',
  },
  refusal: {
    en: '{who} was refused{purpose}: {code}. People named: {people}. Categories: {categories}.',
    ru: '{who}: отказано{purpose}: {code}. Названо лиц: {people}. Категории: {categories}.',
    kk: '{who}: бас тартылды{purpose}: {code}. Аталған адамдар: {people}. Санаттар: {categories}.',
  },
  refusals: {
    en: 'Requests refused within a second: {count}, {code}. From: {source}, {who}.',
    ru: 'Отклонено запросов за секунду: {count}, {code}. Источник: {source}, {who}.',
    kk: 'Секунд ішінде бас тартылған сұраулар: {count}, {code}. Көзі: {source}, {who}.',
  },
  'act.consent_given': {
    en: '{who}: a consent was given, {reference}.',
    ru: '{who}: дано согласие, {reference}.',
    kk: '{who}: келісім берілді, {reference}.',
  },
  'act.consent_withdrawn': {
    en: '{who}: a consent was withdrawn, {reference}.',
    ru: '{who}: согласие отозвано, {reference}.',
    kk: '{who}: келісім қайтарып алынды, {reference}.',
  },
  'act.consent_confirmed': {
    en: '{who}: a suspended consent was confirmed, {reference}.',
    ru: '{who}: приостановленное согласие подтверждено, {reference}.',
    kk: '{who}: тоқтатыла тұрған келісім расталды, {reference}.',
  },
  'act.consents_listed': {
    en: '{who}: own consents were read.',
    ru: '{who}: просмотрены собственные согласия.',
    kk: '{who}: өз келісімдері қаралды.',
  },
  'act.handle_issued': {
    en: '{who}: a handle of a person was issued{purpose}. Receiver: {reference}.',
    ru: '{who}: выдана ссылка на лицо{purpose}. Получатель: {reference}.',
    kk: '{who}: тұлғаға сілтеме берілді{purpose}. Алушы: {reference}.',
  },
  'act.handle_ended': {
    en: '{who}: a handle of a person was ended{purpose}.',
    ru: '{who}: действие ссылки на лицо прекращено{purpose}.',
    kk: '{who}: тұлғаға сілтеменің күші тоқтатылды{purpose}.',
  },
  'act.operation_loaded': {
    en: '{who}: a trusted document was loaded for the first time, {reference}.',
    ru: '{who}: доверенный документ загружен впервые, {reference}.',
    kk: '{who}: сенімді құжат алғаш рет жүктелді, {reference}.',
  },
  'act.operation_approved': {
    en: '{who}: a trusted document was approved, {reference}.',
    ru: '{who}: доверенный документ одобрен, {reference}.',
    kk: '{who}: сенімді құжат мақұлданды, {reference}.',
  },
  'act.operation_withdrawn': {
    en: '{who}: the approval of a trusted document was withdrawn, {reference}.',
    ru: '{who}: одобрение доверенного документа отозвано, {reference}.',
    kk: '{who}: сенімді құжаттың мақұлдануы қайтарып алынды, {reference}.',
  },
  'state.initialised': {
    en: 'The state got its first signed head. Reason: {reason}.',
    ru: 'Состояние получило первую подписанную вершину. Причина: {reason}.',
    kk: 'Күй алғашқы қол қойылған ұшын алды. Себебі: {reason}.',
  },
  'state.rollback_accepted': {
    en: 'A database that went back in time was accepted. Reason: {reason}. Logs closed: {closed}.',
    ru: 'Принята база данных, вернувшаяся в прошлое. Причина: {reason}. Закрыто журналов: {closed}.',
    kk: 'Уақыт бойынша артқа қайтқан дерекқор қабылданды. Себебі: {reason}. Жабылған журналдар: {closed}.',
  },
  'sink.sink_added': {
    en: 'Entries are sent to a new sink, {sink}: {target}.',
    ru: 'Записи передаются новому получателю, {sink}: {target}.',
    kk: 'Жазбалар жаңа алушыға жіберіледі, {sink}: {target}.',
  },
  'sink.sink_changed': {
    en: 'A sink of entries was changed, {sink}: {target}.',
    ru: 'Получатель записей изменён, {sink}: {target}.',
    kk: 'Жазбалар алушысы өзгертілді, {sink}: {target}.',
  },
  'sink.sink_removed': {
    en: 'Entries are not sent to a sink any more, {sink}: {target}.',
    ru: 'Записи больше не передаются получателю, {sink}: {target}.',
    kk: 'Жазбалар алушыға енді жіберілмейді, {sink}: {target}.',
  },
  'state.data_keys_resealed': {
    en: 'Data keys of sealed identities are sealed to the recipients of the configuration. Reason: {reason}.',
    ru: 'Ключи запечатанных сведений о лицах запечатываются для получателей из настроек. Причина: {reason}.',
    kk: 'Адамдар туралы мөрленген мәліметтің кілттері баптаудағы алушыларға мөрленеді. Себебі: {reason}.',
  },
  'state.checkpoint_key_rotated': {
    en: 'Checkpoints of the audit log are signed with a new key. Reason: {reason}.',
    ru: 'Контрольные точки журнала аудита подписываются новым ключом. Причина: {reason}.',
    kk: 'Аудит журналының бақылау нүктелеріне жаңа кілтпен қол қойылады. Себебі: {reason}.',
  },
  'audit_read.audit_searched': {
    en: '{who} searches the audit log. People searched for: {people}. Reason: {reason}.',
    ru: '{who}: поиск в журнале аудита. Искали лиц: {people}. Причина: {reason}.',
    kk: '{who}: аудит журналынан іздеу. Ізделген адамдар: {people}. Себебі: {reason}.',
  },
  'audit_read_end.audit_searched': {
    en: '{who}: a search of the audit log ended. Rows shown: {rows}.',
    ru: '{who}: поиск в журнале аудита завершён. Показано строк: {rows}.',
    kk: '{who}: аудит журналынан іздеу аяқталды. Көрсетілген жолдар: {rows}.',
  },
  'audit_read.audit_exported': {
    en: '{who} exports entries of the audit log. Reason: {reason}.',
    ru: '{who}: выгрузка записей журнала аудита. Причина: {reason}.',
    kk: '{who}: аудит журналының жазбаларын шығару. Себебі: {reason}.',
  },
  'audit_read_end.audit_exported': {
    en: '{who}: an export of the audit log ended. Entries written: {rows}.',
    ru: '{who}: выгрузка журнала аудита завершена. Выгружено записей: {rows}.',
    kk: '{who}: аудит журналын шығару аяқталды. Шығарылған жазбалар: {rows}.',
  },
  'retention.archive_asked': {
    en: '{who} archives entries before {before}. Reason: {reason}.',
    ru: '{who}: архивирование записей до {before}. Причина: {reason}.',
    kk: '{who}: {before} дейінгі жазбаларды мұрағаттау. Себебі: {reason}.',
  },
  'retention.archived': {
    en: '{who} archived entries before {before} and removed them from the database. Entries: {count}.',
    ru: '{who}: записи до {before} помещены в архив и удалены из базы данных. Записей: {count}.',
    kk: '{who}: {before} дейінгі жазбалар мұрағатқа салынып, дерекқордан алынды. Жазбалар: {count}.',
  },
  'retention.erasure_asked': {
    en: '{who} erases what leads to people{purpose}, entries before {before}. Law: {law}. Reason: {reason}.',
    ru: '{who}: удаление того, что ведёт к лицам{purpose}, записи до {before}. Закон: {law}. Причина: {reason}.',
    kk: '{who}: адамдарға апаратын деректерді өшіру{purpose}, {before} дейінгі жазбалар. Заң: {law}. Себебі: {reason}.',
  },
  'retention.erased': {
    en: '{who} erased what led to people{purpose}, entries before {before}. Law: {law}. Rows: {count}.',
    ru: '{who}: удалено то, что вело к лицам{purpose}, записи до {before}. Закон: {law}. Строк: {count}.',
    kk: '{who}: адамдарға апаратын деректер өшірілді{purpose}, {before} дейінгі жазбалар. Заң: {law}. Жолдар: {count}.',
  },
  'retention.hold_asked': {
    en: '{who} asks for legal hold {hold}. Reason: {reason}.',
    ru: '{who}: запрошен запрет на удаление {hold}. Причина: {reason}.',
    kk: '{who}: өшіруге тыйым сұралды, {hold}. Себебі: {reason}.',
  },
  'retention.hold_set': {
    en: '{who} approved legal hold {hold}.',
    ru: '{who}: запрет на удаление одобрен, {hold}.',
    kk: '{who}: өшіруге тыйым мақұлданды, {hold}.',
  },
  'retention.hold_lift_asked': {
    en: '{who} asks to lift legal hold {hold}. Reason: {reason}.',
    ru: '{who}: запрошено снятие запрета на удаление {hold}. Причина: {reason}.',
    kk: '{who}: өшіруге тыйымды алу сұралды, {hold}. Себебі: {reason}.',
  },
  'retention.hold_lifted': {
    en: '{who} approved that legal hold {hold} is lifted.',
    ru: '{who}: снятие запрета на удаление одобрено, {hold}.',
    kk: '{who}: өшіруге тыйымды алу мақұлданды, {hold}.',
  },
  'audit_read.audit_entry_read': {
    en: '{who} reads one entry of the audit log: {entry}.',
    ru: '{who}: чтение одной записи журнала аудита, {entry}.',
    kk: '{who}: аудит журналының бір жазбасын оқу, {entry}.',
  },
  'audit_read_end.audit_entry_read': {
    en: '{who}: the reading of one entry ended. Entries shown: {rows}.',
    ru: '{who}: чтение записи завершено. Показано записей: {rows}.',
    kk: '{who}: жазбаны оқу аяқталды. Көрсетілген жазбалар: {rows}.',
  },
  'audit_read.audit_bundle_read': {
    en: '{who} reads raw entries of the audit log, from {entry} on.',
    ru: '{who}: чтение записей журнала аудита целиком, начиная с {entry}.',
    kk: '{who}: аудит журналының жазбаларын тұтас оқу, {entry} бастап.',
  },
  'audit_read_end.audit_bundle_read': {
    en: '{who}: the reading of raw entries ended. Entries given: {rows}.',
    ru: '{who}: чтение записей целиком завершено. Выдано записей: {rows}.',
    kk: '{who}: жазбаларды тұтас оқу аяқталды. Берілген жазбалар: {rows}.',
  },
  'audit_read.audit_own_entry_read': {
    en: '{who} asks for the entry of its own request: {entry}.',
    ru: '{who}: запрос записи о собственном обращении, {entry}.',
    kk: '{who}: өз сұрауының жазбасын сұрау, {entry}.',
  },
  'audit_read_end.audit_own_entry_read': {
    en: '{who}: the reading of an own entry ended. Entries given: {rows}.',
    ru: '{who}: чтение собственной записи завершено. Выдано записей: {rows}.',
    kk: '{who}: өз жазбасын оқу аяқталды. Берілген жазбалар: {rows}.',
  },
  'audit_read.audit_request_read': {
    en: '{who} reads the entries of one request.',
    ru: '{who}: чтение записей одного запроса.',
    kk: '{who}: бір сұраудың жазбаларын оқу.',
  },
  'audit_read_end.audit_request_read': {
    en: '{who}: the reading of one request ended. Entries shown: {rows}.',
    ru: '{who}: чтение записей запроса завершено. Показано записей: {rows}.',
    kk: '{who}: сұрау жазбаларын оқу аяқталды. Көрсетілген жазбалар: {rows}.',
  },
  'audit_read.audit_counted': {
    en: '{who} counts entries of the audit log by hour.',
    ru: '{who}: подсчёт записей журнала аудита по часам.',
    kk: '{who}: аудит журналының жазбаларын сағат бойынша санау.',
  },
  'audit_read_end.audit_counted': {
    en: '{who}: a count of entries ended. Hours shown: {rows}.',
    ru: '{who}: подсчёт записей завершён. Показано часов: {rows}.',
    kk: '{who}: жазбаларды санау аяқталды. Көрсетілген сағаттар: {rows}.',
  },
  'audit_read.audit_status_read': {
    en: '{who} asks how far the audit log was compared with its bytes.',
    ru: '{who}: запрос о том, до какой записи журнал сверен со своими байтами.',
    kk: '{who}: журналдың байттарымен қай жазбаға дейін салыстырылғанын сұрау.',
  },
  'audit_read_end.audit_status_read': {
    en: '{who}: was shown how far the audit log was compared. Logs: {rows}.',
    ru: '{who}: показано, до какой записи сверен журнал. Журналов: {rows}.',
    kk: '{who}: журналдың қай жазбаға дейін салыстырылғаны көрсетілді. Журналдар: {rows}.',
  },
  'audit_read.audit_affected_listed': {
    en: '{who} lists the people whose data was answered. Reason: {reason}.',
    ru: '{who}: составление списка лиц, чьи данные были выданы. Причина: {reason}.',
    kk: '{who}: деректері берілген адамдар тізімін жасау. Себебі: {reason}.',
  },
  'audit_read_end.audit_affected_listed': {
    en: '{who}: a list of people whose data was answered ended. People: {rows}.',
    ru: '{who}: список лиц, чьи данные были выданы, завершён. Лиц: {rows}.',
    kk: '{who}: деректері берілген адамдар тізімі аяқталды. Адамдар: {rows}.',
  },
  'audit_read.audit_people_identified': {
    en: '{who} has people of entries identified, approved by a second officer. Reason: {reason}.',
    ru: '{who}: установление лиц по записям с одобрения второго сотрудника. Причина: {reason}.',
    kk: '{who}: жазбалардағы адамдарды екінші қызметкердің мақұлдауымен анықтау. Себебі: {reason}.',
  },
  'audit_read_end.audit_people_identified': {
    en: '{who}: people of entries were identified. People: {rows}.',
    ru: '{who}: лица по записям установлены. Лиц: {rows}.',
    kk: '{who}: жазбалардағы адамдар анықталды. Адамдар: {rows}.',
  },
  'audit_read.audit_reconciled': {
    en: '{who} compares the audit log with the log of a register. Reason: {reason}.',
    ru: '{who}: сверка журнала аудита с журналом регистра. Причина: {reason}.',
    kk: '{who}: аудит журналын тізілім журналымен салыстыру. Себебі: {reason}.',
  },
  'audit_read_end.audit_reconciled': {
    en: '{who}: a comparison with the log of a register ended. Differences: {rows}.',
    ru: '{who}: сверка с журналом регистра завершена. Расхождений: {rows}.',
    kk: '{who}: тізілім журналымен салыстыру аяқталды. Айырмашылықтар: {rows}.',
  },
  alert: {
    en: 'Alert {rule}, severity {severity}. {said}',
    ru: 'Сигнал {rule}, срочность {severity}. {said}',
    kk: 'Дабыл {rule}, шұғылдығы {severity}. {said}',
  },
  'audit_read.audit_approvals_read': {
    en: '{who} asks what waits for the approval of a second officer.',
    ru: '{who}: запрос о том, что ждёт одобрения второго сотрудника.',
    kk: '{who}: екінші қызметкердің мақұлдауын не күтіп тұрғанын сұрау.',
  },
  'audit_read_end.audit_approvals_read': {
    en: '{who}: was shown what waits for an approval. Requests shown: {rows}.',
    ru: '{who}: показано, что ждёт одобрения. Показано запросов: {rows}.',
    kk: '{who}: мақұлдауды не күтіп тұрғаны көрсетілді. Көрсетілген сұраулар: {rows}.',
  },
  'approval.approval_asked': {
    en: '{who} asks for the approval of a second officer: {action}. Reason: {reason}.',
    ru: '{who}: запрошено одобрение второго сотрудника: {action}. Причина: {reason}.',
    kk: '{who}: екінші қызметкердің мақұлдауы сұралды: {action}. Себебі: {reason}.',
  },
  'approval.approval_given': {
    en: '{who} approved what another officer asked: {action}. Asked by: {asker}.',
    ru: '{who}: одобрен запрос другого сотрудника: {action}. Запросил: {asker}.',
    kk: '{who}: басқа қызметкердің сұрауы мақұлданды: {action}. Сұраған: {asker}.',
  },
  'approval.approval_refused': {
    en: '{who} refused what another officer asked: {action}. Asked by: {asker}.',
    ru: '{who}: отклонён запрос другого сотрудника: {action}. Запросил: {asker}.',
    kk: '{who}: басқа қызметкердің сұрауы қабылданбады: {action}. Сұраған: {asker}.',
  },
  'approval.approval_used': {
    en: '{who} used an approval: {action}.',
    ru: '{who}: использовано одобрение: {action}.',
    kk: '{who}: мақұлдау пайдаланылды: {action}.',
  },
  'approval.approval_expired': {
    en: 'An approval ended unused: {action}. Asked by: {asker}.',
    ru: 'Срок одобрения истёк, оно не использовано: {action}. Запросил: {asker}.',
    kk: 'Мақұлдаудың мерзімі пайдаланылмай өтті: {action}. Сұраған: {asker}.',
  },
};

/** For an entry that this program does not know: bytes that someone changed, or a later version. */
export const UNKNOWN_EVENT: Texts = {
  en: 'An entry of a kind that this version of Tereze does not know.',
  ru: 'Запись, вид которой неизвестен этой версии Tereze.',
  kk: 'Tereze бұл нұсқасына белгісіз түрдегі жазба.',
};

/** Phrases that parameters are made of. */
export const PHRASES = {
  citizen: { en: 'a citizen by {system}', ru: 'гражданин через {system}', kk: '{system} арқылы азамат' },
  officer: {
    en: '{system} for officer {officer}',
    ru: '{system}, сотрудник {officer}',
    kk: '{system}, қызметкер {officer}',
  },
  unknownCaller: {
    en: 'the caller is not known',
    ru: 'обратившийся неизвестен',
    kk: 'жүгінуші белгісіз',
  },
  purpose: { en: ' (purpose {purpose})', ru: ' (цель {purpose})', kk: ' (мақсат {purpose})' },
  purposeAndCase: {
    en: ' (purpose {purpose}, case {case})',
    ru: ' (цель {purpose}, дело {case})',
    kk: ' (мақсат {purpose}, іс {case})',
  },
  none: { en: 'none', ru: 'нет', kk: 'жоқ' },
} as const satisfies Readonly<Record<string, Texts>>;
