export { Block, type Column } from './block';
export { Kind } from './column-builder';
export { encodeEntry, type EntryPoint } from './encode-entry';
export { EntryFormatError, type Provenance } from './entry-format';
export { Entry, EntryReader } from './entry-reader';
export { formatFields, formatPoint, formatPointAsIs } from './format-point';
export { LineProtocolReader, type ReaderLimits, type ReadOptions, type ReadResult } from './line-protocol-reader';
export { LineProtocolError, type ParseOptions, parsePoints, PointParser } from './parse-points';
export { type Precision, precisionOf } from './precision';
