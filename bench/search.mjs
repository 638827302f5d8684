// searchItems by external identifier, by UID and by three words: the time with many items as a ratio of that with few.
//   node bench/search.mjs [--few 2000] [--many 200000]
import { envelope, median, post, startGateway } from './gateway.mjs';

const option = (name, fallback) => { const at = process.argv.indexOf(`--${name}`); return Number(at < 0 ? fallback : process.argv[at + 1]); };
const sizes = [option('few', 2000), option('many', 200_000)];
const REPEATS = 200;
const IN_FLIGHT = 32;
/** Words by rank; item n holds three rare words of its own mixture and some frequent ones. */
const rare = (n) => `mot${(n * 7919) % 2003} terme${(n * 104729) % 1999} lieu${(n * 1299709) % 1997}`;
const frequent = ['voirie', 'travaux', 'commune', 'demande', 'permis', 'avis', 'budget', 'marché'];

const item = (n) => envelope('createItem', '<meetingConfigId>bench</meetingConfigId><proposingGroupId>bench</proposingGroupId><creationData>'
  + `<title>${frequent[n % 8]} ${rare(n)}</title><description>&lt;p&gt;${frequent.join(' ')}&lt;/p&gt;</description>`
  + `<externalIdentifier>ext-${n}</externalIdentifier></creationData>`);

async function fill(url, from, to, uids) {
  let next = from;
  await Promise.all(Array.from({ length: IN_FLIGHT }, async () => {
    while (next < to) { const n = next++; uids[n] = /<UID>([^<]+)/.exec(await post(url, item(n)))[1]; }
  }));
}

/** Median milliseconds of one search, one at a time; each must find something. */
async function time(url, criteria) {
  const times = [];
  for (let i = 0; i < REPEATS; i++) {
    const began = performance.now();
    const answer = await post(url, envelope('searchItems', criteria(i)));
    times.push(performance.now() - began);
    if (!answer.includes('<itemInfo')) throw new Error(`nothing found for ${criteria(i)}`);
  }
  return median(times);
}

const gateway = await startGateway({ RELAIS_CONFIG: new URL('config/search.yaml', import.meta.url).pathname });
try {
  const results = {}, uids = [];
  let filled = 0;
  for (const size of sizes) {
    await fill(gateway.url, filled, size, uids);
    filled = size;
    const pick = (i) => (i * 4241) % sizes[0];
    const kinds = {
      'external identifier': (i) => `<externalIdentifier>ext-${pick(i)}</externalIdentifier>`,
      UID: (i) => `<UID>${uids[pick(i)]}</UID>`,
      'three words': (i) => `<SearchableText>${rare(pick(i))}</SearchableText>`,
    };
    for (const [kind, criteria] of Object.entries(kinds)) (results[kind] ??= []).push(await time(gateway.url, criteria));
  }
  for (const [kind, [few, many]] of Object.entries(results)) {
    console.log(`${kind.padEnd(20)} ${sizes[0]} items ${few.toFixed(2)} ms   ${sizes[1]} items ${many.toFixed(2)} ms   ratio ${(many / few).toFixed(2)}`);
  }
} finally {
  await gateway.stop();
}
