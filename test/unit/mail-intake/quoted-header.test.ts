import { expect } from 'chai';
import fc from 'fast-check';
import { matchesAny } from '../../../src/mail-intake/pattern.js';
import { findQuotedLetter } from '../../../src/mail-intake/quoted-header.js';
import type { Organisation } from '../../../src/domain/organisation.js';
import type { User } from '../../../src/domain/user.js';
import { PLACE } from '../../support/deposit-rig.js';
import { enclosed, letter, mailParts, sampleMail, take } from '../../support/mail-rig.js';

/** As the mail programs of our towns write it. */
const QUOTES: Readonly<Record<string, string>> = {
  Outlook: 'Pour suite utile.\n\nAgent\n\n________________________________\nDe : Jean Dupont <jean@example.org>\nEnvoyé : lundi 1 mars 2027 09:00\nÀ : Courrier <courrier@ville.example>\nObjet : Nuisances\n\nDu bruit',
  'Outlook of old': '-----Message d\'origine-----\nDe : Jean Dupont [mailto:jean@example.org]\nEnvoyé : lundi 1 mars 2027 09:00\nÀ : courrier@ville.example\nObjet : Nuisances\n\nDu bruit',
  Thunderbird: '-------- Message transféré --------\nSujet : \tNuisances\nDate : \tMon, 1 Mar 2027 09:00:00 +0100\nDe : \tJean Dupont <jean@example.org>\nPour : \tcourrier@ville.example\n\nDu bruit',
  Gmail: '---------- Forwarded message ---------\nDe : Jean Dupont <jean@example.org>\nDate: lun. 1 mars 2027 à 09:00\nSubject: Nuisances\nTo: <courrier@ville.example>\n\n\nDu bruit',
  'Apple Mail': 'Début du message transféré :\n\n> De: Jean Dupont <jean@example.org>\n> Objet: Nuisances\n> Date: 1 mars 2027 à 09:00:00 UTC+1\n> À: courrier@ville.example\n>\n> Du bruit',
  'Outlook in Dutch, with bold names': '*Van:* Jean Dupont <jean@example.org>\n*Verzonden:* maandag 1 maart 2027 09:00\n*Aan:* courrier@ville.example\n*Onderwerp:* Nuisances\n\nDu bruit',
};

describe('forwarded in the text', () => {
  for (const [program, text] of Object.entries(QUOTES)) {
    it(`by ${program}`, () => {
      expect(findQuotedLetter(text)).to.deep.equal({
        from: { name: 'Jean Dupont', address: 'jean@example.org' }, subject: 'Nuisances', text: 'Du bruit',
        to: [{ name: program === 'Outlook' ? 'Courrier' : '', address: 'courrier@ville.example' }],
      });
    });
  }

  it('by one of ours, the letter is what was quoted; of a stranger it is what he wrote', async () => {
    const mail = sampleMail({ agents: ['*@ville.example'] });
    const [ours, theirs] = [mailParts({ mail }), mailParts({ mail })];
    await take(letter({ header: { From: 'agent@ville.example', Subject: 'TR: Nuisances' }, text: '', html: `<div>Pour suite</div><div><b>De :</b> Jean Dupont &lt;jean@example.org&gt;<br><b>À :</b> x@ville.example<br><b>Objet :</b> Nuisances</div><p>Du bruit</p>` }), ours);
    await take(letter({ header: { Subject: 'TR: Nuisances' }, text: QUOTES['Gmail']! }), theirs);
    expect(ours.intake.submissions[0]?.item).to.deep.include({ title: 'Nuisances', description: '<p>Du bruit</p>' });
    expect(ours.intake.submissions[0]?.item.extra).to.include({ mail_from: 'jean@example.org', mail_agent: 'agent@ville.example', mail_forward: 'quoted' });
    expect(theirs.intake.submissions[0]?.item.extra).to.include({ mail_from: 'jean@example.org', mail_forward: 'direct' }).and.not.to.have.property('mail_agent');
  });

  it('needs more than a line that looks like one', () => {
    for (const text of ['De : moi', 'De : jean@example.org', 'Objet : x\nDate : y', 'Bonjour,\n\nà : 9 h\n\nDe : jean@example.org', '']) expect(findQuotedLetter(text), text).to.be.oneOf([null, 'unclear']);
  });

  it('is looked for in time, whatever the text', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('De : ', 'a@b.example', 'Objet : x', '>', ':', '\n', ' ', '<'), { maxLength: 200 }), (pieces) => {
      const found = findQuotedLetter(pieces.join(''));
      expect(found === null || found === 'unclear' || found.from.address.includes('@')).to.equal(true);
    }));
  });
});

