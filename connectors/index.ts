import type { Connector } from '../src/connector-api/connector.js';
import { cmis } from './cmis/index.js';
import { folder } from './folder/index.js';
import { iParapheur } from './i-parapheur/index.js';
import { iParapheurV5 } from './i-parapheur-v5/index.js';
import { maarch } from './maarch/index.js';
import { pastell } from './pastell/index.js';
import { ploneDms } from './plone-dms/index.js';
import { ploneMeetingRest } from './plonemeeting-rest/index.js';
import { ploneMeetingSoap } from './plonemeeting-soap/index.js';
import { s2low } from './s2low/index.js';
import { sftp } from './sftp/index.js';
import { signingSession } from './signing-session/index.js';
import { smtp } from './smtp/index.js';
import { webdav } from './webdav/index.js';
import { webhook } from './webhook/index.js';

/** Every connector that this build knows, by id. Adding one is one line here. */
export const connectors: ReadonlyMap<string, Connector> = new Map<string, Connector>([cmis, folder, iParapheur, iParapheurV5, maarch, pastell, ploneDms, ploneMeetingRest, ploneMeetingSoap, s2low, sftp, signingSession, smtp, webdav, webhook].map((connector) => [connector.manifest.id, connector]));
