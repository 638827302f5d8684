import type { IOptions } from 'sanitize-html';

/** Elements that text for a council is made of. Others are unwrapped: their text stays (contracts/ws4pm.md §4.3 step 5). */
const TAGS = [
  'a', 'abbr', 'acronym', 'address', 'article', 'aside', 'b', 'bdi', 'bdo', 'big', 'blockquote', 'br', 'caption', 'center', 'cite',
  'code', 'col', 'colgroup', 'dd', 'del', 'details', 'dfn', 'dir', 'div', 'dl', 'dt', 'em', 'fieldset', 'figcaption', 'figure', 'font',
  'footer', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'hr', 'i', 'img', 'ins', 'kbd', 'legend', 'li', 'main', 'mark', 'menu', 'nav',
  'ol', 'p', 'pre', 'q', 's', 'samp', 'section', 'small', 'span', 'strike', 'strong', 'sub', 'summary', 'sup', 'table', 'tbody', 'td',
  'tfoot', 'th', 'thead', 'time', 'tr', 'tt', 'u', 'ul', 'var', 'wbr',
];

/** Elements that go with all that they hold. What cannot hold anything (meta, link, embed, input, param, frame) goes too,
 * because it is not in TAGS. */
const DROPPED_WITH_CONTENT = [
  'script', 'style', 'iframe', 'frameset', 'noframes', 'object', 'applet', 'button', 'select', 'option', 'textarea', 'xmp',
];

const ATTRIBUTES = [
  'abbr', 'align', 'alt', 'axis', 'bgcolor', 'border', 'cellpadding', 'cellspacing', 'char', 'charoff', 'cite', 'class', 'clear', 'color',
  'colspan', 'compact', 'datetime', 'dir', 'face', 'frame', 'headers', 'height', 'href', 'hreflang', 'hspace', 'id', 'lang', 'longdesc',
  'name', 'noshade', 'nowrap', 'rel', 'rev', 'rowspan', 'rules', 'scope', 'size', 'span', 'src', 'start', 'summary', 'target', 'title',
  'type', 'valign', 'value', 'vspace', 'width',
];

export const URL_ATTRIBUTES = ['href', 'src', 'cite', 'longdesc'];

/** What a cleaned field may hold. */
export const SAFE_MARKUP: IOptions = {
  allowedTags: TAGS,
  nonTextTags: DROPPED_WITH_CONTENT,
  allowedAttributes: { '*': ATTRIBUTES },
  allowedSchemes: ['http', 'https', 'ftp', 'mailto', 'tel'],
  // Pictures pasted into a text travel as data URLs; in an img they cannot run.
  allowedSchemesByTag: { img: ['http', 'https', 'data'] },
  allowedSchemesAppliedToAttributes: URL_ATTRIBUTES,
};

/** Everything, in the same spelling: what SAFE_MARKUP would give if nothing had to go. Only for comparing. */
export const ALL_MARKUP: IOptions = {
  allowedTags: false,
  allowVulnerableTags: true,
  allowedAttributes: false,
  allowedSchemesAppliedToAttributes: [],
};