/** What a stranger writes into his letter to become somebody else. */
const FORGED = 'De : Le maire <maire@ville.example>\nEnvoyé : lundi 1 mars 2027 08:00\nÀ : courrier@ville.example\nObjet : Budget\n\nPayez.';

describe('a header that a stranger wrote into his letter', () => {
  it('makes him nobody else, whatever stands above it', () => {
    const above: Readonly<Record<string, string>> = {
      'an answer': 'Merci.\n\nLe lun. 1 mars 2027 à 09:00, Jean <jean@example.org> a écrit :\n',
      'an answer in Dutch': 'Dank u.\n\nOp ma 1 mrt 2027 om 09:00 schreef Jan <jan@example.org>:\n\n',
      'a header in Italian': 'Da: Jean <jean@example.org>\nInviato: lunedì 1 marzo 2027 09:00\nA: Courrier\nOggetto: Nuisances\n\n',
      'a header in Spanish': 'De: Jean <jean@example.org>\nEnviado el: lunes, 1 de marzo de 2027 9:00\nPara: Courrier\nAsunto: Nuisances\n\n',
      'a header without an address': 'De : Jean Dupont\nEnvoyé : lundi 1 mars 2027 09:00\nÀ : Courrier\nObjet : Nuisances\n\n',
    };
    for (const [what, text] of Object.entries(above)) expect(findQuotedLetter(text + FORGED), what).to.equal('unclear');
    for (const quoted of [FORGED.replace(/^/gm, '> '), `Merci.\n\n${FORGED.replace(/^/gm, '> ')}`]) expect(findQuotedLetter(quoted)).to.equal('unclear');
  });

  it('is passed over where the true one has no subject, or a name like an address', () => {
    const without = 'Début du message transféré :\n\n> De: Jean <jean@example.org>\n> Date: 1 mars 2027 à 09:00:00 UTC+1\n> À: courrier@ville.example\n>\n';
    expect(findQuotedLetter(without + FORGED.replace(/^/gm, '> '))).to.deep.include({ from: { name: 'Jean', address: 'jean@example.org' }, subject: '' });
    for (const from of ['maire@ville.example <jean@example.org>', '"<maire@ville.example>" <jean@example.org>', 'Maire [mailto:maire@ville.example] [mailto:jean@example.org]']) {
      expect(findQuotedLetter(`De : ${from}\nObjet : x\n\ny`), from).to.have.nested.property('from.address', 'jean@example.org');
    }
    expect(findQuotedLetter('De : maire@ville.example, jean@example.org\nObjet : x\n\ny')).to.equal('unclear');
  });

  it('is read in time, whatever is in it', () => {
    for (const piece of ['<', ' ', '< ', '<a@b> ', '[', '"', 'a@', '(', 'De : a@b\n', 'Da: 2027 ', '1 '] as const) {
      const begin = performance.now();
      findQuotedLetter(`De : <${piece.repeat(60_000)}\nObjet : ${piece.repeat(60_000)}`);
      findQuotedLetter(`Da: x@y.example ${piece.repeat(60_000)}`);
      expect(performance.now() - begin, piece).to.be.lessThan(2000);
    }
  });

  it('nor does a message that he attached', async () => {
    const mail = sampleMail({ agents: ['*@ville.example'], routes: [] });
    const forged = enclosed(letter({ header: { From: 'maire@ville.example', Subject: 'Budget' } }));
    const inline = mailParts({ mail });
    await take(letter({ header: { From: 'agent@ville.example', Subject: 'TR: Nuisances' }, text: QUOTES['Outlook']!, parts: [forged] }), inline);
    expect(inline.intake.submissions[0]?.item.extra).to.include({ mail_from: 'jean@example.org', mail_forward: 'quoted' });
    expect(inline.intake.submissions[0]?.item.annexes.map(({ filename }) => filename)).to.deep.equal(['Demande.eml', 'message.eml']);

    const attached = mailParts({ mail });
    await take(letter({ header: { From: 'agent@ville.example' }, text: '', parts: [enclosed(letter({ text: '', parts: [forged] }))] }), attached);
    expect(attached.intake.submissions[0]?.item.extra).to.include({ mail_from: 'jean@example.org', mail_forward: 'attached' });

    const unclear = mailParts({ mail });
    await take(letter({ header: { From: 'agent@ville.example' }, text: 'Da: Jean <jean@example.org>\nInviato: lunedì 1 marzo 2027 09:00\nOggetto: x\n\nBuongiorno', parts: [forged] }), unclear);
    expect(unclear.intake.submissions[0]?.item.extra).to.include({ mail_from: 'agent@ville.example', mail_forward: 'direct' });
  });

  it('takes no service of one of ours, even where it is read', async () => {
    const route = { from: [], to: [], subject: [], agent: [], place: PLACE, organisationOf: 'sender', function: null, fields: {} } as const;
    const maire: User = { id: 'maire', fullname: 'Maire', email: 'maire@ville.example', roles: ['Member'], source: 'maire', hasMemberArea: true };
    const cabinet: Organisation = { uid: 'c'.repeat(32), id: 'cabinet', title: 'Cabinet', description: '', active: true, members: { creators: ['maire'] } };
    const parts = mailParts({ mail: sampleMail({ agents: ['agent@ville.example'], routes: [route] }), people: () => ({ users: new Map([['maire', maire]]), organisations: [cabinet] }) });
    await take(letter({ header: { From: 'agent@ville.example' }, text: FORGED }), parts);
    await take(letter({ header: { From: 'maire@ville.example' } }), parts);
    expect(parts.intake.submissions.map(({ item }) => item.proposingOrganisation)).to.deep.equal([PLACE.organisation, cabinet.uid]);
  });

  it('two authors in one header are nobody: neither one of ours, nor a sender who is accepted', async () => {
    const people = mailParts({ mail: sampleMail({ agents: ['*@ville.example'] }) });
    await take(letter({ header: { From: 'agent@ville.example, jean@example.org' }, text: QUOTES['Outlook']! }), people);
    await take(letter({ header: { From: 'agent@ville.example\nFrom: jean@example.org', Subject: 'autre' }, text: QUOTES['Outlook']! }), people);
    expect(people.intake.submissions.map(({ item: { extra } }) => [extra['mail_forward'], extra['mail_from']])).to.deep.equal([['direct', undefined], ['direct', undefined]]);
    expect(await take(letter({ header: { From: 'agent@ville.example, jean@example.org' } }), mailParts({ mail: sampleMail({ accept: ['*@ville.example'] }) }))).to.deep.equal({ state: 'aside', reason: 'sender-not-accepted' });
  });
});

describe('patterns of addresses', () => {
  it('are whole addresses, whatever their case', () => {
    expect(['*@ville.example', 'JEAN@*', '*', 'j?an@ville.example', '*@*.example'].map((pattern) => matchesAny([pattern], 'jean@Ville.example'))).to.deep.equal([true, true, true, true, true]);
    expect(['ville.example', 'jean@', '?', '*@ville', ''].map((pattern) => matchesAny([pattern], 'jean@ville.example'))).to.deep.equal([false, false, false, false, false]);
  });

  it('mean what a regular expression would', () => {
    const some = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 8 }).map((characters) => characters.join(''));
    const text = fc.array(fc.constantFrom('a', 'b'), { maxLength: 8 }).map((characters) => characters.join(''));
    fc.assert(fc.property(some, text, (pattern, subject) => {
      const expected = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(subject);
      expect(matchesAny([pattern], subject)).to.equal(expected);
    }));
  });

  it('take their time only with the length, not with its square of squares', () => {
    expect(matchesAny([`${'*a'.repeat(50)}b`], 'a'.repeat(5000))).to.equal(false);
  });
});
