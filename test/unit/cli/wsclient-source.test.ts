import { expect } from 'chai';
import { parse } from 'yaml';
import { readWsclientRegistry } from '../../../src/cli/wsclient-registry.js';
import { sourceOfWsclient } from '../../../src/cli/wsclient-source.js';

const PREFIX = 'imio.pm.wsclient.browser.settings.IWS4PMClientSettings';
const row = (cells: Readonly<Record<string, string>>) => `<element>${Object.entries(cells).map(([key, text]) => `<element key="${key}">${text}</element>`).join('')}</element>`;
const VALUES: Readonly<Record<string, string>> = {
  pm_url: 'http://pm.example/ws4pm.wsdl', pm_username: 'siteadmin', only_one_sending: 'False',
  user_mappings: row({ local_userid: ' jdoe ', pm_userid: 'johndoe' }) + row({ local_userid: 'jdoe', pm_userid: 'other' }) + row({ local_userid: 'boss', pm_userid: 'siteadmin' }),
  field_mappings: row({ field_name: 'title', expression: 'python: context.Title()\n.upper()' }) + row({ field_name: 'category', expression: 'string:urba' }),
  generated_actions: row({ condition: '', permissions: 'View', pm_meeting_config_id: 'meeting-config-college' }),
};
const one = Object.entries(VALUES).map(([name, value]) => `<record name="${PREFIX}.${name}" interface="${PREFIX}" field="${name}"><value>${value}</value></record>`).join('');
const together = `<records interface="${PREFIX}" prefix="${PREFIX}">${Object.entries(VALUES).map(([name, value]) => `<value key="${name}">${value}</value>`).join('')}</records>`;

describe('settings of a client of PloneMeeting', () => {
  for (const [how, records] of [['a record each', one], ['records of one prefix', together]] as const) {
    it(`become a source, as ${how}`, () => {
      const text = sourceOfWsclient('urbanisme', readWsclientRegistry('registry.xml', Buffer.from(`<?xml version="1.0"?><registry><record name="other"><value>x</value></record>${records}</registry>`)));
      expect(parse(text)).to.deep.equal({ sources: [{ id: 'urbanisme', users: { jdoe: 'johndoe', boss: null } }] });
      expect(text).to.include('# It called http://pm.example/ws4pm.wsdl as «siteadmin».')
        .and.to.include('# Field «title» is made by the application itself of: python: context.Title() .upper().')
        .and.to.include('creation.category').and.to.include('«meeting-config-college» when: always').and.to.include('several times');
    });
  }

  it('without any, or no XML at all, are a mistake with words', () => {
    expect(() => readWsclientRegistry('r.xml', Buffer.from('<registry/>'))).to.throw(/r\.xml: found no record/);
    expect(() => readWsclientRegistry('r.xml', Buffer.from('{}'))).to.throw(/r\.xml: found no XML/);
    expect(() => readWsclientRegistry('r.xml', Buffer.from('<!DOCTYPE r [<!ENTITY a "b">]><registry/>'))).to.throw(/r\.xml: found no XML/);
  });
});
