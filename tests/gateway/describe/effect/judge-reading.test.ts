import { expect } from 'chai';
import { effectOfName } from '../../../../gateway/describe/effect/effect-of-name.js';
import { judgeCommand, judgeReading } from '../../../../gateway/describe/effect/judge-reading.js';

const judged = (name: string, description?: string): string => {
  const { refused, said } = judgeReading({ names: [name], description, option: name });
  if (refused !== undefined) return refused.startsWith('it changes') ? 'changes' : 'unclear';
  return said === undefined ? 'reads' : 'weak';
};

describe('whether an operation reads', () => {
  for (const [names, expected] of [
    ['getPerson listPeople searchCompany read exists findByNumber isActive getUpdates getCreatedOrders', 'reads'],
    ['consultazione_sezione ricerca_identificativi visualizzazione_atti interrogazioneCittadino', 'reads'],
    ['consultarPersona buscarEmpresa pesquisarCidadao rechercherPersonne obtenerDatos', 'reads'],
    ['RaadpleegMetBurgerservicenummer ZoekMetNaamEnGemeenteVanInschrijving bevragenPersoon', 'reads'],
    ['hentEnhet finnPerson hämtaUppgifter hakuHenkilo haeTiedot otsiIsik sucheBetrieb abrufenAuszug', 'reads'],
    ['pobierzDane wyszukajOsobe najdiOsobu sorgulaKisi kisi_sorgula2', undefined],
    ['ПолучитьСведения поискЛиц отриматиДані іздеуАдам poluchitSvedeniya', 'reads'],
    ['personDetails fintoService richiesta_paternita gestione_richieste päring isikuAndmed ЗапросСведений', 'weak'],
    ['validateAddress companyStatus personRegisterDetails creditInfo', 'weak'],
    ['createPerson updateOrCreate personUpdate RRPersonUpdate addressChangeAndDelete getAndDelete', 'changes'],
    ['registrazione_nascita iscrizioneAIRE cancellazioneDecesso variazioneResidenza annullamento', 'changes'],
    ['mutazione_cittadinanza rettifica_dati richiesta_cancellazione inserimento comunicazioneNascita', 'changes'],
    ['actualizarPersona criarCidadao supprimerPersonne modificationAdresse wijzigAdres verwijderPersoon', 'changes'],
    ['opprettEnhet endreAdresse slettPerson ändraAdress lisaaHenkilo poistaTieto kustutaIsik Anmeldung', 'changes'],
    [
      'dodajOsobe zmenAdresu kisiEkle РегистрацияБрака изменитьАдрес створитиЗапис тіркеуНеке zaprosNaIzmenenie',
      'changes',
    ],
    ['processPayment confirmAddress setStatus sendMessage generateReport orderExtract', 'changes'],
    ['Personen DPU persona gestione holdPayment visaRun lessonPlan anagrafe xyz', 'unclear'],
  ] as const)
    it(`is "${expected ?? 'reads or weak'}" by the names ${names}`, () => {
      for (const name of names.split(' ')) {
        if (expected === undefined) expect(judged(name), name).to.be.oneOf(['reads', 'weak']);
        else expect(judged(name), name).to.equal(expected);
      }
    });

  it('is told by the first verb of a description where the name is not clear', () => {
    expect(judged('Personen', 'Zoek personen')).to.equal('reads');
    expect(judged('DPU', 'This service returns a message using the given input.')).to.equal('reads');
    expect(judged('DPU', 'Returns and deletes the record')).to.equal('changes');
    expect(judged('personStatus', 'Updates the status of a person')).to.equal('changes');
    expect(judged('DPU', 'Person data of the day')).to.equal('unclear');
    expect(judged('getPerson', 'Update of the old service')).to.equal('reads');
  });

  it('says what to write where it is refused, and on what it is taken to read', () => {
    const judge = (name: string): object => judgeReading({ names: [name], description: undefined, option: name });
    expect(judge('vita')).to.deep.equal({
      refused:
        'neither its name nor its description says that it only reads: ask the register, then say so with --reads vita',
    });
    expect(judge('iscrizione')).to.deep.equal({
      refused:
        'it changes data, by its name ("iscrizione"): Tereze only reads. If it only reads, say so with --reads iscrizione',
    });
    expect(judge('personDetails')).to.deep.equal({
      said: 'is taken to only read, because of "details" in its name: do not connect it if it changes anything',
    });
    expect(judge('')).to.have.property('refused');
  });

  it('is doubted of a question that reads by its language only where its name is a command', () => {
    for (const name of ['deletePerson', 'update_address', 'createOrder'])
      expect(judgeCommand(name, name), name).to.have.property('refused');
    for (const name of ['store', 'patch', 'persons', 'registration', 'updatesOfPerson', 'recordById', 'orderStatus'])
      expect(judgeCommand(name, name), name).to.deep.equal({});
  });

  it('is read from words in any writing of a name', () => {
    for (const name of [
      'deletePerson',
      'DELETE_PERSON',
      'delete-person',
      'person.delete',
      'PersonDelete',
      'v2DeletePerson',
    ])
      expect(effectOfName(name), name).to.deep.equal({ effect: 'changes', word: 'delete' });
  });
});
