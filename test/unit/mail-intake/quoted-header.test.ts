import { expect } from 'chai';
import fc from 'fast-check';
import { matchesAny } from '../../../src/mail-intake/pattern.js';
import { findQuotedLetter } from '../../../src/mail-intake/quoted-header.js';
import { letter, mailParts, sampleMail, take } from '../../support/mail-rig.js';

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
    for (const text of ['De : moi', 'De : jean@example.org', 'Objet : x\nDate : y', 'Bonjour,\n\nà : 9 h\n\nDe : jean@example.org', '']) expect(findQuotedLetter(text), text).to.equal(null);
  });

  it('is looked for in time, whatever the text', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('De : ', 'a@b.example', 'Objet : x', '>', ':', '\n', ' ', '<'), { maxLength: 200 }), (pieces) => {
      const found = findQuotedLetter(pieces.join(''));
      expect(found === null || found.from.address.includes('@')).to.equal(true);
    }));
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
