/** Bounds on one XML document. */
export interface DocumentLimits {
  readonly depth: number;
  readonly elements: number;
  /** Attributes of the whole document, namespace declarations included. */
  readonly attributes: number;
}

/** Attributes of one element. Toolkits declare some thirty namespaces at most. */
export const ELEMENT_ATTRIBUTES = 256;

/** One tag with its attributes, a processing instruction's name included. */
export const TAG_BYTES = 32_768;
