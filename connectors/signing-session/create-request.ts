import { multipartBody } from '../../src/connector-api/multipart.js';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import type { HttpRequest } from '../../src/connector-api/http.js';
import type { SigningSessionSettings } from './config.js';
import type { NewSession } from './partner.js';

/** The form that hands a session over (contracts/iparapheur.md §5.4, «Create»): `data`, then the files. Streamed. */
export function createRequest(session: NewSession, settings: Pick<SigningSessionSettings, 'vatNumber' | 'signCode' | 'sealCode'>, context: Pick<ConnectorContext, 'blobs' | 'signal'>): Pick<HttpRequest, 'method' | 'headers'> & { readonly body: NonNullable<HttpRequest['body']> } {
  const { headers, body } = multipartBody([
    { name: 'data', text: JSON.stringify(dataOf(session, settings)), mediaType: 'application/json' },
    ...session.documents.map(({ annex, filename }) => ({ name: 'files', annex, filename })),
  ], context);
  return { method: 'POST', headers, body };
}

function dataOf({ id, name, callBackUrl, signers, watchers, seal, acroform, documents }: NewSession, { vatNumber, signCode, sealCode }: Parameters<typeof createRequest>[1]): object {
  const watched = watchers.length > 0 && { watchers };
  return {
    commonData: {
      endpointUrl: callBackUrl,
      documentData: documents.map(({ code, uuid, filename }) => ({ filename, uniqueCode: code, docUuid: uuid })),
      imioAppSessionId: id,
      sessionName: name,
      vatNumber,
    },
    signData: { users: signers, acroform, ...(signCode !== undefined && { signCode }), ...watched },
    ...(seal && { sealData: { users: signers, acroform, ...watched, sealCode } }),
  };
}
