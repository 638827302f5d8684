/** Bytes that mean something in XML, in UTF-8 and every encoding of one byte that is read here. */
export const LESS = 0x3c;
export const GREATER = 0x3e;
export const SLASH = 0x2f;
export const BANG = 0x21;
export const QUESTION = 0x3f;
export const QUOTE = 0x22;
export const APOSTROPHE = 0x27;
export const AMPERSAND = 0x26;
export const SEMICOLON = 0x3b;
export const BRACKET = 0x5d;
export const CARRIAGE_RETURN = 0x0d;
export const LINE_FEED = 0x0a;
