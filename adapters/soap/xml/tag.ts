/** A name with the namespace that its prefix stands for. '' is no prefix, and no namespace. */
export interface XmlName {
  /** As it is written, with its prefix. */
  readonly name: string;
  readonly prefix: string;
  readonly local: string;
  readonly uri: string;
}

export interface XmlAttribute extends XmlName {
  /** Normalised (XML 1.0, section 3.3.3). */
  readonly value: string;
}

/** A namespace that a tag declares, by prefix; '' for the default one. */
export interface XmlDeclaration {
  readonly prefix: string;
  readonly uri: string;
}

/** A start tag, or that of an element without content. */
export interface XmlTag extends XmlName {
  /** In their order, without declarations of namespaces. */
  readonly attributes: readonly XmlAttribute[];
  readonly declared: readonly XmlDeclaration[];
}

/**
 * What a document holds, in its order. `from` and `to` are places in the text of the document. Comments are left out.
 * Each call may throw; the document is then read no further.
 */
export interface XmlEvents {
  open(tag: XmlTag, from: number, to: number): void;
  /**
   * A text, or a part of one. If `value` is undefined, the text is what stands between the places, and stands there in its
   * canonical form.
   */
  text(from: number, to: number, value: string | undefined): void;
  /** The places are equal for an element without content that has no end tag. */
  close(tag: XmlTag, from: number, to: number): void;
}
