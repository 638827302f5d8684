import { expect } from 'chai';
import fc from 'fast-check';
import { smtp } from '../../connectors/smtp/index.js';
import type { SmtpSettings } from '../../connectors/smtp/config.js';
import { fillTemplate } from '../../connectors/smtp/fill-template.js';
import { mailOf } from '../../connectors/smtp/mapping.js';
import { ITEM_PLACEHOLDERS, readTemplate, type Template } from '../../connectors/smtp/template.js';
import type { Submission } from '../../src/connector-api/connector.js';
import { isFailure } from '../../src/connector-api/failures.js';
import { sampleItem } from '../support/sample-item.js';

const FRENCH = `Objet : Décision : {{title}}

Bonjour {{extra.mail_from_name}},

Le {{createdAt}} : {{ decision }}
Référence {{results.tdt.reference}} ({{results.tdt.fields.actes.number}}).

--- html ---
<p>Bonjour <b>{{extra.mail_from_name}}</b></p><p>{{decision}}</p>
`;

describe('templates of mails', () => {
  function settings(templates: Readonly<Record<string, string>>): SmtpSettings {
    return smtp.settings.parse({ host: 'mail.example', from: 'relais@ville.example', templates });
  }

  function submission(fields: Submission['fields'], item: Parameters<typeof sampleItem>[0] = {}): Submission {
    return {
      key: 'k', operation: 'send', item: sampleItem({ annexes: [], title: 'Permis', createdAt: Date.UTC(2027, 2, 1, 9), decision: '<p>Accordé &amp; <b>signé</b></p>', extra: { mail_from_name: '<Jean>' }, ...item }),
      fields: { to: ['jean@example.org'], ...fields }, results: { tdt: { reference: 'R-1', state: 'done', fields: { 'actes.number': '2027-12' } } },
    };
  }

  function template(source: string): Template {
    const read = readTemplate(source);
    if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes));
    return read;
  }

  it('make the subject, the text and the HTML of what the item says', () => {
    const { subject, text, html } = mailOf(submission({ template: 'decision' }), settings({ decision: FRENCH }));

    expect([subject, text, html]).to.deep.equal([
      'Décision : Permis', 'Bonjour <Jean>,\n\nLe 1 mars 2027 : Accordé & signé\nRéférence R-1 (2027-12).',
      '<p>Bonjour <b>&#60;Jean&#62;</b></p><p>Accordé &#38; signé</p>',
    ]);
  });

  it('write English where they say so, and leave empty what the item does not say', () => {
    const { text } = mailOf(submission({ template: 'en' }), settings({ en: 'Subject: {{title}}\nLanguage: en\n\n{{createdAt}}|{{category}}|{{extra.none}}|{{results.none.reference}}|{{results.tdt.reason}}' }));
    expect(text).to.equal('1 March 2027||||');
  });

  it('give way to what is mapped beside them', () => {
    const mail = mailOf(submission({ template: 'decision', subject: 'Autre', html: '<p>x</p>' }), settings({ decision: FRENCH }));
    expect([mail.subject, mail.html, mail.text?.startsWith('Bonjour')]).to.deep.equal(['Autre', '<p>x</p>', true]);
  });

  it('change nothing for a step that names none', () => {
    const { subject, text, html } = mailOf(submission({}), settings({ decision: FRENCH }));
    expect([subject, text, html]).to.deep.equal(['Permis', 'Permis', undefined]);
  });

  it('are named, or the administrator is told which there are', () => {
    let thrown: unknown;
    try { mailOf(submission({ template: 'decison' }), settings({ decision: FRENCH })); } catch (error) { thrown = error; }
    expect(isFailure(thrown) && [thrown.kind, thrown.message]).to.deep.equal(['misconfigured', 'The field «template» names «decison»; expected one of the setting «templates»: decision.']);
  });

  for (const [name, source, line, message] of [
    ['an unknown placeholder', 'Subject: x\n\nBonjour\n{{titel}}', 4, /^\{\{titel\}\} is unknown, expected one of uid, kind, title, /],
    ['a placeholder of the subject', 'Subject: {{extra.}}\n\nx', 1, /^\{\{extra\.\}\} is unknown/],
    ['one that is not closed', 'Subject: x\n\n{{title', 3, /^a placeholder is not closed/],
    ['no subject', 'Language: en\n\nx', 1, /^expected Subject:/],
    ['a text at once', 'Bonjour,\n\nx', 1, /^expected Subject: and a text, then an empty line/],
    ['no text', 'Subject: x\n\n  ', 3, /^expected a text below the empty line/],
    ['another language', 'Subject: x\nLanguage: nl\n\nx', 1, /^found the language nl, expected fr or en/],
  ] as const) {
    it(`are refused with their line for ${name}`, () => {
      const parsed = smtp.settings.safeParse({ host: 'h', from: 'a@b.example', templates: { one: source } });
      const [issue] = parsed.error?.issues ?? [];
      expect([issue?.path, issue?.message.startsWith(`a template without mistakes; line ${line}: `)], issue?.message).to.deep.equal([['templates', 'one'], true]);
      expect(issue?.message.replace(/^.*?line \d+: /, '')).to.match(message);
    });
  }

  it('let nothing of an item become markup, a placeholder or another header', () => {
    const whole = template('Subject: {{title}}\n\n{{title}}\n--- html ---\n<p title="{{title}}">{{title}}</p>');
    fc.assert(fc.property(fc.array(fc.constantFrom('<', '>', '"', '\'', '&', '{{', '}}', 'uid', '$&', '\r\n', 'Bcc: a@b.example', 'é'), { maxLength: 12 }), (pieces) => {
      const title = pieces.join('');
      const { text, html } = fillTemplate(whole, submission({}, { title }), 'Europe/Brussels');
      expect(text).to.equal(title);
      expect(html?.replace(/^<p title="(?:<br>|[^<>"'])*">((?:<br>|[^<>"'])*)<\/p>$/s, '')).to.equal('');
      expect(mailOf(submission({ template: 't' }, { title }), settings({ t: 'Subject: {{title}}\n\nx' })).subject).to.not.match(/[\r\n]/);
    }));
  });

  it('may use every placeholder that they are offered', () => {
    const whole = template(`Subject: x\n\n${ITEM_PLACEHOLDERS.map((name) => `{{${name}}}`).join(' ')}`);
    expect(fillTemplate(whole, submission({}), 'UTC').text).to.include('Permis').and.not.include('{{');
  });
});
