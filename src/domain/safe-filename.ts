const MAX_BYTES = 255;

/** Makes the name that a caller gave to a file harmless wherever it is shown or used for a download: the last part of a path,
 * without control and direction characters, without what Windows forbids or reserves, at most 255 bytes of UTF-8 with its
 * extension kept. Undefined if nothing is left. The name never becomes a path of ours: blobs are found by their hash. */
export function safeFilename(given: string): string | undefined {
  const last = given.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const plain = trimmed(last.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '').replace(/[<>:"|?*]/g, '-'));
  if (plain === '') return undefined;
  const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(plain);
  return shortened(reserved ? `_${plain}` : plain);
}

/** True if the name tells its type (contracts/ws4pm.md §4.4; several dots are accepted as they are). */
export function hasExtension(filename: string): boolean {
  return /[^.].*\.[^.]+$/.test(filename);
}

/** A file name with a mark before its extension and an ending after it, its stem cut where it would be too long for a file system:
 * `flux.xml`, `-2`, `.reason.txt` → `flux-2.xml.reason.txt`. */
export function markedFilename(name: string, mark: string, ending = ''): string {
  const extension = /(?!^)\.[^.\s]{1,20}$/.exec(name)?.[0] ?? '';
  const rest = mark + extension + ending;
  return cut(name.slice(0, name.length - extension.length), MAX_BYTES - Buffer.byteLength(rest)) + rest;
}

/** Names unlike each other, in their order: of two alike, capitals or not, the second is marked (`flux.xml`, `flux-2.xml`). */
export function toldApart(names: readonly string[], marked: (name: string, mark: string) => string = markedFilename): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let number = 2; taken.has(free.toLowerCase()); number += 1) free = marked(name, `-${number}`);
    taken.add(free.toLowerCase());
    return free;
  });
}

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= MAX_BYTES) return name;
  const extension = /\.[^.\s]{1,20}$/.exec(name)?.[0] ?? '';
  // The cut may have come after a space or a dot.
  return trimmed(cut(name, MAX_BYTES - Buffer.byteLength(extension)) + extension);
}

/** As many whole characters as there is room for, bytes of UTF-8. */
function cut(text: string, bytes: number): string {
  let kept = '';
  let room = bytes;
  for (const character of text) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    kept += character;
  }
  return kept;
}

/** Without white space around it and without dots at its end. Not by a regular expression: `[\s.]+$` takes quadratic time
 * over a long run in the middle of a name. */
function trimmed(name: string): string {
  let end = name.length;
  while (end > 0 && /[\s.]/.test(name.charAt(end - 1))) end -= 1;
  return name.slice(0, end).trimStart();
}
