import axios from 'axios';
import { XMLParser } from 'fast-xml-parser';

export interface SoapAnswer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  /** Content of the response element; a repeated child is an array, leaves are strings. */
  readonly reply: Record<string, unknown>;
  readonly fault: { readonly code: string; readonly text: string } | null;
}

const parser = new XMLParser({ removeNSPrefix: true, ignoreAttributes: true, parseTagValue: false, trimValues: false,
  isArray: (name) => ['itemInfo', 'configInfo', 'groupInfo', 'groups', 'annexes', 'templates', 'meetingInfo', 'warnings', 'categories', 'itemPositiveDecidedStates'].includes(name) });

export function envelope(operation: string, children: string): string {
  return '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    + `<w:${operation}Request xmlns:w="http://ws4pm.imio.be">${children}</w:${operation}Request></s:Body></s:Envelope>`;
}

export function readAnswer(status: number, headers: Record<string, unknown>, text: string): SoapAnswer {
  const body = text.startsWith('<') ? (parser.parse(text) as { Envelope?: { Body?: Record<string, unknown> } }).Envelope?.Body : undefined;
  const fault = body?.['Fault'] as { faultcode: string; faultstring: string } | undefined;
  const reply = Object.entries(body ?? {}).find(([name]) => name.endsWith('Response'))?.[1];
  return {
    status, headers, text,
    reply: typeof reply === 'object' && reply !== null ? reply as Record<string, unknown> : {},
    fault: fault === undefined ? null : { code: fault.faultcode, text: fault.faultstring },
  };
}

/** Posts raw bytes to a SOAP endpoint and reads the answer, whatever its status. */
export async function post(url: string, body: string | Buffer, options: { user?: string; headers?: Record<string, string> } = {}): Promise<SoapAnswer> {
  const [username = '', password = ''] = (options.user ?? 'ged:demo').split(':');
  const response = await axios.post<string>(url, body, {
    ...(options.user === '' ? {} : { auth: { username, password } }),
    headers: { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: '""', ...options.headers },
    responseType: 'text', transformResponse: (data: string) => data, validateStatus: () => true,
    maxBodyLength: Infinity, maxRedirects: 0, timeout: 30_000, proxy: false,
  });
  return readAnswer(response.status, response.headers, response.data);
}

export function call(url: string, operation: string, children: string, user = 'ged:demo'): Promise<SoapAnswer> {
  return post(url, envelope(operation, children), { user });
}

/** A minimal createItem body for the demo college. */
export function collegeItem(title: string, extra = '', annexes: readonly { name: string; bytes: Buffer }[] = []): string {
  const files = annexes.map(({ name, bytes }) => `<annexes><title>${name}</title><filename>${name}</filename><file>${bytes.toString('base64')}</file></annexes>`).join('');
  return '<meetingConfigId>meeting-config-college</meetingConfigId><proposingGroupId>urbanisme</proposingGroupId>'
    + `<creationData><title>${title}</title>${extra}${files}</creationData>`;
}
