/**
 * Words of operations' names, in the languages of published registers. A word that ends in `*` stands for all words that
 * begin with it. Letters are compared without case and without marks (`ä` is `a`).
 */
interface Words {
  readonly [language: string]: string;
}

/** Verbs that read. As the first word of a name they say what it does. */
const READING: Words = {
  en: 'get fetch find list read search query lookup look retrieve show view display count exist exists is has describe browse inspect obtain inquire enquire echo ping hello',
  it: 'consult* interrog* ricerc* cerca* trova* leggi leggere lettura visualizz* elenc* ottieni ottenere mostra',
  es: 'consult* busca* obten* leer lee listar mostrar',
  pt: 'consult* pesquis* obter obtem ler listar mostrar',
  fr: 'consult* recherch* cherch* obtenir lire lister affich* recuper* trouv*',
  ro: 'cauta cautare obtine citeste listeaza afis* interog*',
  de: 'suche suchen sucht finde finden hole holen lese lesen liest zeige zeigen abfrage abfragen abruf abrufen auskunft* liste ermittle ermitteln',
  nl: 'raadpleeg* raadpleg* zoek zoeken haal lees toon opvragen opvraag bevraag bevragen bevraging',
  no: 'hent hente finn finne sok soke les',
  da: 'find soeg sog laes',
  sv: 'hamta sok lasa lista',
  fi: 'hae haku etsi nayta lue listaa',
  et: 'otsi leia vaata loe',
  lv: 'atrod mekle iegut nolasit',
  lt: 'gauti ieskoti rasti skaityti',
  pl: 'pobierz pobranie szukaj wyszuk* znajdz odczyt* wyswietl* sprawdz* przegl*',
  cs: 'hledej vyhled* najdi nacti zobraz* ziskej',
  tr: 'sorgula sorgulama getir ara bul listele goster',
  ru: 'получи* получе* найти найди поиск искать чита* прочит* просмотр* показ* polucheni* poluchit poisk nayti prosmotr*',
  uk: 'отрима* знайти пошук перегля*',
  kk: 'алу іздеу іздестіру табу көрсету оқу',
};

/**
 * Nouns of what is answered or asked for, and verbs that do no more than judge. They say that a name reads if nothing in
 * it changes.
 */
const ANSWERED: Words = {
  en: 'details detail info information data status state history random report statement extract summary record records usage search list check verify validate compare calculate download service services',
  it: 'richiest* estratto dati dato informazion* stato verifica scheda dettagli* elenco',
  es: 'datos informacion estado detalle detalles verificar verificacion lista historial',
  pt: 'dados informacao informacoes estado detalhe detalhes verificar lista',
  fr: 'donnees informations etat detail verifier verification liste extrait',
  de: 'daten details status prufe prufen prufung informationen',
  nl: 'geef gegevens details status controle controleer informatie',
  no: 'detaljer opplysning opplysninger oppslag status',
  da: 'oplysninger opslag status',
  sv: 'uppgift uppgifter detaljer status',
  fi: 'tiedot tieto tietojen tila kysely',
  et: 'andmed paring detailid staatus nimekiri',
  lv: 'dati pieprasijums saraksts',
  lt: 'duomenys uzklausa sarasas',
  pl: 'dane szczegoly lista status informacje zapytanie weryfik*',
  cs: 'udaje detail seznam stav vypis dotaz',
  tr: 'bilgi bilgileri liste listesi durum detay',
  ru: 'сведени* информаци* данные список выписк* статус проверк* запрос* svedeni* spisok vypisk* dannye zapros*',
  uk: 'відомост* дані список витяг* перевірк* запит*',
  kk: 'мәлімет* ақпарат* тізім* дерек* үзінді* сұрау сұраныс*',
};

