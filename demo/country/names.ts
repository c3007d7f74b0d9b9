import type { Culture, Sex } from './model.js';
import type { SeededRandom } from './random.js';

/** Common given names and surnames of Kazakhstan, and how a surname and a patronymic are formed from them. */

interface FatherName {
  readonly name: string;
  /** Patronymic of a son and of a daughter. */
  readonly son: string;
  readonly daughter: string;
}

const kazakh = (name: string): FatherName => ({ name, son: `${name}ұлы`, daughter: `${name}қызы` });
const russian = (name: string, son: string, daughter: string): FatherName => ({ name, son, daughter });

const MEN: Readonly<Record<Culture, readonly FatherName[]>> = {
  kazakh: [
    ...[
      'Нұрлан',
      'Ерлан',
      'Серік',
      'Бауыржан',
      'Асқар',
      'Дәурен',
      'Марат',
      'Қайрат',
      'Болат',
      'Ержан',
      'Арман',
      'Данияр',
    ],
    ...[
      'Талғат',
      'Мұрат',
      'Жандос',
      'Әлихан',
      'Санжар',
      'Нұрсұлтан',
      'Айдос',
      'Рүстем',
      'Тимур',
      'Мирас',
      'Алдияр',
      'Ернар',
      'Ербол',
      'Дамир',
    ],
  ].map(kazakh),
  russian: [
    russian('Александр', 'Александрович', 'Александровна'),
    russian('Сергей', 'Сергеевич', 'Сергеевна'),
    russian('Андрей', 'Андреевич', 'Андреевна'),
    russian('Дмитрий', 'Дмитриевич', 'Дмитриевна'),
    russian('Виктор', 'Викторович', 'Викторовна'),
    russian('Николай', 'Николаевич', 'Николаевна'),
    russian('Михаил', 'Михайлович', 'Михайловна'),
    russian('Илья', 'Ильич', 'Ильинична'),
    russian('Павел', 'Павлович', 'Павловна'),
    russian('Олег', 'Олегович', 'Олеговна'),
    russian('Никита', 'Никитич', 'Никитична'),
    russian('Максим', 'Максимович', 'Максимовна'),
  ],
};

const WOMEN: Readonly<Record<Culture, readonly string[]>> = {
  kazakh: [
    ...[
      'Айгүл',
      'Гүлнар',
      'Сәуле',
      'Динара',
      'Әсел',
      'Жанар',
      'Алия',
      'Бақыт',
      'Мәдина',
      'Аружан',
      'Айзере',
      'Томирис',
    ],
    ...['Камила', 'Ботагөз', 'Күләш', 'Роза', 'Шолпан', 'Әйгерім', 'Назерке', 'Дана', 'Айым', 'Інжу'],
  ],
  russian: [
    'Елена',
    'Ольга',
    'Наталья',
    'Татьяна',
    'Ирина',
    'Светлана',
    'Анна',
    'Мария',
    'Екатерина',
    'Дарья',
    'Полина',
    'Вера',
  ],
};

const SURNAMES: Readonly<Record<Culture, readonly string[]>> = {
  kazakh: [
    ...[
      'Ахметов',
      'Оспанов',
      'Серікбаев',
      'Нұрғалиев',
      'Сүлейменов',
      'Қасымов',
      'Ибраимов',
      'Жұмабеков',
      'Әбдірахманов',
      'Тілеубаев',
    ],
    ...[
      'Бекмұратов',
      'Досжанов',
      'Есенов',
      'Мұқанов',
      'Садықов',
      'Рахимов',
      'Төлегенов',
      'Байжанов',
      'Қожахмет',
      'Әлімбай',
      'Нұрпейіс',
    ],
  ],
  russian: [
    'Иванов',
    'Петров',
    'Кузнецов',
    'Смирнов',
    'Попов',
    'Волков',
    'Соколов',
    'Калинин',
    'Жуков',
    'Белинский',
    'Морозов',
    'Шевченко',
  ],
};

/** A woman's form of a surname. */
export function feminine(surname: string): string {
  if (surname.endsWith('ский')) return `${surname.slice(0, -2)}ая`;
  return /(?:ов|ев|ин)$/.test(surname) ? `${surname}а` : surname;
}

/** The patronymic that a father's given name makes, or null for a name that the tables do not hold. */
export function patronymicOf(fatherName: string, sex: Sex): string | null {
  const father = [...MEN.kazakh, ...MEN.russian].find(({ name }) => name === fatherName);
  if (father === undefined) return null;
  return sex === 'M' ? father.son : father.daughter;
}

export function drawSurname(random: SeededRandom, culture: Culture): string {
  return random.pick(SURNAMES[culture]);
}

export function drawGivenName(random: SeededRandom, culture: Culture, sex: Sex): string {
  return sex === 'M' ? random.pick(MEN[culture]).name : random.pick(WOMEN[culture]);
}
