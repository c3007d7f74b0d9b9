import { catalogueEntry as entry, type CatalogueEntry } from './error-entry.js';

/** The codes of the error catalogue that only officers who question the audit log are given. */
export const OFFICER_ERRORS = {
  OFFICER_NOT_REGISTERED: entry(
    403,
    'caller',
    false,
    'This officer, or the client through which they signed in, is not registered with Tereze.',
    'Этот сотрудник или клиент, через который он вошёл, не зарегистрирован в Tereze.',
    'Бұл қызметкер немесе ол кірген клиент Tereze-де тіркелмеген.',
  ),
  ROLE_REQUIRED: entry(
    403,
    'caller',
    false,
    'This needs a role that you do not have.',
    'Для этого нужна роль, которой у вас нет.',
    'Бұл үшін сізде жоқ рөл қажет.',
  ),
  AUDIT_REQUEST_INVALID: entry(
    400,
    'caller',
    false,
    'The log cannot be asked in this way. `reasons` names what is missing or not valid.',
    'Так запросить журнал нельзя. В `reasons` указано, чего не хватает или что недопустимо.',
    'Журналға бұлай сұрау салуға болмайды. Не жетпейтіні немесе жарамсызы `reasons` өрісінде көрсетілген.',
  ),
  APPROVAL_REQUIRED: entry(
    403,
    'caller',
    false,
    'A second officer must approve this first. Ask for it at `/audit/v1/approvals`.',
    'Сначала это должен одобрить второй сотрудник. Запросите одобрение: `/audit/v1/approvals`.',
    'Мұны алдымен екінші қызметкер мақұлдауы керек. Мақұлдауды `/audit/v1/approvals` арқылы сұраңыз.',
  ),
  APPROVAL_INVALID: entry(
    403,
    'caller',
    false,
    'There is no approval that holds for exactly this request of yours: it is for something else, was used, was refused or has ended.',
    'Нет одобрения, действующего именно для этого вашего запроса: оно для другого, использовано, отклонено или истекло.',
    'Дәл осы сұрауыңызға жарамды мақұлдау жоқ: ол басқаға берілген, пайдаланылған, қабылданбаған немесе мерзімі өткен.',
  ),
  SEARCH_BUDGET_SPENT: entry(
    429,
    'caller',
    true,
    'You have made as many searches for people as a day allows. `endsAt` says when the next day begins.',
    'Вы исчерпали число поисков лиц на день. Когда начнётся следующий день, указано в `endsAt`.',
    'Бір күнге рұқсат етілген адам іздеу саны таусылды. Келесі күннің басталуы `endsAt` өрісінде көрсетілген.',
  ),
  IDENTIFY_BUDGET_SPENT: entry(
    429,
    'caller',
    true,
    'As many people were identified in 24 hours as may be, or as many requests to identify wait.',
    'За 24 часа установлено столько лиц, сколько допустимо, или столько же запросов ожидает.',
    '24 сағатта рұқсат етілгенше адам анықталды немесе сонша сұрау күтіп тұр.',
  ),
  AUDIT_UNREADABLE: entry(
    503,
    'gateway',
    true,
    'The audit log cannot be read now, so nothing is shown.',
    'Журнал аудита сейчас нельзя прочитать, поэтому ничего не показано.',
    'Аудит журналын қазір оқу мүмкін емес, сондықтан ештеңе көрсетілмеді.',
  ),
} as const satisfies Record<string, CatalogueEntry>;
