/**
 * Names that the numbers of people have in the registers of several states, in small letters without signs and marks. A
 * value that is called so identifies a person, even where its type is a plain text.
 */
const NAMES: ReadonlySet<string> = new Set(
  [
    // Any state.
    'personnumber personsnumber personalnumber personid personcode personalcode personalid personalidentifier',
    'personidentifier personidentificationnumber identitynumber nationalid nationalidnumber nationalnumber',
    'nationalidentifier nationalidentificationnumber citizenid citizennumber individualnumber socialsecuritynumber',
    'socialnumber ssn nin nino',
    // Kazakhstan, Russia, Kyrgyzstan, Uzbekistan, Ukraine.
    'iin иин жсн individualidentificationnumber snils снилс pinfl жшшир rnokpp рнокпп',
    // The Netherlands, Belgium, Germany, Austria, Switzerland, France, Luxembourg.
    'bsn burgerservicenummer rijksregisternummer identifikationsnummer steueridentifikationsnummer ahvnummer',
    'nir numerosecuritesociale',
    // The Nordic and Baltic states.
    'personnummer fodselsnummer cprnummer cpr kennitala hetu henkilotunnus isikukood asmenskodas personaskods',
    // Italy, Spain, Portugal, Romania, Latin America.
    'codicefiscale dni nie cnp cpf curp cedula numeroidentificacao',
    // Poland, Czechia, Slovakia, Slovenia, Croatia, Bulgaria, Türkiye, India.
    'pesel rodnecislo emso oib egn tckn tckimlikno aadhaar aadhaarnumber',
  ].flatMap((line) => line.split(' ')),
);

/** Returns whether a value of this name is the number of a person. Numbers of organisations and documents are not. */
export function isPersonNumberName(name: string): boolean {
  const bare = name
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    .replaceAll('ł', 'l');
  return NAMES.has(bare) || NAMES.has(bare.normalize('NFC'));
}