/** Words that change, wherever in a name they stand. */
const CHANGING: Words = {
  en: 'add amend append approve assign cancel create deactivate delete disable edit enable erase insert invalidate merge modify overwrite patch purge reject remove rename replace reset restore revoke save store submit subscribe terminate unlink unlock unsubscribe update upload upsert write',
  en_nouns: 'deletion creation cancellation registration',
  it: 'registra registrare registrazione iscri* cancell* variazione variazioni varia inser* aggiorn* annull* modific* rettific* elimin* mutazione mutazioni comunica comunicazione subentr* crea creazione aggiung* salva salvare invia invio notific* revoc* sospend* attiva attivazione disattiva* emett* emissione rilasci* censimento',
  es: 'crear actualiz* elimin* borrar borra modific* insert* agrega agregar anula anular registrar registra guardar enviar cancelar notific* revoca* alta baja',
  pt: 'criar cria atualiz* apagar apaga alterar altera alteracao inserir insere incluir inclui inclusao excluir exclui exclusao adicion* anular gravar grava',
  fr: 'creer modif* supprim* ajout* annul* enregistr* inscri* sauvegard* envoyer envoi notifi* revoqu* mettre mise',
  ro: 'creaza creeaza actualiz* sterge stergere modific* adauga adaugare anuleaza inregistr* salveaza insereaza',
  de: 'erstell* anlegen andern andert anderung aktualisier* losch* hinzufug* speicher* eintragen registrier* storn* melden anmeld* abmeld* ummeld* senden versenden schreib*',
  nl: 'wijzig* verwijder* maak aanmaken toevoeg* voeg registreer* registratie opslaan bijwerk* verwerk* corrigeer* intrekken meld melden aanmeld* verzend* verstuur*',
  no: 'opprett* endre endring slett* oppdater legg lagre registrer fjern send',
  da: 'opret* slet aendr* tilfoj gem gemme',
  sv: 'skapa andra radera uppdatera lagg spara registrera skicka',
  fi: 'luo lisaa muuta muokkaa poista paivita tallenna rekisteroi peruuta laheta',
  et: 'lisa loo muuda kustuta salvesta registreeri uuenda saada tuhista',
  lv: 'izveido izveidot maini mainit dzes* pievieno* atjaunin* saglaba* registret nosutit',
  lt: 'sukurti keisti istrinti prideti atnaujinti issaugoti registruoti siusti',
  pl: 'dodaj usun* usuw* zmien* zmian* aktualiz* zapisz utworz* tworz* rejestruj rejestracja wyslij anuluj zglos*',
  cs: 'vytvor* zmen* smaz* pridej* uloz* aktualiz* registruj registrace odesl* zrus*',
  tr: 'ekle ekleme sil guncelle* kaydet* olustur* degistir* gonder* iptal*',
  ru: 'созда* измен* удал* добав* обнов* сохран* регистрац* зарегистр* аннул* отмен* записат* внес* отправ* sozda* izmen* udal* dobav* obnov* sohran* registraci* registratsi* zaregistr* annul* otmen* otprav*',
  uk: 'створ* змін* видал* дода* оновл* зберег* реєстрац* зареєстр* скасу* надісл*',
  kk: 'құру өзгерт* жою қосу жаңарт* сақта* тірке* жібер*',
};

/** Words that change as the first word of a name, and elsewhere may be nouns. */
const CHANGING_FIRST: Words = {
  en: 'apply book change clear close confirm copy execute generate import increment issue join lock log login logout mark move notify open order pay place post process publish push put record refresh register release renew report reserve run schedule send set sign start stop suspend sync transfer trigger withdraw',
};

/** Words after which a second thing is done. */
export const JOINING: ReadonlySet<string> = new Set([
  'and',
  'or',
  'then',
  'e',
  'y',
  'et',
  'und',
  'oder',
  'en',
  'og',
  'ja',
  'i',
  've',
]);

export type WordKind = 'reading' | 'answered' | 'changing' | 'changing_first';

/** Returns whether a word, as {@link plainWord} gives it, is of a kind in any language. */
export function isOfKind(word: string, kind: WordKind): boolean {
  const { whole, beginnings } = KINDS[kind];
  const bare = word.replace(/\p{N}+$/u, '');
  return whole.has(bare) || beginnings.some((beginning) => bare.startsWith(beginning));
}

/** Whether a word is an English verb of change in its plain form. */
export function isImperative(word: string): boolean {
  return IMPERATIVES.has(word);
}

/** A word in small letters, without marks on them. */
export function plainWord(word: string): string {
  return word
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    .replaceAll('ß', 'ss')
    .replaceAll('ł', 'l')
    .replaceAll('ı', 'i')
    .normalize('NFC');
}

interface WordSet {
  readonly whole: ReadonlySet<string>;
  readonly beginnings: readonly string[];
}

const IMPERATIVES: ReadonlySet<string> = new Set(CHANGING['en']?.split(' '));

const KINDS: Readonly<Record<WordKind, WordSet>> = {
  reading: wordSet(READING),
  answered: wordSet(ANSWERED),
  changing: wordSet(CHANGING),
  changing_first: wordSet(CHANGING_FIRST),
};

function wordSet(words: Words): WordSet {
  const all = Object.values(words).flatMap((line) => line.split(' '));
  const whole = all.filter((word) => !word.endsWith('*')).map(plainWord);
  const beginnings = all.filter((word) => word.endsWith('*')).map((word) => plainWord(word.slice(0, -1)));
  return { whole: new Set(whole), beginnings };
}
