import { expect } from 'chai';
import { shownValue } from '../../../src/config/shown-value.js';

describe('shownValue', () => {
  it('shows no value of a name that secrets have, wherever it stands in the path', () => {
    for (const name of ['password', 'secretHeaders', 'Authorization', 'X-Api-Key', 'Set-Cookie', 'accessToken']) {
      expect(shownValue(['connectors', 0, 'settings', 'headers', name], 'Bearer abcdef'), name).to.not.include('abcdef');
      expect(shownValue(['connectors', 0, 'settings', name, 'inside'], 'Bearer abcdef'), name).to.not.include('abcdef');
    }
    expect(shownValue(['connectors', 0, 'settings', 'password'], '${env:PASSWORD}')).to.include('${env:PASSWORD}');
  });

  it('shows addresses without the passwords and tokens in them', () => {
    expect(shownValue(['url'], 'https://p.be/?a=1&access_token=abcdef&x=1')).to.include('https://p.be/?a=1&access_token=…&x=1');
    expect(shownValue(['url'], `https://relais:hunter22${'x'.repeat(50)}@partner.example/hook`)).to.not.include('hunter22');
    expect(shownValue(['url'], `https://partner.example/hook?token=abcdef${'x'.repeat(50)}`)).to.not.include('abcdef');
    expect(shownValue(['url'], 'https://p.be/?token=${env:TOKEN}')).to.include('${env:TOKEN}');
  });
});
